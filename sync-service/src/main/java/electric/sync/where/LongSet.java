package electric.sync.where;

/** Whole numbers to find a number among: looked up at once, however many they are. */
final class LongSet {
    private final long[] table;
    private final int shift;
    private final long seed;
    private boolean hasZero;

    LongSet(long[] values) {
        int bits = Math.max(2, 33 - Integer.numberOfLeadingZeros(values.length));
        table = new long[1 << bits];
        shift = 64 - bits;
        seed = TextSet.SEED;
        for (long value : values) {
            add(value);
        }
    }

    private void add(long value) {
        if (value == 0) {
            hasZero = true;
            return;
        }
        int at = place(value);
        while (table[at] != 0 && table[at] != value) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = value;
    }

    boolean contains(long value) {
        if (value == 0) {
            return hasZero;
        }
        int at = place(value);
        while (table[at] != 0) {
            if (table[at] == value) {
                return true;
            }
            at = (at + 1) & (table.length - 1);
        }
        return false;
    }

    private int place(long value) {
        return (int) (TextSet.mix(value ^ seed) >>> shift);
    }
}
