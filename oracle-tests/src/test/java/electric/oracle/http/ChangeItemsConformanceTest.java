package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Change items: HTTP-150 … HTTP-164 (§4.3 … §4.5). */
class ChangeItemsConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Client client = new Client(server);

    /** Several statements as one transaction; returns its id. */
    private static long transaction(String... statements) {
        try (Connection connection = server.postgres().connect(server.database());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            try (ResultSet id = statement.executeQuery("SELECT pg_current_xact_id()::xid::text")) {
                id.next();
                long xid = id.getLong(1);
                connection.commit();
                return xid;
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("The test's own SQL failed: " + failed.getMessage(), failed);
        }
    }

    private static String headers(JsonNode item, String... names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            JsonNode header = item.get("headers").get(name);
            text.append(text.isEmpty() ? "" : " ").append(header == null ? "-" : header.toString());
        }
        return text.toString();
    }

    /** What a change says apart from where and when it was made. */
    private static String said(JsonNode item) {
        String old = item.has("old_value") ? " was " + item.get("old_value") : "";
        return item.get("headers").get("operation").stringValue() + " " + item.get("value") + old;
    }

    private static List<String> said(List<JsonNode> items) {
        return items.stream().map(ChangeItemsConformanceTest::said).toList();
    }

    @Test
    void http150ChangesTellWhatWhereAndByWhichTransaction() {
        server.sql("CREATE TABLE told (id int PRIMARY KEY, v text)");
        Follower follower = new Follower(client, "table=told");
        long xid = transaction("INSERT INTO told VALUES (1, 'a')");
        JsonNode change = follower.next(1).getFirst();
        String tx = follower.tx();
        assertThat(change).isEqualTo(Json.of("""
                {"key": "\\"public\\".\\"told\\"/\\"1\\"", "value": {"id": "1", "v": "a"},
                 "headers": {"operation": "insert", "relation": ["public", "told"], "lsn": "%s", "op_position": 0,
                 "txids": [%d], "last": true}}""".formatted(tx, xid)));
    }

    @Test
    void http151OnlyTheLastItemOfATransactionSaysThatItIs() {
        server.sql("CREATE TABLE lasts (id int PRIMARY KEY)", "CREATE TABLE after (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=lasts&where=" + Client.encoded("id < 10"));
        transaction("INSERT INTO lasts VALUES (1), (2), (3), (11)", "INSERT INTO after VALUES (1)");
        transaction("INSERT INTO lasts VALUES (4), (12)");
        assertThat(follower.next(4).stream().map(item -> headers(item, "last")))
                .containsExactly("-", "-", "true", "true");
    }

    @Test
    void http152InsertsCarryAllSelectedColumns() {
        server.sql("CREATE TABLE inserted (id int PRIMARY KEY, a text, b text)");
        Follower all = new Follower(client, "table=inserted");
        Follower some = new Follower(client, "table=inserted&columns=id,b");
        server.sql("INSERT INTO inserted (id, a) VALUES (1, 'a')");
        assertThat(said(all.next(1))).containsExactly("insert {\"id\":\"1\",\"a\":\"a\",\"b\":null}");
        assertThat(said(some.next(1))).containsExactly("insert {\"id\":\"1\",\"b\":null}");
    }

    @Test
    void http153UsualUpdatesCarryTheKeyAndWhatChanged() {
        server.sql(
                "CREATE TABLE usual (id int, id2 int, a text, b text, PRIMARY KEY (id, id2))",
                "INSERT INTO usual VALUES (1, 2, 'a', 'b')");
        Follower follower = new Follower(client, "table=usual");
        server.sql("UPDATE usual SET b = 'c', a = 'a'", "UPDATE usual SET a = NULL");
        assertThat(said(follower.next(2)))
                .containsExactly(
                        "update {\"id\":\"1\",\"id2\":\"2\",\"b\":\"c\"}",
                        "update {\"id\":\"1\",\"id2\":\"2\",\"a\":null}");
    }

    @Test
    void http154FullUpdatesCarryTheRowAndWhatTheChangedColumnsWere() {
        server.sql(
                "CREATE TABLE whole (id int PRIMARY KEY, a text, b text, c text)",
                "INSERT INTO whole VALUES (1, 'a', NULL, 'c')");
        Follower follower = new Follower(client, "table=whole&replica=full");
        Follower some = new Follower(client, "table=whole&replica=full&columns=id,a");
        server.sql("UPDATE whole SET a = 'new', b = 'b'");
        assertThat(said(follower.next(1)))
                .containsExactly("update {\"id\":\"1\",\"a\":\"new\",\"b\":\"b\",\"c\":\"c\"}"
                        + " was {\"a\":\"a\",\"b\":null}");
        assertThat(said(some.next(1))).containsExactly("update {\"id\":\"1\",\"a\":\"new\"} was {\"a\":\"a\"}");
    }

    @Test
    void http155DeletesCarryTheKeyOrTheWholeRow() {
        server.sql(
                "CREATE TABLE deleted (id int PRIMARY KEY, a text)",
                "CREATE TABLE nokey (x int, y text)",
                "INSERT INTO deleted VALUES (1, 'a')",
                "INSERT INTO nokey VALUES (1, NULL)");
        Follower usual = new Follower(client, "table=deleted");
        Follower full = new Follower(client, "table=deleted&replica=full");
        Follower keyless = new Follower(client, "table=nokey");
        server.sql("DELETE FROM deleted", "DELETE FROM nokey");
        assertThat(said(usual.next(1))).containsExactly("delete {\"id\":\"1\"}");
        assertThat(said(full.next(1))).containsExactly("delete {\"id\":\"1\",\"a\":\"a\"}");
        assertThat(said(keyless.next(1))).containsExactly("delete {\"x\":\"1\",\"y\":null}");
    }

    @Test
    void http156AnotherKeyIsADeleteAndAnInsertThatKnowOfEachOther() {
        server.sql("CREATE TABLE rekeyed (id int PRIMARY KEY, v text)", "INSERT INTO rekeyed VALUES (1, 'x')");
        for (String replica : List.of("default", "full")) {
            Follower follower = new Follower(client, "table=rekeyed&replica=" + replica);
            transaction("INSERT INTO rekeyed VALUES (9, 'y')", "UPDATE rekeyed SET id = 2 WHERE id = 1");
            List<JsonNode> items = follower.next(3);
            assertThat(said(items).subList(1, 3))
                    .containsExactly(
                            replica.equals("full") ? "delete {\"id\":\"1\",\"v\":\"x\"}" : "delete {\"id\":\"1\"}",
                            "insert {\"id\":\"2\",\"v\":\"x\"}");
            assertThat(items.stream()
                            .map(item -> headers(item, "op_position", "key_change_to", "key_change_from", "last")))
                    .containsExactly(
                            "0 - - -",
                            "2 \"\\\"public\\\".\\\"rekeyed\\\"/\\\"2\\\"\" - -",
                            "3 - \"\\\"public\\\".\\\"rekeyed\\\"/\\\"1\\\"\" true");
            assertThat(items.stream().filter(item -> item.has("old_value"))).isEmpty();
            assertThat(follower.offset()).endsWith("_3");
            transaction("DELETE FROM rekeyed WHERE id = 9", "UPDATE rekeyed SET id = 1 WHERE id = 2");
        }
        server.sql("CREATE TABLE all_key (a int, b text)", "INSERT INTO all_key VALUES (1, 'x')");
        Follower keyless = new Follower(client, "table=all_key");
        server.sql("UPDATE all_key SET b = 'y'");
        assertThat(keyless.next(2).stream().map(item -> headers(item, "operation", "key_change_to", "key_change_from")))
                .containsExactly(
                        "\"delete\" \"\\\"public\\\".\\\"all_key\\\"/\\\"1\\\"/\\\"y\\\"\" -",
                        "\"insert\" - \"\\\"public\\\".\\\"all_key\\\"/\\\"1\\\"/\\\"x\\\"\"");
    }

    @Test
    void http157RowsEnterAFilterAsInsertsAndLeaveItAsDeletes() {
        server.sql("CREATE TABLE moved (id int PRIMARY KEY, n int, v text)", "INSERT INTO moved VALUES (1, 1, 'v')");
        Follower follower = new Follower(client, "table=moved&where=" + Client.encoded("n > 10"));
        server.sql(
                "UPDATE moved SET n = 2",
                "UPDATE moved SET n = 11, id = 2",
                "UPDATE moved SET n = 12",
                "UPDATE moved SET n = 3, id = 4");
        List<JsonNode> items = follower.next(3);
        assertThat(said(items))
                .containsExactly(
                        "insert {\"id\":\"2\",\"n\":\"11\",\"v\":\"v\"}",
                        "update {\"id\":\"2\",\"n\":\"12\"}",
                        "delete {\"id\":\"2\"}");
        assertThat(items.stream().map(item -> headers(item, "key_change_to", "key_change_from", "last")))
                .containsOnly("- - true");
    }

    @Test
    void http158WhatChangesNothingSelectedIsNoChange() {
        server.sql("CREATE TABLE quiet (id int PRIMARY KEY, a text, b text)", "INSERT INTO quiet VALUES (1, 'a', 'b')");
        Follower follower = new Follower(client, "table=quiet&columns=id,a");
        transaction("UPDATE quiet SET b = 'c'", "UPDATE quiet SET a = 'a'", "UPDATE quiet SET a = 'z'");
        List<JsonNode> items = follower.next(1);
        assertThat(said(items)).containsExactly("update {\"id\":\"1\",\"a\":\"z\"}");
        assertThat(headers(items.getFirst(), "op_position", "last")).isEqualTo("4 true");
    }

    @Test
    void http159ValuesThatAreStoredElsewhereAreToldThoughTheyDidNotChange() {
        String big = "x".repeat(50_000);
        server.sql(
                "CREATE TABLE toasted (id int PRIMARY KEY, n int, v text)",
                "ALTER TABLE toasted ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO toasted VALUES (1, 1, repeat('x', 50000))");
        Follower full = new Follower(client, "table=toasted&replica=full");
        Follower usual = new Follower(client, "table=toasted");
        Follower filtered = new Follower(client, "table=toasted&where=" + Client.encoded("n = 2"));
        server.sql("UPDATE toasted SET n = 2", "UPDATE toasted SET id = 3");
        String row = "\"n\":\"2\",\"v\":\"" + big + "\"}";
        assertThat(said(full.next(3)))
                .containsExactly(
                        "update {\"id\":\"1\"," + row + " was {\"n\":\"1\"}",
                        "delete {\"id\":\"1\"," + row,
                        "insert {\"id\":\"3\"," + row);
        assertThat(said(usual.next(3)))
                .containsExactly(
                        "update {\"id\":\"1\",\"n\":\"2\"}", "delete {\"id\":\"1\"}", "insert {\"id\":\"3\"," + row);
        assertThat(said(filtered.next(3)))
                .containsExactly("insert {\"id\":\"1\"," + row, "delete {\"id\":\"1\"}", "insert {\"id\":\"3\"," + row);
    }

    @Test
    void http160ChangesInPartitionsCarryTheNameOfTheRoot() {
        server.sql(
                "CREATE TABLE root (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE root_low PARTITION OF root FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE root_high PARTITION OF root FOR VALUES FROM (10) TO (20)",
                "INSERT INTO root VALUES (1, 'a')");
        Follower follower = new Follower(client, "table=root");
        server.sql("UPDATE root_low SET v = 'b'", "INSERT INTO root_high VALUES (11, 'c')");
        transaction("UPDATE root SET id = 12 WHERE id = 1");
        List<JsonNode> items = follower.next(4);
        assertThat(Json.keys(items))
                .containsExactly(
                        "\"public\".\"root\"/\"1\"",
                        "\"public\".\"root\"/\"11\"",
                        "\"public\".\"root\"/\"1\"",
                        "\"public\".\"root\"/\"12\"");
        assertThat(items.stream().map(item -> headers(item, "relation"))).containsOnly("[\"public\",\"root\"]");
        assertThat(items.stream()
                        .skip(2)
                        .map(item -> headers(item, "operation", "op_position", "key_change_to", "key_change_from")))
                .containsExactly("\"delete\" 0 - -", "\"insert\" 2 - -");
    }

    @Test
    void http161ATruncateIsTheEndOfTheShape() {
        server.sql("CREATE TABLE truncated (id int PRIMARY KEY)", "INSERT INTO truncated VALUES (1)");
        Follower follower = new Follower(client, "table=truncated");
        try (Held held = Held.by(server, follower.live())) {
            server.sql("TRUNCATE truncated");
            assertThat(held.answer().status()).isEqualTo(409);
        }
        Got after = client.shape(follower.query());
        assertThat(after.status()).isEqualTo(409);
        assertThat(after.header("electric-handle")).isNotEqualTo(follower.handle());
    }

    @Test
    void http162TransactionsComeInTheOrderOfTheirCommitsEachInOnePiece() throws SQLException {
        server.sql("CREATE TABLE ordered (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=ordered");
        try (Connection first = server.postgres().connect(server.database());
                Connection second = server.postgres().connect(server.database());
                Statement one = first.createStatement();
                Statement other = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            one.execute("INSERT INTO ordered VALUES (1)");
            other.execute("INSERT INTO ordered VALUES (2)");
            one.execute("INSERT INTO ordered VALUES (3)");
            other.execute("INSERT INTO ordered VALUES (4)");
            second.commit();
            one.execute("INSERT INTO ordered VALUES (5)");
            first.commit();
        }
        List<JsonNode> items = follower.next(5);
        assertThat(said(items))
                .containsExactly(
                        "insert {\"id\":\"2\"}",
                        "insert {\"id\":\"4\"}",
                        "insert {\"id\":\"1\"}",
                        "insert {\"id\":\"3\"}",
                        "insert {\"id\":\"5\"}");
        assertThat(items.stream().map(item -> headers(item, "op_position", "last")))
                .containsExactly("0 -", "2 true", "0 -", "2 -", "4 true");
        assertThat(items.getLast().get("headers").get("lsn").stringValue())
                .isNotEqualTo(items.getFirst().get("headers").get("lsn").stringValue());
    }

    @Test
    void http163PositionsCountAllChangesOfTheTransaction() {
        server.sql("CREATE TABLE counted (id int PRIMARY KEY)", "CREATE TABLE beside (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=counted");
        Follower even = new Follower(client, "table=counted&where=" + Client.encoded("id % 2 = 0"));
        Follower beside = new Follower(client, "table=beside");
        transaction(
                "INSERT INTO beside VALUES (1)",
                "INSERT INTO counted VALUES (1)",
                "INSERT INTO beside VALUES (2), (3)",
                "INSERT INTO counted VALUES (2)");
        assertThat(follower.next(2).stream().map(item -> headers(item, "op_position")))
                .containsExactly("2", "8");
        assertThat(even.next(1).stream().map(item -> headers(item, "op_position", "last")))
                .containsExactly("8 true");
        assertThat(beside.next(3).stream().map(item -> headers(item, "op_position")))
                .containsExactly("0", "4", "6");
        assertThat(even.offset()).isEqualTo(follower.offset());
    }

    @Test
    void http164LsnAndPositionAreTheOffsetOfTheItem() {
        server.sql("CREATE TABLE placed (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=placed");
        String before = follower.query();
        transaction("INSERT INTO placed VALUES (1), (2), (3)");
        List<JsonNode> items = follower.next(3);
        JsonNode headers = items.getLast().get("headers");
        assertThat(follower.offset()).isEqualTo(headers.get("lsn").stringValue() + "_" + headers.get("op_position"));
        // Behind each of them come exactly the ones after it.
        String tx = headers.get("lsn").stringValue();
        for (int seen = 1; seen < 3; seen++) {
            JsonNode at = items.get(seen - 1).get("headers");
            assertThat(at.get("lsn").stringValue()).isEqualTo(tx);
            Got rest = client.shape(before.replaceAll("offset=[^&]*", "offset=" + tx + "_" + at.get("op_position")));
            assertThat(Json.withoutControl(Json.items(rest))).isEqualTo(items.subList(seen, 3));
        }
    }
}
