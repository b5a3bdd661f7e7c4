package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Admission and readiness: HTTP-255 … HTTP-263 (§9.1 … §9.3). */
class AdmissionConformanceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final RunningServer narrow = RunningServer.start(Map.of(
            "ELECTRIC_MAX_CONCURRENT_REQUESTS",
            "{\"initial\":1,\"existing\":2}",
            "ELECTRIC_LONG_POLL_TIMEOUT",
            "600000",
            "ELECTRIC_PROMETHEUS_PORT",
            "0"));

    private final Client client = new Client(narrow);

    /** A request that takes a place, from when it has it until it is closed: its snapshot waits for a lock on the table. */
    private static final class Initial implements AutoCloseable {
        private final Connection locker;
        private final Wire wire;

        Initial(String table) throws SQLException, IOException {
            narrow.sql("CREATE TABLE " + table + " (id int PRIMARY KEY)");
            // Published before it is locked.
            awaitAnswer(() -> new Client(narrow).shape("table=" + table + "&columns=id&offset=-1"));
            locker = narrow.postgres().connect(narrow.database());
            locker.setAutoCommit(false);
            try (Statement statement = locker.createStatement()) {
                statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            }
            awaitIdle();
            wire = narrow.wire().request("GET", "/v1/shape?table=" + table + "&offset=-1");
            await().atMost(LIMIT).until(() -> admitted("initial") == 1);
        }

        @Override
        public void close() throws SQLException, IOException {
            locker.rollback();
            locker.close();
            wire.close();
        }
    }

    /** A place is given back only after the answer has gone out. */
    private static Got awaitAnswer(Supplier<Got> ask) {
        return await().atMost(LIMIT).until(ask::get, got -> got.status() != 503);
    }

    private static int admitted(String kind) throws IOException {
        try (Wire metrics = new Wire(narrow.app().metricsPort().orElseThrow())) {
            return metrics.get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.contains("admission_control") && line.contains('"' + kind + '"'))
                    .filter(line -> !line.startsWith("#") && !line.contains("reject"))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private static void awaitIdle() {
        await().atMost(LIMIT).until(() -> admitted("initial") == 0 && admitted("existing") == 0);
    }

    private static void expectRejection(Got got, String kind, int limit) {
        assertThat(got.status()).as(got.body()).isEqualTo(503);
        assertThat(got.body())
                .isEqualTo("{\"code\":\"concurrent_request_limit_exceeded\",\"message\":\"Concurrent " + kind
                        + " request limit exceeded (limit: " + limit + "), please retry\"}");
    }

    @Test
    void http255TooManyWhoAskForNewShapesAreSentAway() throws Exception {
        narrow.sql("CREATE TABLE turned_away (id int PRIMARY KEY)");
        try (Initial initial = new Initial("first_come")) {
            expectRejection(client.shape("table=turned_away&offset=-1"), "initial", 1);
            expectRejection(client.shape("table=turned_away&offset=now"), "initial", 1);
            expectRejection(client.shape("table=turned_away&offset=-1&subset__where=true"), "initial", 1);
            // Before anything is looked at.
            expectRejection(client.shape("nonsense"), "initial", 1);
            expectRejection(client.post("table=turned_away&offset=-1", "not JSON"), "initial", 1);
            assertThat(client.ask("HEAD", "/v1/shape?table=turned_away&offset=-1")
                            .status())
                    .isEqualTo(503);
            // What does not read shapes is not counted.
            assertThat(client.get("/v1/health").status()).isEqualTo(200);
            assertThat(client.ask("OPTIONS", "/v1/shape").status()).isEqualTo(204);
            assertThat(client.delete("handle=1-1").status()).isEqualTo(404);
            // No shape was made.
            assertThat(client.delete("table=turned_away").status()).isEqualTo(404);
            assertThat(initial.wire).isNotNull();
        }
        assertThat(awaitAnswer(() -> client.shape("table=turned_away&offset=-1"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void http256ARejectionSaysWhenToComeAgain() throws Exception {
        try (Initial initial = new Initial("said_when")) {
            assertThat(initial.wire).isNotNull();
            for (int i = 0; i < 20; i++) {
                Got got = client.shape("table=said_when&offset=-1");
                assertThat(Integer.parseInt(got.header("retry-after"))).isBetween(6, 10);
                assertThat(got.header("electric-internal-known-error")).isEqualTo("true");
                assertThat(got.header("cache-control")).isEqualTo("no-store");
                assertThat(got.header("surrogate-control")).isEqualTo("no-store");
                assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
                assertThat(got.header("access-control-allow-origin")).isEqualTo("*");
                assertThat(got.header("content-length"))
                        .isEqualTo(Integer.toString(got.body().length()));
            }
            Got posted = client.post("table=said_when&offset=-1", "");
            assertThat(posted.header("cache-control")).isEqualTo("no-cache");
            assertThat(posted.header("surrogate-control")).isEqualTo("no-store");
        }
    }

    @Test
    void http257WhoNamesAShapeThatExistsIsCountedApart() throws Exception {
        narrow.sql("CREATE TABLE known (id int PRIMARY KEY)");
        awaitIdle();
        Follower follower = new Follower(client, "table=known");
        try (Initial initial = new Initial("filled_up")) {
            assertThat(initial.wire).isNotNull();
            assertThat(client.shape(follower.query()).status()).isEqualTo(200);
            awaitIdle(0);
            assertThat(client.post(follower.query(), "{}").status()).isEqualTo(200);
            expectRejection(client.shape("table=known&offset=0_0&handle=1-1"), "initial", 1);
            expectRejection(client.shape("table=known&offset=0_0"), "initial", 1);
            // Only what stands in the query counts: bodies have not been read yet.
            expectRejection(
                    client.post("table=known&offset=0_0", "{\"handle\":\"" + follower.handle() + "\"}"), "initial", 1);
        }
    }

    private static void awaitIdle(int existing) {
        await().atMost(LIMIT).until(() -> admitted("existing") == existing);
    }

    @Test
    void http258WhoWaitsCountsUntilTheAnswerAndEveryAnswerMakesRoom() throws Exception {
        narrow.sql("CREATE TABLE waits (id int PRIMARY KEY)");
        awaitIdle();
        Follower follower = new Follower(client, "table=waits");
        awaitIdle();
        try (Wire poll = narrow.wire();
                Wire stream = narrow.wire()) {
            poll.request("GET", "/v1/shape?" + follower.live());
            stream.request("GET", "/v1/shape?" + follower.live() + "&live_sse=true")
                    .readHead();
            awaitIdle(2);
            expectRejection(client.shape(follower.query()), "existing", 2);
            expectRejection(client.shape(follower.live()), "existing", 2);
            narrow.sql("INSERT INTO waits VALUES (1)");
            assertThat(poll.read().status()).isEqualTo(200);
            awaitIdle(1);
            assertThat(client.shape(follower.query()).status()).isEqualTo(200);
        }
        awaitIdle();
        String tag = client.shape(follower.query()).header("etag");
        // Not one of the ways in which requests end keeps a place.
        for (int i = 0; i < 3; i++) {
            List<Supplier<Got>> ways = List.of(
                    () -> client.shape(follower.query()),
                    () -> client.shape(follower.query(), "if-none-match: " + tag),
                    () -> client.ask("HEAD", "/v1/shape?" + follower.query()),
                    () -> client.shape("table=waits&offset=now"),
                    () -> client.shape("table=waits&offset=-1&subset__where=true"),
                    () -> client.shape("table=waits&offset=-1&subset__where=nope"),
                    () -> client.shape("table=nope&offset=-1"),
                    () -> client.shape("table=waits&offset=0_0&handle=1-1"),
                    () -> client.post("table=waits&offset=-1", "{"),
                    () -> client.post("table=waits&offset=-1", "{\"subset\":{}}"));
            for (Supplier<Got> way : ways) {
                assertThat(way.get().status()).isNotEqualTo(503);
                awaitIdle();
            }
            try (Wire gone = narrow.wire().request("GET", "/v1/shape?" + follower.live())) {
                awaitIdle(follower.offset().equals("0_inf") ? 0 : 1);
                assertThat(gone).isNotNull();
            }
            awaitIdle();
            // The body never comes.
            try (Wire half = narrow.wire().request("POST", "/v1/shape?" + follower.query(), "content-length: 10")) {
                awaitIdle(1);
                assertThat(half).isNotNull();
            }
            awaitIdle();
        }
    }

    @Test
    void http259OnceTheSnapshotHasBegunTheRequestIsOneOfTheOthers() throws Exception {
        narrow.sql(
                "CREATE TABLE long_read (id int PRIMARY KEY, v text)",
                "INSERT INTO long_read SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i",
                "CREATE TABLE short_read (id int PRIMARY KEY)");
        awaitIdle();
        try (Wire reader = new Wire(narrow.app().port(), 4_096)) {
            Got head =
                    reader.request("GET", "/v1/shape?table=long_read&offset=-1").readHead();
            assertThat(head.status()).isEqualTo(200);
            // Its ten megabytes are more than the way to a client who takes nothing holds.
            await().atMost(LIMIT).until(() -> admitted("initial") == 0 && admitted("existing") == 1);
            assertThat(client.shape("table=short_read&offset=-1").status()).isEqualTo(200);
        }
        awaitIdle();
    }

    @Test
    void http260WhoComesTooEarlyHearsWhatIsMissing() throws Exception {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        RunningServer.sql(postgres, database, "CREATE TABLE early (id int PRIMARY KEY)");
        try (OpenTransaction pending = new OpenTransaction(postgres, database);
                RunningServer server = RunningServer.begin(postgres, database, Map.of())) {
            Client asking = new Client(server);
            // It has the lock, and is not yet anybody's.
            await().atMost(LIMIT).until(() -> asking.get("/v1/health").body().equals("{\"status\":\"starting\"}"));
            List<CompletableFuture<Got>> all = Stream.of(
                            "table=early&offset=-1",
                            "table=early&offset=now",
                            "table=early&offset=0_0&handle=x&live=true",
                            "table=early&offset=-1&subset__where=true",
                            "nonsense")
                    .map(query -> CompletableFuture.supplyAsync(() -> asking.shape(query), Thread::startVirtualThread))
                    .toList();
            for (CompletableFuture<Got> one : all) {
                expectNotReady(
                        one.join(),
                        "Timeout waiting for replication client to be ready. Check that you don't have pending"
                                + " transactions in the database. Electric has to wait for all pending transactions to"
                                + " commit or rollback before it can create the replication slot.");
            }
            pending.rollback();
            server.awaitActive();
            assertThat(asking.shape("table=early&offset=-1").status()).isEqualTo(200);
        }
    }

    private static void expectNotReady(Got got, String message) {
        assertThat(got.status()).as(got.body()).isEqualTo(503);
        assertThat(Json.of(got.body()).get("message").stringValue()).isEqualTo(message);
        assertThat(got.header("retry-after")).isEqualTo("5");
        assertThat(got.header("cache-control")).isEqualTo("no-store");
        assertThat(got.header("surrogate-control")).isEqualTo("no-store");
    }

    @Test
    void http260WithoutItsDatabaseTheServerReadsOutWhatItHas() throws Exception {
        try (TestPostgres postgres = TestPostgres.start(Map.of())) {
            String database = postgres.freshDatabase();
            RunningServer.sql(
                    postgres,
                    database,
                    "CREATE TABLE kept (id int PRIMARY KEY)",
                    "INSERT INTO kept VALUES (1)",
                    "CREATE TABLE fresh (id int PRIMARY KEY)");
            try (RunningServer server =
                    RunningServer.startOn(postgres, database, Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "300"))) {
                Client asking = new Client(server);
                Follower kept = new Follower(asking, "table=kept");
                // What it knows of the table is enough to make a shape of it, once that can be done.
                asking.handle("table=fresh&columns=id");
                postgres.kill9();
                await().atMost(LIMIT)
                        .until(() -> asking.get("/v1/health").body().equals("{\"status\":\"starting\"}"));
                assertThat(asking.shape("table=kept&offset=-1").status()).isEqualTo(200);
                assertThat(asking.shape(kept.query()).status()).isEqualTo(200);
                assertThat(asking.shape(kept.live()).header("electric-has-data"))
                        .isEqualTo("false");
                Got stale = asking.shape("table=kept&offset=0_0&handle=1-1");
                assertThat(stale.status()).isEqualTo(409);
                assertThat(stale.header("electric-handle")).isEqualTo(kept.handle());
                Got subset = asking.shape("table=kept&offset=-1&subset__where=true");
                assertThat(subset.status()).isEqualTo(503);
                assertThat(subset.body())
                        .isIn(
                                "{\"message\":\"Database connection not available\"}",
                                "{\"message\":\"Snapshot creation failed because of a connection pool queue timeout\"}");
                assertThat(subset.header("electric-internal-known-error")).isEqualTo("true");
                assertThat(subset.header("retry-after")).isEqualTo("10");
                // HTTP-261: nothing new can be begun, not even to tell somebody its handle.
                List<CompletableFuture<Got>> news = Stream.of(
                                "table=fresh&offset=-1", "table=fresh&offset=0_0&handle=1-1", "table=fresh&offset=now")
                        .map(query ->
                                CompletableFuture.supplyAsync(() -> asking.shape(query), Thread::startVirtualThread))
                        .toList();
                for (CompletableFuture<Got> one : news) {
                    Got got = one.join();
                    assertThat(got.status()).as(got.body()).isEqualTo(503);
                    assertThat(got.body()).startsWith("{\"message\":\"Timeout waiting for Postgres lock acquisition");
                    assertThat(got.header("retry-after")).isEqualTo("5");
                }
                // HTTP-263
                Got unknown = asking.shape("table=unheard_of&offset=-1");
                assertThat(unknown.status()).isEqualTo(503);
                assertThat(unknown.body())
                        .isEqualTo("{\"message\":\"Cannot connect to the database to verify the shape. Please try again"
                                + " later.\"}");
            }
        }
    }

    @Test
    void http261WhoeverTakesOverServesThoseWhoWaited() throws IOException {
        Map<String, String> same = Map.of("ELECTRIC_REPLICATION_STREAM_ID", "inherited");
        try (TestPostgres postgres = TestPostgres.start(Map.of());
                RunningServer first = RunningServer.startOn(postgres, "postgres", same);
                RunningServer second = RunningServer.begin(postgres, "postgres", same)) {
            first.sql("CREATE TABLE inherited (id int PRIMARY KEY)");
            Client asking = new Client(second);
            await().atMost(LIMIT).until(() -> asking.get("/v1/health").body().equals("{\"status\":\"waiting\"}"));
            // Whatever needs no new shape is answered at once.
            assertThat(asking.refused("table=inherited&offset=-1&where=nope"))
                    .isEqualTo("{\"where\":[\"At location 0: unknown reference nope\"]}");
            try (Held waiting = Held.by(second, "table=inherited&offset=-1")) {
                first.app().close();
                assertThat(waiting.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void http263WithoutACatalogueNoTableCanBeVerified() throws Exception {
        try (TestPostgres postgres = TestPostgres.start(Map.of())) {
            String database = postgres.freshDatabase();
            postgres.stop();
            try (RunningServer server = RunningServer.begin(postgres, database, Map.of())) {
                Client asking = new Client(server);
                await().atMost(LIMIT)
                        .until(() -> asking.get("/v1/health").body().equals("{\"status\":\"waiting\"}"));
                Got got = asking.shape("table=items&offset=-1");
                assertThat(got.status()).isEqualTo(503);
                assertThat(got.body())
                        .isEqualTo("{\"message\":\"Cannot connect to the database to verify the shape. Please try again"
                                + " later.\"}");
                assertThat(got.header("retry-after")).isEqualTo("1");
                assertThat(got.header("cache-control")).isEqualTo("no-store");
                assertThat(got.header("surrogate-control")).isEqualTo("no-store");
                // What needs no catalogue is said all the same.
                assertThat(asking.refused("table=items&offset=x")).isEqualTo("{\"offset\":[\"has invalid format\"]}");
            }
        }
    }
}
