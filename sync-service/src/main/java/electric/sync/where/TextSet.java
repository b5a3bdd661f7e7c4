package electric.sync.where;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Texts to find a text among by its bytes: looked up at once, however many they are. */
final class TextSet {
    /** Nobody outside knows it, so nobody can choose texts that all meet in one place. */
    static final long SEED = ThreadLocalRandom.current().nextLong();

    private final byte[] @Nullable [] table;
    private final int shift;
    private final int longest;

    TextSet(List<byte[]> texts) {
        int bits = Math.max(2, 33 - Integer.numberOfLeadingZeros(texts.size()));
        table = new byte[1 << bits] @Nullable [];
        shift = 64 - bits;
        longest = texts.stream().mapToInt(text -> text.length).max().orElse(-1);
        texts.forEach(this::add);
    }

    private void add(byte[] text) {
        int at = place(text, 0, text.length);
        byte[] there = table[at];
        while (there != null && !Arrays.equals(there, text)) {
            at = (at + 1) & (table.length - 1);
            there = table[at];
        }
        table[at] = text;
    }

    boolean contains(byte[] bytes, int from, int length) {
        if (length > longest) {
            return false;
        }
        int at = place(bytes, from, length);
        byte[] there = table[at];
        while (there != null) {
            if (there.length == length && Arrays.equals(there, 0, length, bytes, from, from + length)) {
                return true;
            }
            at = (at + 1) & (table.length - 1);
            there = table[at];
        }
        return false;
    }

    private int place(byte[] bytes, int from, int length) {
        long hash = SEED + length;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ bytes[i]) * 0x100_0000_01B3L;
            hash ^= hash >>> 32;
        }
        return (int) (mix(hash) >>> shift);
    }

    /** The upper bits of the result depend on all of the value. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
        return mixed;
    }
}
