package electric.sync.where;

import electric.sync.change.Row;
import electric.sync.value.Bool;
import electric.sync.value.CaseMapping;
import electric.sync.value.Date;
import electric.sync.value.Float4;
import electric.sync.value.Float8;
import electric.sync.value.Int;
import electric.sync.value.NotExact;
import electric.sync.value.Time;
import electric.sync.value.Timestamp;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row as filters see it: columns by their place in the table, each read from its text at most once however many
 * filters ask. Reused for row after row; one thread at a time.
 *
 * <p>Hot: numbers, dates and times are kept without objects. Whether a column is NULL is asked before anything else is.
 */
public final class RowValues {
    /** In how many collations one column is kept in lower case. */
    private static final int MOST_CASINGS = 8;

    private final Type[] types;
    private final Representation[] representations;

    /** Of the row whose turn is in {@link #numberTurns}; a double by its bits. */
    private final long[] numbers;

    private final long[] numberTurns;
    private final @Nullable Object[] values;
    private final @Nullable FoldedText[] folded;

    /** The columns that have an object in {@link #values}. */
    private final int[] touched;

    private int touchedCount;

    /** What a filter keeps while it is asked: places are given out by the {@link Compiler}. */
    private @Nullable Object[] held = {};

    private Row row = Row.of();
    private int[] places = {};
    private long turn = 1;

    /** @param types of the table's columns */
    public RowValues(List<Type> types) {
        int count = types.size();
        this.types = types.toArray(Type[]::new);
        this.representations = types.stream().map(Representation::of).toArray(Representation[]::new);
        this.numbers = new long[count];
        this.numberTurns = new long[count];
        this.values = new @Nullable Object[count];
        this.folded = new @Nullable FoldedText[count];
        this.touched = new int[count];
    }

    /**
     * Turns to another row.
     *
     * @param places for each column of the table, where the row has it; -1 for one that it does not have
     */
    public void turnTo(Row row, int[] places) {
        this.row = row;
        this.places = places;
        turn++;
        for (int i = 0; i < touchedCount; i++) {
            values[touched[i]] = null;
        }
        touchedCount = 0;
    }

    public boolean isNull(int column) {
        return sentLength(column) == Row.NULL;
    }

    /** In bytes; of a column that is not NULL. */
    public int length(int column) {
        return sentLength(column);
    }

    private int sentLength(int column) {
        int place = places[column];
        if (place < 0) {
            throw new NotExact("a row does not have a column that a filter asks for");
        }
        int length = row.length(place);
        if (length == Row.UNCHANGED) {
            throw new NotExact("a value that a filter asks for did not change and was not sent");
        }
        return length;
    }

    /** The array that holds the text of a column. */
    public byte[] bytes(int column) {
        return row.bytes(places[column]);
    }

    public int start(int column) {
        return row.start(places[column]);
    }

    /** The value of an integer, a date, a time or a timestamp; the column is not NULL. */
    public long integer(int column) {
        if (numberTurns[column] != turn) {
            numbers[column] = readInteger(column);
            numberTurns[column] = turn;
        }
        return numbers[column];
    }

    private long readInteger(int column) {
        byte[] bytes = bytes(column);
        int start = start(column);
        int length = length(column);
        return switch (representations[column]) {
            case INTEGER -> Int.parse(bytes, start, length);
            case DATE -> Date.parse(bytes, start, length);
            case TIME -> Time.parse(bytes, start, length);
            case TIMESTAMP -> Timestamp.parse(bytes, start, length);
            case TIMESTAMPTZ -> Timestamp.parseTz(bytes, start, length);
            case FLOAT4, FLOAT8, BOOL, OBJECT ->
                throw new IllegalStateException(types[column].name() + " is no integer");
        };
    }

    /** The value of a float4 or a float8; the column is not NULL. */
    public double number(int column) {
        if (numberTurns[column] != turn) {
            numbers[column] = Double.doubleToRawLongBits(readNumber(column));
            numberTurns[column] = turn;
        }
        return Double.longBitsToDouble(numbers[column]);
    }

    private double readNumber(int column) {
        return switch (representations[column]) {
            case FLOAT4 -> Float4.parse(bytes(column), start(column), length(column));
            case FLOAT8 -> Float8.parse(bytes(column), start(column), length(column));
            case INTEGER, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, BOOL, OBJECT ->
                throw new IllegalStateException(types[column].name() + " is no floating-point number");
        };
    }

    /** The value of a boolean; the column is not NULL. */
    public boolean bool(int column) {
        return Bool.parse(bytes(column), start(column), length(column));
    }

    /** The value as an object of its {@link electric.sync.value.PgType}; the column is not NULL. */
    public Object value(int column) {
        Object known = values[column];
        if (known == null) {
            known = read(column);
            values[column] = known;
            touched[touchedCount++] = column;
        }
        return known;
    }

    private Object read(int column) {
        return switch (representations[column]) {
            case INTEGER, TIME, TIMESTAMP, TIMESTAMPTZ -> integer(column);
            case DATE -> (int) integer(column);
            case FLOAT4 -> (float) number(column);
            case FLOAT8 -> number(column);
            case BOOL -> bool(column);
            case OBJECT -> types[column].values().parse(bytes(column), start(column), length(column));
        };
    }

    /** The text in lower case, as long as this row has its turn; the column is not NULL. */
    public FoldedText folded(int column, CaseMapping casing) {
        FoldedText text = foldedBy(casing, column);
        text.fold(turn, bytes(column), start(column), length(column));
        return text;
    }

    private FoldedText foldedBy(CaseMapping casing, int column) {
        int known = 0;
        for (FoldedText text = folded[column]; text != null; text = text.next) {
            if (text.casing == casing) {
                return text;
            }
            known++;
        }
        // Whoever still looks at one that is dropped here keeps it.
        FoldedText made = new FoldedText(casing, known < MOST_CASINGS ? folded[column] : null);
        folded[column] = made;
        return made;
    }

    void hold(int place, @Nullable Object value) {
        if (place >= held.length) {
            held = Arrays.copyOf(held, place + 1);
        }
        held[place] = value;
    }

    @Nullable
    Object held(int place) {
        return held[place];
    }
}
