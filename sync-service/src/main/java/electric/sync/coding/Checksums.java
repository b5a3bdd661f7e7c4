package electric.sync.coding;

/**
 * CRC-32 of bytes from the CRC-32 of their parts. A checksum is a polynomial over two elements, and what comes behind a
 * part multiplies that part's by {@code x} to the number of bits that came.
 */
final class Checksums {
    private static final int POLYNOMIAL = 0xedb88320;
    private static final int ONE = 1 << 31;

    /** {@code x} to the power of 2 to the power of the index, modulo the polynomial. */
    private static final int[] POWERS = new int[32];

    static {
        POWERS[0] = ONE >>> 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = product(POWERS[i - 1], POWERS[i - 1]);
        }
    }

    private Checksums() {}

    /** @param secondLength how many bytes the second part has */
    static int ofBoth(int first, int second, long secondLength) {
        int shift = ONE;
        int power = 3;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                shift = product(POWERS[power & 31], shift);
            }
            power++;
        }
        return product(shift, first) ^ second;
    }

    /** Modulo the polynomial. The highest bit is the lowest power. */
    private static int product(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? shifted >>> 1 ^ POLYNOMIAL : shifted >>> 1;
        }
        return product;
    }
}
