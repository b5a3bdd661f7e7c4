package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the service is: HTTP §1.7 and §1.9, HTTP-032 … HTTP-038. */
class HealthConformanceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final RunningServer server =
            RunningServer.start(Map.of("ELECTRIC_PROMETHEUS_PORT", "0", "ELECTRIC_REPLICATION_STREAM_ID", "health"));

    private final TestPostgres postgres = TestPostgres.shared();

    private static Got health(RunningServer of) {
        return new Client(of).get("/v1/health");
    }

    private static void awaitHealth(RunningServer of, int status, String body) {
        await(body).atMost(LIMIT).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            Got got = health(of);
            assertThat(got.body()).isEqualTo(body);
            assertThat(got.status()).isEqualTo(status);
        });
    }

    @Test
    void http032IsActive() {
        Got got = health(server);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("{\"status\":\"active\"}");
    }

    @Test
    void http033WaitsWhileAnotherHoldsTheLock() {
        try (RunningServer second =
                RunningServer.begin(postgres, server.database(), Map.of("ELECTRIC_REPLICATION_STREAM_ID", "health"))) {
            awaitHealth(second, 202, "{\"status\":\"waiting\"}");
            // It goes on waiting however long it has been.
            await("the second to ask for the lock")
                    .atMost(LIMIT)
                    .until(() -> server.ask(
                                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                            .equals(List.of("1")));
            assertThat(health(second).body()).isEqualTo("{\"status\":\"waiting\"}");
        }
    }

    @Test
    void http033WaitsForADatabaseThatWasNeverReached() {
        try (RunningServer alone = RunningServer.begin(
                postgres,
                postgres.freshDatabase(),
                Map.of("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing?sslmode=disable"))) {
            awaitHealth(alone, 202, "{\"status\":\"waiting\"}");
        }
    }

    @Test
    void http034IsStartingAgainWhenTheDatabaseIsLost() throws SQLException {
        try (RunningServer losing = RunningServer.start()) {
            postgres.sql(
                    "postgres",
                    "ALTER DATABASE " + losing.database() + " ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + losing.database()
                            + "'");
            try {
                awaitHealth(losing, 202, "{\"status\":\"starting\"}");
            } finally {
                postgres.sql("postgres", "ALTER DATABASE " + losing.database() + " ALLOW_CONNECTIONS true");
            }
            awaitHealth(losing, 200, "{\"status\":\"active\"}");
        }
    }

    @Test
    void http034IsStartingWhileTheSlotCannotBeMade() throws SQLException {
        String database = postgres.freshDatabase();
        try (OpenTransaction pending = new OpenTransaction(postgres, database);
                RunningServer begun = RunningServer.begin(postgres, database, Map.of())) {
            awaitHealth(begun, 202, "{\"status\":\"starting\"}");
            pending.rollback();
            awaitHealth(begun, 200, "{\"status\":\"active\"}");
        }
    }

    @Test
    void http036IsNeverKeptByCaches() {
        Got got = health(server);
        assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(got.header("cache-control")).isEqualTo("no-cache, no-store, must-revalidate");
        assertThat(got.header("access-control-allow-methods")).isEqualTo("GET, HEAD");
    }

    @Test
    void http037IgnoresParameters() {
        Client client = new Client(server);
        for (String query : List.of("offset=x", "table=%zz", "live=true", "secret=no", "", "&&&=")) {
            Got got = client.get("/v1/health?" + query);
            assertThat(got.status()).as(query).isEqualTo(200);
            assertThat(got.body()).as(query).isEqualTo("{\"status\":\"active\"}");
        }
    }

    @Test
    void http037AnswersWhileOtherRequestsWaitForTheService() throws SQLException {
        String database = postgres.freshDatabase();
        try (OpenTransaction pending = new OpenTransaction(postgres, database);
                RunningServer begun = RunningServer.begin(postgres, database, Map.of())) {
            awaitHealth(begun, 202, "{\"status\":\"starting\"}");
            try (Held waiting = Held.by(begun, "table=nothing&offset=-1")) {
                assertThat(health(begun).body()).isEqualTo("{\"status\":\"starting\"}");
                assertThat(waiting.isAnswered()).isFalse();
                pending.rollback();
                assertThat(waiting.answer().status()).isEqualTo(400);
            }
        }
    }

    @Test
    void http038ShowsMetricsOnAPortOfTheirOwn() throws IOException {
        int port = server.app().metricsPort().orElseThrow();
        try (Wire wire = new Wire(port)) {
            Got got = wire.get("/metrics");
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.header("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(got.body()).contains("# TYPE ").contains("electric_");
        }
        for (String path : List.of("/", "/v1/shape", "/v1/health", "/metrics/")) {
            try (Wire wire = new Wire(port)) {
                Got got = wire.get(path);
                assertThat(got.status()).as(path).isEqualTo(404);
                assertThat(got.body()).as(path).isEqualTo("Not found");
            }
        }
        assertThat(new Client(server).get("/metrics").status()).isEqualTo(404);
    }
}
