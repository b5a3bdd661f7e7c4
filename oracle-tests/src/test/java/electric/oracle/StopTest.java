package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.FreePort;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the process begins and ends (PG §1.1, §2.8, OPS-044). */
class StopTest {
    private static final String PASSWORD = "pass-word-of-the-database";
    private static final String SECRET = "secret-of-the-api";
    private static final String ROW = "contents-of-a-row";

    private final TestPostgres postgres = TestPostgres.shared();
    private final HttpClient http = HttpClient.newHttpClient();
    private String database = "";
    private String stream = "";

    @BeforeEach
    void makeDatabase() throws SQLException {
        database = postgres.freshDatabase();
        stream = "stop_" + database;
        postgres.sql(
                database,
                "CREATE ROLE " + stream + " SUPERUSER LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE TABLE items (id int PRIMARY KEY, v text)");
    }

    @AfterEach
    void removeSlot() throws SQLException {
        http.shutdownNow();
        postgres.sql(
                database,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'electric_slot_"
                        + stream + "'",
                "DROP OWNED BY " + stream + " CASCADE",
                "DROP ROLE " + stream);
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL",
                "postgres://" + stream + ":" + PASSWORD + "@" + postgres.host() + ":" + postgres.port() + "/" + database
                        + "?sslmode=disable",
                "ELECTRIC_SECRET",
                SECRET,
                "ELECTRIC_PORT",
                "0",
                "ELECTRIC_STORAGE",
                "MEMORY",
                "ELECTRIC_PERSISTENT_STATE",
                "MEMORY",
                "ELECTRIC_LOG_LEVEL",
                "debug",
                "ELECTRIC_REPLICATION_STREAM_ID",
                stream));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    private CompletableFuture<HttpResponse<String>> get(int port, String query) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(
                                "http://localhost:" + port + "/v1/shape?secret=" + SECRET + "&table=items&" + query))
                        .build(),
                BodyHandlers.ofString());
    }

    private boolean ask(String query) throws SQLException {
        return postgres.ask(database, query).equals(List.of("t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void asItIsToldToItAnswersEverybodyAndLetsGoOfTheDatabase(String signal) throws Exception {
        try (ServerProcess server = ServerProcess.start(environment())) {
            int port = server.awaitLine("Ready: curl").port();
            String handle = get(port, "offset=-1")
                    .get(20, TimeUnit.SECONDS)
                    .headers()
                    .firstValue("electric-handle")
                    .orElseThrow();
            List<CompletableFuture<HttpResponse<String>>> parked = Stream.generate(
                            () -> get(port, "offset=0_inf&live=true&handle=" + handle))
                    .limit(20)
                    .toList();
            // Behind them on its way: when it has its answer, they have arrived.
            get(port, "offset=-1").get(20, TimeUnit.SECONDS);

            long asked = System.nanoTime();
            server.signal(signal);
            for (CompletableFuture<HttpResponse<String>> one : parked) {
                HttpResponse<String> response = one.get(20, TimeUnit.SECONDS);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).contains("up-to-date");
            }
            assertThat(server.awaitEnd()).isZero();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked))
                    .as("far less than the time of a live request")
                    .isLessThan(8_000);
            assertThat(ask("SELECT NOT active FROM pg_replication_slots WHERE slot_name = 'electric_slot_" + stream
                            + "'"))
                    .isTrue();
            assertThat(ask("SELECT pg_try_advisory_lock(hashtext('electric_slot_" + stream + "'))"))
                    .isTrue();
            assertThat(server.everything()).contains("shutting down");
        }
    }

    @Test
    void neitherPasswordNorSecretNorRowsAreEverPrinted() throws Exception {
        try (ServerProcess server = ServerProcess.start(environment())) {
            int port = server.awaitLine("Ready: curl").port();
            postgres.sql(database, "INSERT INTO items VALUES (1, '" + ROW + "')");
            HttpResponse<String> first = get(port, "offset=-1").get(20, TimeUnit.SECONDS);
            assertThat(first.body()).contains(ROW);
            String handle = first.headers().firstValue("electric-handle").orElseThrow();
            CompletableFuture<HttpResponse<String>> live = get(port, "offset=0_inf&live=true&handle=" + handle);
            postgres.sql(database, "UPDATE items SET v = v || '!'");
            assertThat(live.get(20, TimeUnit.SECONDS).body()).contains(ROW);
            assertThat(get(port, "offset=nonsense").get(20, TimeUnit.SECONDS).statusCode())
                    .isEqualTo(400);
            // What fails is said, and says much.
            postgres.sql(
                    database,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + stream + "'");
            postgres.sql(
                    database, "ALTER TABLE items ADD COLUMN w text", "INSERT INTO items VALUES (2, '" + ROW + "')");
            server.awaitLine("Removing shape");
            server.signal("TERM");
            assertThat(server.awaitEnd()).isZero();
            assertThat(server.everything()).doesNotContain(PASSWORD, SECRET, ROW);
        }
    }

    @Test
    void anInterruptWhileTheTrialIsBeingMadeIsNoFailureAndLeavesNothingRunning(@TempDir Path folder)
            throws IOException {
        Map<String, String> trial = Map.of(
                "ELECTRIC_TRIAL_DATA", folder.resolve("trial").toString(),
                "ELECTRIC_TRIAL_PORT", Integer.toString(FreePort.any()),
                "ELECTRIC_STORAGE_DIR", folder.resolve("persistent").toString(),
                "ELECTRIC_PORT", "0");
        try (ServerProcess server = ServerProcess.start(trial)) {
            server.awaitLine("LOCAL TRIAL").signal("INT");
            assertThat(server.awaitEnd()).isZero();
            assertThat(server.everything()).contains("shutting down").doesNotContain("[error]");
        }
        assertThat(folder.resolve("trial/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aWrongPasswordEndsItWithoutPrintingIt() {
        Map<String, String> environment = environment();
        environment.computeIfPresent("DATABASE_URL", (name, url) -> url.replace(PASSWORD, "wrong-" + PASSWORD));
        try (ServerProcess server = ServerProcess.start(environment)) {
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(server.everything())
                    .containsOnlyOnce("password authentication failed for user \"" + stream + "\"")
                    .contains("DATABASE_URL names the database " + database + " at " + postgres.host())
                    .doesNotContain(PASSWORD);
        }
    }

    @Test
    void settingsThatMakeNoSenseEndItBeforeItListens() {
        Map<String, String> neither = environment();
        neither.remove("ELECTRIC_SECRET");
        Map<String, Map<String, String>> wrong = Map.of(
                "You must set ELECTRIC_SECRET unless ELECTRIC_INSECURE=true.",
                neither,
                "You cannot set both ELECTRIC_SECRET and ELECTRIC_INSECURE=true",
                environment("ELECTRIC_INSECURE", "true"),
                "Error converting variable DATABASE_URL using custom function: ",
                environment("DATABASE_URL", "mysql://u:" + PASSWORD + "@h/d"),
                "Error converting variable ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD using custom function: invalid time"
                        + " unit: \"soon\". Must be one of [\"ms\", \"msec\", \"s\", \"sec\", \"m\", \"min\"]",
                environment("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "soon"));
        wrong.forEach((says, environment) -> {
            try (ServerProcess server = ServerProcess.start(environment)) {
                assertThat(server.awaitEnd()).as(says).isEqualTo(1);
                assertThat(server.errors()).startsWith(says).doesNotContain(PASSWORD, "Exception");
                assertThat(server.everything()).doesNotContain("Listening");
            }
        });
    }

    @Test
    void aTakenPortIsSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                ServerProcess server =
                        ServerProcess.start(environment("ELECTRIC_PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(server.everything()).contains(Integer.toString(taken.getLocalPort()));
            assertThat(server.everything()).doesNotContain("Exception", "\tat ");
        }
    }
}
