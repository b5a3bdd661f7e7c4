package electric.sync.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.ServerLog;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeterTest {
    private final Meter meter = Meter.on();

    @AfterEach
    void close() {
        meter.close();
    }

    @Test
    void namesOfMetricsAreUniqueAndEachHasItsSentence() {
        assertThat(Metric.values()).extracting(metric -> metric.key).doesNotHaveDuplicates();
        assertThat(Metric.values())
                .allMatch(metric -> metric.key.matches("[a-z][a-z0-9_]*") && metric.sentence.endsWith("."));
    }

    @Test
    void givesTheSameCounterForTheSameLabel() {
        meter.counter(Metric.REQUESTS, "200").increment();
        meter.counter(Metric.REQUESTS, "200").add(2);
        meter.counter(Metric.REQUESTS, "404").increment();
        assertThat(meter.scrape())
                .contains("# HELP electric_plug_serve_shape_requests_count " + Metric.REQUESTS.sentence)
                .contains("electric_plug_serve_shape_requests_count{status=\"200\"} 3.0")
                .contains("electric_plug_serve_shape_requests_count{status=\"404\"} 1.0");
    }

    @Test
    void countsNanosecondsAndShowsSeconds() {
        meter.seconds(Metric.STAGES, "route").add(1_500_000_000);
        meter.seconds(Metric.STAGES, "route").add(250_000_000);
        assertThat(meter.scrape()).contains("electric_stage_seconds_total{stage=\"route\"} 1.75");
    }

    @Test
    void keepsTheTimeOfThreadsThatHaveEnded() throws InterruptedException {
        ThreadTimes times = new ThreadTimes("worker");
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Thread worker = new Thread(
                () -> {
                    long from = System.nanoTime();
                    while (System.nanoTime() - from < 20_000_000) {
                        Thread.onSpinWait();
                    }
                    worked.countDown();
                    try {
                        seen.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "worker-2-1");
        worker.start();
        worked.await();
        double whileItLives = times.seconds();
        seen.countDown();
        worker.join();
        assertThat(whileItLives).isPositive();
        assertThat(times.seconds()).isGreaterThanOrEqualTo(whileItLives);
        assertThat(new ThreadTimes("work").seconds()).isZero();
    }

    /** What is shown must outlive the collector, though nobody but the meter holds it. */
    @Test
    void showsWhatItWasGivenAfterACollection() {
        meter.shows(Metric.LOG_LINES_DROPPED, () -> 5);
        meter.shows(Metric.SHAPES, () -> 6);
        System.gc();
        assertThat(meter.scrape())
                .contains("electric_log_lines_dropped_total 5.0", "electric_shapes_total_shapes_count 6.0");
    }

    /** OPS-030: the buckets exist from the start and are all there is. */
    @Test
    void sortsValuesIntoBucketsAsTheyCome() {
        Histogram lag = meter.histogram(Metric.RECEIVE_LAG);
        long lines = meter.scrape()
                .lines()
                .filter(line -> line.contains("receive_lag_bucket"))
                .count();
        for (int i = 0; i < 10_000; i++) {
            lag.record(i % 2 == 0 ? 0.02 : 40);
        }
        String scrape = meter.scrape();
        assertThat(scrape)
                .contains("receive_lag_bucket{le=\"0.01\"} 0\n")
                .contains("receive_lag_bucket{le=\"0.025\"} 5000\n")
                .contains("receive_lag_bucket{le=\"+Inf\"} 10000\n")
                .contains("receive_lag_count 10000\n");
        assertThat(scrape.lines()
                        .filter(line -> line.contains("receive_lag_bucket"))
                        .count())
                .isEqualTo(lines);
    }

    /** OPS-036. */
    @Test
    void aMeasurementThatFailsIsSaidOnceAndStopsNoOther() {
        boolean[] broken = {true};
        try (ServerLog log = new ServerLog()) {
            meter.shows(Metric.SHAPES, () -> {
                if (broken[0]) {
                    throw new IllegalStateException("broken");
                }
                return 3;
            });
            meter.shows(Metric.STORAGE_USED, () -> 4);
            meter.scrape();
            assertThat(meter.scrape())
                    .contains("electric_shapes_total_shapes_count NaN", "electric_storage_used_bytes 4.0");
            broken[0] = false;
            assertThat(meter.scrape()).contains("electric_shapes_total_shapes_count 3.0");
            assertThat(log.with("electric_shapes_total_shapes_count")).hasSize(1);
        }
    }

    @Test
    void countsWithoutAnybodyToShowItTo() {
        try (Meter off = Meter.off()) {
            off.counter(Metric.TRANSACTIONS).increment();
            off.histogram(Metric.RECEIVE_LAG).record(1);
            off.shows(Metric.SHAPES, () -> 1);
            assertThat(off.counter(Metric.TRANSACTIONS).count()).isEqualTo(1);
        }
    }

    @Test
    void refusesAMetricThatIsUsedAsSomethingElse() {
        assertThatThrownBy(() -> meter.counter(Metric.SHAPES)).hasMessageContaining("SHAPES");
        assertThatThrownBy(() -> meter.counter(Metric.REQUESTS)).hasMessageContaining("status");
        assertThatThrownBy(() -> meter.histogram(Metric.REQUESTS)).hasMessageContaining("REQUESTS");
        assertThat(Arrays.stream(Metric.values()).filter(metric -> metric.kind == Metric.Kind.HISTOGRAM))
                .containsExactly(Metric.RECEIVE_LAG);
    }
}
