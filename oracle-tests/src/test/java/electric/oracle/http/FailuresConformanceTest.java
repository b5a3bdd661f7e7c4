package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failures: HTTP-264 … HTTP-270 (§9.4, §9.5). */
class FailuresConformanceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** May read only what belongs to it. */
    @RegisterExtension
    static final RunningServer server = GatedDatabase.start(Map.of());

    @RegisterExtension
    static final RunningServer manual = RunningServer.start(Map.of("ELECTRIC_MANUAL_TABLE_PUBLISHING", "true"));

    private final Client client = new Client(server);

    /** A table that is followed already, and to which nobody has access until it is unlocked. */
    private static final class Locked implements AutoCloseable {
        private final Connection connection;

        Locked(String table) throws SQLException {
            GatedDatabase.makeTable(server, table, 10);
            assertThat(new Client(server)
                            .shape("table=" + table + "&columns=id&offset=-1")
                            .status())
                    .isEqualTo(200);
            connection = server.postgres().connect(server.database());
            connection.setAutoCommit(false);
            run("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }

        void run(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private static void awaitReaders(String table, int count) {
        await().atMost(LIMIT)
                .until(() ->
                        server.ask("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%\""
                                                + table + "\"%' AND datname = current_database()")
                                        .size()
                                == count);
    }

    private static void expectUnavailable(Got got, String message) {
        assertThat(got.status()).as(got.body()).isEqualTo(503);
        assertThat(Json.of(got.body())).isEqualTo(Json.of("{\"message\":" + quoted(message) + "}"));
        assertThat(got.header("retry-after")).isEqualTo("10");
        assertThat(got.header("electric-internal-known-error")).isEqualTo("true");
        assertThat(got.header("cache-control")).isEqualTo("no-store");
        assertThat(got.header("surrogate-control")).isEqualTo("no-store");
        assertThat(got.has("electric-handle")).isFalse();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Test
    void http264ATableThatStaysLockedIsUnavailable() throws SQLException {
        GatedDatabase.makeTable(server, "locked", 1);
        try (Connection locker = server.postgres().connect(server.database());
                Statement statement = locker.createStatement()) {
            locker.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
            expectUnavailable(
                    client.shape("table=locked&offset=-1"), "Snapshot timed out while waiting for a table lock");
            locker.rollback();
        }
        assertThat(client.shape("table=locked&offset=-1").status()).isEqualTo(200);
    }

    @Test
    void http264WhoMayNotReadTheTableHearsIt() throws SQLException {
        String owner = GatedDatabase.owner(server.database());
        Held held;
        try (Locked locked = new Locked("forbidden")) {
            held = Held.by(server, "table=forbidden&offset=-1");
            awaitReaders("forbidden", 1);
            locked.run("REVOKE ALL ON forbidden FROM " + owner);
            locked.connection.commit();
            expectUnavailable(
                    held.answer(), "Unable to create initial snapshot: permission denied for table forbidden");
        }
        Got again = client.shape("table=forbidden&offset=-1");
        expectUnavailable(again, "Unable to create initial snapshot: permission denied for table forbidden");
        server.sql("GRANT ALL ON forbidden TO " + owner);
        // The failed one is gone, and the next request is a new beginning.
        assertThat(client.shape("table=forbidden&offset=-1").status()).isEqualTo(200);
        held.close();
    }

    @Test
    void http264WhatIsMissingForPublishingIsSaidStepByStep() {
        Client asking = new Client(manual);
        manual.sql("CREATE TABLE unpublished (id int PRIMARY KEY)");
        expectUnavailable(
                asking.shape("table=unpublished&offset=-1"),
                "Database table \"public.unpublished\" is missing from the publication \"" + manual.publication()
                        + "\" and the ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents Electric from adding it");
        manual.sql("ALTER PUBLICATION " + manual.publication() + " ADD TABLE unpublished");
        expectUnavailable(
                asking.shape("table=unpublished&offset=-1"),
                "Database table \"public.unpublished\" does not have its replica identity set to FULL");
        manual.sql("ALTER TABLE unpublished REPLICA IDENTITY FULL");
        Got got = asking.shape("table=unpublished&offset=-1");
        assertThat(got.status()).as(got.body()).isEqualTo(200);
    }

    @Test
    void http264EverybodyWhoWaitsHearsOfTheSameFailure() throws SQLException {
        try (Locked locked = new Locked("cancelled")) {
            List<Held> all = new ArrayList<>();
            for (String more : List.of("offset=-1", "offset=now", "offset=-1&subset__where=true")) {
                all.add(Held.by(server, "table=cancelled&" + more));
            }
            awaitReaders("cancelled", 1);
            server.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%\"cancelled\"%'");
            for (Held held : all) {
                expectUnavailable(held.answer(), "canceling statement due to user request");
                held.close();
            }
            assertThat(locked.connection.isClosed()).isFalse();
        }
        assertThat(client.shape("table=cancelled&offset=-1").status()).isEqualTo(200);
    }

    @Test
    void http266WhatChangedMeanwhileIsToBeAskedForAgain() throws SQLException {
        for (String change : List.of("ALTER TABLE shifting_1 DROP COLUMN v", "DROP TABLE shifting_2")) {
            String table = change.contains("_1") ? "shifting_1" : "shifting_2";
            Got got;
            Got posted;
            try (Locked locked = new Locked(table);
                    Held held = Held.by(server, "table=" + table + "&offset=-1");
                    Held other = Held.by(server, "POST", "table=" + table + "&offset=-1")) {
                awaitReaders(table, 1);
                locked.run(change);
                locked.connection.commit();
                got = held.answer();
                posted = other.answer();
            }
            assertThat(got.status()).as(got.body()).isEqualTo(409);
            assertThat(got.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
            assertThat(got.has("electric-handle")).isFalse();
            assertThat(got.has("etag")).isFalse();
            assertThat(got.header("cache-control")).isEqualTo("public, max-age=1, must-revalidate");
            assertThat(posted.status()).isEqualTo(409);
            assertThat(posted.header("cache-control")).isEqualTo("no-cache");
        }
        Got now = client.shape("table=shifting_1&offset=-1");
        assertThat(Json.items(now)).hasSize(11);
        assertThat(Json.of(now.header("electric-schema")).propertyNames()).containsExactly("id");
        await().atMost(LIMIT)
                .until(() -> client.shape("table=shifting_2&offset=-1").status() == 400);
    }

    @Test
    void http267WhatNobodyForesawIsSaidAsItIs() {
        try (RunningServer own = RunningServer.start()) {
            own.sql("CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY)");
            Client asking = new Client(own);
            for (String table : List.of("unlogged", "pg_catalog.pg_class")) {
                Got got = asking.shape("table=" + table + "&offset=-1");
                assertThat(got.status()).as(got.body()).isEqualTo(500);
                assertThat(Json.of(got.body()).get("message").stringValue())
                        .startsWith("Unexpected error while creating snapshot: ")
                        .contains('"' + table.replace("pg_catalog.", "") + '"');
                assertThat(got.header("cache-control")).isEqualTo("no-store");
                assertThat(got.header("surrogate-control")).isEqualTo("no-store");
                assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
                assertThat(got.has("retry-after")).isFalse();
            }
        }
    }

    /** HTTP-142 of a snapshot: the head is out, so that nothing can be said any more. */
    @Test
    void http264ASnapshotThatFailsLateIsBrokenOffAndNeverTakenForWhole() throws SQLException, IOException {
        GatedDatabase.makeTable(server, "half", 2 * GatedDatabase.GATE);
        try (GatedDatabase.Gate gate = new GatedDatabase.Gate(server);
                Wire wire = server.wire()) {
            Got head = wire.request("GET", "/v1/shape?table=half&offset=-1").readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(wire.readChunk()).isNotEmpty();
            String next = "table=half&" + Client.next(head);
            // A client that reads ahead waits for the chunk after the one that is still being written.
            try (Wire ahead = server.wire().request("GET", "/v1/shape?" + next);
                    Wire stream = server.wire().request("GET", "/v1/shape?" + next + "&live=true&live_sse=true")) {
                assertThat(stream.readHead().status()).isEqualTo(200);
                await().atMost(LIMIT).until(() -> server.app().openRequests() == 3);
                server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%\"half\"%'");
                assertThatThrownBy(() -> {
                            while (wire.readChunk().length > 0) {
                                // What came before is there, but it has no end.
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
                assertThat(ahead.read().status()).isEqualTo(409);
                assertThat(stream.readChunk()).isEmpty();
            }
            Got gone = client.shape(next);
            assertThat(gone.status()).isEqualTo(409);
            assertThat(gone.header("electric-handle")).isNotEqualTo(head.header("electric-handle"));
            gate.open();
            Got again = client.shape("table=half&offset=-1");
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("electric-handle")).isNotEqualTo(head.header("electric-handle"));
        }
    }

    @Test
    void http270RetryAfterIsANumberOfSeconds() {
        Client asking = new Client(manual);
        manual.sql("CREATE TABLE retried (id int PRIMARY KEY)");
        for (Got got : List.of(
                asking.shape("table=retried&offset=-1"),
                asking.shape("table=retried&offset=-1&subset__where=true"),
                asking.post("table=retried&offset=now", ""),
                asking.ask("HEAD", "/v1/shape?table=retried&offset=-1"))) {
            assertThat(got.status()).as(got.body()).isEqualTo(503);
            assertThat(got.header("retry-after")).matches("[1-9][0-9]*");
        }
    }
}
