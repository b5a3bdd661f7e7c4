package electric.bench.report;

import java.util.Arrays;

/** Measured values in order. */
public final class Quantiles {
    private final double[] sorted;

    public Quantiles(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** The least value that at least this share of all do not exceed. */
    public double at(double share) {
        int rank = (int) Math.ceil(sorted.length * share);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }
}
