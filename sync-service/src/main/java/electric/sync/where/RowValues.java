package electric.sync.where;

import electric.sync.change.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row as filters see it: columns by their place in the table, each read from its text at most once however many
 * filters ask. Reused for row after row; one thread at a time.
 */
public final class RowValues {
    private final Type[] types;
    private final @Nullable Object[] values;
    private Row row = Row.of();
    private int[] places = {};

    /** @param types of the table's columns */
    public RowValues(List<Type> types) {
        this.types = types.toArray(Type[]::new);
        this.values = new @Nullable Object[types.size()];
    }

    /**
     * Turns to another row.
     *
     * @param places for each column of the table, where the row has it; -1 for one that it does not have
     */
    public void turnTo(Row row, int[] places) {
        this.row = row;
        this.places = places;
        java.util.Arrays.fill(values, null);
    }

    public boolean isNull(int column) {
        return row.isNull(places[column]);
    }

    /** The array that holds the text of a column. */
    public byte[] bytes(int column) {
        return row.bytes(places[column]);
    }

    public int start(int column) {
        return row.start(places[column]);
    }

    /** In bytes; of a column that is not NULL. */
    public int length(int column) {
        return row.length(places[column]);
    }

    /** The value of an integer, a date, a time or a timestamp; the column is not NULL. */
    public long integer(int column) {
        return ((Number) value(column)).longValue();
    }

    /** The value as an object of its {@link electric.sync.value.PgType}; the column is not NULL. */
    public Object value(int column) {
        Object known = values[column];
        if (known == null) {
            known = types[column].values().parse(bytes(column), start(column), length(column));
            values[column] = known;
        }
        return known;
    }
}
