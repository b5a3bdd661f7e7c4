package electric.sync.route;

import electric.sync.value.Numeric;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.where.RowValues;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A column and the way its values are compared: with keys that were made of constants, and these with each other. Two axes
 * are equal when their keys mean the same.
 *
 * <p>Hot: numbers, dates, times, text and uuids are compared without making an object of what the row has.
 */
final class Axis {
    /** What a key is. */
    enum Kind {
        /** {@code Long}; the rows have integers, dates, times or timestamps. */
        INTEGER,
        /** {@code Long}, in the order of the floating-point numbers it stands for. */
        FLOAT,
        /** {@code Long}, 0 or 1. */
        BOOL,
        /** {@code byte[]}, as Postgres writes it. */
        TEXT,
        /** {@code byte[]}, for text whose trailing blanks do not count. */
        PADDED,
        NUMERIC,
        /** What its {@link PgType} says. */
        OBJECT
    }

    /** Not known outside, so that nobody can choose constants that fall on one place. */
    private static final long SPREAD = ThreadLocalRandom.current().nextLong() | 1;

    private final int column;
    private final Kind kind;
    private final PgType<Object> type;

    /** @param type only asked where the kind is {@link Kind#OBJECT} */
    @SuppressWarnings("unchecked")
    Axis(int column, Kind kind, PgType<?> type) {
        this.column = column;
        this.kind = kind;
        this.type = (PgType<Object>) type;
    }

    int column() {
        return column;
    }

    Kind kind() {
        return kind;
    }

    /** The key of a floating-point number: one for both zeros, one for NaN, which is the greatest. */
    static long floatKey(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    /** Whether keys are {@code Long}. */
    boolean isNumber() {
        return switch (kind) {
            case INTEGER, FLOAT, BOOL -> true;
            case TEXT, PADDED, NUMERIC, OBJECT -> false;
        };
    }

    /** The value of a row, which is not NULL, as a key. */
    long number(RowValues row) {
        return switch (kind) {
            case FLOAT -> floatKey(row.number(column));
            case BOOL -> row.bool(column) ? 1 : 0;
            case INTEGER -> row.integer(column);
            case TEXT, PADDED, NUMERIC, OBJECT -> throw new IllegalStateException("no number");
        };
    }

    private int textLength(RowValues row) {
        int length = row.length(column);
        return kind == Kind.PADDED ? Text.trimmedLength(row.bytes(column), row.start(column), length) : length;
    }

    /** How the value of a row, which is not NULL, compares with a key. */
    int compare(RowValues row, Object key) {
        return switch (kind) {
            case INTEGER, FLOAT, BOOL -> Long.compare(number(row), (Long) key);
            case TEXT, PADDED -> {
                byte[] text = (byte[]) key;
                yield Text.compare(row.bytes(column), row.start(column), textLength(row), text, 0, text.length);
            }
            case NUMERIC -> -((Numeric) key).compareTo(row.bytes(column), row.start(column), row.length(column));
            case OBJECT -> type.compare(row.value(column), key);
        };
    }

    int compareKeys(Object a, Object b) {
        return switch (kind) {
            case INTEGER, FLOAT, BOOL -> Long.compare((Long) a, (Long) b);
            case TEXT, PADDED -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
            case NUMERIC -> ((Numeric) a).compareTo((Numeric) b);
            case OBJECT -> type.compare(a, b);
        };
    }

    boolean isEqual(RowValues row, Object key) {
        return switch (kind) {
            case TEXT, PADDED -> {
                byte[] text = (byte[]) key;
                int start = row.start(column);
                yield Arrays.equals(row.bytes(column), start, start + textLength(row), text, 0, text.length);
            }
            case INTEGER, FLOAT, BOOL, NUMERIC, OBJECT -> compare(row, key) == 0;
        };
    }

    /** Of the value of a row, which is not NULL. */
    int hash(RowValues row) {
        return switch (kind) {
            case INTEGER, FLOAT, BOOL -> hash(number(row));
            case TEXT, PADDED -> hash(row.bytes(column), row.start(column), textLength(row));
            case NUMERIC, OBJECT -> hash(type.hash(row.value(column)));
        };
    }

    int hashKey(Object key) {
        return switch (kind) {
            case INTEGER, FLOAT, BOOL -> hash((Long) key);
            case TEXT, PADDED -> {
                byte[] text = (byte[]) key;
                yield hash(text, 0, text.length);
            }
            case NUMERIC, OBJECT -> hash(type.hash(key));
        };
    }

    static int hash(long number) {
        long spread = (number ^ number >>> 32) * SPREAD;
        return (int) (spread ^ spread >>> 32);
    }

    private static int hash(byte[] bytes, int from, int length) {
        long hash = length;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ bytes[i]) * SPREAD;
        }
        return (int) (hash ^ hash >>> 32);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Axis axis && axis.column == column && axis.kind == kind;
    }

    @Override
    public int hashCode() {
        return column * 31 + kind.hashCode();
    }
}
