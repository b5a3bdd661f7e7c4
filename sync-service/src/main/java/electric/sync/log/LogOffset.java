package electric.sync.log;

import org.jspecify.annotations.Nullable;

/**
 * A position in the log of a shape: the LSN of a transaction and a position inside it. {@code 0_k} is chunk k of the
 * snapshot, {@code 0_inf} its end, {@code -1} the place before everything.
 *
 * @param tx unsigned
 * @param op non-negative, {@link #INFINITE}, or -1 in {@link #BEFORE_ALL}
 */
public record LogOffset(long tx, long op) implements Comparable<LogOffset> {
    public static final long INFINITE = Long.MAX_VALUE;
    public static final LogOffset BEFORE_ALL = new LogOffset(0, -1);
    public static final LogOffset SNAPSHOT_END = new LogOffset(0, INFINITE);

    /** The end of snapshot chunk {@code k}. */
    public static LogOffset snapshotChunk(int k) {
        return new LogOffset(0, k);
    }

    /**
     * Reads the wire form: {@code -1}, {@code A_B}, {@code A_inf}, {@code -1_0}. Numbers may have leading zeros and a
     * leading plus; those beyond 64 bits are kept at the largest value, which is beyond every log.
     *
     * @return {@code null} when the text is no offset
     */
    public static @Nullable LogOffset parse(String text) {
        if (text.equals("-1") || text.equals("-1_0")) {
            return BEFORE_ALL;
        }
        int underscore = text.indexOf('_');
        if (underscore < 0) {
            return null;
        }
        String first = digits(text, 0, underscore);
        if (first == null) {
            return null;
        }
        long tx = first.length() > 20 || compareDecimal(first, "18446744073709551615") > 0
                ? -1L
                : Long.parseUnsignedLong(first);
        if (text.regionMatches(underscore + 1, "inf", 0, 3) && text.length() == underscore + 4) {
            return new LogOffset(tx, INFINITE);
        }
        String second = digits(text, underscore + 1, text.length());
        if (second == null) {
            return null;
        }
        long op = second.length() > 18 ? INFINITE - 1 : Long.parseLong(second);
        return new LogOffset(tx, op);
    }

    /** The digits between two places without leading zeros; {@code null} when there is anything else. */
    private static @Nullable String digits(String text, int from, int to) {
        if (from < to && text.charAt(from) == '+') {
            from++;
        }
        if (from >= to) {
            return null;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        while (from < to - 1 && text.charAt(from) == '0') {
            from++;
        }
        return text.substring(from, to);
    }

    private static int compareDecimal(String a, String b) {
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    /** Whether this lies in the snapshot part, or before it. */
    public boolean isVirtual() {
        return tx == 0;
    }

    /** Whether this stands before the end of the snapshot. */
    public boolean isBeforeSnapshotEnd() {
        return isVirtual() && op != INFINITE;
    }

    @Override
    public int compareTo(LogOffset other) {
        int byTx = Long.compareUnsigned(tx, other.tx);
        return byTx != 0 ? byTx : Long.compare(op, other.op);
    }

    public static LogOffset max(LogOffset a, LogOffset b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** The wire form. */
    @Override
    public String toString() {
        if (equals(BEFORE_ALL)) {
            return "-1";
        }
        return Long.toUnsignedString(tx) + "_" + (op == INFINITE ? "inf" : Long.toString(op));
    }
}
