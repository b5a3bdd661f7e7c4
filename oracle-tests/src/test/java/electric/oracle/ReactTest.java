package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What a page shows, with {@code useShape} of {@code @electric-sql/react}. */
class ReactTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @BeforeAll
    static void start() {
        NodeClient.install();
    }

    private static String issues(String name) {
        server.sql(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, title text NOT NULL, priority int)",
                "INSERT INTO " + name + " VALUES (1, 'one', 10), (2, 'two', 10), (3, 'three', 70)");
        return name;
    }

    private static Map<String, Object> shape(Map<String, ?> params) {
        return Map.of("url", server.shapeUrl(), "params", params);
    }

    private static List<String> items(JsonNode page) {
        return texts(page.get("items"));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    @Test
    void showsTheRowsOfAFilterAndTheirChanges() {
        String table = issues("shown_issues");
        Map<String, Object> shape = shape(Map.of(
                "table", table, "where", "priority < $1::int4 AND title <> $2", "params", List.of("50", "hidden")));
        try (NodeClient page = NodeClient.run("react.mjs", shape)) {
            page.await("page", now -> items(now).equals(List.of("1 one", "2 two")));
            assertThat(page.told("page").getFirst().get("loading").booleanValue())
                    .isTrue();
            assertThat(page.latest("page").orElseThrow().get("loading").booleanValue())
                    .isFalse();

            server.sql("UPDATE " + table + " SET title = 'uno' WHERE id = 1");
            page.await("page", now -> items(now).equals(List.of("1 uno", "2 two")));
            server.sql("UPDATE " + table + " SET priority = 20 WHERE id = 3");
            page.await("page", now -> items(now).equals(List.of("1 uno", "2 two", "3 three")));
            server.sql("UPDATE " + table + " SET title = 'hidden' WHERE id = 1");
            page.await("page", now -> items(now).equals(List.of("2 two", "3 three")));
            server.sql("DELETE FROM " + table + " WHERE id = 2");
            page.await("page", now -> items(now).equals(List.of("3 three")));
        }
    }

    @Test
    void showsTheRowsAfterATruncate() {
        String table = issues("shown_and_truncated_issues");
        try (NodeClient page = NodeClient.run("react.mjs", shape(Map.of("table", table)))) {
            page.await("page", now -> items(now).size() == 3);
            server.sql("TRUNCATE " + table, "INSERT INTO " + table + " VALUES (7, 'seven', 10)");
            page.await("page", now -> items(now).equals(List.of("7 seven")));
        }
    }

    @Test
    void showsWhyATableCannotBeRead() {
        try (NodeClient page = NodeClient.run("react.mjs", shape(Map.of("table", "no_such_table")))) {
            page.await("page", now -> !now.get("alerts").isEmpty());
            assertThat(texts(page.latest("page").orElseThrow().get("alerts")))
                    .singleElement()
                    .asString()
                    .contains("no_such_table");
            assertThat(page.requests()).hasSize(1);
        }
    }

    @Test
    void asksNoMoreForAListThatIsGone() {
        String left = issues("left_issues");
        String shown = issues("other_issues");
        try (NodeClient page = NodeClient.run("react.mjs", shape(Map.of("table", left)))) {
            page.await("page", now -> items(now).size() == 3)
                    .await("request", now -> now.stringValue().contains("live=true"));
            page.tell(Map.of("mount", shape(Map.of("table", shown))));
            page.await(
                    "request",
                    now -> now.stringValue().contains("table=" + shown)
                            && now.stringValue().contains("live=true"));
            long before = requestsFor(page, left);
            server.sql("INSERT INTO " + left + " VALUES (4, 'four', 10)", "DELETE FROM " + shown + " WHERE id = 1");
            page.await("page", now -> items(now).equals(List.of("2 two", "3 three")));
            assertThat(requestsFor(page, left)).isEqualTo(before);

            page.tell(Map.of("unmount", true)).await("page", now -> items(now).isEmpty());
        }
    }

    private static long requestsFor(NodeClient page, String table) {
        return page.requests().stream()
                .filter(request -> request.contains("table=" + table))
                .count();
    }
}
