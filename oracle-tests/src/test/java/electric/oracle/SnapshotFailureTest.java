package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.TestPostgres;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Snapshots that cannot be taken, break off, or are not wanted any more (PG §5.6, HTTP §9.4). */
class SnapshotFailureTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ROLE = "snapshot_reader";
    private static final int GATE = 3_000;
    private static final AtomicInteger TABLES = new AtomicInteger();

    @RegisterExtension
    static final RunningServer server = startAsOneWhoOwnsNothing();

    private String table = "";

    /** So that rights and policies concern it, and nothing is published but by the tests. */
    private static RunningServer startAsOneWhoOwnsNothing() {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        RunningServer.sql(
                postgres,
                database,
                "CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT CREATE ON DATABASE " + database + " TO " + ROLE,
                "CREATE FUNCTION gate(id int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN IF id = " + GATE + " THEN"
                        + " PERFORM pg_advisory_xact_lock_shared(4711); END IF; RETURN true; END'");
        return RunningServer.startOn(
                postgres,
                database,
                Map.of(
                        "DATABASE_URL",
                        "postgres://" + ROLE + ":p@" + postgres.host() + ":" + postgres.port() + "/" + database
                                + "?sslmode=disable",
                        "ELECTRIC_MANUAL_TABLE_PUBLISHING",
                        "true"));
    }

    @BeforeEach
    void makeTable() {
        table = "s" + TABLES.incrementAndGet();
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
                "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
                "ALTER PUBLICATION " + server.publication() + " ADD TABLE " + table,
                "GRANT SELECT ON " + table + " TO " + ROLE,
                "INSERT INTO " + table + " SELECT i, repeat('v', 100) FROM generate_series(1, 10000) i");
    }

    private ShapeDefinition shape() {
        return ShapeDefinition.of(table);
    }

    private UnderWay<HttpResponse<String>> firstRequest() {
        return UnderWay.at(server, () -> server.get(shape(), "offset", "-1"));
    }

    /** The backends that read a snapshot of the table now. */
    private List<String> readers() {
        return server.ask("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%\"" + table
                + "\"%' AND usename = '" + ROLE + "'");
    }

    private void awaitReader() {
        await().atMost(LIMIT).until(() -> readers().size() == 1);
    }

    /** A transaction that keeps everybody from the table. */
    private final class Locked implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;

        Locked() throws SQLException {
            connection = server.postgres().connect(server.database());
            connection.setAutoCommit(false);
            statement = connection.createStatement();
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }

        void commit(String... statements) throws SQLException {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    @Test
    void everybodyWhoWaitsHearsOfTheSameFailureAndTheNextOneSucceeds() throws Exception {
        try (Locked locked = new Locked()) {
            List<UnderWay<HttpResponse<String>>> waiting =
                    Stream.generate(this::firstRequest).limit(20).toList();
            awaitReader();
            server.sql("SELECT pg_cancel_backend(" + readers().getFirst() + ")");
            for (UnderWay<HttpResponse<String>> one : waiting) {
                HttpResponse<String> response = one.answer();
                assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
                assertThat(response.body()).isEqualTo("{\"message\":\"canceling statement due to user request\"}");
                assertThat(response.headers().firstValue("retry-after")).contains("10");
                assertThat(response.headers().firstValue("electric-internal-known-error"))
                        .contains("true");
                assertThat(response.headers().firstValue("electric-handle")).isEmpty();
            }
            locked.commit();
        }
        assertThat(server.client(shape()).catchUp().rows()).hasSize(10_000);
    }

    @Test
    void thoseWhoseSnapshotsAreTakenTogetherFailAndStallAlone() throws Exception { // I9
        String read = table;
        makeTable();
        try (Locked locked = new Locked()) {
            UnderWay<HttpResponse<String>> stalled = firstRequest();
            awaitReader();
            List<CompletableFuture<HttpResponse<String>>> many = IntStream.rangeClosed(1, 200)
                    .mapToObj(id ->
                            ShapeDefinition.of(read).where(id % 5 == 0 ? "10 / (id - " + id + ") > 10" : "id = " + id))
                    .map(one -> CompletableFuture.supplyAsync(
                            () -> server.get(one, "offset", "-1"), Thread::startVirtualThread))
                    .toList();
            for (int id = 1; id <= many.size(); id++) {
                HttpResponse<String> response = many.get(id - 1).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(response.statusCode()).as(response.body()).isEqualTo(id % 5 == 0 ? 400 : 200);
                assertThat(response.body()).contains(id % 5 == 0 ? "division by zero" : "{\"id\":\"" + id + "\"");
            }
            locked.commit();
            assertThat(stalled.answer().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void thoseWhoGoDoNotCancelItForThoseWhoStay() throws Exception {
        try (Locked locked = new Locked();
                HttpClient leaving = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<InputStream>> gone = leaving.sendAsync(
                    HttpRequest.newBuilder(URI.create(server.shapeUrl() + "?table=" + table + "&offset=-1"))
                            .build(),
                    BodyHandlers.ofInputStream());
            server.remember(gone);
            awaitReader();
            UnderWay<HttpResponse<String>> staying = firstRequest();
            leaving.shutdownNow();
            assertThatThrownBy(gone::join).isInstanceOf(CompletionException.class);
            List<String> reader = readers();
            assertThat(reader).hasSize(1);
            locked.commit();
            assertThat(staying.answer().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTableThatIsDroppedMeanwhileIsToBeAskedForAgain() throws Exception {
        HttpResponse<String> response;
        try (Locked locked = new Locked()) {
            UnderWay<HttpResponse<String>> waiting = firstRequest();
            awaitReader();
            locked.commit("DROP TABLE " + table);
            response = waiting.answer();
        }
        expectRefetchWithoutHandle(response);
        await().atMost(LIMIT).until(() -> server.get(shape(), "offset", "-1").statusCode() == 400);
    }

    @Test
    void aColumnThatIsDroppedMeanwhileIsNotInTheNextAnswer() throws Exception {
        HttpResponse<String> response;
        try (Locked locked = new Locked()) {
            UnderWay<HttpResponse<String>> waiting = firstRequest();
            awaitReader();
            locked.commit("ALTER TABLE " + table + " DROP COLUMN v");
            response = waiting.answer();
        }
        expectRefetchWithoutHandle(response);
        ShapeClient client = server.client(shape()).catchUp();
        assertThat(client.rows()).hasSize(10_000);
        assertThat(client.rows().values().iterator().next()).containsOnlyKeys("id");
    }

    private static void expectRefetchWithoutHandle(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
        assertThat(response.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
        assertThat(response.headers().firstValue("electric-handle")).isEmpty();
        assertThat(response.headers().firstValue("cache-control")).contains("public, max-age=1, must-revalidate");
    }

    @Test
    void aRightThatIsRevokedMeanwhileIsSaid() throws Exception {
        try (Locked locked = new Locked()) {
            UnderWay<HttpResponse<String>> waiting = firstRequest();
            awaitReader();
            locked.commit("REVOKE SELECT ON " + table + " FROM " + ROLE);
            HttpResponse<String> response = waiting.answer();
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body())
                    .isEqualTo("{\"message\":\"Unable to create initial snapshot: permission denied for table " + table
                            + "\"}");
        }
    }

    /** A snapshot that stops in the middle: a policy waits at one row for a lock that the test holds. */
    private final class HalfRead implements AutoCloseable {
        private final Connection holder;
        private final HttpClient http = HttpClient.newHttpClient();
        private final HttpResponse<InputStream> response;

        HalfRead() throws Exception {
            holder = server.postgres().connect(server.database());
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(4711)");
            }
            server.sql(
                    "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY gate ON " + table + " USING (gate(id))");
            response = http.send(
                    HttpRequest.newBuilder(URI.create(server.shapeUrl() + "?table=" + table + "&offset=-1"))
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body().readNBytes(100_000)).hasSize(100_000);
        }

        String handle() {
            return response.headers().firstValue("electric-handle").orElseThrow();
        }

        /** A reader must not take what came for the whole. */
        void expectAborted() {
            assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(java.io.IOException.class);
        }

        @Override
        public void close() throws SQLException {
            http.shutdownNow();
            holder.close();
        }
    }

    @Test
    void aSnapshotThatBreaksOffIsNeverTakenForWhole() throws Exception {
        try (HalfRead half = new HalfRead()) {
            assertThat(readers()).hasSize(1);
            server.sql("SELECT pg_terminate_backend(" + readers().getFirst() + ")");
            half.expectAborted();
            assertThat(server.get(shape(), "offset", "0_0", "handle", half.handle())
                            .statusCode())
                    .isEqualTo(409);
            half.holder.close();
            ShapeClient client = server.client(shape()).catchUp();
            assertThat(client.rows()).hasSize(10_000);
            assertThat(client.handle()).isPresent().get().isNotEqualTo(half.handle());
        }
    }

    @Test
    void aShapeThatIsDeletedWhileItsSnapshotIsReadEndsForItsReaders() throws Exception {
        try (HalfRead half = new HalfRead()) {
            assertThat(server.request("DELETE", "handle=" + half.handle()).statusCode())
                    .isEqualTo(202);
            half.expectAborted();
            half.holder.close();
            await("the query to end with its shape")
                    .atMost(LIMIT)
                    .until(() -> readers().isEmpty());
            assertThat(server.client(shape()).catchUp().rows()).hasSize(10_000);
        }
    }

    @Test
    void changesThatComeWhileTheSnapshotIsReadFollowIt() throws Exception {
        try (HalfRead half = new HalfRead()) {
            server.sql(
                    "UPDATE " + table + " SET v = 'changed' WHERE id IN (1, 9999)",
                    "DELETE FROM " + table + " WHERE id = 2");
            half.holder.close();
            ShapeClient client = server.client(shape()).catchUp();
            client.followUntil(view -> view.rows().size() == 9_999, LIMIT);
            assertThat(client.handle()).contains(half.handle());
            assertThat(client.rows().get("\"public\".\"" + table + "\"/\"9999\""))
                    .containsEntry("v", "changed");
        }
    }
}
