package electric.bench;

import java.util.Arrays;

/** Measured values in order. */
final class Quantiles {
    private final double[] sorted;

    Quantiles(double[] values) {
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** The value below which this share of all lies. */
    double at(double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.round(sorted.length * share))];
    }
}
