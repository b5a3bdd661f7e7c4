package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Snapshot items and keys: HTTP-143 … HTTP-149 (§4.1, §4.2). */
class SnapshotItemsConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Client client = new Client(server);

    private static List<JsonNode> rows(Got got) {
        return Json.withoutControl(Json.items(got));
    }

    private List<String> snapshotKeys(String definition) {
        return Json.keys(rows(client.shape(definition + "&offset=-1")));
    }

    private List<String> subsetKeys(String definition) {
        List<String> keys = new ArrayList<>();
        Json.of(client.shape(definition + "&offset=-1&subset__where=true").body())
                .get("data")
                .forEach(row -> keys.add(row.get("key").stringValue()));
        return keys;
    }

    @Test
    void http143RowsHaveAKeyTheFullValueAndNothingElse() {
        server.sql(
                "CREATE TABLE items (id int PRIMARY KEY, value text, note text)", "INSERT INTO items VALUES (1, 'a')");
        assertThat(rows(client.shape("table=items&offset=-1"))).containsExactly(Json.of("""
                {"key": "\\"public\\".\\"items\\"/\\"1\\"", "value": {"id": "1", "value": "a", "note": null},
                 "headers": {"operation": "insert", "relation": ["public", "items"]}}"""));
        assertThat(rows(client.shape("table=items&columns=id,note&offset=-1"))).containsExactly(Json.of("""
                {"key": "\\"public\\".\\"items\\"/\\"1\\"", "value": {"id": "1", "note": null},
                 "headers": {"operation": "insert", "relation": ["public", "items"]}}"""));
    }

    @Test
    void http144TheSnapshotEndsWithOneItemThatSaysWhatItSaw() throws SQLException {
        server.sql("CREATE TABLE ends (id int PRIMARY KEY)", "INSERT INTO ends VALUES (1), (2), (3)");
        try (OpenTransaction running = OpenTransaction.beside(server)) {
            List<JsonNode> items = Json.items(client.shape("table=ends&offset=-1"));
            running.rollback();
            assertThat(items).hasSize(4);
            assertThat(items.stream().filter(Json::isControl)).containsExactly(items.getLast());
            JsonNode headers = items.getLast().get("headers");
            assertThat(items.getLast().propertyNames()).containsExactly("headers");
            assertThat(headers.propertyNames()).containsExactlyInAnyOrder("control", "xmin", "xmax", "xip_list");
            assertThat(headers.get("control").stringValue()).isEqualTo("snapshot-end");
            assertThat(headers.get("xmin").stringValue()).isEqualTo(running.id());
            assertThat(Long.parseLong(headers.get("xmax").stringValue())).isGreaterThan(Long.parseLong(running.id()));
            assertThat(headers.get("xip_list")).contains(Json.of('"' + running.id() + '"'));
        }
    }

    @Test
    void http145KeysNameTheTableAndTheValuesInTheOrderOfTheKey() {
        server.sql(
                "CREATE SCHEMA \"s\"\"1\"",
                "CREATE TABLE \"s\"\"1\".\"my table\" (a int, v text, b text, PRIMARY KEY (b, a))",
                "INSERT INTO \"s\"\"1\".\"my table\" VALUES (1, 'x', 'abc')");
        assertThat(snapshotKeys("table=" + Client.encoded("\"s\"\"1\".\"my table\"")))
                .containsExactly("\"s\"\"1\".\"my table\"/\"abc\"/\"1\"");
    }

    @Test
    void http146SlashesInKeysAreDoubledAndNothingElseIs() {
        server.sql(
                "CREATE TABLE \"sl/ash.ed\" (id text PRIMARY KEY)",
                "INSERT INTO \"sl/ash.ed\" VALUES ('a/b'), ('//'), ('say \"x\"'), ('back\\'), ('_'), ('é\n')");
        assertThat(snapshotKeys("table=" + Client.encoded("\"sl/ash.ed\"")))
                .containsExactlyInAnyOrder(
                        "\"public\".\"sl/ash.ed\"/\"a//b\"",
                        "\"public\".\"sl/ash.ed\"/\"////\"",
                        "\"public\".\"sl/ash.ed\"/\"say \"x\"\"",
                        "\"public\".\"sl/ash.ed\"/\"back\\\"",
                        "\"public\".\"sl/ash.ed\"/\"_\"",
                        "\"public\".\"sl/ash.ed\"/\"é\n\"");
    }

    @Test
    void http147WithoutAPrimaryKeyAllColumnsAreTheKey() {
        server.sql(
                "CREATE TABLE keyless (z int, gone int, a text)",
                "ALTER TABLE keyless DROP COLUMN gone",
                "INSERT INTO keyless VALUES (1, NULL), (NULL, 'x/y'), (2, '_')");
        for (String definition : List.of("table=keyless", "table=keyless&columns=a,z")) {
            assertThat(snapshotKeys(definition))
                    .containsExactlyInAnyOrder(
                            "\"public\".\"keyless\"/\"1\"/_",
                            "\"public\".\"keyless\"/_/\"x//y\"",
                            "\"public\".\"keyless\"/\"2\"/\"_\"");
        }
    }

    @Test
    void http148PaddingOfCharIsPartOfTheKey() {
        server.sql("CREATE TABLE padded (id char(5) PRIMARY KEY)", "INSERT INTO padded VALUES ('ab')");
        assertThat(snapshotKeys("table=padded")).containsExactly("\"public\".\"padded\"/\"ab   \"");
    }

    @Test
    void http149ARowHasOneKeyHoweverItComes() {
        record Keyed(String table, String type, String value, String text) {}
        for (Keyed keyed : List.of(
                new Keyed("by_bool", "bool", "true", "true"),
                new Keyed("by_address", "inet", "192.168.1.5", "192.168.1.5"),
                new Keyed("by_net", "inet", "10.0.0.0/8", "10.0.0.0/8"),
                new Keyed("by_cidr", "cidr", "10.0.0.0/8", "10.0.0.0/8"),
                new Keyed("by_char", "char(5)", "ab", "ab   "),
                new Keyed("by_float", "float8", "-0", "-0"),
                new Keyed("by_numeric", "numeric", "1.50", "1.50"),
                new Keyed("by_time", "timestamptz", "2024-02-29 10:34:56.5+05:30", "2024-02-29 05:04:56.5+00"),
                new Keyed("by_interval", "interval", "1 day", "P1D"),
                new Keyed("by_bytes", "bytea", "\\x2f5c", "\\x2f5c"),
                new Keyed("by_text", "text", "a/\"b\\", "a/\"b\\"))) {
            String table = keyed.table;
            server.sql("CREATE TABLE " + table + " (id " + keyed.type + " PRIMARY KEY, n int)");
            Follower follower = new Follower(client, "table=" + table);
            server.sql("INSERT INTO " + table + " VALUES ('" + keyed.value + "', 1)", "UPDATE " + table + " SET n = 2");
            List<String> changes = Json.keys(follower.next(2));
            String snapshot = snapshotKeys("table=" + table + "&replica=full").getFirst();
            assertThat(changes).as(table).containsExactly(snapshot, snapshot);
            assertThat(subsetKeys("table=" + table)).as(table).containsExactly(snapshot);
            // Postgres has two words for true, and a mask of all bits may be said or not.
            assertThat(snapshot.replace("\"t\"", "\"true\"").replace("/32", ""))
                    .isEqualTo("\"public\".\"" + table + "\"/\"" + keyed.text.replace("/", "//") + '"');
            server.sql("DELETE FROM " + table);
            assertThat(Json.keys(follower.next(1))).containsExactly(snapshot);
        }
    }
}
