package electric.sync.shape;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.where.Filter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks to follow. Two requests mean the same shape exactly when their definitions are equal.
 *
 * @param keyColumns the primary key's columns in key order; part of the identity because keys are made of them
 * @param columns the selected columns in table order
 * @param allColumns whether they were selected by naming none: a list of all columns is another shape
 * @param filter which rows belong to it; {@code null} for all
 */
public record ShapeDefinition(
        int tableOid,
        RelationName table,
        List<String> keyColumns,
        List<String> columns,
        boolean allColumns,
        Replica replica,
        LogMode mode,
        @Nullable Filter filter) {
    public ShapeDefinition {
        keyColumns = List.copyOf(keyColumns);
        columns = List.copyOf(columns);
    }

    /** Of all rows. */
    public static ShapeDefinition of(Table table, @Nullable List<String> columns, Replica replica, LogMode mode) {
        return of(table, columns, replica, mode, null);
    }

    /** @param columns the selected columns in any order; {@code null} for all */
    public static ShapeDefinition of(
            Table table, @Nullable List<String> columns, Replica replica, LogMode mode, @Nullable Filter filter) {
        List<String> selected = columns == null
                ? table.replicatedNames()
                : table.replicatedNames().stream().filter(columns::contains).toList();
        return new ShapeDefinition(
                table.oid(), table.name(), table.keyNames(), selected, columns == null, replica, mode, filter);
    }

    /** The same of those rows for which a filter is true. */
    public ShapeDefinition where(@Nullable Filter condition) {
        return new ShapeDefinition(tableOid, table, keyColumns, columns, allColumns, replica, mode, condition);
    }

    /** Of what tells most shapes apart, because maps ask often. */
    @Override
    public int hashCode() {
        return 31 * (31 * tableOid + columns.hashCode()) + (filter == null ? 0 : filter.hashCode());
    }

    /** The columns whose values must arrive: the selected ones, and those that the filter asks for. */
    public Set<String> neededColumns() {
        Set<String> needed = new LinkedHashSet<>(columns);
        if (filter != null) {
            filter.columns().forEach(column -> needed.add(column.name()));
        }
        return needed;
    }

    /** Whether it would be the same shape if it were asked for of the table as it is now. */
    public boolean fits(Table now) {
        return equals(of(now, allColumns ? null : columns, replica, mode, filter))
                && (filter == null || filter.fits(now));
    }

    /** Why the definition no longer means the same of a table; {@code null} when it does. */
    public @Nullable String misfit(Table before, Table now) {
        ShapeDefinition again = of(now, allColumns ? null : columns, replica, mode, filter);
        if (!again.table.equals(table)) {
            return "its table is now called " + again.table;
        }
        if (!again.keyColumns.equals(keyColumns)) {
            return "the primary key of its table changed";
        }
        if (!again.columns.equals(columns)) {
            return "columns of its table were added, removed or renamed";
        }
        for (String name : columns) {
            Table.Column old = before.column(name);
            Table.Column column = now.column(name);
            if (old != null && column != null && old.typeOid() != column.typeOid()) {
                return "column " + name + " has another type";
            }
        }
        return filter == null ? null : filter.misfit(now);
    }

    /** How much of a row an update or delete carries. */
    public enum Replica {
        DEFAULT,
        FULL
    }

    /** Whether the log begins with the rows that exist, or only with what changes from now on. */
    public enum LogMode {
        FULL,
        CHANGES_ONLY
    }
}
