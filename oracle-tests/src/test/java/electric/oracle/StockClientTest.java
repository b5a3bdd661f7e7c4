package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What applications do, with the client they have (HTTP-271, HTTP-274…276). */
class StockClientTest {
    /** As the client's own suite wants it. */
    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of(
            "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000",
            "ELECTRIC_CACHE_MAX_AGE", "1",
            "ELECTRIC_CACHE_STALE_AGE", "3"));

    @BeforeAll
    static void start() {
        NodeClient.install();
        server.sql("CREATE TABLE issues (id int PRIMARY KEY, title text NOT NULL, priority int DEFAULT 10)");
    }

    private static String issues(String name) {
        server.sql(
                "CREATE TABLE " + name + " (LIKE issues INCLUDING ALL)",
                "INSERT INTO " + name + " VALUES (1, 'one'), (2, 'two')");
        return name;
    }

    private static String key(String table, Object id) {
        return "\"public\".\"" + table + "\"/\"" + id + "\"";
    }

    private static String operation(JsonNode message) {
        return message.get("headers").get("operation").stringValue();
    }

    @Test
    void seesTheTableAndThenEveryChangeLive() {
        String table = issues("live_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table))) {
            client.awaitRows(rows -> rows.size() == 2);
            assertThat(client.rows().get(key(table, 1))).hasToString("{\"id\":1,\"title\":\"one\",\"priority\":10}");

            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            client.awaitRows(rows -> rows.containsKey(key(table, 3)));
            server.sql("UPDATE " + table + " SET title = 'new' WHERE id = 1");
            client.awaitValue(key(table, 1), "title", "new");
            server.sql("DELETE FROM " + table + " WHERE id = 2");
            client.awaitRows(rows -> rows.size() == 2);
            assertThat(client.rows().keySet()).containsExactly(key(table, 1), key(table, 3));
            assertThat(client.changes().stream().map(StockClientTest::operation))
                    .containsExactly("insert", "insert", "insert", "update", "delete");
        }
    }

    @Test
    void followsOnlyTheRowsOfAFilterWithParameters() {
        String table = issues("filtered_issues");
        Map<String, String> params = Map.of(
                "table",
                table,
                "where",
                "title LIKE $1 AND priority < $2::int4",
                "params[1]",
                "%o%",
                "params[2]",
                "50");
        try (StockClient client = StockClient.follow(server, params)) {
            client.awaitRows(rows -> rows.size() == 2);
            server.sql(
                    "UPDATE " + table + " SET priority = 50 WHERE id = 1",
                    "INSERT INTO " + table + " VALUES (3, 'three', 10), (4, 'fo', 5), (5, 'five', 5)",
                    "UPDATE " + table + " SET title = 'no' WHERE id = 3");
            client.awaitRows(rows -> rows.keySet().equals(Set.of(key(table, 2), key(table, 3), key(table, 4))));
            assertThat(client.changes().stream().map(StockClientTest::operation))
                    .containsExactly("insert", "insert", "delete", "insert", "insert");
        }
    }

    @Test
    void goesOnFromAStoredPositionWithExactlyWhatItMissed() {
        String table = issues("resumed_issues");
        StockClient.Position position;
        try (StockClient client = StockClient.follow(server, Map.of("table", table))) {
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            position =
                    client.awaitRows(rows -> rows.size() == 3).awaitUpToDate().position();
        }
        server.sql(
                "INSERT INTO " + table + " VALUES (4, 'four')",
                "UPDATE " + table + " SET title = 'uno' WHERE id = 1",
                "DELETE FROM " + table + " WHERE id = 2",
                "UPDATE " + table + " SET id = 30 WHERE id = 3");
        try (StockClient client = StockClient.follow(
                server, Map.of("table", table), Map.of("offset", position.offset(), "handle", position.handle()))) {
            client.awaitMessages(
                    messages -> messages.stream().filter(m -> m.has("key")).count() >= 5);
            client.awaitUpToDate();
            assertThat(client.changes().stream()
                            .map(change ->
                                    operation(change) + " " + change.get("key").stringValue()))
                    .containsExactly(
                            "insert " + key(table, 4),
                            "update " + key(table, 1),
                            "delete " + key(table, 2),
                            "delete " + key(table, 3),
                            "insert " + key(table, 30));
        }
    }

    @Test
    void fetchesAgainWhenTheShapeIsGone() {
        String table = issues("deleted_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            String before = client.position().handle();
            assertThat(server.request("DELETE", "table=" + table).statusCode()).isEqualTo(202);
            client.awaitMessages(messages -> messages.stream()
                    .anyMatch(message ->
                            message.get("headers").path("control").asString("").equals("must-refetch")));
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            client.awaitRows(rows -> rows.size() == 3);
            assertThat(client.awaitUpToDate().position().handle()).isNotEqualTo(before);
        }
    }

    @Test
    void fetchesAgainAfterATruncate() {
        String table = issues("truncated_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            server.sql("TRUNCATE " + table);
            client.awaitRows(Map::isEmpty);
            server.sql("INSERT INTO " + table + " VALUES (7, 'seven')");
            client.awaitRows(rows -> rows.containsKey(key(table, 7)));
        }
    }

    @Test
    void getsWholeRowsAndOldValuesWithReplicaFull() {
        String table = issues("full_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table, "replica", "full"))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            server.sql("UPDATE " + table + " SET title = 'uno' WHERE id = 1", "DELETE FROM " + table + " WHERE id = 2");
            client.awaitRows(rows -> rows.size() == 1);
            JsonNode update = client.changes().get(2);
            assertThat(update.get("value")).hasToString("{\"id\":1,\"title\":\"uno\",\"priority\":10}");
            assertThat(update.get("old_value")).hasToString("{\"title\":\"one\"}");
            assertThat(client.changes().get(3).get("value"))
                    .hasToString("{\"id\":2,\"title\":\"two\",\"priority\":10}");
        }
    }

    @Test
    void getsOnlyWhatIsNewFromNowOn() {
        String table = issues("new_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table), Map.of("offset", "now"))) {
            client.awaitUpToDate();
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            client.awaitMessages(messages -> messages.stream().anyMatch(message -> message.has("key")));
            assertThat(client.changes()).hasSize(1);
            assertThat(client.changes().getFirst().get("key").stringValue()).isEqualTo(key(table, 3));
        }
    }

    @Test
    void getsOnlyChangesFromALogOfChanges() {
        String table = issues("changed_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table), Map.of("log", "changes_only"))) {
            client.awaitUpToDate();
            assertThat(client.changes()).isEmpty();
            server.sql(
                    "UPDATE " + table + " SET title = 'uno' WHERE id = 1",
                    "INSERT INTO " + table + " VALUES (3, 'three')");
            client.awaitMessages(messages ->
                    messages.stream().filter(message -> message.has("key")).count() == 2);
            assertThat(client.changes().stream().map(StockClientTest::operation))
                    .containsExactly("update", "insert");
        }
    }

    @Test
    void readsAnEmptyTableInThreeRequests() {
        server.sql("CREATE TABLE nothing (id int PRIMARY KEY)");
        try (StockClient client = StockClient.follow(server, Map.of("table", "nothing"))) {
            client.awaitUpToDate();
            server.sql("INSERT INTO nothing VALUES (1)");
            client.awaitRows(rows -> rows.size() == 1);
            assertThat(client.requests().stream().limit(3).map(StockClientTest::position))
                    .containsExactly("-1", "0_0", "0_inf live");
        }
    }

    private static String position(String request) {
        String query = URI.create(request).getQuery();
        return query.replaceAll(".*offset=([^&]*).*", "$1") + (query.contains("live=true") ? " live" : "");
    }

    @Test
    void understandsNamesThatNeedQuotes() {
        server.sql(
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TABLE \"My Schema\".\"issues, for 'you'\" (\"the id\" int PRIMARY KEY, \"a \"\"b\"\"\" text,"
                        + " \"c, d\" text, \"Größe\" int, ignored int)",
                "INSERT INTO \"My Schema\".\"issues, for 'you'\" VALUES (1, 'x', 'y', 3, 4)");
        try (StockClient client = StockClient.follow(
                server,
                Map.of(
                        "table",
                        "\"My Schema\".\"issues, for 'you'\"",
                        "columns",
                        "\"the id\",\"a \"\"b\"\"\",\"c, d\",\"Größe\""))) {
            client.awaitRows(rows -> rows.size() == 1);
            server.sql("UPDATE \"My Schema\".\"issues, for 'you'\" SET \"c, d\" = 'z', \"Größe\" = 5");
            String row = "\"My Schema\".\"issues, for 'you'\"/\"1\"";
            client.awaitValue(row, "Größe", "5");
            assertThat(client.rows().get(row))
                    .hasToString("{\"the id\":1,\"a \\\"b\\\"\":\"x\",\"c, d\":\"z\",\"Größe\":5}");
        }
    }

    @Test
    void parsesEveryTypeItKnows() {
        server.sql(
                "CREATE TYPE feeling AS ENUM ('happy')",
                "CREATE TABLE typed (id int PRIMARY KEY, i2 int2, i8 int8, f8 float8, yes bool, no bool, j json,"
                        + " jb jsonb, t text, n numeric(5,2), m feeling, ts timestamptz, ints int[], bools bool[],"
                        + " jbs jsonb[], deep int8[][], texts text[], by bytea, gone text)");
        String values = "32767, 9223372036854775807, 'Infinity', true, false, '{\"a\": [1, null]}', '{\"b\": 2.5}',"
                + " 'x''\"\\', 1.50, 'happy', '2024-02-29 10:00+02', '{1,NULL,3}', '{t,f}', ARRAY['{\"k\": \"v\"}'::jsonb],"
                + " '{{1,2},{3,4}}', '{\"a b\",\"c,\\\"d\\\"\",NULL}', '\\x00ff', NULL";
        server.sql("INSERT INTO typed VALUES (1, " + values + ")");
        try (StockClient client = StockClient.follow(server, Map.of("table", "typed"))) {
            client.awaitRows(rows -> rows.size() == 1).awaitUpToDate();
            server.sql("INSERT INTO typed VALUES (2, " + values + ")");
            client.awaitRows(rows -> rows.size() == 2);
            String parsed =
                    "\"i2\":32767,\"i8\":\"bigint 9223372036854775807\",\"f8\":\"number Infinity\",\"yes\":true,"
                            + "\"no\":false,\"j\":{\"a\":[1,null]},\"jb\":{\"b\":2.5},\"t\":\"x'\\\"\\\\\",\"n\":\"1.50\","
                            + "\"m\":\"happy\",\"ts\":\"2024-02-29 08:00:00+00\",\"ints\":[1,null,3],\"bools\":[true,false],"
                            + "\"jbs\":[{\"k\":\"v\"}],\"deep\":[[\"bigint 1\",\"bigint 2\"],[\"bigint 3\",\"bigint 4\"]],"
                            + "\"texts\":[\"a b\",\"c,\\\"d\\\"\",null],\"by\":\"\\\\x00ff\",\"gone\":null}";
            assertThat(client.rows().get(key("typed", 1))).hasToString("{\"id\":1," + parsed);
            assertThat(client.rows().get(key("typed", 2))).hasToString("{\"id\":2," + parsed);
        }
    }

    @Test
    void readsManyChunksAheadOfItselfInSnapshotAndLog() {
        server.sql(
                "CREATE TABLE big (id int PRIMARY KEY, body text)",
                "INSERT INTO big SELECT i, repeat('x', 1000) FROM generate_series(1, 35) i");
        StockClient.Position atSnapshot;
        try (StockClient client = StockClient.follow(server, Map.of("table", "big"))) {
            client.awaitRows(rows -> rows.size() == 35).awaitUpToDate();
            atSnapshot = client.position();
            assertThat(client.requests().stream().map(StockClientTest::position))
                    .startsWith("-1", "0_0", "0_1", "0_2");
            server.sql("INSERT INTO big SELECT i, repeat('y', 1000) FROM generate_series(36, 70) i");
            client.awaitRows(rows -> rows.size() == 70);
            assertThat(client.changes()).hasSize(70);
        }
        try (StockClient client = StockClient.follow(
                server, Map.of("table", "big"), Map.of("offset", atSnapshot.offset(), "handle", atSnapshot.handle()))) {
            client.awaitMessages(messages ->
                    messages.stream().filter(message -> message.has("key")).count() >= 35);
            client.awaitUpToDate();
            assertThat(client.changes().stream().map(change -> change.get("key").stringValue()))
                    .containsExactlyElementsOf(IntStream.rangeClosed(36, 70)
                            .mapToObj(id -> key("big", id))
                            .toList());
            assertThat(client.requests()).hasSizeGreaterThan(3);
        }
    }

    @Test
    void twoClientsHaveTheSameKeysAndValues() {
        server.sql(
                "CREATE TABLE shared_rows (a text, b timestamptz, c int, PRIMARY KEY (b, a))",
                "INSERT INTO shared_rows VALUES ('x/y', '2024-02-29 10:00+02', 1)");
        try (StockClient early = StockClient.follow(server, Map.of("table", "shared_rows"))) {
            early.awaitRows(rows -> rows.size() == 1).awaitUpToDate();
            server.sql("INSERT INTO shared_rows VALUES ('\"', 'infinity', NULL)");
            early.awaitRows(rows -> rows.size() == 2);
            for (Map<String, String> params :
                    List.of(Map.of("table", "shared_rows"), Map.of("table", "shared_rows", "columns", "a,b,c"))) {
                try (StockClient late = StockClient.follow(server, params)) {
                    late.awaitRows(rows -> rows.size() == 2);
                    assertThat(late.rows()).isEqualTo(early.rows());
                }
            }
        }
    }

    private static long streams(StockClient client) {
        return client.requests().stream()
                .filter(request -> request.contains("live_sse=true"))
                .count();
    }

    @Test
    void followsByServerSentEvents() { // HTTP-226…236
        String table = issues("streamed_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table), Map.of("liveSse", true))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            for (int id = 3; id <= 6; id++) {
                int last = id;
                server.sql("INSERT INTO " + table + " VALUES (" + id + ", 'line\nbreak, and comma,')");
                client.awaitRows(rows -> rows.containsKey(key(table, last)));
            }
            server.sql("UPDATE " + table + " SET title = 'new' WHERE id = 1", "DELETE FROM " + table + " WHERE id = 2");
            client.awaitRows(rows -> rows.size() == 5);
            assertThat(client.rows().get(key(table, 1))).hasToString("{\"id\":1,\"title\":\"new\",\"priority\":10}");
            assertThat(streams(client)).isEqualTo(1);
        }
    }

    @Test
    void getsATransactionOfManyChunksInOneStream() { // HTTP-229
        server.sql("CREATE TABLE streamed_big (id int PRIMARY KEY, body text)");
        try (StockClient client =
                StockClient.follow(server, Map.of("table", "streamed_big"), Map.of("liveSse", true))) {
            client.awaitUpToDate();
            server.sql("INSERT INTO streamed_big SELECT i, repeat('y', 1000) FROM generate_series(1, 100) i");
            client.awaitRows(rows -> rows.size() == 100);
            server.sql("INSERT INTO streamed_big VALUES (101, 'z')");
            client.awaitRows(rows -> rows.size() == 101);
            assertThat(client.changes()).hasSize(101);
            assertThat(client.requests().stream().map(StockClientTest::position))
                    .containsExactly("-1", "0_0", "0_inf live");
        }
    }

    @Test
    void fetchesAgainWhenTheStreamedShapeIsTruncated() { // HTTP-233
        String table = issues("streamed_and_truncated_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table), Map.of("liveSse", true))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            String before = client.position().handle();
            server.sql("TRUNCATE " + table, "INSERT INTO " + table + " VALUES (9, 'nine')");
            client.awaitRows(rows -> rows.keySet().equals(Set.of(key(table, 9))));
            assertThat(client.position().handle()).isNotEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void asksForSomeRowsAndFollowsThem(String method) { // HTTP-237…251
        String table = issues("paged_issues_" + method.toLowerCase(Locale.ROOT));
        server.sql("INSERT INTO " + table + " SELECT i, 'issue ' || i, i FROM generate_series(3, 100) i");
        try (StockClient client = StockClient.follow(
                server, Map.of("table", table), Map.of("log", "changes_only", "subsetMethod", method))) {
            client.awaitUpToDate();
            assertThat(client.rows()).isEmpty();
            client.requestSnapshot(Map.of(
                    "where",
                    "priority > $1 AND title LIKE $2",
                    "params",
                    Map.of("1", "90", "2", "issue %"),
                    "orderBy",
                    "priority DESC",
                    "limit",
                    3));
            client.awaitRows(rows -> rows.size() == 3);
            assertThat(client.rows().keySet())
                    .containsExactlyInAnyOrder(key(table, 100), key(table, 99), key(table, 98));
            server.sql(
                    "UPDATE " + table + " SET title = 'new' WHERE id = 99", "DELETE FROM " + table + " WHERE id = 100");
            client.awaitValue(key(table, 99), "title", "new").awaitRows(rows -> rows.size() == 2);
            client.requestSnapshot(Map.of("where", "id = 7"));
            client.awaitRows(rows -> rows.containsKey(key(table, 7)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksForNothingWhileNobodyLooksAndThenForWhatItMissed(boolean events) {
        String table = issues("hidden_issues_" + events);
        try (StockClient client = StockClient.follow(server, Map.of("table", table), Map.of("liveSse", events));
                StockClient other = StockClient.follow(server, Map.of("table", table))) {
            client.awaitRows(rows -> rows.size() == 2).awaitRequest(url -> url.contains("live=true"));
            String position = client.position().offset();
            client.hide();
            other.awaitRequest(url -> url.contains("live=true"));
            await("the hidden client to leave its request")
                    .until(() -> server.app().openRequests() == 1);
            int asked = client.requests().size();

            server.sql(
                    "INSERT INTO " + table + " VALUES (3, 'three')",
                    "UPDATE " + table + " SET title = 'uno' WHERE id = 1",
                    "DELETE FROM " + table + " WHERE id = 2");
            other.awaitRows(rows -> rows.keySet().equals(Set.of(key(table, 1), key(table, 3))));
            assertThat(client.requests()).hasSize(asked);

            client.show();
            client.awaitValue(key(table, 1), "title", "uno").awaitRows(rows -> rows.size() == 2);
            assertThat(client.rows()).isEqualTo(other.rows());
            assertThat(client.requests().get(asked))
                    .contains("offset=" + position, "cursor=")
                    .doesNotContain("live=true");
            assertThat(client.changes().stream().skip(2).map(StockClientTest::operation))
                    .containsExactly("insert", "update", "delete");

            server.sql("INSERT INTO " + table + " VALUES (4, 'four')");
            client.awaitRows(rows -> rows.containsKey(key(table, 4)));
        }
    }

    @Test
    void fetchesAgainWithTheColumnThatTheTableGot() {
        String table = issues("widened_issues");
        try (StockClient client = StockClient.follow(server, Map.of("table", table))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            String before = client.position().handle();
            server.sql(
                    "ALTER TABLE " + table + " ADD COLUMN done bool NOT NULL DEFAULT false",
                    "UPDATE " + table + " SET done = true WHERE id = 2");
            client.awaitValue(key(table, 2), "title", "two")
                    .awaitRows(rows -> rows.values().stream().allMatch(row -> row.has("done")));
            assertThat(client.rows().get(key(table, 2)))
                    .hasToString("{\"id\":2,\"title\":\"two\",\"priority\":10,\"done\":true}");
            assertThat(client.position().handle()).isNotEqualTo(before);
        }
    }

    @Test
    void goesOnByItselfAfterTheServerWasAwayForAWhile() {
        String table = issues("interrupted_issues");
        try (Interrupted way = Interrupted.to(server);
                StockClient client = StockClient.follow(way.shapeUrl(), Map.of("table", table), Map.of())) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            way.interrupt();
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')", "DELETE FROM " + table + " WHERE id = 1");
            int asked = client.requests().size();
            await("the client to have tried").until(() -> client.requests().size() > asked);
            way.restore();
            client.awaitRows(rows -> rows.keySet().equals(Set.of(key(table, 2), key(table, 3))));
            assertThat(client.changes().stream().skip(2).map(StockClientTest::operation))
                    .containsExactly("insert", "delete");
        }
    }
}
