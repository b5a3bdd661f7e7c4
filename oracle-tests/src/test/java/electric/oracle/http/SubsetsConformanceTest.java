package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Subset snapshots, logs of changes only, and now: HTTP-237 … HTTP-254 (§8). */
class SubsetsConformanceTest {
    private static final String START = "table=people&offset=-1";

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTable() {
        server.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE people (id int PRIMARY KEY, name text, age int, m mood, secret text)",
                "INSERT INTO people VALUES (1, 'ann', 30, 'sad', 'x'), (2, 'bob', 40, 'happy', 'y'),"
                        + " (3, 'it''s', NULL, 'happy', 'z'), (4, 'dan', 20, NULL, 'x')");
    }

    /** Parameters of a subset, and other ones, by turns name and value. */
    private static String subset(String... parameters) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            query.append("&subset__").append(parameters[i]).append('=').append(Client.encoded(parameters[i + 1]));
        }
        return query.toString();
    }

    private static List<String> ids(Got got) {
        assertThat(got.status()).as(got.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        Json.of(got.body())
                .get("data")
                .forEach(row -> ids.add(row.get("value").get("id").stringValue()));
        return ids;
    }

    private List<String> ids(String... parameters) {
        return ids(client.shape(START + subset(parameters)));
    }

    /** What is wrong within the subset. */
    private String refused(String... parameters) {
        String errors = client.refused(START + subset(parameters));
        assertThat(errors).startsWith("{\"subset\":").endsWith("}");
        return errors.substring("{\"subset\":".length(), errors.length() - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "subset__where=",
        "subset__where=true",
        "subset__params=",
        "subset__params=%7B%7D",
        "subset__order_by=",
        "subset__limit=",
        "subset__offset=",
        "subset__where_expr=",
        "subset__anything=",
        "subset[where]=",
    })
    void http237AnythingAboutASubsetAsksForOne(String parameter) {
        Got got = client.shape(START + "&" + parameter);
        assertThat(got.header("electric-snapshot")).isEqualTo("true");
        assertThat(ids(got)).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(client.shape(START + "&subset=").has("electric-snapshot")).isFalse();
    }

    @Test
    void http238TheAnswerSaysWhatItReflects() throws SQLException {
        try (OpenTransaction running = OpenTransaction.beside(server)) {
            String before =
                    server.ask("SELECT pg_current_wal_insert_lsn() - '0/0'").getFirst();
            JsonNode body =
                    Json.of(client.shape(START + subset("where", "id = 1")).body());
            String after =
                    server.ask("SELECT pg_current_wal_insert_lsn() - '0/0'").getFirst();
            running.rollback();
            assertThat(body.propertyNames()).containsExactlyInAnyOrder("metadata", "data");
            JsonNode metadata = body.get("metadata");
            assertThat(metadata.propertyNames())
                    .containsExactlyInAnyOrder("xmin", "xmax", "xip_list", "database_lsn", "snapshot_mark");
            assertThat(metadata.get("xmin").stringValue()).isEqualTo(running.id());
            assertThat(Long.parseLong(metadata.get("xmax").stringValue())).isGreaterThan(Long.parseLong(running.id()));
            assertThat(metadata.get("xip_list")).contains(Json.of('"' + running.id() + '"'));
            assertThat(Long.parseLong(metadata.get("database_lsn").stringValue()))
                    .isBetween(Long.parseLong(before), Long.parseLong(after));
            assertThat(metadata.get("snapshot_mark").isInt()).isTrue();
            assertThat(metadata.get("snapshot_mark").intValue()).isNotNegative();
            assertThat(body.get("data").isArray()).isTrue();
        }
        assertThat(Json.of(client.shape(START + subset("where", "false")).body())
                        .get("data"))
                .isEqualTo(Json.of("[]"));
    }

    @Test
    void http239EveryRowCarriesTheMark() {
        JsonNode body = Json.of(client.shape(START + subset("where", "id IN (1, 3)", "order_by", "id"))
                .body());
        int mark = body.get("metadata").get("snapshot_mark").intValue();
        assertThat(body.get("data")).isEqualTo(Json.of("""
                [{"key": "\\"public\\".\\"people\\"/\\"1\\"", "value": {"id": "1", "name": "ann", "age": "30",
                  "m": "sad", "secret": "x"},
                  "headers": {"operation": "insert", "relation": ["public", "people"], "snapshot_mark": %d}},
                 {"key": "\\"public\\".\\"people\\"/\\"3\\"", "value": {"id": "3", "name": "it's", "age": null,
                  "m": "happy", "secret": "z"},
                  "headers": {"operation": "insert", "relation": ["public", "people"], "snapshot_mark": %d}}]
                """.formatted(mark, mark)));
        int other = Json.of(client.shape(START + subset("where", "true")).body())
                .get("metadata")
                .get("snapshot_mark")
                .intValue();
        assertThat(other).isNotEqualTo(mark);
    }

    @Test
    void http240RowsAreThoseOfTheShapeThatAreInTheSubsetToo() {
        String shape = START + "&columns=id,name&params[1]=dan&where=" + Client.encoded("age > 25 OR name = $1");
        Got got = client.shape(shape + subset("where", "id = $1 OR id > 3", "params", "{\"1\":\"3\"}"));
        assertThat(ids(got)).containsExactly("4");
        assertThat(Json.of(got.body()).get("data").get(0).get("value"))
                .isEqualTo(Json.of("{\"id\":\"4\",\"name\":\"dan\"}"));
        assertThat(ids("order_by", "age DESC NULLS LAST, id")).containsExactly("2", "1", "4", "3");
        assertThat(ids("order_by", "\"name\"", "limit", "2", "offset", "1")).containsExactly("2", "4");
        // Of nothing everything is left, but the word for it is a filter like any other.
        assertThat(ids(client.post(START, "{\"where\":null,\"limit\":null}"))).hasSize(4);
        for (Got word :
                List.of(client.shape(START + subset("where", "null")), client.post(START, "{\"where\":\"null\"}"))) {
            assertThat(word.status()).isEqualTo(400);
            assertThat(word.body()).contains("WHERE clause must return a boolean");
        }
    }

    @Test
    void http241PagesNeedAnOrder() {
        String errors = "{\"order_by\":[\"order_by is required when limit or offset is present\"]}";
        assertThat(refused("limit", "3")).isEqualTo(errors);
        assertThat(refused("offset", "0")).isEqualTo(errors);
        assertThat(refused("limit", "3", "order_by", " ")).isEqualTo(errors);
        assertThat(ids("limit", "3", "order_by", "id")).containsExactly("1", "2", "3");
    }

    @Test
    void http242PagesHaveBounds() {
        assertThat(refused("limit", "0", "order_by", "id")).isEqualTo("{\"limit\":[\"must be greater than 0\"]}");
        assertThat(refused("offset", "-1", "order_by", "id"))
                .isEqualTo("{\"offset\":[\"must be greater than or equal to 0\"]}");
        assertThat(Json.of(refused("limit", "0", "offset", "-1"))).isEqualTo(Json.of("""
                {"limit": ["must be greater than 0"], "offset": ["must be greater than or equal to 0"],
                 "order_by": ["order_by is required when limit or offset is present"]}"""));
        // What is no number is told alone.
        assertThat(refused("limit", "1.5", "offset", "-1")).isEqualTo("{\"limit\":[\"is invalid\"]}");
        assertThat(refused("offset", "x", "order_by", "id")).isEqualTo("{\"offset\":[\"is invalid\"]}");
        assertThat(ids("limit", "99999999999999999999", "order_by", "id")).hasSize(4);
    }

    @Test
    void http243ParametersAreAnObject() {
        assertThat(ids("where", "id = $1", "params", "{\"1\":\"3\"}")).containsExactly("3");
        // Clients had numbers and truth values where they are texts here.
        assertThat(ids("where", "id = $1 AND $2", "params", "{\"1\":3,\"2\":true}"))
                .containsExactly("3");
        assertThat(ids(client.post(START, "{\"where\":\"name = $1\",\"params\":{\"1\":\"it's\"}}")))
                .containsExactly("3");
        assertThat(refused("where", "id = $1", "params", "{"))
                .isEqualTo("{\"params\":[\"params must be valid JSON\"]}");
        for (String scalar : List.of("[\"3\"]", "3", "\"3\"", "null")) {
            assertThat(refused("where", "id = $1", "params", scalar))
                    .as(scalar)
                    .isEqualTo("{\"params\":[\"params must be a JSON object\"]}");
        }
        assertThat(refused("where", "id = $1", "params", "{\"a\":\"1\"}"))
                .isEqualTo("{\"params\":[\"Parameters can only use numbers as keys\"]}");
        assertThat(refused("where", "id = $1", "params", "{\"2\":\"1\"}"))
                .isEqualTo("{\"params\":[\"Parameters must be numbered sequentially, starting from 1\"]}");
        assertThat(refused("where", "id = $1 AND name = $2", "params", "{\"1\":\"1\"}"))
                .isEqualTo("{\"where\":[\"At location 19: parameter $2 was not provided\"]}");
        for (String value : List.of("{}", "[1]")) {
            assertThat(client.shape(START + subset("where", "id = $1", "params", "{\"1\":" + value + "}"))
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lower(name) | At location 18: FuncCall expressions are not allowed in ORDER BY clauses",
                "id::text | At location 20: TypeName expressions are not allowed in ORDER BY clauses",
                "(SELECT 1) | At location 18: SubLink expressions are not allowed in ORDER BY clauses",
                "id + 1 | At location 21: A_Expr expressions are not allowed in ORDER BY clauses",
                "name COLLATE \"C\" | At location 23: CollateClause expressions are not allowed in ORDER BY clauses",
                "name IS NULL | At location 23: NullTest expressions are not allowed in ORDER BY clauses",
                "$1 | At location 18: parameter $1 is not supported in ORDER BY clauses",
                "zz | At location 18: unknown reference zz",
                "people.id | At location 18: unknown reference people.id",
                "id; DROP TABLE people | Unexpected `;` in order by",
            })
    void http244OnlyColumnsPutRowsInOrder(String order, String message) {
        assertThat(Json.of(refused("order_by", order)).get("order_by").get(0).stringValue())
                .isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1",
                "2 DESC",
                "'x'",
                "true",
                "id LIMIT 1",
                "id DESC LIMIT 1",
                "id OFFSET 1",
                "id FETCH FIRST ROW ONLY",
                "id FOR UPDATE",
                "id,",
                "id DESC NULLS",
                "id) UNION SELECT 1 --",
                "id, pg_sleep(5)",
                "id /*",
            })
    void http244NothingElseReachesTheDatabase(String order) {
        Got got = client.shape(START + subset("order_by", order));
        assertThat(got.status()).as(got.body()).isEqualTo(400);
        assertThat(Json.of(got.body())
                        .get("errors")
                        .get("subset")
                        .get("order_by")
                        .isArray())
                .isTrue();
        assertThat(client.shape(START + subset("order_by", order, "limit", "1")).status())
                .isEqualTo(400);
    }

    @Test
    void http245SubsetsHaveNoSubqueries() {
        assertThat(refused("where", "id IN (SELECT id FROM people)"))
                .isEqualTo("{\"where\":[\"Subqueries are not allowed in subsets\"]}");
    }

    @Test
    void http246LabelsOfEnumsCanBeCompared() {
        assertThat(ids("where", "m = 'happy'")).containsExactlyInAnyOrder("2", "3");
        Got got = client.shape(START + subset("where", "m = 'furious'"));
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"subset\":{\"where\":"
                        + "\"invalid input value for enum mood: \\\"furious\\\"\"}}}");
        // As is what is wrong with any other filter, in a list.
        assertThat(refused("where", "id x 1"))
                .isEqualTo("{\"where\":[\"At location 18: syntax error at or near \\\"x\\\"\"]}");
        assertThat(refused("where", "nope = 1")).isEqualTo("{\"where\":[\"At location 0: unknown reference nope\"]}");
        assertThat(refused("where", "id")).isEqualTo("{\"where\":[\"WHERE clause must return a boolean\"]}");
        assertThat(refused("where", "1 / (id - 2) > 0")).contains("division by zero");
    }

    @Test
    void http247OnlyQueryableColumnsCanBeAskedAbout() {
        String queryable = START + "&queryable_columns=id,name";
        assertThat(ids(client.shape(queryable + subset("where", "name = 'bob'", "order_by", "name"))))
                .containsExactly("2");
        assertThat(client.refused(queryable + subset("where", "id = 1 AND secret = 'x'")))
                .isEqualTo("{\"subset\":{\"where\":[\"At location 11: unknown reference secret\"]}}");
        assertThat(client.refused(queryable + subset("order_by", "id, secret")))
                .isEqualTo("{\"subset\":{\"order_by\":[\"At location 22: unknown reference secret\"]}}");
        assertThat(client.refused(queryable + "&columns=id,secret" + subset("where", "true")))
                .isEqualTo("{\"columns\":[\"The following columns are not found on the table: secret\"]}");
        // A column that may be queried need not be selected.
        assertThat(ids(client.shape(START + "&columns=id" + subset("where", "secret = 'z'"))))
                .containsExactly("3");
    }

    @Test
    void http248TheHeadSaysThatItIsASubsetAndWhereInTheLogItBelongs() {
        for (String offset : List.of("-1", "now")) {
            Got got = client.shape("table=people&offset=" + offset + subset("where", "id = 1"));
            assertThat(got.header("cache-control")).isEqualTo("no-cache");
            assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
            assertThat(got.header("electric-snapshot")).isEqualTo("true");
            assertThat(got.header("electric-handle")).isEqualTo(client.handle("table=people"));
            assertThat(got.header("electric-offset")).isEqualTo(offset.equals("-1") ? "0_0" : "0_inf");
            assertThat(Json.of(got.header("electric-schema")).propertyNames())
                    .containsExactly("id", "name", "age", "m", "secret");
            for (String absent : List.of("electric-up-to-date", "electric-has-data", "electric-cursor", "etag")) {
                assertThat(got.has(absent)).as(absent).isFalse();
            }
        }
        // There is nothing by which it could be known already.
        String tag = client.shape(START).header("etag");
        assertThat(client.shape(START + subset("where", "id = 1"), "if-none-match: " + tag)
                        .status())
                .isEqualTo(200);
        // A live request for a subset is none.
        Got live = client.shape(
                "table=people&" + Client.next(client.shape(START)) + "&live=true" + subset("where", "id = 1"));
        assertThat(ids(live)).containsExactly("1");
        assertThat(live.header("electric-schema")).isNotEmpty();
    }

    @Test
    void http249PostedSubsetsHaveTheHeadersThatClientsDemand() {
        Got got = client.post(
                "table=people&offset=now&log=changes_only",
                "{\"where\":\"age > $1\",\"params\":{\"1\":\"25\"},\"order_by\":\"age DESC\",\"limit\":1,\"offset\":0,"
                        + "\"where_expr\":{\"type\":\"func\"},\"order_by_expr\":[]}",
                "content-type: application/json");
        assertThat(ids(got)).containsExactly("2");
        assertThat(got.header("electric-offset")).isEqualTo("0_inf");
        assertThat(got.header("electric-handle")).isEqualTo(client.handle("table=people&log=changes_only"));
        assertThat(got.header("electric-schema")).startsWith("{\"id\":");
        assertThat(got.header("cache-control")).isEqualTo("no-cache");
        assertThat(got.header("electric-snapshot")).isEqualTo("true");
    }

    @Test
    void http250NowIsThePlaceBeforeTheRowsWereRead() {
        server.sql("CREATE TABLE racing (id serial PRIMARY KEY)");
        Follower follower = new Follower(client, "table=racing&log=changes_only");
        assertThat(client.shape("table=racing&log=changes_only&offset=now" + subset("where", "true"))
                        .header("electric-offset"))
                .isEqualTo("0_inf");
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 200; i++) {
                        server.sql("INSERT INTO racing DEFAULT VALUES");
                    }
                },
                Thread::startVirtualThread);
        record Taken(String offset, List<String> keys) {}
        List<Taken> taken = new ArrayList<>();
        while (!writer.isDone()) {
            Got got = client.shape("table=racing&log=changes_only&offset=now" + subset("where", "true"));
            List<String> keys = new ArrayList<>();
            Json.of(got.body())
                    .get("data")
                    .forEach(row -> keys.add(row.get("key").stringValue()));
            taken.add(new Taken(got.header("electric-offset"), keys));
        }
        writer.join();
        follower.next(200);
        assertThat(taken).isNotEmpty();
        for (Taken one : taken) {
            // What is not among the rows is behind the place: nothing is in neither.
            Got rest = client.shape(follower.query().replaceAll("offset=[^&]*", "offset=" + one.offset));
            List<String> all = new ArrayList<>(one.keys);
            all.addAll(Json.keys(Json.withoutControl(Json.items(rest))));
            assertThat(all.stream().distinct()).hasSize(200);
        }
    }

    @Test
    void http250WhatHasBeenStreamedIsAmongTheRowsThoughItIsVisibleLate() throws IOException {
        try (TestPostgres postgres = TestPostgres.start(Map.of());
                RunningServer own = RunningServer.startOn(postgres, "postgres", Map.of())) {
            own.sql("CREATE TABLE late (id int PRIMARY KEY)");
            Follower follower = new Follower(new Client(own), "table=late&log=changes_only");
            // Whoever commits waits for a standby that does not come; the stream does not.
            own.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            await().until(() -> own.ask("SHOW synchronous_standby_names").equals(List.of("nobody")));
            CompletableFuture<Void> commit = CompletableFuture.runAsync(
                    () -> own.sql("INSERT INTO late VALUES (1)"), Thread::startVirtualThread);
            assertThat(follower.next(1)).hasSize(1);
            try (Held held = Held.by(own, "table=late&log=changes_only&offset=now" + subset("where", "true"))) {
                assertThat(own.ask("SELECT count(*) FROM late")).containsExactly("0");
                assertThat(held.isAnswered()).isFalse();
                own.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                commit.join();
                Got got = held.answer();
                assertThat(got.header("electric-offset")).isEqualTo(follower.offset());
                assertThat(ids(got)).containsExactly("1");
            }
        }
    }

    @Test
    void http251WhoStandsSomewhereStaysThere() {
        server.sql("CREATE TABLE staying (id int PRIMARY KEY)", "INSERT INTO staying VALUES (1)");
        Follower follower = new Follower(client, "table=staying");
        String behind = follower.query();
        server.sql("INSERT INTO staying VALUES (2)");
        follower.next(1);
        Got before = client.shape(behind + subset("where", "id > 1"));
        assertThat(ids(before)).containsExactly("2");
        assertThat(before.header("electric-offset")).isEqualTo("0_inf");
        assertThat(client.shape(behind.replace("0_inf", "0_0") + subset("where", "true"))
                        .header("electric-offset"))
                .isEqualTo("0_0");
        assertThat(client.shape(follower.query() + subset("where", "true")).header("electric-offset"))
                .isEqualTo(follower.offset());
        // Beyond the log there is no place, and nothing to wait for.
        String beyond = behind.replace("0_inf", "99999999999999_0") + subset("where", "true");
        assertThat(client.shape(beyond).header("electric-offset")).isEqualTo(follower.offset());
    }

    @Test
    void http252AStaleHandleIsToldBeforeAnyRow() {
        Got got = client.shape("table=people&offset=0_0&handle=1-1" + subset("where", "true"));
        assertThat(got.status()).isEqualTo(409);
        assertThat(got.header("electric-handle")).isEqualTo(client.handle("table=people"));
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=60, must-revalidate");
        assertThat(got.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
        Got posted = client.post("table=people&offset=0_0&handle=1-1", "{\"where\":\"true\"}");
        assertThat(posted.status()).isEqualTo(409);
        assertThat(posted.header("cache-control")).isEqualTo("no-cache");
        assertThat(client.refused("table=people" + subset("where", "true")))
                .isEqualTo("{\"offset\":[\"can't be blank\"]}");
    }

    @Test
    void http252AShapeWhoseTableTurnsOutToBeAnotherIsOver() {
        server.sql("CREATE TABLE shifted (id int PRIMARY KEY, v text)", "INSERT INTO shifted VALUES (1, 'v')");
        Follower follower = new Follower(client, "table=shifted");
        // Nothing on the stream tells of it before a row is written.
        server.sql("ALTER TABLE shifted DROP COLUMN v");
        assertThat(client.shape(follower.query()).status()).isEqualTo(200);
        try (Held held = Held.by(server, follower.live())) {
            Got got = client.shape(follower.query() + subset("where", "id = 1"));
            assertThat(got.status()).isEqualTo(409);
            assertThat(held.answer().status()).isEqualTo(409);
        }
        // A client takes the handle for expired now: it must never see it again.
        Got next = client.shape(follower.query());
        assertThat(next.status()).isEqualTo(409);
        assertThat(next.header("electric-handle")).isNotEqualTo(follower.handle());
        assertThat(ids(client.shape("table=shifted&offset=-1" + subset("where", "id = 1"))))
                .containsExactly("1");
    }

    @Test
    void http253ALogOfChangesHasNoRowsButAllChanges() {
        server.sql("CREATE TABLE logged (id int PRIMARY KEY, v text)", "INSERT INTO logged VALUES (1, 'a'), (2, 'b')");
        String definition = "table=logged&log=changes_only&where=" + Client.encoded("id < 10");
        Got first = client.shape(definition + "&offset=-1");
        assertThat(Json.items(first).stream().map(Json::control)).containsExactly("snapshot-end");
        assertThat(first.header("electric-offset")).isEqualTo("0_0");
        assertThat(first.header("electric-handle"))
                .isNotEqualTo(client.handle("table=logged&where=" + Client.encoded("id < 10")));
        Follower changes = new Follower(client, definition);
        Follower full = new Follower(client, definition.replace("changes_only", "full"));
        server.sql(
                "UPDATE logged SET v = 'c' WHERE id = 1",
                "DELETE FROM logged WHERE id = 2",
                "INSERT INTO logged VALUES (3, 'd'), (11, 'no')",
                "UPDATE logged SET id = 12 WHERE id = 3");
        List<JsonNode> told = changes.next(4);
        assertThat(told).hasSize(4).isEqualTo(full.next(4));
    }

    @Test
    void http254NowIsAnsweredAtOnceWithThePlaceAlone() {
        server.sql("CREATE TABLE instant (id int PRIMARY KEY)", "INSERT INTO instant VALUES (1)");
        for (String log : List.of("full", "changes_only")) {
            String definition = "table=instant&log=" + log;
            Got got = client.shape(definition + "&offset=now&handle=whatever");
            assertThat(got.status()).isEqualTo(200);
            assertThat(Json.items(got).stream().map(Json::control)).containsExactly("up-to-date");
            assertThat(got.header("electric-offset")).isEqualTo("0_inf");
            assertThat(got.header("electric-up-to-date")).isEmpty();
            assertThat(got.header("electric-has-data")).isEqualTo("false");
            assertThat(got.header("electric-schema")).startsWith("{\"id\":");
            assertThat(got.header("cache-control")).isEqualTo("public, max-age=60, stale-while-revalidate=300");
            assertThat(got.header("content-length"))
                    .isEqualTo(Integer.toString(got.body().length()));
            assertThat(got.has("electric-cursor")).isFalse();
            String handle = got.header("electric-handle");
            assertThat(got.header("etag")).startsWith('"' + handle + ":now:0_inf:");
            assertThat(client.shape(definition + "&offset=now", "if-none-match: " + got.header("etag"))
                            .status())
                    .isEqualTo(200);
            assertThat(handle).isEqualTo(client.handle(definition));
            // From there on, everything.
            try (Held held = Held.by(server, definition + "&" + Client.next(got) + "&live=true")) {
                server.sql("INSERT INTO instant SELECT max(id) + 1 FROM instant");
                Got change = held.answer();
                assertThat(Json.withoutControl(Json.items(change))).hasSize(1);
                assertThat(client.shape(definition + "&offset=now").header("electric-offset"))
                        .isEqualTo(change.header("electric-offset"));
            }
        }
    }
}
