package electric.sync.change;

/** A 32-bit transaction id as the stream carries it. Ids wrap, so order is circular: half of all ids lie behind any id. */
public record Xid(int value) {
    /** Whether {@code a} is older than {@code b} on the circle. */
    public static boolean precedes(int a, int b) {
        return a - b < 0;
    }

    public long unsigned() {
        return Integer.toUnsignedLong(value);
    }
}
