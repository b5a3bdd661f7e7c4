package electric.sync.meter;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import org.jspecify.annotations.Nullable;

/** Sorts each value into its bucket as it comes, so that nothing grows however long nobody looks. */
public final class Histogram {
    private final @Nullable DistributionDataPoint buckets;

    Histogram(@Nullable DistributionDataPoint buckets) {
        this.buckets = buckets;
    }

    public void record(double value) {
        if (buckets != null) {
            buckets.observe(value);
        }
    }
}
