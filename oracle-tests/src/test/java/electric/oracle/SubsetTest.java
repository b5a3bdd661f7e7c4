package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Some rows of a shape, answered by Postgres itself: http-api §8. */
class SubsetTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @BeforeAll
    static void start() {
        server.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE people (id int PRIMARY KEY, name text, age int, m mood, secret text)",
                "INSERT INTO people VALUES (1, 'ann', 30, 'sad', 'x'), (2, 'bob', 40, 'happy', 'y'),"
                        + " (3, 'it''s', NULL, 'happy', 'z'), (4, 'dan', 20, NULL, 'x')");
    }

    private static HttpResponse<String> ask(ShapeDefinition definition, String... more) {
        return server.get(definition, more);
    }

    /** What is wrong with a subset of people. */
    private static String errors(String... more) {
        HttpResponse<String> response = ask(people(), more);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        return json(response).get("errors").toString();
    }

    private static ShapeDefinition people() {
        return ShapeDefinition.of("people");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static List<String> ids(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StreamSupport.stream(json(response).get("data").spliterator(), false)
                .map(row -> row.get("value").get("id").stringValue())
                .toList();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void tellsTheRowsAndWhichTransactionsTheyReflect() { // HTTP-237…239, 248, 250
        HttpResponse<String> response =
                ask(people(), "offset", "now", "subset__where", "name = $1", "subset__params", "{\"1\":\"it's\"}");
        JsonNode metadata = json(response).get("metadata");
        int mark = metadata.get("snapshot_mark").intValue();
        assertThat(json(response).get("data")).hasToString("""
                        [{"key":"\\"public\\".\\"people\\"/\\"3\\"","value":{"id":"3","name":"it's","age":null,"m":"happy",\
                        "secret":"z"},"headers":{"operation":"insert","relation":["public","people"],"snapshot_mark":%d}}]\
                        """.formatted(mark));
        assertThat(metadata.get("xmin").stringValue()).matches("[0-9]+");
        assertThat(metadata.get("xmax").stringValue()).matches("[0-9]+");
        assertThat(metadata.get("xip_list").isArray()).isTrue();
        assertThat(metadata.get("database_lsn").stringValue()).matches("[0-9]+");
        assertThat(header(response, "cache-control")).isEqualTo("no-cache");
        assertThat(header(response, "electric-snapshot")).isEqualTo("true");
        assertThat(header(response, "electric-handle")).isNotEmpty();
        assertThat(header(response, "electric-schema")).startsWith("{\"id\"");
        assertThat(header(response, "electric-offset")).isEqualTo("0_inf");
        for (String absent : List.of("electric-up-to-date", "electric-has-data", "electric-cursor", "etag")) {
            assertThat(response.headers().firstValue(absent)).isEmpty();
        }
    }

    @Test
    void ordersAndPages() {
        assertThat(ids(ask(people(), "offset", "-1", "subset__order_by", "age DESC NULLS LAST, id")))
                .containsExactly("2", "1", "4", "3");
        assertThat(ids(ask(
                        people(),
                        "offset",
                        "-1",
                        "subset__order_by",
                        "\"name\"",
                        "subset__limit",
                        "2",
                        "subset__offset",
                        "1")))
                .containsExactly("2", "4");
        assertThat(ids(ask(people(), "offset", "-1", "subset__where", "false"))).isEmpty();
        assertThat(ids(ask(people(), "offset", "-1", "subset__where", "true = true")))
                .hasSize(4);
        assertThat(ids(ask(people(), "offset", "-1", "subset__where", " "))).hasSize(4);
    }

    @Test
    void isPartOfItsShape() { // HTTP-240
        ShapeDefinition some = people().where("age > 25 OR name = $1", "dan").columns("id", "name");
        HttpResponse<String> response =
                ask(some, "offset", "-1", "subset__where", "id = $1 OR id > 3", "subset__params", "{\"1\":3}");
        assertThat(ids(response)).containsExactly("4");
        assertThat(json(response).get("data").get(0).get("value")).hasToString("{\"id\":\"4\",\"name\":\"dan\"}");
    }

    @Test
    void knowsOnlyColumnsThatMayBeQueried() { // HTTP-247
        String[] queryable = {"offset", "-1", "queryable_columns", "id,name"};
        assertThat(ids(ask(people(), with(queryable, "subset__where", "name = 'bob'"))))
                .containsExactly("2");
        assertThat(errors(with(queryable, "subset__where", "id = 1 AND secret = 'x'")))
                .isEqualTo("{\"subset\":{\"where\":[\"At location 11: unknown reference secret\"]}}");
        assertThat(errors(with(queryable, "subset__order_by", "secret")))
                .isEqualTo("{\"subset\":{\"order_by\":[\"At location 18: unknown reference secret\"]}}");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void saysWhatIsWrong() { // HTTP-241…246
        assertThat(errors("offset", "-1", "subset__limit", "3"))
                .isEqualTo("{\"subset\":{\"order_by\":[\"order_by is required when limit or offset is present\"]}}");
        assertThat(errors("offset", "-1", "subset__order_by", "id; drop table people"))
                .isEqualTo("{\"subset\":{\"order_by\":[\"Unexpected `;` in order by\"]}}");
        assertThat(errors("offset", "-1", "subset__where", "id IN (SELECT id FROM people)"))
                .isEqualTo("{\"subset\":{\"where\":[\"Subqueries are not allowed in subsets\"]}}");
        assertThat(ids(ask(people(), "offset", "-1", "subset__where", "m = 'happy'")))
                .hasSize(2);
        assertThat(errors("offset", "-1", "subset__where", "m = 'furious'"))
                .isEqualTo("{\"subset\":{\"where\":\"invalid input value for enum mood: \\\"furious\\\"\"}}");
        assertThat(errors("offset", "-1", "subset__where", "1 / (id - 2) > 0"))
                .startsWith("{\"subset\":{\"where\":[")
                .contains("division by zero");
        assertThat(errors("offset", "-1", "subset__where", "id = 1 LIMIT 1")).contains("malformed query");
        assertThat(errors("subset__where", "id = 1")).isEqualTo("{\"offset\":[\"can't be blank\"]}");
    }

    @Test
    void comesByPostToo() throws Exception { // HTTP-249
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(server.shapeUrl() + "?" + people().query(Map.of("offset", "now"))))
                .POST(HttpRequest.BodyPublishers.ofString("{\"where\":\"age > $1\",\"params\":{\"1\":25},"
                        + "\"order_by\":\"age DESC\",\"limit\":1,\"where_expr\":{\"type\":\"func\"}}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(ids(response)).containsExactly("2");
            assertThat(header(response, "electric-offset")).isEqualTo("0_inf");
            assertThat(header(response, "electric-schema")).isNotEmpty();
        }
    }

    @Test
    void standsWhereTheClientStands() { // HTTP-250…252
        server.sql("CREATE TABLE moving (id int PRIMARY KEY)", "INSERT INTO moving VALUES (1)");
        ShapeDefinition moving = ShapeDefinition.of("moving");
        assertThat(header(ask(moving, "offset", "-1", "subset__where", ""), "electric-offset"))
                .isEqualTo("0_0");
        ShapeClient client = server.client(moving).catchUp();
        server.sql("INSERT INTO moving VALUES (2)");
        client.followUntil(view -> view.rows().size() == 2, Duration.ofSeconds(20));
        String handle = client.handle().orElseThrow();
        HttpResponse<String> before = ask(moving, "offset", "0_inf", "handle", handle, "subset__where", "id > 1");
        assertThat(ids(before)).containsExactly("2");
        assertThat(header(before, "electric-offset")).isEqualTo("0_inf");
        HttpResponse<String> now = ask(moving, "offset", "now", "subset__where", "id > 1");
        assertThat(header(now, "electric-offset")).matches("[1-9][0-9]*_0");
        HttpResponse<String> beyond =
                ask(moving, "offset", "99999999999999_0", "handle", handle, "subset__where", "true");
        assertThat(header(beyond, "electric-offset")).isEqualTo(header(now, "electric-offset"));
        HttpResponse<String> stale = ask(moving, "offset", "0_inf", "handle", "1-1", "subset__where", "true");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(header(stale, "electric-handle")).isEqualTo(handle);
    }
}
