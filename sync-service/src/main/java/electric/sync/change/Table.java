package electric.sync.change;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalog describes it.
 *
 * @param partitioned whether it is the root (or an inner node) of a partition tree
 * @param columns in attribute order, dropped columns left out
 * @param partitions the oids of all tables below it, at every depth; empty for an ordinary table
 * @param byDefault the database's own collation, which is that of text without one; {@code null} where it was not asked
 */
public record Table(
        int oid,
        RelationName name,
        boolean partitioned,
        List<Column> columns,
        List<Integer> partitions,
        @Nullable Collation byDefault) {
    public Table {
        columns = List.copyOf(columns);
        partitions = List.copyOf(partitions);
    }

    public Table(int oid, RelationName name, boolean partitioned, List<Column> columns, List<Integer> partitions) {
        this(oid, name, partitioned, columns, partitions, null);
    }

    /**
     * @param typeOid the declared type
     * @param typmod the declared modifier, -1 for none
     * @param typeName {@code pg_type.typname}; of the element type when dimensions are declared
     * @param dimensions declared array dimensions, 0 for none
     * @param keyIndex 0-based position in the primary key, -1 when not part of it
     * @param values what the declared type comes down to
     * @param collation of text, and of arrays of text
     */
    public record Column(
            String name,
            int typeOid,
            int typmod,
            String typeName,
            int dimensions,
            boolean notNull,
            Generated generated,
            int keyIndex,
            ValueType values,
            @Nullable Collation collation) {
        public Column withValues(ValueType found) {
            return new Column(
                    name, typeOid, typmod, typeName, dimensions, notNull, generated, keyIndex, found, collation);
        }
    }

    public enum Generated {
        NO,
        STORED,
        /** Computed on read: never replicated, so never part of a shape. */
        VIRTUAL
    }

    public @Nullable Column column(String columnName) {
        for (Column column : columns) {
            if (column.name().equals(columnName)) {
                return column;
            }
        }
        return null;
    }

    /** This table as somebody sees it who may know of some columns only. */
    public Table withOnly(Collection<String> names) {
        return new Table(
                oid,
                name,
                partitioned,
                columns.stream().filter(column -> names.contains(column.name())).toList(),
                partitions,
                byDefault);
    }

    /** The primary key's columns in key order; empty when there is none. */
    public List<Column> primaryKey() {
        return columns.stream()
                .filter(c -> c.keyIndex() >= 0)
                .sorted(java.util.Comparator.comparingInt(Column::keyIndex))
                .toList();
    }

    /** What identifies a row: the primary key, or without one every replicated column in table order. */
    public List<Column> identity() {
        List<Column> key = primaryKey();
        return key.isEmpty()
                ? columns.stream()
                        .filter(c -> c.generated() != Generated.VIRTUAL)
                        .toList()
                : key;
    }
}
