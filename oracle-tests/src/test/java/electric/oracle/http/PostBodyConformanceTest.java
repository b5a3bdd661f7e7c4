package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parameters in a body: HTTP §2.10, HTTP-100 … HTTP-106. */
class PostBodyConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private static final String START = "table=items&offset=-1";

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTable() {
        server.sql(
                "CREATE TABLE items (id int PRIMARY KEY, v text)",
                "INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
    }

    /** What is said of a body before any parameter is looked at. */
    private static void assertUnread(Got got, int status) {
        assertThat(got.status()).as(got.body()).isEqualTo(status);
        assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(got.header("cache-control")).isEqualTo("max-age=0, private, must-revalidate");
    }

    private static List<String> ids(Got got) {
        assertThat(got.status()).as(got.body()).isEqualTo(200);
        JsonNode body = JsonMapper.shared().readTree(got.body());
        return StreamSupport.stream((body.has("data") ? body.get("data") : body).spliterator(), false)
                .filter(item -> item.has("value"))
                .map(item -> item.get("value").get("id").stringValue())
                .toList();
    }

    private static boolean isSubset(Got got) {
        return got.has("electric-snapshot");
    }

    @Test
    void http100ReadsEightMillionBytesAndNotOneMore() {
        String most = "{" + " ".repeat(8_000_000 - 2) + "}";
        assertThat(client.post(START, most).status()).isEqualTo(200);
        Got got = client.post(START, most + " ");
        assertUnread(got, 413);
        assertThat(got.body()).isEqualTo("{\"error\":\"Request body too large\"}");
    }

    @Test
    void http100CountsABodyThatComesInChunks() throws IOException {
        String chunk = "3d0900\r\n" + " ".repeat(4_000_000) + "\r\n";
        try (Wire wire = server.wire()) {
            wire.request("POST", "/v1/shape?" + START, "transfer-encoding: chunked");
            wire.send(chunk).send(chunk).send("1\r\n \r\n");
            assertUnread(wire.read(), 413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "x", "{\"a\":1", "{} {}", "{'a':1}", "{\"a\":1,}", " ", "\u0000"})
    void http101SaysWhatIsWrongWithJson(String body) {
        Got got = client.post(START, body);
        assertUnread(got, 400);
        JsonNode error = JsonMapper.shared().readTree(got.body());
        assertThat(error.propertyNames()).containsExactlyInAnyOrder("error", "details");
        assertThat(error.get("error").stringValue()).isEqualTo("Invalid JSON in request body");
        assertThat(error.get("details").stringValue()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "7", "\"table\"", "true", "null"})
    void http102WantsAnObject(String body) {
        Got got = client.post(START, body);
        assertUnread(got, 400);
        assertThat(got.body()).isEqualTo("{\"error\":\"Request body must be a JSON object\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " {\n} ", "{\"anything\":[1,{}]}"})
    void http103AnswersABodyWithoutParametersAsItAnswersGet(String body) {
        Got get = client.shape(START);
        Got got = client.post(START, body);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(get.body());
        assertThat(got.header("cache-control")).isEqualTo("no-cache");
        for (String same : List.of("electric-handle", "electric-offset", "electric-schema", "etag", "content-type")) {
            assertThat(got.header(same)).as(same).isEqualTo(get.header(same));
        }
    }

    @Test
    void http103ReadsTheParametersOfAShapeFromABody() {
        Got got = client.post("offset=-1", "{\"table\":\"items\",\"columns\":[\"id\"],\"replica\":\"full\"}");
        assertThat(got.header("electric-handle")).isEqualTo(client.handle("table=items&columns=id&replica=full"));
        assertThat(client.post("offset=-1&table=nope", "{\"table\":\"items\"}").status())
                .isEqualTo(200);
        assertThat(client.post(START, "{\"table\":5}").body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"table\":[\"is invalid\"]}}");
    }

    @Test
    void http103TakesFalseForFalse() {
        String end = client.upToDate("table=items");
        assertThat(client.post(end, "{\"live\":false}").has("electric-cursor")).isFalse();
        assertThat(client.post(end + "&live=true", "{\"live\":false}").has("electric-cursor"))
                .isFalse();
    }

    @Test
    void http104TheFieldsOfASubsetNeverSayWhichShapeIsMeant() {
        String handle = client.handle("table=items");
        Got got = client.post(
                START, "{\"where\":\"id > $1\",\"params\":{\"1\":\"1\"},\"order_by\":\"id\",\"limit\":2,\"offset\":1}");
        assertThat(isSubset(got)).isTrue();
        assertThat(ids(got)).containsExactly("3", "4");
        assertThat(got.header("electric-handle")).isEqualTo(handle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"offset\":2,\"order_by\":\"id\"}", "{\"offset\":\"2\",\"order_by\":\"id\"}"})
    void http104TheOffsetOfABodyCountsRows(String body) {
        assertThat(ids(client.post(START, body))).containsExactly("3", "4");
        assertThat(client.post("table=items", body).body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"can't be blank\"]}}");
    }

    @Test
    void http105TakesAnObjectOfItsOwnForTheSubset() {
        String body =
                "{\"table\":\"items\",\"subset\":{\"where\":\"id < 4\",\"order_by\":\"id DESC\",\"limit\":\"2\"}}";
        assertThat(ids(client.post("offset=-1", body))).containsExactly("3", "2");
        // The object counts more than the query, and what it does not say the query says.
        assertThat(ids(client.post(START + "&subset__limit=1&subset__where=" + encoded("id = 1"), body)))
                .containsExactly("3", "2");
        assertThat(ids(client.post(START + "&subset__limit=1&subset__order_by=id", "{\"subset\":{\"limit\":3}}")))
                .containsExactly("1", "2", "3");
    }

    @Test
    void http105BesideASubsetTheFilterIsThatOfTheShape() {
        Got got = client.post(START, "{\"where\":\"id = 2\",\"subset\":{}}");
        assertThat(isSubset(got)).isTrue();
        assertThat(ids(got)).containsExactly("2");
        assertThat(got.header("electric-handle")).isEqualTo(client.handle("table=items&where=" + encoded("id = 2")));
    }

    @Test
    void http105KnowsWhenASubsetIsMeant() {
        assertThat(isSubset(client.post(START, "{\"subset\":{}}"))).isTrue();
        assertThat(isSubset(client.post(START, "{\"subset\":[]}"))).isTrue();
        assertThat(isSubset(client.post(START, "{\"subset\":null}"))).isFalse();
        for (String scalar : List.of("5", "\"x\"", "true")) {
            assertThat(client.post(START, "{\"subset\":" + scalar + "}").body())
                    .as(scalar)
                    .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"subset\":[\"is invalid\"]}}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=latin1",
                "nonsense"
            })
    void http106DoesNotLookAtTheContentType(String type) {
        Got got = client.post(START, "{\"order_by\":\"id\",\"limit\":1}", "content-type: " + type);
        assertThat(ids(got)).containsExactly("1");
    }
}
