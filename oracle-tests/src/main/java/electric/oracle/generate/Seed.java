package electric.oracle.generate;

import java.util.Random;

/** Where everything comes from. Each dimension draws from its own stream, so that one can shrink and the others stay. */
public record Seed(long value) {
    Random stream(String dimension) {
        long bits = value;
        for (int i = 0; i < dimension.length(); i++) {
            bits = (bits ^ dimension.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            bits ^= bits >>> 29;
        }
        return new Random(bits);
    }

    /** The seed of the n-th scenario of a run; the first is the run's own, so that it can be repeated alone. */
    public Seed scenario(int n) {
        return n == 0 ? this : new Seed(stream("scenario " + n).nextLong() & 0xFFFF_FFFF_FFFFL);
    }
}
