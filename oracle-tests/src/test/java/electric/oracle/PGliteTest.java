package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is in the tables of a PGlite, with {@code @electric-sql/pglite-sync}. */
class PGliteTest {
    private static final String ALL = "id, title, priority, tags";

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    /** One for all tests, each with a table of its own: a new one takes long. */
    @TempDir
    private static @Nullable Path folder;

    @BeforeAll
    static void start() {
        NodeClient.install();
    }

    private static String issues(String name) {
        server.sql(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, title text NOT NULL, priority int, tags text[])",
                "INSERT INTO " + name + " VALUES (1, 'one', NULL, '{\"a b\",c}'), (2, 'it''s \"two\"', 20, '{}')");
        return name;
    }

    private static NodeClient follow(String table) {
        return follow(table, Map.of("table", table));
    }

    private static NodeClient follow(String table, Map<String, ?> params) {
        return NodeClient.run(
                "pglite.mjs",
                Map.of(
                        "folder",
                        Objects.requireNonNull(folder, "made before all tests").toString(),
                        "table",
                        table,
                        "shape",
                        Map.of("url", server.shapeUrl(), "params", params)));
    }

    private static List<String> rows(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(JsonNode::toString)
                .toList();
    }

    /** Until the tables of both databases are the same. */
    private static void awaitSame(NodeClient local, String table) {
        List<String> wanted =
                server.ask("SELECT row_to_json(r) FROM (SELECT " + ALL + " FROM " + table + " ORDER BY id) r");
        local.await("rows", now -> rows(now).equals(wanted));
    }

    @Test
    void hasTheRowsAndFollowsEveryChange() {
        String table = issues("local_issues");
        try (NodeClient local = follow(table)) {
            awaitSame(local, table);
            assertThat(local.latest("rows").orElseThrow()).hasSize(2);

            server.sql("INSERT INTO " + table + " SELECT i, 'issue ' || i, i FROM generate_series(3, 500) i");
            awaitSame(local, table);
            server.sql("UPDATE " + table + " SET title = title || '!', tags = '{x,\"y,z\"}' WHERE id % 7 = 1");
            awaitSame(local, table);
            server.sql("UPDATE " + table + " SET priority = NULL, tags = NULL WHERE id < 10");
            awaitSame(local, table);
            server.sql("DELETE FROM " + table + " WHERE id % 3 = 0");
            awaitSame(local, table);
            server.sql("UPDATE " + table + " SET id = 1000 WHERE id = 1");
            awaitSame(local, table);
            assertThat(local.told("synced")).hasSize(1);
        }
    }

    @Test
    void hasOnlyTheRowsOfAFilter() {
        String table = issues("local_filtered_issues");
        Map<String, ?> params = Map.of("table", table, "where", "priority >= $1::int4", "params", List.of("10"));
        try (NodeClient local = follow(table, params)) {
            local.await("rows", now -> now.size() == 1);
            server.sql("UPDATE " + table + " SET priority = 10 WHERE id = 1");
            awaitSame(local, table);
            server.sql("UPDATE " + table + " SET priority = 9 WHERE id = 2");
            local.await("rows", now -> now.size() == 1 && now.get(0).get("id").intValue() == 1);
        }
    }

    @Test
    void goesOnWhereItWasWithoutFetchingEverythingAgain() {
        String table = issues("local_resumed_issues");
        try (NodeClient local = follow(table)) {
            awaitSame(local, table);
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            awaitSame(local, table);
        }
        server.sql(
                "INSERT INTO " + table + " VALUES (4, 'four')",
                "UPDATE " + table + " SET title = 'uno' WHERE id = 1",
                "DELETE FROM " + table + " WHERE id = 2");
        try (NodeClient local = follow(table)) {
            awaitSame(local, table);
            assertThat(local.requests()).noneMatch(request -> request.contains("offset=-1"));
            server.sql("DELETE FROM " + table + " WHERE id = 4");
            awaitSame(local, table);
        }
    }

    @Test
    void fetchesEverythingAgainWhenTheShapeIsGone() {
        String table = issues("local_truncated_issues");
        try (NodeClient local = follow(table)) {
            awaitSame(local, table);
            server.sql("TRUNCATE " + table, "INSERT INTO " + table + " VALUES (7, 'seven')");
            awaitSame(local, table);
        }
        server.sql("INSERT INTO " + table + " VALUES (8, 'eight')");
        assertThat(server.request("DELETE", "table=" + table).statusCode()).isEqualTo(202);
        try (NodeClient local = follow(table)) {
            awaitSame(local, table);
            server.sql("INSERT INTO " + table + " VALUES (9, 'nine')");
            awaitSame(local, table);
        }
    }
}
