package electric.sync.change;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalog describes it. What follows from that is made once: it is asked for by every request and every shape.
 */
public final class Table {
    private final int oid;
    private final RelationName name;
    private final boolean partitioned;
    private final List<Column> columns;
    private final List<Integer> partitions;
    private final @Nullable Collation byDefault;
    private final List<Column> primaryKey;
    private final List<String> keyNames;
    private final List<String> replicatedNames;
    private final int hash;

    /**
     * @param partitioned whether it is the root (or an inner node) of a partition tree
     * @param columns in attribute order, dropped columns left out
     * @param partitions the oids of all tables below it, at every depth; empty for an ordinary table
     * @param byDefault the database's own collation, which is that of text without one; {@code null} where it was not asked
     */
    public Table(
            int oid,
            RelationName name,
            boolean partitioned,
            List<Column> columns,
            List<Integer> partitions,
            @Nullable Collation byDefault) {
        this.oid = oid;
        this.name = name;
        this.partitioned = partitioned;
        this.columns = List.copyOf(columns);
        this.partitions = List.copyOf(partitions);
        this.byDefault = byDefault;
        this.primaryKey = columns.stream()
                .filter(c -> c.keyIndex() >= 0)
                .sorted(Comparator.comparingInt(Column::keyIndex))
                .toList();
        // Copied once more, into lists that List.copyOf takes as they are.
        this.keyNames = List.copyOf(primaryKey.stream().map(Column::name).toList());
        this.replicatedNames = List.copyOf(columns.stream()
                .filter(c -> c.generated() != Generated.VIRTUAL)
                .map(Column::name)
                .toList());
        this.hash = Objects.hash(oid, name, partitioned, columns, partitions, byDefault);
    }

    public Table(int oid, RelationName name, boolean partitioned, List<Column> columns, List<Integer> partitions) {
        this(oid, name, partitioned, columns, partitions, null);
    }

    public int oid() {
        return oid;
    }

    public RelationName name() {
        return name;
    }

    public boolean partitioned() {
        return partitioned;
    }

    public List<Column> columns() {
        return columns;
    }

    public List<Integer> partitions() {
        return partitions;
    }

    public @Nullable Collation byDefault() {
        return byDefault;
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
        return primaryKey;
    }

    /** The same list for all who ask: every shape of the table keeps it. */
    public List<String> keyNames() {
        return keyNames;
    }

    /** In table order; the same list for all who ask. */
    public List<String> replicatedNames() {
        return replicatedNames;
    }

    /** What identifies a row: the primary key, or without one every replicated column in table order. */
    public List<Column> identity() {
        return primaryKey.isEmpty()
                ? columns.stream()
                        .filter(c -> c.generated() != Generated.VIRTUAL)
                        .toList()
                : primaryKey;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Table table
                        && hash == table.hash
                        && oid == table.oid
                        && name.equals(table.name)
                        && partitioned == table.partitioned
                        && columns.equals(table.columns)
                        && partitions.equals(table.partitions)
                        && Objects.equals(byDefault, table.byDefault));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Table[" + oid + ", " + name + ", " + columns + "]";
    }
}
