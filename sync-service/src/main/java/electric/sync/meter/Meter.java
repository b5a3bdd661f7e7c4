package electric.sync.meter;

import electric.sync.meter.Metric.Kind;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is counted. Counting is an addition; names and labels are looked up once, by whoever counts, when it is
 * made. The number of series is fixed by {@link Metric} and the few words its labels take, so memory is flat however long
 * nobody asks.
 */
public final class Meter implements AutoCloseable {
    private record Series(Metric metric, String labelValue) {}

    private final @Nullable Exposition exposition;
    private final @Nullable Machine machine;
    private final ConcurrentHashMap<Series, Counter> counters = new ConcurrentHashMap<>();

    private Meter(@Nullable Exposition exposition) {
        this.exposition = exposition;
        this.machine = exposition == null ? null : new Machine(this);
    }

    /** Shows what it counts. */
    public static Meter on() {
        return new Meter(new Exposition());
    }

    /** Nobody will ask: only the additions are left, and the library behind {@link #on} is not even loaded. */
    public static Meter off() {
        return new Meter(null);
    }

    public Counter counter(Metric metric) {
        return counter(metric, "");
    }

    /** The same one for the same label. */
    public Counter counter(Metric metric, String labelValue) {
        check(metric, labelValue, Kind.COUNTER);
        return counters.computeIfAbsent(new Series(metric, labelValue), series -> {
            Counter made = new Counter();
            if (exposition != null) {
                exposition.show(metric, metric.key, labelValue, made::count);
            }
            return made;
        });
    }

    /** Counts nanoseconds, and shows seconds. */
    public Counter seconds(Metric metric, String labelValue) {
        check(metric, labelValue, Kind.COUNTER);
        return counters.computeIfAbsent(new Series(metric, labelValue), series -> {
            Counter made = new Counter();
            shows(metric, labelValue, () -> made.count() / 1e9);
            return made;
        });
    }

    /** Shows the processor time of the threads of a name, whatever number follows it. */
    public void showsThreads(String name) {
        ThreadTimes times = new ThreadTimes(name);
        shows(Metric.THREADS_CPU, name, times::seconds);
    }

    public Histogram histogram(Metric metric) {
        check(metric, "", Kind.HISTOGRAM);
        return new Histogram(exposition == null ? null : exposition.histogram(metric));
    }

    /** Shows what somebody else knows: asked whenever the numbers are. One that fails is said once, and shown as NaN. */
    public void shows(Metric metric, DoubleSupplier value) {
        shows(metric, "", value);
    }

    public void shows(Metric metric, String labelValue, DoubleSupplier value) {
        check(metric, labelValue, Kind.GAUGE, Kind.COUNTER);
        if (exposition != null) {
            exposition.show(metric, metric.key, labelValue, value);
        }
    }

    /** For things that have numbers rather than labels: the number is the end of the name. */
    void showsNumbered(Metric metric, int number, DoubleSupplier value) {
        check(metric, "", Kind.GAUGE);
        if (exposition != null) {
            exposition.show(metric, metric.key + number, "", value);
        }
    }

    /** All numbers, as Prometheus reads them. */
    public String scrape() {
        if (exposition == null) {
            throw new IllegalStateException("this meter shows nothing");
        }
        return exposition.text();
    }

    @Override
    public void close() {
        if (machine != null) {
            machine.close();
        }
        if (exposition != null) {
            exposition.close();
        }
    }

    private static void check(Metric metric, String labelValue, Kind... allowed) {
        if (!List.of(allowed).contains(metric.kind) || metric.label.isEmpty() != labelValue.isEmpty()) {
            throw new IllegalArgumentException(metric + " is a " + metric.kind + " with the label \"" + metric.label
                    + "\", and was asked for with \"" + labelValue + "\"");
        }
    }
}
