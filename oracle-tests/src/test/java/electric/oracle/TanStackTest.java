package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a live query of a collection answers, with {@code @tanstack/electric-db-collection} in each of its modes. */
class TanStackTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @BeforeAll
    static void start() {
        NodeClient.install();
    }

    /** A hundred, the priority of each as its number. */
    private static String issues(String name) {
        server.sql(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, title text NOT NULL, priority int NOT NULL)",
                "INSERT INTO " + name + " SELECT i, 'issue', i FROM generate_series(1, 100) i");
        return name;
    }

    private static NodeClient collection(String mode, String table, Map<String, ?> query) {
        return collection(mode, Map.of("url", server.shapeUrl(), "params", Map.of("table", table)), query);
    }

    private static NodeClient collection(String mode, Map<String, ?> shape, Map<String, ?> query) {
        Map<String, Object> options = new HashMap<>(query);
        options.put("shape", shape);
        options.put("syncMode", mode);
        return NodeClient.run("tanstack.mjs", options);
    }

    private static void awaitAnswer(NodeClient collection, String... rows) {
        collection.await(
                "answer",
                now -> StreamSupport.stream(now.spliterator(), false)
                        .map(JsonNode::stringValue)
                        .toList()
                        .equals(List.of(rows)));
    }

    private static void awaitLive(NodeClient collection) {
        collection.await("request", now -> now.stringValue().contains("live=true"));
    }

    /** @return the transaction, as the client wants it */
    private static long write(String statement) {
        return Long.parseLong(server.ask(
                        "WITH written AS (" + statement + " RETURNING 1) SELECT pg_current_xact_id()::xid FROM written")
                .getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager", "on-demand", "progressive"})
    void answersALiveQueryInOrder(String mode) {
        String table = issues(mode.replace('-', '_') + "_issues");
        try (NodeClient collection = collection(mode, table, Map.of("above", 97))) {
            awaitAnswer(collection, "100 issue", "99 issue", "98 issue");
            awaitLive(collection);

            server.sql("INSERT INTO " + table + " VALUES (101, 'new', 98)");
            collection.await("answer", now -> now.size() == 4);
            server.sql("UPDATE " + table + " SET priority = 200, title = 'first' WHERE id = 101");
            awaitAnswer(collection, "101 first", "100 issue", "99 issue", "98 issue");
            server.sql(
                    "UPDATE " + table + " SET priority = 1 WHERE id = 99", "DELETE FROM " + table + " WHERE id = 98");
            awaitAnswer(collection, "101 first", "100 issue");
            assertThat(collection.told("refused")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager", "on-demand", "progressive"})
    void keepsAnOptimisticRowWhenItsTransactionComes(String mode) {
        String table = issues(mode.replace('-', '_') + "_written_issues");
        try (NodeClient collection = collection(mode, table, Map.of("above", 99))) {
            awaitAnswer(collection, "100 issue");
            awaitLive(collection);
            collection.tell(Map.of("insert", Map.of("id", 500, "title", "mine", "priority", 500)));
            awaitAnswer(collection, "500 mine", "100 issue");
            collection.await("write", row -> row.get("id").intValue() == 500);
            long transaction = write("INSERT INTO " + table + " VALUES (500, 'mine, stored', 500)");
            collection.tell(Map.of("written", transaction));
            collection.await("persisted", id -> id.intValue() == 500);
            awaitAnswer(collection, "500 mine, stored", "100 issue");
        }
    }

    @Test
    void seesTheTransactionsOfUpdatesAndDeletes() {
        String table = issues("awaited_issues");
        try (NodeClient collection = collection("eager", table, Map.of("above", 98))) {
            awaitAnswer(collection, "100 issue", "99 issue");
            awaitLive(collection);
            for (String statement : List.of(
                    "UPDATE " + table + " SET title = 'new' WHERE id = 99",
                    "DELETE FROM " + table + " WHERE id = 100")) {
                long transaction = write(statement);
                collection.tell(Map.of("awaitTxId", transaction));
                collection.await("seen", now -> now.longValue() == transaction);
            }
            awaitAnswer(collection, "99 new");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void fetchesOnDemandOnlyWhatTheQueryNeeds(String method) {
        String table = issues("needed_issues_" + method.toLowerCase(Locale.ROOT));
        Map<String, Object> shape =
                Map.of("url", server.shapeUrl(), "params", Map.of("table", table), "subsetMethod", method);
        try (NodeClient collection = collection("on-demand", shape, Map.of("above", 10, "limit", 3))) {
            awaitAnswer(collection, "100 issue", "99 issue", "98 issue");
            assertThat(collection.latest("held").orElseThrow().intValue()).isLessThan(20);
            assertThat(collection.requests()).noneMatch(request -> request.contains("offset=-1"));
            assertThat(collection.told("refused")).isEmpty();

            server.sql("DELETE FROM " + table + " WHERE id = 99");
            awaitAnswer(collection, "100 issue", "98 issue", "97 issue");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager", "on-demand", "progressive"})
    void followsByServerSentEvents(String mode) {
        String table = issues(mode.replace('-', '_') + "_streamed_issues");
        Map<String, Object> shape = Map.of("url", server.shapeUrl(), "params", Map.of("table", table), "liveSse", true);
        try (NodeClient collection = collection(mode, shape, Map.of("above", 10, "limit", 2))) {
            awaitAnswer(collection, "100 issue", "99 issue");
            collection.await("request", now -> now.stringValue().contains("live_sse=true"));
            long transaction = write("DELETE FROM " + table + " WHERE id = 100");
            collection.tell(Map.of("awaitTxId", transaction)).await("seen", now -> now.longValue() == transaction);
            awaitAnswer(collection, "99 issue", "98 issue");
            server.sql("INSERT INTO " + table + " VALUES (101, 'first', 1000)");
            awaitAnswer(collection, "101 first", "99 issue");
            assertThat(collection.told("refused")).isEmpty();
        }
    }

    @Test
    void hasTheQuerysRowsAtOnceAndThenAllInProgressiveMode() {
        String table = issues("progressive_big_issues");
        try (NodeClient collection = collection("progressive", table, Map.of("above", 97, "limit", 2))) {
            awaitAnswer(collection, "100 issue", "99 issue");
            collection.await("held", now -> now.intValue() == 100);
            assertThat(collection.requests()).anyMatch(request -> request.contains("subset__"));
            awaitAnswer(collection, "100 issue", "99 issue");
            assertThat(collection.told("refused")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager", "on-demand", "progressive"})
    void startsAgainWhenTheShapeIsTruncated(String mode) {
        String table = issues(mode.replace('-', '_') + "_truncated_issues");
        try (NodeClient collection = collection(mode, table, Map.of("above", 98))) {
            awaitAnswer(collection, "100 issue", "99 issue");
            awaitLive(collection);
            server.sql("TRUNCATE " + table);
            awaitAnswer(collection);
            awaitLive(collection);
            server.sql("INSERT INTO " + table + " SELECT i, 'again', i FROM generate_series(98, 100) i");
            awaitAnswer(collection, "100 again", "99 again");
        }
    }

    @Test
    void staysWithinTheFilterOfTheShape() {
        String table = issues("filtered_collection");
        Map<String, Object> shape = Map.of(
                "url",
                server.shapeUrl(),
                "params",
                Map.of(
                        "table",
                        table,
                        "where",
                        "id = ANY($1::int4[]) OR title = $2",
                        "params",
                        List.of("{99,5}", "mine")));
        try (NodeClient collection = collection("on-demand", shape, Map.of("above", 50))) {
            awaitAnswer(collection, "99 issue");
            server.sql("UPDATE " + table + " SET title = 'mine' WHERE id IN (7, 70)");
            awaitAnswer(collection, "99 issue", "70 mine");
        }
    }
}
