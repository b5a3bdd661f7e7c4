package electric.sync.meter;

import electric.sync.meter.Metric.Kind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The text that Prometheus reads: our metrics, and those of the JVM under the names everybody's dashboards know. */
final class Exposition implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exposition.class);

    /** Milliseconds. Those below one are the protocol's; a busy network begins where they end. */
    private static final double[] LAG_BUCKETS = {
        0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000, 300_000
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** The registry itself would let go of what its counters read. */
    private final Queue<Isolated> counted = new ConcurrentLinkedQueue<>();

    Exposition() {
        registry.config().namingConvention(new Names());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    void show(Metric metric, String name, String labelValue, DoubleSupplier value) {
        Isolated isolated = new Isolated(name, value, new AtomicBoolean());
        if (metric.kind == Kind.COUNTER) {
            counted.add(isolated);
            FunctionCounter.builder(name, isolated, Isolated::value)
                    .description(metric.sentence)
                    .tags(tags(metric, labelValue))
                    .register(registry);
        } else {
            Gauge.builder(name, isolated, Isolated::value)
                    .description(metric.sentence)
                    .tags(tags(metric, labelValue))
                    .strongReference(true)
                    .register(registry);
        }
    }

    DistributionDataPoint histogram(Metric metric) {
        // Not the registry's own kind, which rounds values up to whole numbers.
        return io.prometheus.metrics.core.metrics.Histogram.builder()
                .name(metric.key)
                .help(metric.sentence)
                .classicOnly()
                .classicUpperBounds(LAG_BUCKETS)
                .withoutExemplars()
                .register(registry.getPrometheusRegistry());
    }

    /** The library ends the name of every counter with {@code _total}; some of ours end otherwise. */
    String text() {
        String text = registry.scrape();
        for (Metric metric : Metric.values()) {
            if (metric.kind == Kind.COUNTER && !metric.key.endsWith("_total")) {
                text = text.replace(metric.key + "_total", metric.key);
            }
        }
        return text;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private static Tags tags(Metric metric, String labelValue) {
        return metric.label.isEmpty() ? Tags.empty() : Tags.of(metric.label, labelValue);
    }

    /** Ours are final as they stand; only the library's have dots, and become what is usual for them. */
    private static final class Names extends PrometheusNamingConvention {
        @Override
        public String name(String name, io.micrometer.core.instrument.Meter.Type type, @Nullable String unit) {
            return name.contains(".") ? super.name(name, type, unit) : name;
        }
    }

    /** A measurement that fails: the others go on, and so does this one the next time. */
    private record Isolated(String name, DoubleSupplier measured, AtomicBoolean said) {
        double value() {
            try {
                return measured.getAsDouble();
            } catch (RuntimeException e) {
                if (said.compareAndSet(false, true)) {
                    LOG.warn("Cannot measure {}; from now on it is NaN whenever it cannot be measured", name, e);
                }
                return Double.NaN;
            }
        }
    }
}
