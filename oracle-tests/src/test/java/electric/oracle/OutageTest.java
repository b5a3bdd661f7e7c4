package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.ShapeResponse.Log;
import electric.oracle.ShapeResponse.MustRefetch;
import electric.sync.ServerLog;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients see of a database that goes and comes back (PG §8.5, AC-05, AC-14, AC-15, AC-19, AC-24). */
class OutageTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final ShapeDefinition ITEMS = ShapeDefinition.of("items");
    private static @Nullable TestPostgres own;

    private final List<RunningServer> servers = new ArrayList<>();
    private String database = "";

    @BeforeAll
    static void startPostgres() throws IOException {
        own = TestPostgres.start(Map.of());
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres().close();
    }

    private static TestPostgres postgres() {
        return Objects.requireNonNull(own, "started before all tests");
    }

    @BeforeEach
    void makeDatabase() throws Exception {
        database = postgres().freshDatabase();
        postgres().sql(database, "CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1)");
    }

    @AfterEach
    void stopServers() {
        servers.reversed().forEach(RunningServer::close);
    }

    private RunningServer begun(Map<String, String> more) {
        RunningServer server = RunningServer.begin(postgres(), database, more);
        servers.add(server);
        return server;
    }

    private RunningServer started() {
        return begun(Map.of()).awaitActive();
    }

    private static void expectUnavailable(HttpResponse<String> response, String message, String retryAfter) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(ShapeResponse.JSON.readTree(response.body()).get("message").stringValue())
                .isEqualTo(message);
        assertThat(response.headers().firstValue("retry-after")).contains(retryAfter);
    }

    private static CompletableFuture<Void> soon(Runnable check) {
        return CompletableFuture.runAsync(check, Thread::startVirtualThread);
    }

    private static Optional<String> expectRow(Parked parked) {
        Log log = (Log) parked.answerWithin(30);
        assertThat(log.items()).as(parked.client().toString()).hasSizeGreaterThan(1);
        return Optional.of(log.handle());
    }

    @Test
    void waitsForADatabaseThatIsDownAtStart() throws Exception {
        postgres().stop();
        RunningServer server = begun(Map.of());
        await().atMost(LIMIT).until(() -> server.health().body().equals("{\"status\":\"waiting\"}"));
        assertThat(server.health().statusCode()).isEqualTo(202);
        expectUnavailable(
                server.get(ITEMS, "offset", "-1"),
                "Cannot connect to the database to verify the shape. Please try again later.",
                "1");
        expectUnavailable(server.request("DELETE", "handle=1-1"), "Timeout waiting for Postgres lock acquisition", "5");
        postgres().start();
        server.awaitActive();
        assertThat(server.client(ITEMS).catchUp().rows()).hasSize(1);
        assertThat(server.fatal()).isEmpty();
    }

    @Test
    void aRestartIsOnlyAPauseToThoseWhoFollow() throws Exception {
        // AC-14
        RunningServer server =
                begun(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "100000")).awaitActive();
        ShapeClient reader = server.client(ITEMS).catchUp();
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        String handle = parked.handle();
        server.sql("CREATE TABLE others (id int PRIMARY KEY)");
        assertThat(server.client(ShapeDefinition.of("others").columns("id"))
                        .catchUp()
                        .rows())
                .isEmpty();

        postgres().stop();
        await().atMost(LIMIT).until(() -> server.health().body().equals("{\"status\":\"starting\"}"));
        assertThat(server.health().statusCode()).isEqualTo(202);
        // Existing shapes are served, new ones are not, and nobody hangs.
        assertThat(server.client(ITEMS).catchUp().rows()).hasSize(1);
        assertThat(reader.catchUp().handle()).contains(handle);
        CompletableFuture.allOf(
                        soon(() -> expectUnavailable(
                                server.get(ShapeDefinition.of("others"), "offset", "-1"),
                                "Timeout waiting for Postgres lock acquisition",
                                "5")),
                        soon(() -> expectUnavailable(
                                server.request("DELETE", "handle=" + handle),
                                "Timeout waiting for Postgres lock acquisition",
                                "5")),
                        soon(() -> expectUnavailable(
                                server.get(ShapeDefinition.of("unknown"), "offset", "-1"),
                                "Cannot connect to the database to verify the shape. Please try again later.",
                                "1")))
                .join();

        postgres().start();
        server.awaitActive();
        server.sql("INSERT INTO items VALUES (2)");
        expectRow(parked);
        parked.client().followUntil(view -> view.rows().size() == 2, LIMIT);
        assertThat(parked.client().handle()).contains(handle);
        assertThat(parked.client().refetches()).isZero();
        assertThat(server.client(ShapeDefinition.of("others")).catchUp().rows()).isEmpty();
    }

    @Test
    void nothingIsLostOrToldTwiceWhenTheDatabaseCrashes() throws Exception {
        RunningServer server = started();
        ShapeClient client = server.client(ITEMS).catchUp();
        for (int id = 2; id < 12; id++) {
            server.sql("INSERT INTO items VALUES (" + id + ")");
        }
        postgres().kill9();
        postgres().start();
        server.sql("INSERT INTO items VALUES (100)");
        client.followUntil(view -> view.rows().size() == 12, LIMIT);
        assertThat(client.refetches()).isZero();
        server.awaitActive();
    }

    @Test
    void aKilledWalsenderIsReplacedAtOnce() {
        RunningServer server = started();
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        server.sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                + server.slot() + "'");
        server.sql("INSERT INTO items VALUES (2)");
        assertThat(expectRow(parked)).contains(parked.handle());
        assertThat(parked.client().refetches()).isZero();
    }

    @Test
    void allKilledPooledConnectionsAreReopenedUnnoticed() {
        // §8.4
        ServerLog log = new ServerLog();
        RunningServer server = started();
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'electric'"
                + " AND backend_type = 'client backend' AND datname = current_database()");
        server.sql("CREATE TABLE later (id int PRIMARY KEY)");
        // Whoever gets a broken one is asked to try again in a second.
        await().atMost(LIMIT)
                .until(() ->
                        server.get(ShapeDefinition.of("later"), "offset", "-1").statusCode() == 200);
        assertThat(log.has("is restarting after it has encountered an error")).isFalse();
        server.sql("INSERT INTO items VALUES (2)");
        assertThat(expectRow(parked)).contains(parked.handle());
        log.close();
    }

    @Test
    void aDroppedSlotIsTheEndOfAllShapes() {
        RunningServer server = started();
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        String slot = "'" + server.slot() + "'";
        // The server is back within a moment: the slot has to go in the same breath.
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            server.sql("DO $$ BEGIN PERFORM pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE"
                    + " slot_name = " + slot + "; PERFORM pg_drop_replication_slot(" + slot + "); END $$");
            return true;
        });
        server.sql("INSERT INTO items VALUES (2)");
        assertThat(parked.answerWithin(30)).isInstanceOf(MustRefetch.class);
        server.awaitActive();
        expectNewHandle(server, parked);
    }

    @Test
    void aDroppedPublicationIsTheEndOfAllShapes() {
        // AC-15: the next change finds it missing (before Postgres 18), or the next look at it.
        RunningServer server = begun(Map.of("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "500ms"))
                .awaitActive();
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        server.sql("DROP PUBLICATION " + server.publication(), "INSERT INTO items VALUES (2)");
        assertThat(parked.answerWithin(30)).isInstanceOf(MustRefetch.class);
        server.awaitActive();
        expectNewHandle(server, parked);
    }

    private static void expectNewHandle(RunningServer server, Parked parked) {
        var old = server.get(ITEMS, "offset", "0_0", "handle", parked.handle());
        assertThat(old.statusCode()).isEqualTo(409);
        assertThat(old.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
        ShapeClient client = parked.client().catchUp();
        assertThat(client.rows()).hasSize(2);
        assertThat(client.handle()).isPresent().get().isNotEqualTo(parked.handle());
        server.sql("INSERT INTO items VALUES (3)");
        client.followUntil(view -> view.rows().size() == 3, LIMIT);
    }

    @Test
    void oneOfTwoServersStreamsAndTheOtherTakesOver() {
        // AC-19, AC-24
        Map<String, String> same = Map.of("ELECTRIC_REPLICATION_STREAM_ID", "pair");
        RunningServer first = begun(same).awaitActive();
        RunningServer second = begun(same);
        ShapeClient client = first.client(ITEMS).catchUp();
        await().atMost(LIMIT).until(() -> second.health().body().equals("{\"status\":\"waiting\"}"));
        assertThat(first.health().statusCode()).isEqualTo(200);
        HttpResponse<String> unknown = second.get(ShapeDefinition.of("unknown"), "offset", "-1");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("does not exist");
        expectUnavailable(second.get(ITEMS, "offset", "-1"), "Timeout waiting for Postgres lock acquisition", "5");
        first.sql("INSERT INTO items VALUES (2)");
        client.followUntil(view -> view.rows().size() == 2, LIMIT);

        servers.remove(first);
        first.close();
        second.awaitActive();
        ShapeClient other = second.client(ITEMS).catchUp();
        assertThat(other.rows()).hasSize(2);
        second.sql("INSERT INTO items VALUES (3)");
        other.followUntil(view -> view.rows().size() == 3, LIMIT);
        // What the first knew is gone with its memory: its handles are answered so that clients begin anew.
        assertThat(second.get(ITEMS, "offset", "0_0", "handle", client.handle().orElseThrow())
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void waitsUntilThereAreConnectionsToBeHad() throws Exception {
        // AC-05
        try (TestPostgres small = TestPostgres.start(Map.of("max_connections", "10", "max_wal_senders", "4"));
                ServerLog log = new ServerLog()) {
            RunningServer server = RunningServer.begin(small, "postgres", Map.of("ELECTRIC_DB_POOL_SIZE", "20"));
            servers.add(server);
            await().atMost(LIMIT)
                    .until(() -> log.has(
                            "Database connection in connection_pool mode failed: sorry, too many clients already"));
            await().atMost(LIMIT).until(() -> log.has("Reconnecting in "));
            assertThat(server.health().statusCode()).isEqualTo(202);
            assertThat(server.fatal()).isEmpty();
            servers.remove(server);
            server.close();
        }
    }
}
