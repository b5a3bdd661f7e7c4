package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Client compatibility: HTTP-273 … HTTP-278 (§10), by requests as clients make them. */
class ClientsConformanceTest {
    @RegisterExtension
    static final RunningServer server = GatedDatabase.start(Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000"));

    private final Client client = new Client(server);

    private static void create(String table, String columns) {
        server.sql(
                "CREATE TABLE " + table + " (" + columns + ")",
                "ALTER TABLE " + table + " OWNER TO " + GatedDatabase.owner(server.database()));
    }

    /** As the Elixir client asks: columns without quotes, a handle and an offset from the last answer, parameters by number. */
    private Got elixir(String definition, String handle, String offset, String more) {
        String query = definition + "&offset=" + offset + (handle.isEmpty() ? "" : "&handle=" + handle) + more;
        Got got = client.shape(query, "accept: application/json", "user-agent: electric-client");
        if (got.status() == 200) {
            assertThat(got.header("electric-handle")).isNotEmpty();
            assertThat(got.header("electric-offset")).isNotEmpty();
            if (query.contains("live=true")) {
                assertThat(Long.parseLong(got.header("electric-cursor"))).isPositive();
            } else {
                assertThat(Json.of(got.header("electric-schema")).isObject()).isTrue();
            }
        }
        return got;
    }

    @Test
    void http273TheElixirClientReadsAnEmptyShape() {
        create("ex_empty", "id int PRIMARY KEY, value text");
        Got first = elixir("table=ex_empty", "", "-1", "");
        Got second = elixir("table=ex_empty", first.header("electric-handle"), first.header("electric-offset"), "");
        List<JsonNode> items = new ArrayList<>(Json.items(first));
        items.addAll(Json.items(second));
        assertThat(items.stream().map(Json::control)).containsExactly("snapshot-end", "up-to-date");
        assertThat(second.header("electric-offset")).isEqualTo("0_inf");
    }

    @Test
    void http273TheElixirClientFollowsColumnsParametersAndReplicas() {
        create("ex_rows", "id int PRIMARY KEY, value text, other text");
        server.sql("INSERT INTO ex_rows VALUES (1, 'a', 'x'), (2, 'b', 'x'), (3, 'c', 'y')");
        String definition = "table=ex_rows&columns=id,value,other&where=" + Client.encoded("other = $1 AND id < $2")
                + "&params%5B1%5D=x&params%5B2%5D=10&replica=full";
        Got first = elixir(definition, "", "-1", "");
        assertThat(Json.withoutControl(Json.items(first)).stream()
                        .map(item -> item.get("value").get("id").stringValue()))
                .containsExactlyInAnyOrder("1", "2");
        Got second = elixir(definition, first.header("electric-handle"), first.header("electric-offset"), "");
        assertThat(second.header("electric-up-to-date")).isEmpty();
        server.sql("UPDATE ex_rows SET value = 'new' WHERE id = 1");
        Got live = elixir(
                definition, second.header("electric-handle"), second.header("electric-offset"), "&live=true&cursor=");
        JsonNode update = Json.items(live).getFirst();
        assertThat(update.get("value")).isEqualTo(Json.of("{\"id\":\"1\",\"value\":\"new\",\"other\":\"x\"}"));
        assertThat(update.get("old_value")).isEqualTo(Json.of("{\"value\":\"a\"}"));
    }

    @Test
    void http273TheElixirClientGoesOnAfterARotation() {
        create("ex_rotated", "id int PRIMARY KEY");
        String definition = "table=ex_rotated";
        Follower follower = new Follower(client, definition);
        String old = follower.handle();
        Got without;
        try (Held held = Held.by(server, follower.live())) {
            server.sql("TRUNCATE ex_rotated");
            without = held.answer();
        }
        assertThat(without.has("electric-handle")).isFalse();
        // It makes up the next handle, which is to mean nothing.
        Got begun = elixir(definition, old + "-next", "-1", "&expired_handle=" + old + "&cache-buster=abc");
        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.header("electric-handle")).isNotIn(old, old + "-next");
        Got stale = elixir(definition, old + "-next", "0_0", "");
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.header("electric-handle")).isEqualTo(begun.header("electric-handle"));
        assertThat(elixir(definition, stale.header("electric-handle"), "-1", "&expired_handle=" + old)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void http274AfterARotationAClientGetsAnotherHandleThanTheExpiredOne() {
        create("rotated", "id int PRIMARY KEY");
        String handle = client.handle("table=rotated&log=full");
        Set<String> seen = new HashSet<>();
        for (int rotation = 0; rotation < 5; rotation++) {
            assertThat(seen.add(handle)).isTrue();
            assertThat(client.delete("handle=" + handle).status()).isEqualTo(202);
            Got conflict = client.shape("table=rotated&log=full&live=true&cursor=5&offset=0_inf&handle=" + handle);
            assertThat(conflict.status()).isEqualTo(409);
            String next = conflict.header("electric-handle");
            // Sorted by name, as the TypeScript client sends it.
            Got begun = client.shape("cache-buster=1722470400000-abc" + rotation + "&expired_handle=" + handle
                    + "&handle=" + next + "&log=full&offset=-1&table=rotated");
            assertThat(begun.status()).isEqualTo(200);
            assertThat(begun.header("electric-handle")).isEqualTo(next);
            assertThat(seen).doesNotContain(next);
            handle = next;
        }
    }

    @Test
    void http275EveryAnswerIsAStepForwardOrTheEnd() throws SQLException {
        GatedDatabase.makeTable(server, "stepped", 2 * GatedDatabase.GATE);
        List<String> asked = new ArrayList<>();
        String query = "table=stepped&offset=-1";
        int rows = 0;
        try (GatedDatabase.Gate gate = new GatedDatabase.Gate(server)) {
            Got got;
            do {
                // The first half while the snapshot is still being taken.
                if (asked.size() == 10) {
                    gate.open();
                }
                got = client.shape(query);
                rows += Json.withoutControl(Json.items(got)).size();
                assertThat(got.has("electric-up-to-date") || !got.body().equals("[]"))
                        .isTrue();
                asked.add(query);
                query = "table=stepped&" + Client.next(got);
            } while (!got.has("electric-up-to-date"));
        }
        assertThat(asked).doesNotHaveDuplicates().hasSizeGreaterThan(50);
        assertThat(rows).isEqualTo(2 * GatedDatabase.GATE);
    }

    @Test
    void http276ReadingAheadIsTheSameAsReadingInTurn() throws SQLException, IOException {
        GatedDatabase.makeTable(server, "ahead", 2 * GatedDatabase.GATE);
        Map<Integer, String> bodies = new TreeMap<>();
        try (GatedDatabase.Gate gate = new GatedDatabase.Gate(server)) {
            Got head;
            List<Wire> open = new ArrayList<>();
            String query = "table=ahead&offset=-1";
            // The heads of as many chunks as there are, before the body of any has been read.
            for (int chunk = 0; chunk < 20; chunk++) {
                open.add(server.wire().request("GET", "/v1/shape?" + query));
                head = open.getLast().readHead();
                assertThat(head.header("electric-offset")).isEqualTo("0_" + chunk);
                query = "table=ahead&" + Client.next(head);
            }
            for (int chunk = 19; chunk >= 0; chunk--) {
                try (Wire wire = open.get(chunk)) {
                    StringBuilder body = new StringBuilder();
                    for (byte[] piece = wire.readChunk(); piece.length > 0; piece = wire.readChunk()) {
                        body.append(new String(piece, java.nio.charset.StandardCharsets.UTF_8));
                    }
                    bodies.put(chunk, body.toString());
                }
            }
            gate.open();
        }
        String query = "table=ahead&offset=-1";
        for (int chunk = 0; chunk < 20; chunk++) {
            Got got = client.shape(query);
            assertThat(got.body()).isEqualTo(bodies.get(chunk));
            query = "table=ahead&" + Client.next(got);
        }
    }

    /** http-api §8.3: what a client that has a subset does with changes that may be in it already. */
    private record Snapshot(Set<String> keys, long xmin, long xmax, Set<Long> running, long lsn) {
        static Snapshot of(JsonNode body) {
            JsonNode metadata = body.get("metadata");
            Set<String> keys = new HashSet<>();
            body.get("data").forEach(row -> keys.add(row.get("key").stringValue()));
            Set<Long> running = new HashSet<>();
            metadata.get("xip_list").forEach(xid -> running.add(Long.parseLong(xid.stringValue())));
            return new Snapshot(
                    keys,
                    Long.parseLong(metadata.get("xmin").stringValue()),
                    Long.parseLong(metadata.get("xmax").stringValue()),
                    running,
                    Long.parseLong(metadata.get("database_lsn").stringValue()));
        }

        boolean hasSeen(JsonNode change) {
            long xid = change.get("headers").get("txids").get(0).longValue();
            return keys.contains(change.get("key").stringValue())
                    && (xid < xmin || (xid < xmax && !running.contains(xid)));
        }
    }

    @Test
    void http277SomeRowsAndAllChangesTogetherAreTheTable() {
        create("on_demand", "id int PRIMARY KEY, n int, v text");
        server.sql("INSERT INTO on_demand SELECT i, 0, 'x' FROM generate_series(1, 50) i");
        String definition = "table=on_demand&log=changes_only";
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 150; i++) {
                        int id = 1 + i * 7 % 60;
                        server.sql(
                                "INSERT INTO on_demand VALUES (" + id
                                        + ", 1, 'new') ON CONFLICT (id) DO UPDATE SET n = on_demand.n + 1",
                                "DELETE FROM on_demand WHERE id = " + (1 + i * 11 % 60));
                    }
                },
                Thread::startVirtualThread);
        int rounds = 0;
        while (!writer.isDone() || rounds < 2) {
            boolean over = writer.isDone();
            Got now = client.shape(definition + "&offset=now");
            String query = definition + "&" + Client.next(now);
            Got subset = client.shape(
                    query + "&subset__where=" + Client.encoded("n >= 0") + "&subset__order_by=id&subset__limit=1000");
            // The client goes on where the subset's answer says.
            query = definition + "&" + Client.next(subset);
            JsonNode body = Json.of(subset.body());
            Snapshot snapshot = Snapshot.of(body);
            Map<String, String> rows = new TreeMap<>();
            body.get("data")
                    .forEach(row -> rows.put(
                            row.get("key").stringValue(),
                            row.get("value").get("n").stringValue()));
            writer.join();
            String last = server.ask("SELECT pg_current_xact_id()::xid::text").getFirst();
            server.sql("INSERT INTO on_demand VALUES (1000, " + last + ", 'mark')");
            boolean marked = false;
            while (!marked) {
                Got got = client.shape(query + "&live=true");
                for (JsonNode change : Json.withoutControl(Json.items(got))) {
                    String key = change.get("key").stringValue();
                    // The mark of the round before may still be on its way, and so may its end.
                    marked |= last.equals(change.path("value").path("n").asString("")) && key.endsWith("/\"1000\"");
                    if (snapshot.hasSeen(change)) {
                        continue;
                    }
                    assertThat(snapshot.keys.contains(key)
                                    && Long.parseLong(change.get("headers")
                                                    .get("lsn")
                                                    .stringValue())
                                            < snapshot.lsn
                                    && !snapshot.running.contains(change.get("headers")
                                            .get("txids")
                                            .get(0)
                                            .longValue()))
                            .as("a change from before the rows were read: " + change)
                            .isFalse();
                    switch (change.get("headers").get("operation").stringValue()) {
                        case "delete" -> rows.remove(key);
                        case "insert" ->
                            rows.put(key, change.get("value").get("n").stringValue());
                        default ->
                            rows.computeIfPresent(
                                    key,
                                    (same, n) -> change.get("value").has("n")
                                            ? change.get("value").get("n").stringValue()
                                            : n);
                    }
                }
                query = definition + "&" + Client.next(got);
            }
            Map<String, String> expected = new TreeMap<>();
            server.ask("SELECT '\"public\".\"on_demand\"/\"' || id || '\" ' || n FROM on_demand")
                    .forEach(row -> expected.put(
                            row.substring(0, row.lastIndexOf(' ')), row.substring(row.lastIndexOf(' ') + 1)));
            assertThat(rows).isEqualTo(expected);
            server.sql("DELETE FROM on_demand WHERE id = 1000");
            rounds = over ? 2 : rounds + 1;
        }
    }

    @Test
    void http278TxidsAreTheIdsThatTheWriterSees() throws SQLException {
        create("written", "id int PRIMARY KEY");
        Follower follower = new Follower(client, "table=written");
        List<Long> written = new ArrayList<>();
        try (Connection writer = server.postgres().connect(server.database());
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            for (int i = 0; i < 5; i++) {
                statement.execute("INSERT INTO written VALUES (" + 10 * i + ")");
                // A part of a transaction has an id of its own, which nobody asks for.
                Savepoint savepoint = writer.setSavepoint();
                statement.execute("INSERT INTO written VALUES (" + (10 * i + 1) + ")");
                writer.releaseSavepoint(savepoint);
                try (var id = statement.executeQuery("SELECT pg_current_xact_id()::xid::text")) {
                    id.next();
                    written.add(id.getLong(1));
                }
                writer.commit();
            }
        }
        List<JsonNode> changes = follower.next(10);
        for (int i = 0; i < 10; i++) {
            assertThat(changes.get(i).get("headers").get("txids")).isEqualTo(Json.of("[" + written.get(i / 2) + "]"));
        }
    }
}
