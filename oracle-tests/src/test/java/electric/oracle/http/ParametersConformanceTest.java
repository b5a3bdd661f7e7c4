package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What a request may say: HTTP §2.1 to §2.4, HTTP-054 … HTTP-069. */
class ParametersConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private static final String START = "table=items&offset=-1";
    private static final Client client = new Client(server);
    private static String handle = "";

    /** A row that is there from the start, and one more that comes when the shape is there. */
    @BeforeAll
    static void makeTable() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY, v text)", "INSERT INTO items VALUES (1, 'one')");
        handle = client.handle("table=items");
        server.sql("INSERT INTO items VALUES (2, 'two')");
        assertThat(client.shape(live()).body()).contains("two");
    }

    /** A live request that finds something to answer at once, without {@code live}. */
    private static String pending() {
        return "table=items&offset=0_inf&handle=" + handle;
    }

    private static String live() {
        return pending() + "&live=true";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache-buster=1722470400000-abc",
                "expired_handle=1-1",
                "anything=at%20all",
                "anything[deep]=1",
                "anything[]=1&anything[]=2",
                "=nameless",
                "cursor[]=x",
                "subset__where_expr=%7Bnot%20json",
                "subset__order_by_expr=x"
            })
    void http054IgnoresWhatItDoesNotKnow(String parameter) {
        assertThat(client.shape(START + "&" + parameter).status()).isEqualTo(200);
        assertThat(client.shape(pending() + "&" + parameter).status()).isEqualTo(200);
    }

    @Test
    void http055TakesTheLastOfSeveralValues() {
        assertThat(client.shape("table=nope&offset=x&table=items&offset=-1").header("electric-handle"))
                .isEqualTo(handle);
        assertThat(client.refused(START + "&offset=x")).isEqualTo("{\"offset\":[\"has invalid format\"]}");
        assertThat(client.refused(START + "&replica=full&replica=half")).isEqualTo("{\"replica\":[\"is invalid\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handle",
                "where",
                "columns",
                "queryable_columns",
                "replica",
                "log",
                "experimental_compaction",
                "experimental_live_sse",
                "cursor"
            })
    void http056TakesBlankForAbsent(String name) {
        for (String blank : List.of("", "=", "=+", "=%20%09%0a")) {
            assertThat(client.shape(START + "&" + name + blank).header("electric-handle"))
                    .as(name + blank)
                    .isEqualTo(handle);
        }
    }

    @Test
    void http056TakesBlankForAbsentWhereSomethingIsWanted() {
        assertThat(client.refused("table=items&offset=+")).isEqualTo("{\"offset\":[\"can't be blank\"]}");
        assertThat(client.refused("table=+&offset=-1")).isEqualTo("{\"table\":[\"can't be blank\"]}");
        assertThat(client.refused("table=items&offset=0_0&handle=%09"))
                .isEqualTo("{\"handle\":[\"can't be blank when offset != -1\"]}");
    }

    @Test
    void http056AnEmptyParameterOfAFilterIsAValue() {
        server.sql("INSERT INTO items VALUES (30, '')");
        Got got = client.shape(START + "&columns=id&where=" + encoded("v = $1") + "&params[1]=");
        assertThat(got.body()).contains("{\"id\":\"30\"}").doesNotContain("{\"id\":\"1\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "table=items", "table=nope", "replica=full", "offset=", "live=true"})
    void http057WantsAnOffset(String query) {
        assertThat(client.refused(query)).isEqualTo("{\"offset\":[\"can't be blank\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10", "1_2_3", "1_2 ", " 1_2", "10_32.1", "foo", "INF", "NOW", "Now", "-1_1", "-1_inf", "-2", "_", "1_",
                "_1", "0_INF", "1_-1", "-0_0", "1 _2", "0x1_0", "1e3_0", "inf_0", "now_0", "-1_0_0", "٣_٤"
            })
    void http058RefusesWhatIsNoOffset(String offset) {
        assertThat(client.refused("table=items&handle=1-1&offset=" + encoded(offset)))
                .isEqualTo("{\"offset\":[\"has invalid format\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0_0",
                "0_02",
                "+1_+2",
                "0_inf",
                "12_inf",
                "-1_0",
                "18446744073709551615_0",
                "18446744073709551616_99999999999999999999999999"
            })
    void http059TakesOffsetsOfAnySize(String offset) {
        int expected = offset.equals("-1_0") ? 200 : 409;
        assertThat(client.shape("table=items&handle=1-1&offset=" + encoded(offset))
                        .status())
                .isEqualTo(expected);
    }

    @Test
    void http059WritesOffsetsOneWay() {
        assertThat(client.shape("table=items&offset=0_00&handle=" + handle).header("etag"))
                .startsWith("\"" + handle + ":0_0:");
        assertThat(client.shape("table=items&offset=-1_0").header("etag")).isEqualTo("\"" + handle + ":-1:0_0\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0_0", "0_inf", "1_0"})
    void http060WantsAHandleToGoOn(String offset) {
        assertThat(client.refused("table=items&offset=" + offset))
                .isEqualTo("{\"handle\":[\"can't be blank when offset != -1\"]}");
    }

    @Test
    void http061DropsTheHandleOfWhoeverBegins() {
        for (String offset : List.of("-1", "now")) {
            Got got = client.shape("table=items&handle=1-1&offset=" + offset);
            assertThat(got.status()).as(offset).isEqualTo(200);
            assertThat(got.header("electric-handle")).as(offset).isEqualTo(handle);
        }
    }

    @Test
    void http062CannotBeLiveFromTheBeginning() {
        assertThat(client.refused(START + "&live=true")).isEqualTo("{\"live\":[\"can't be true when offset == -1\"]}");
    }

    @Test
    void http063CannotBeLiveFromNow() {
        assertThat(client.refused("table=items&offset=now&live=true"))
                .isEqualTo("{\"live\":[\"can't be true when offset is 'now'\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "&live, true",
        "&live=, true",
        "&live=true, true",
        "&live=1, true",
        "&live=0, true",
        "&live=no, true",
        "&live=False, true",
        "&live=false, false",
        "'', false"
    })
    void http064IsLiveUnlessItSaysFalse(String parameter, boolean live) {
        Got got = client.shape(pending() + parameter);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.has("electric-cursor")).isEqualTo(live);
        assertThat(got.has("electric-schema")).isNotEqualTo(live);
    }

    @ParameterizedTest
    @ValueSource(strings = {"live_sse=true", "live_sse", "live_sse=0", "live_sse=true&live=false"})
    void http065CannotStreamEventsWithoutBeingLive(String parameters) {
        assertThat(client.refused(pending() + "&" + parameters))
                .isEqualTo("{\"live_sse\":[\"can't be true unless live is also true\"]}");
    }

    private String contentType(String more) {
        return client.ask("HEAD", "/v1/shape?" + live() + more).header("content-type");
    }

    @Test
    void http066TakesTheOldNameOfEventStreamsUnlessTheNewOneIsThere() {
        assertThat(contentType("&live_sse=true")).isEqualTo("text/event-stream");
        assertThat(contentType("&experimental_live_sse=true")).isEqualTo("text/event-stream");
        assertThat(contentType("&experimental_live_sse=1")).isEqualTo("text/event-stream");
        assertThat(contentType("&experimental_live_sse=false")).isEqualTo("application/json; charset=utf-8");
        assertThat(contentType("&experimental_live_sse=true&live_sse=false"))
                .isEqualTo("application/json; charset=utf-8");
        assertThat(client.refused(live() + "&experimental_live_sse=x")).isEqualTo("{\"live_sse\":[\"is invalid\"]}");
        assertThat(client.refused(pending() + "&experimental_live_sse=true"))
                .isEqualTo("{\"live_sse\":[\"can't be true unless live is also true\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset=-1", "offset=now", "offset=0_0&handle=1-1", "offset=0_0&handle=1-1&live=true"})
    void http067WantsATable(String query) {
        assertThat(client.refused(query)).isEqualTo("{\"table\":[\"can't be blank\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "replica, dunno",
        "replica, FULL",
        "log, some",
        "log, Full",
        "experimental_compaction, yes",
        "experimental_compaction, TRUE",
        "experimental_live_sse, on"
    })
    void http068RefusesWordsThatAParameterDoesNotHave(String name, String word) {
        String field = name.equals("experimental_live_sse") ? "live_sse" : name;
        assertThat(client.refused(START + "&" + name + "=" + word)).isEqualTo("{\"" + field + "\":[\"is invalid\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "table[a]=x",
                "table[]=x",
                "offset[]=-1",
                "handle[a]=x",
                "where[a]=x",
                "replica[]=full",
                "log[a]=full",
                "columns[a]=id",
                "params=5",
                "subset=5",
                "live[]=true"
            })
    void http068RefusesAMapOrAListWhereOneValueIsWantedAndTheOtherWayRound(String parameter) {
        String name = parameter.split("[\\[=]", 2)[0];
        assertThat(client.refused(START + "&" + parameter)).isEqualTo("{\"" + name + "\":[\"is invalid\"]}");
    }

    @Test
    void http068TakesTheWordsAParameterHas() {
        for (String words : List.of(
                "replica=default",
                "replica=full",
                "log=full",
                "log=changes_only",
                "experimental_compaction=true",
                "experimental_compaction=1",
                "experimental_compaction=false",
                "experimental_compaction=0")) {
            assertThat(client.shape(START + "&" + words).status()).as(words).isEqualTo(200);
        }
    }

    @Test
    void http069SaysEverythingThatIsWrongWithTheTypesAtOnce() {
        assertThat(JsonMapper.shared().readTree(client.refused("replica=x&log=y")))
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"replica\":[\"is invalid\"],\"log\":[\"is invalid\"],"
                                + "\"offset\":[\"can't be blank\"]}"));
    }

    /** Each is wrong in everything that comes after what is said, too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "offset=x&live_sse=true&subset__limit=0 | {\"offset\":[\"has invalid format\"]}",
                "offset=1_0&live_sse=true | {\"handle\":[\"can't be blank when offset != -1\"]}",
                "offset=-1&live=true&live_sse=true | {\"live\":[\"can't be true when offset == -1\"]}",
                "offset=-1&live_sse=true | {\"live_sse\":[\"can't be true unless live is also true\"]}",
                "offset=-1&where=1&params[a]=x&subset__limit=0 | {\"table\":[\"can't be blank\"]}",
                "offset=-1&table=a.b.c&where=1 | {\"table\":[\"Invalid relation identifier, too many delimiters: a.b.c\"]}",
                "offset=-1&table=items&columns=v&where=1&params[a]=x | {\"columns\":[\"The list of columns must include all"
                        + " primary key columns, missing: id\"]}",
                "offset=-1&table=items&where=1&subset__limit=0 | {\"where\":[\"WHERE clause must return a boolean\"]}",
                "offset=-1&table=items&subset__limit=0&subset__order_by=id | {\"subset\":{\"limit\":[\"must be greater than"
                        + " 0\"]}}"
            })
    void http069SaysTheFirstThingThatIsWrong(String query, String errors) {
        assertThat(client.refused(query)).isEqualTo(errors);
    }

    @Test
    void http069IsNeverKeptByCaches() {
        String body = "{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"has invalid format\"]}}";
        String query = "table=items&offset=x";
        for (Got got : Stream.of("GET", "HEAD")
                .map(method -> client.ask(method, "/v1/shape?" + query))
                .toList()) {
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
            assertThat(got.header("cache-control")).isEqualTo("no-store");
            assertThat(got.header("surrogate-control")).isEqualTo("no-store");
        }
        assertThat(client.shape(query).body()).isEqualTo(body);
        Got posted = client.post(query, "");
        assertThat(posted.status()).isEqualTo(400);
        assertThat(posted.body()).isEqualTo(body);
        assertThat(posted.header("cache-control")).isEqualTo("no-cache");
        assertThat(posted.has("surrogate-control")).isFalse();
    }
}
