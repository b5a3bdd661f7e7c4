package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.ingest.Readiness;
import electric.sync.ops.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees of the whole server (OPS-030, HTTP-038). */
class MetricsTest {
    private static final TestPostgres POSTGRES = TestPostgres.shared();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String DATABASE = POSTGRES.freshDatabase();
    private static App app;

    @BeforeAll
    static void start() throws Exception {
        POSTGRES.sql(
                DATABASE,
                "CREATE TABLE items (id int PRIMARY KEY, name text)",
                "INSERT INTO items SELECT n, 'item ' || n FROM generate_series(1, 7) AS n");
        app = app(DATABASE, Map.of("ELECTRIC_PROMETHEUS_PORT", "0", "ELECTRIC_SYSTEM_METRICS_POLL_INTERVAL", "50ms"));
        app.start();
        app.readiness().reach(Readiness.Level.ACTIVE, Duration.ofSeconds(30)).get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static App app(String database, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL", POSTGRES.url(database) + "?sslmode=disable",
                "ELECTRIC_INSECURE", "true",
                "ELECTRIC_PORT", "0",
                "ELECTRIC_STORAGE", "MEMORY",
                "ELECTRIC_PERSISTENT_STATE", "MEMORY",
                "ELECTRIC_ENABLE_INTEGRATION_TESTING", "true",
                "ELECTRIC_LONG_POLL_TIMEOUT", "200",
                "ELECTRIC_REPLICATION_STREAM_ID", database));
        environment.putAll(more);
        Settings settings = Settings.read(environment);
        var url = settings.database().url().orElseThrow();
        return new App(settings, url, url, 64 << 20, message -> {});
    }

    private static HttpResponse<String> metrics(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + app.metricsPort().orElseThrow() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> shape(String method, String parameters)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + app.port() + "/v1/shape?" + parameters);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String scrape() throws IOException, InterruptedException {
        return metrics("GET", "/metrics").body();
    }

    /** The value of a series; fails when there is none. */
    private static double value(String series) throws IOException, InterruptedException {
        List<String> lines =
                scrape().lines().filter(line -> line.startsWith(series + " ")).toList();
        assertThat(lines).as(series).hasSize(1);
        return Double.parseDouble(lines.getFirst().substring(series.length() + 1));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void showsEveryNameOfTheProtocolWithItsTypeAndNothingLikeIt() throws Exception {
        String scrape = scrape();
        assertThat(scrape.lines().filter(line -> line.startsWith("# TYPE ")))
                .contains(
                        "# TYPE electric_shapes_total_shapes_count gauge",
                        "# TYPE electric_shapes_active_shapes_count gauge",
                        "# TYPE electric_postgres_replication_slot_retained_wal_size gauge",
                        "# TYPE electric_postgres_replication_slot_confirmed_flush_lsn_lag gauge",
                        "# TYPE electric_postgres_replication_transaction_received_receive_lag histogram",
                        "# TYPE electric_plug_serve_shape_requests_count counter",
                        "# TYPE electric_admission_control_acquire_current gauge",
                        "# TYPE electric_admission_control_reject_count counter",
                        "# TYPE system_cpu_core_count gauge",
                        "# TYPE system_cpu_utilization_total gauge",
                        "# TYPE system_cpu_utilization_core_0 gauge",
                        "# TYPE system_load_percent_avg1 gauge",
                        "# TYPE system_load_percent_avg5 gauge",
                        "# TYPE system_load_percent_avg15 gauge",
                        "# TYPE system_memory_percent_free_memory gauge",
                        "# TYPE system_memory_percent_available_memory gauge",
                        "# TYPE system_memory_percent_used_memory gauge",
                        "# TYPE vm_memory_total gauge",
                        "# TYPE vm_garbage_collection_total_runs counter",
                        "# TYPE vm_garbage_collection_total_bytes_reclaimed counter",
                        "# TYPE vm_uptime_total gauge",
                        "# TYPE vm_system_counts_process_count gauge",
                        "# TYPE jvm_memory_used_bytes gauge",
                        "# TYPE jvm_threads_live_threads gauge",
                        "# TYPE process_cpu_usage gauge");
        assertThat(scrape)
                .contains(
                        "electric_plug_serve_shape_requests_count{status=\"200\"} ",
                        "electric_admission_control_acquire_current{kind=\"initial\"} ",
                        "electric_admission_control_acquire_current{kind=\"existing\"} ",
                        "electric_admission_control_reject_count{kind=\"initial\"} 0.0",
                        "electric_admission_control_reject_count{kind=\"existing\"} 0.0",
                        "electric_shapes_retired_total{reason=\"deleted\"} ")
                .doesNotContain("_count_total", "_runs_total", "_reclaimed_total");
        for (String bound : List.of("0.01", "0.025", "0.05", "0.1", "0.2", "0.5", "1.0", "+Inf")) {
            assertThat(scrape)
                    .contains("electric_postgres_replication_transaction_received_receive_lag_bucket{le=\"" + bound
                            + "\"} ");
        }
    }

    @Test
    void measuresTheMachineInPlausibleNumbers() throws Exception {
        assertThat(value("system_cpu_core_count"))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(value("system_memory_percent_free_memory")).isBetween(0.0, 100.0);
        assertThat(value("system_memory_percent_available_memory") + value("system_memory_percent_used_memory"))
                .isBetween(90.0, 110.0);
        assertThat(value("system_cpu_utilization_total")).isBetween(0.0, 100.0);
        assertThat(value("system_cpu_utilization_core_0")).isBetween(0.0, 100.0);
        assertThat(value("system_load_percent_avg15")).isNotNegative();
        assertThat(value("vm_memory_total")).isGreaterThan(1 << 20);
        assertThat(value("vm_uptime_total")).isPositive();
        assertThat(value("vm_system_counts_process_count")).isPositive();
        System.gc();
        soon().untilAsserted(() ->
                assertThat(value("vm_garbage_collection_total_bytes_reclaimed")).isPositive());
        assertThat(value("vm_garbage_collection_total_runs")).isPositive();
    }

    @Test
    void followsTheLifeOfAShape() throws Exception {
        double answered = value("electric_plug_serve_shape_requests_count{status=\"200\"}");
        double transactions = value("electric_postgres_replication_transaction_received_count");
        double operations = value("electric_postgres_replication_transaction_received_operations");
        double bytes = value("electric_postgres_replication_transaction_received_bytes");
        double lags = value("electric_postgres_replication_transaction_received_receive_lag_count");
        double rows = value("electric_snapshots_rows_total");
        double snapshots = value("electric_snapshots_taken_total");
        double deleted = value("electric_shapes_retired_total{reason=\"deleted\"}");

        HttpResponse<String> first = shape("GET", "table=items&offset=-1");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(value("electric_plug_serve_shape_requests_count{status=\"200\"}"))
                .isEqualTo(answered + 1);
        soon().untilAsserted(() -> {
            assertThat(value("electric_snapshots_taken_total")).isEqualTo(snapshots + 1);
            assertThat(value("electric_snapshots_rows_total")).isEqualTo(rows + 7);
            assertThat(value("electric_stage_seconds_total{stage=\"snapshot_read\"}"))
                    .isPositive();
            assertThat(value("electric_stage_seconds_total{stage=\"snapshot_wait\"}"))
                    .isPositive();
            assertThat(value("electric_shapes_total_shapes_count")).isEqualTo(1);
            assertThat(value("electric_shapes_active_shapes_count")).isEqualTo(1);
        });
        assertThat(value("electric_storage_used_bytes")).isPositive();
        assertThat(value("electric_storage_limit_bytes")).isEqualTo(64 << 20);
        assertThat(value("electric_http_connections_count")).isPositive();

        POSTGRES.sql(DATABASE, "INSERT INTO items VALUES (8, 'eight'), (9, 'nine')");
        soon().untilAsserted(() -> {
            assertThat(value("electric_postgres_replication_transaction_received_operations"))
                    .isEqualTo(operations + 2);
            assertThat(value("electric_postgres_replication_transaction_received_count"))
                    .isGreaterThan(transactions);
            assertThat(value("electric_postgres_replication_transaction_received_bytes"))
                    .isEqualTo(bytes + "8eight9nine".length());
            assertThat(value("electric_postgres_replication_transaction_received_receive_lag_count"))
                    .isGreaterThan(lags);
            assertThat(value("electric_stage_seconds_total{stage=\"publish\"}")).isPositive();
        });

        assertThat(shape("DELETE", "table=items").statusCode()).isEqualTo(202);
        soon().untilAsserted(() -> {
            assertThat(value("electric_shapes_total_shapes_count")).isZero();
            assertThat(value("electric_shapes_active_shapes_count")).isZero();
            assertThat(value("electric_shapes_retired_total{reason=\"deleted\"}"))
                    .isEqualTo(deleted + 1);
        });
    }

    /** Of single changes only a sample is timed, so there must be many. */
    @Test
    void tellsWhereTheTimeOfTheStreamGoes() throws Exception {
        POSTGRES.sql(DATABASE, "CREATE TABLE numbers (id int PRIMARY KEY)");
        assertThat(shape("GET", "table=numbers&offset=-1").statusCode()).isEqualTo(200);
        double operations = value("electric_postgres_replication_transaction_received_operations");
        POSTGRES.sql(DATABASE, "INSERT INTO numbers SELECT generate_series(1, 5000)");
        soon().untilAsserted(() -> {
            assertThat(value("electric_postgres_replication_transaction_received_operations"))
                    .isEqualTo(operations + 5000);
            for (String stage : List.of("decode", "route", "append", "publish")) {
                assertThat(value("electric_stage_seconds_total{stage=\"" + stage + "\"}"))
                        .as(stage)
                        .isPositive();
            }
            for (String threads : List.of("replication", "http")) {
                assertThat(value("electric_threads_cpu_seconds_total{threads=\"" + threads + "\"}"))
                        .as(threads)
                        .isPositive();
            }
        });
        assertThat(shape("DELETE", "table=numbers").statusCode()).isEqualTo(202);
    }

    @Test
    void countsRequestsByStatusHoweverTheyEnd() throws Exception {
        shape("GET", "table=items&offset=nonsense");
        double refused = value("electric_plug_serve_shape_requests_count{status=\"400\"}");
        shape("GET", "table=items&offset=nonsense");
        assertThat(value("electric_plug_serve_shape_requests_count{status=\"400\"}"))
                .isEqualTo(refused + 1);
    }

    @Test
    void knowsWhatPostgresKeepsForUs() throws Exception {
        soon().untilAsserted(() -> {
            assertThat(value("electric_postgres_replication_slot_retained_wal_size"))
                    .isPositive();
            assertThat(value("electric_postgres_replication_slot_confirmed_flush_lsn_lag"))
                    .isNotNegative();
        });
    }

    /** HTTP-038. */
    @Test
    void answersOnlyThatOnePathThere() throws Exception {
        HttpResponse<String> answer = metrics("GET", "/metrics?any=thing");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        for (String path : List.of("/", "/metrics/", "/v1/shape", "/v1/health")) {
            HttpResponse<String> nothing = metrics("GET", path);
            assertThat(nothing.statusCode()).isEqualTo(404);
            assertThat(nothing.body()).isEqualTo("Not found");
        }
        assertThat(metrics("POST", "/metrics").statusCode()).isEqualTo(404);
        HttpResponse<String> main = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/metrics"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(main.statusCode()).isEqualTo(404);
    }

    @Test
    void refusesToStartWhenThePortIsTaken() {
        int taken = app.metricsPort().orElseThrow();
        try (App second = app(POSTGRES.freshDatabase(), Map.of("ELECTRIC_PROMETHEUS_PORT", Integer.toString(taken)))) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot show metrics on port " + taken)
                    .hasMessageContaining("ELECTRIC_PROMETHEUS_PORT");
        }
    }

    @Test
    void listensNowhereUnlessAsked() {
        try (App quiet = app(POSTGRES.freshDatabase(), Map.of())) {
            assertThat(quiet.metricsPort()).isEmpty();
        }
    }

    @Test
    void tellsHowOftenAFilterIsRememberedFromAnEarlierRequest() throws Exception {
        double known = value("electric_filters_asked_for_total{remembered=\"yes\"}");
        double unknown = value("electric_filters_asked_for_total{remembered=\"no\"}");
        double remembered = value("electric_filters_remembered_count");
        // The very same query would not even be read again.
        for (String filter : List.of("id+=+1", "id+=+1&another=query", "no_such_column+=+1")) {
            shape("GET", "table=items&offset=now&where=" + filter);
        }
        assertThat(value("electric_filters_asked_for_total{remembered=\"yes\"}"))
                .isEqualTo(known + 1);
        assertThat(value("electric_filters_asked_for_total{remembered=\"no\"}")).isEqualTo(unknown + 2);
        // What is refused is not.
        assertThat(value("electric_filters_remembered_count")).isEqualTo(remembered + 1);
        assertThat(value("electric_filters_forgotten_total")).isZero();
        shape("DELETE", "table=items&where=id+=+1");
    }
}
