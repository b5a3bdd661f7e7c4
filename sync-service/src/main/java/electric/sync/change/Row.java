package electric.sync.change;

import java.nio.charset.StandardCharsets;

/**
 * The column values of one row as slices of the bytes Postgres sent: its text output, not copied. A value is SQL NULL, an
 * unchanged out-of-line value that was not sent, or text.
 *
 * <p>Hot: one per old or new row of every change. The backing array must not be written to afterwards.
 */
public final class Row {
    /** The length of SQL NULL. */
    public static final int NULL = -1;

    /** The length of a TOASTed value that did not change and was not sent. */
    public static final int UNCHANGED = -2;

    private final byte[][] sources;
    private final int[] starts;
    private final int[] lengths;

    /** Slices of one array. */
    public Row(byte[] bytes, int[] starts, int[] lengths) {
        this(new byte[][] {bytes}, starts, lengths);
    }

    private Row(byte[][] sources, int[] starts, int[] lengths) {
        this.sources = sources;
        this.starts = starts;
        this.lengths = lengths;
    }

    /** A row of the given texts, {@code null} for SQL NULL. For cold paths and tests. */
    public static Row of(@org.jspecify.annotations.Nullable String... texts) {
        byte[][] parts = new byte[texts.length][];
        int total = 0;
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            parts[i] = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            total += parts[i].length;
        }
        byte[] bytes = new byte[total];
        int[] starts = new int[texts.length];
        int[] lengths = new int[texts.length];
        int at = 0;
        for (int i = 0; i < texts.length; i++) {
            System.arraycopy(parts[i], 0, bytes, at, parts[i].length);
            starts[i] = at;
            lengths[i] = texts[i] == null ? NULL : parts[i].length;
            at += parts[i].length;
        }
        return new Row(bytes, starts, lengths);
    }

    public int columnCount() {
        return lengths.length;
    }

    /** The array that {@link #start} of this column counts in. */
    public byte[] bytes(int column) {
        return sources.length == 1 ? sources[0] : sources[column];
    }

    public int start(int column) {
        return starts[column];
    }

    /** The length in bytes, or {@link #NULL}, or {@link #UNCHANGED}. */
    public int length(int column) {
        return lengths[column];
    }

    public boolean isNull(int column) {
        return lengths[column] == NULL;
    }

    /** Whether both rows have the same text, or NULL, in a column each. */
    public boolean sameValue(int column, Row other, int otherColumn) {
        int length = lengths[column];
        if (length != other.lengths[otherColumn]) {
            return false;
        }
        if (length <= 0) {
            return true;
        }
        int from = starts[column];
        int otherFrom = other.starts[otherColumn];
        return java.util.Arrays.equals(
                bytes(column), from, from + length, other.bytes(otherColumn), otherFrom, otherFrom + length);
    }

    /** Whether some value was not sent because it lies out of line and did not change. */
    public boolean hasUnchanged() {
        for (int length : lengths) {
            if (length == UNCHANGED) {
                return true;
            }
        }
        return false;
    }

    /** This row with every unchanged value taken from {@code old}. */
    public Row completedFrom(Row old) {
        if (!hasUnchanged()) {
            return this;
        }
        int n = lengths.length;
        byte[][] completedSources = new byte[n][];
        int[] completedStarts = new int[n];
        int[] completedLengths = new int[n];
        for (int i = 0; i < n; i++) {
            Row from = lengths[i] == UNCHANGED ? old : this;
            completedSources[i] = from.bytes(i);
            completedStarts[i] = from.starts[i];
            completedLengths[i] = from.lengths[i];
        }
        return new Row(completedSources, completedStarts, completedLengths);
    }

    /** How many bytes of text the row has. */
    public long textBytes() {
        long total = 0;
        for (int length : lengths) {
            total += Math.max(length, 0);
        }
        return total;
    }

    /** The text of a column; for cold paths and tests. {@code null} where there is no text. */
    public @org.jspecify.annotations.Nullable String text(int column) {
        return lengths[column] < 0
                ? null
                : new String(bytes(column), starts[column], lengths[column], StandardCharsets.UTF_8);
    }

    /** Never the values: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Row[" + lengths.length + " columns]";
    }
}
