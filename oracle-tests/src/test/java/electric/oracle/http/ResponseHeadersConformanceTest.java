package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which answer says what about itself: HTTP §3.1 to §3.7, HTTP-107 … HTTP-120. */
class ResponseHeadersConformanceTest {
    private static final int CHUNK_BYTES = 10_000;

    @RegisterExtension
    static final RunningServer server =
            RunningServer.start(Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", Integer.toString(CHUNK_BYTES)));

    /** Whose long polls end before a second is over. */
    @RegisterExtension
    static final RunningServer impatient = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "300"));

    private static final Client client = new Client(server);
    private static final Client hasty = new Client(impatient);
    private static final String START = "table=items&offset=-1";

    /** Someone who stands at the end of the snapshot, with a change to come. */
    private static String pending = "";

    @BeforeAll
    static void makeTables() {
        String table = "CREATE TABLE items (id int PRIMARY KEY, v text)";
        server.sql(table, "INSERT INTO items VALUES (1, 'one')", "CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY)");
        impatient.sql(table);
        Follower follower = new Follower(client, "table=items");
        pending = follower.query();
        server.sql("INSERT INTO items VALUES (2, 'two')");
        follower.next(1);
    }

    private static void assertHas(Got got, String... names) {
        for (String name : names) {
            assertThat(got.header(name)).as(name).isNotEmpty();
        }
    }

    private static void assertLacks(Got got, String... names) {
        for (String name : names) {
            assertThat(got.has(name)).as(name + " of " + got).isFalse();
        }
    }

    @Test
    void http107TellsWhereAReaderStandsAndWhatTheColumnsAre() {
        for (String query : List.of(START, pending, "table=items&offset=now")) {
            Got got = client.shape(query);
            assertThat(got.status()).isEqualTo(200);
            assertHas(got, "electric-handle", "electric-offset", "electric-schema", "electric-has-data", "etag");
            assertLacks(got, "electric-cursor", "electric-snapshot");
        }
    }

    @Test
    void http108TellsAFollowerTheCursorAndNotTheColumns() {
        for (Got got : List.of(
                client.shape(pending + "&live=true"),
                client.ask("HEAD", "/v1/shape?" + pending + "&live=true&live_sse=true"),
                hasty.shape(hasty.upToDate("table=items") + "&live=true"))) {
            assertThat(got.status()).isEqualTo(200);
            assertHas(got, "electric-handle", "electric-offset", "electric-cursor", "electric-has-data", "etag");
            assertLacks(got, "electric-schema", "electric-snapshot");
        }
    }

    @Test
    void http109SaysWithAnEmptyValueThatThisIsTheEnd() {
        assertThat(client.shape(START).has("electric-up-to-date")).isFalse();
        for (Got got : List.of(
                client.shape(pending),
                client.shape(pending + "&live=true"),
                client.shape("table=items&offset=now"),
                hasty.shape(hasty.upToDate("table=items") + "&live=true"))) {
            assertThat(got.headerLines().stream().filter(line -> line.startsWith("electric-up-to-date:")))
                    .hasSize(1)
                    .allMatch(line ->
                            line.substring("electric-up-to-date:".length()).isBlank());
            assertThat(got.body()).endsWith("\"}}]").contains("\"control\":\"up-to-date\"");
        }
    }

    @Test
    void http109SaysNothingBeforeTheEndOfTheLog() {
        server.sql("CREATE TABLE long (id int PRIMARY KEY, v text)");
        String end = client.upToDate("table=long");
        server.sql("INSERT INTO long SELECT i, repeat('v', 1000) FROM generate_series(1, 35) i");
        client.shape(end + "&live=true");
        int middle = 0;
        String query = end;
        Got got = client.shape(query);
        for (; !got.has("electric-up-to-date"); got = client.shape(query)) {
            assertThat(got.body()).doesNotContain("up-to-date");
            query = "table=long&" + Client.next(got);
            middle++;
        }
        assertThat(middle).isPositive();
        assertThat(got.body()).contains("\"control\":\"up-to-date\"");
    }

    @Test
    void http110HasNoDataOnlyWhereNothingCameAndWhereNothingWasWanted() {
        assertThat(hasty.shape(hasty.upToDate("table=items") + "&live=true").header("electric-has-data"))
                .isEqualTo("false");
        assertThat(client.shape("table=items&offset=now").header("electric-has-data"))
                .isEqualTo("false");
        String end = client.upToDate("table=items");
        Got last = client.shape(end);
        for (Got got : List.of(
                client.shape(START),
                client.shape(pending),
                client.shape(pending + "&live=true"),
                last,
                client.shape(end, "if-none-match: " + last.header("etag")),
                client.ask("HEAD", "/v1/shape?" + pending + "&live=true&live_sse=true"))) {
            assertThat(got.header("electric-has-data")).isEqualTo("true");
        }
        assertLacks(client.shape(START + "&subset__limit=1&subset__order_by=id"), "electric-has-data");
    }

    @Test
    void http111AnErrorTellsNothingOfAPosition() {
        List<Got> errors = List.of(
                client.shape("table=items&offset=x"),
                client.get("/nowhere"),
                client.delete("handle=1-1"),
                client.shape("table=items&offset=0_0&handle=1-1"),
                client.shape("table=items&offset=0_0&handle=1-1&live=true"),
                client.post(START, "[]"),
                client.shape("table=fleeting&offset=-1"));
        assertThat(errors.stream().map(Got::status)).containsExactly(400, 404, 404, 409, 409, 400, 500);
        errors.forEach(got -> assertLacks(
                got,
                "electric-offset",
                "electric-schema",
                "electric-has-data",
                "electric-cursor",
                "electric-up-to-date"));
    }

    @Test
    void http112UsesNoNamesOfOldVersions() {
        for (Got got : List.of(
                client.shape(START),
                client.shape(pending),
                client.shape(pending + "&live=true"),
                client.shape("table=items&offset=now"),
                client.shape(START + "&subset__where=true"),
                client.shape("table=items&offset=0_0&handle=1-1"),
                client.shape("table=items&offset=x"))) {
            assertThat(got.headerLines())
                    .noneMatch(line -> line.startsWith("location:")
                            || line.startsWith("electric-chunk-")
                            || line.startsWith("electric-next-cursor")
                            || line.startsWith("electric-shape-id"));
        }
    }

    private static final long INTERVAL_SECONDS = 20;

    private static long aligned() {
        long seconds = Duration.between(Instant.parse("2024-10-09T00:00:00Z"), Instant.now())
                .toSeconds();
        return Math.ceilDiv(seconds, INTERVAL_SECONDS) * INTERVAL_SECONDS;
    }

    private static long cursor(String parameter) {
        return Long.parseLong(client.shape(pending + "&live=true" + parameter).header("electric-cursor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&cursor=0", "&cursor=57110420", "&cursor=-5"})
    void http113GivesEverybodyTheSameCursorForAWhile(String earlier) {
        long before = aligned();
        long cursor = cursor(earlier);
        assertThat(cursor).isBetween(before, aligned());
        assertThat(cursor % INTERVAL_SECONDS).isZero();
    }

    @Test
    void http114NeverGivesBackACursorThatWasSent() {
        for (long earlier : new long[] {aligned() + INTERVAL_SECONDS, 4_000_000_000_000L, Long.MAX_VALUE - 5000}) {
            assertThat(cursor("&cursor=" + earlier)).isBetween(earlier + 1, earlier + 3600);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&cursor", "&cursor=", "&cursor=+", "&cursor=x", "&cursor=12x", "&cursor=1.5e3"})
    void http115TakesWhatIsNoNumberForZero(String earlier) {
        long before = aligned();
        assertThat(cursor(earlier)).isBetween(before, aligned());
    }

    @Test
    void http115HasNoCursorsWithoutAWholeSecondToWait() {
        for (String earlier : List.of("", "&cursor=57110420")) {
            assertThat(hasty.shape(hasty.upToDate("table=items") + "&live=true" + earlier)
                            .header("electric-cursor"))
                    .isEqualTo("0");
        }
    }

    private static JsonNode schema(String query) {
        return JsonMapper.shared().readTree(client.shape(query).header("electric-schema"));
    }

    /** As a table would be declared, and what is told of it. */
    private static final Map<String, String> TYPES = types();

    private static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("SMALLINT", "'type':'int2'");
        types.put("INTEGER", "'type':'int4'");
        types.put("BIGINT", "'type':'int8'");
        types.put("SERIAL", "'type':'int4','not_null':true");
        types.put("REAL", "'type':'float4'");
        types.put("DOUBLE PRECISION", "'type':'float8'");
        types.put("NUMERIC", "'type':'numeric'");
        types.put("NUMERIC(5)", "'type':'numeric','precision':5,'scale':0");
        types.put("NUMERIC(5,3)", "'type':'numeric','precision':5,'scale':3");
        types.put("NUMERIC(5,3)[]", "'type':'numeric','dims':1,'precision':5,'scale':3");
        types.put("MONEY", "'type':'money'");
        types.put("BOOLEAN", "'type':'bool'");
        types.put("BYTEA", "'type':'bytea'");
        types.put("UUID", "'type':'uuid'");
        types.put("XML", "'type':'xml'");
        types.put("JSON", "'type':'json'");
        types.put("JSONB", "'type':'jsonb'");
        types.put("JSONPATH", "'type':'jsonpath'");
        types.put("TEXT", "'type':'text'");
        types.put("TEXT NOT NULL", "'type':'text','not_null':true");
        types.put("VARCHAR", "'type':'varchar'");
        types.put("VARCHAR(123)", "'type':'varchar','max_length':123");
        types.put("VARCHAR(123)[][]", "'type':'varchar','max_length':123,'dims':2");
        types.put("CHAR", "'type':'bpchar','length':1");
        types.put("CHARACTER[]", "'type':'bpchar','dims':1,'length':1");
        types.put("BPCHAR", "'type':'bpchar'");
        types.put("BPCHAR(9)", "'type':'bpchar','length':9");
        types.put("BIT", "'type':'bit','length':1");
        types.put("BIT(5)[]", "'type':'bit','dims':1,'length':5");
        types.put("BIT VARYING(5)", "'type':'varbit','length':5");
        types.put("BIT VARYING", "'type':'varbit','length':-1");
        types.put("DATE", "'type':'date'");
        types.put("TIME", "'type':'time'");
        types.put("TIME(3)", "'type':'time','precision':3");
        types.put("TIMETZ(3)", "'type':'timetz','precision':3");
        types.put("TIMESTAMP", "'type':'timestamp'");
        types.put("TIMESTAMP(3)", "'type':'timestamp','precision':3");
        types.put("TIMESTAMPTZ(3)", "'type':'timestamptz','precision':3");
        types.put("TIMESTAMP(0)", "'type':'timestamp','type_mod':0");
        types.put("INTERVAL", "'type':'interval'");
        types.put("INTERVAL YEAR", "'type':'interval','fields':'YEAR'");
        types.put("INTERVAL YEAR TO MONTH", "'type':'interval','fields':'YEAR TO MONTH'");
        types.put("INTERVAL DAY TO SECOND", "'type':'interval','fields':'DAY TO SECOND'");
        types.put("INTERVAL(4)", "'type':'interval','precision':4");
        types.put("INTERVAL SECOND(4)[]", "'type':'interval','dims':1,'precision':4,'fields':'SECOND'");
        types.put("INTERVAL MINUTE TO SECOND[][]", "'type':'interval','dims':2,'fields':'MINUTE TO SECOND'");
        for (String name : List.of(
                "point",
                "polygon",
                "inet",
                "cidr",
                "macaddr8",
                "int4range",
                "tstzmultirange",
                "tsvector",
                "tsquery",
                "pg_lsn",
                "oid",
                "regclass")) {
            types.put(name, "'type':'" + name + "'");
        }
        types.put("mood", "'type':'mood'");
        types.put("mood[]", "'type':'mood','dims':1");
        types.put("complex", "'type':'complex'");
        types.put("complex[]", "'type':'complex','dims':1");
        types.put("posint", "'type':'posint'");
        types.put("posint[]", "'type':'posint','dims':1");
        return types;
    }

    @Test
    void http116DescribesEveryType() {
        server.sql(
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE TYPE complex AS (r float8, i float8)",
                "CREATE DOMAIN posint AS int CHECK (VALUE > 0)");
        StringBuilder columns = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        TYPES.forEach((declared, told) -> {
            columns.append(", \"").append(declared).append("\" ").append(declared);
            expected.append(",\"")
                    .append(declared)
                    .append("\":{")
                    .append(told.replace('\'', '"'))
                    .append('}');
        });
        server.sql("CREATE TABLE typed (id INT8 PRIMARY KEY" + columns + ")");
        assertThat(schema("table=typed&offset=-1"))
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"id\":{\"type\":\"int8\",\"pk_index\":0,\"not_null\":true}" + expected + "}"));
    }

    /** A negative scale is told as Postgres stores it, which clients know. */
    @Test
    void http116TellsANegativeScaleAsItIsStored() {
        server.sql("CREATE TABLE scaled (id int PRIMARY KEY, n NUMERIC(3,-2))");
        assertThat(schema("table=scaled&offset=-1").get("n"))
                .hasToString("{\"type\":\"numeric\",\"precision\":3,\"scale\":2046}");
    }

    @Test
    void http116EscapesNamesThatAHeaderCannotHold() {
        server.sql("CREATE TABLE named (id int PRIMARY KEY, \"größe \"\"x\"\"\" int, \"\uD83D\uDE00\" int)");
        assertThat(schema("table=named&offset=-1").propertyNames())
                .containsExactly("id", "größe \"x\"", "\uD83D\uDE00");
    }

    @Test
    void http117CountsDimensionsOnlyWhereTheyAreDeclared() {
        server.sql(
                "CREATE TABLE declared (id int PRIMARY KEY, plain int, one int[], two int[][], three int[3][3][3])",
                "CREATE TABLE undeclared AS SELECT 1 AS id, ARRAY[1, 2] AS a",
                "ALTER TABLE undeclared ADD PRIMARY KEY (id)");
        JsonNode declared = schema("table=declared&offset=-1");
        assertThat(declared.get("plain")).hasToString("{\"type\":\"int4\"}");
        assertThat(declared.get("one")).isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"dims\":1}"));
        assertThat(declared.get("two")).isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"dims\":2}"));
        assertThat(declared.get("three")).isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"dims\":3}"));
        String dimensions = server.ask("SELECT attndims FROM pg_attribute WHERE attname = 'a'"
                        + " AND attrelid = 'undeclared'::regclass")
                .getFirst();
        assertThat(dimensions).isEqualTo("0");
        assertThat(schema("table=undeclared&offset=-1").get("a")).hasToString("{\"type\":\"_int4\"}");
    }

    @Test
    void http118CountsTheColumnsOfTheKeyInItsOrder() {
        server.sql("CREATE TABLE keyed (a int, b int, c int NOT NULL, d int, PRIMARY KEY (d, a))");
        JsonNode keyed = schema("table=keyed&offset=-1");
        assertThat(keyed.get("a"))
                .isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"pk_index\":1,\"not_null\":true}"));
        assertThat(keyed.get("b")).hasToString("{\"type\":\"int4\"}");
        assertThat(keyed.get("c")).isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"not_null\":true}"));
        assertThat(keyed.get("d"))
                .isEqualTo(JsonMapper.shared().readTree("{\"type\":\"int4\",\"pk_index\":0,\"not_null\":true}"));
        server.sql("CREATE TABLE keyless (a int, b int NOT NULL)");
        assertThat(client.shape("table=keyless&offset=-1").header("electric-schema"))
                .doesNotContain("pk_index");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "NUMERIC(5) | {\"type\":\"numeric\",\"precision\":5,\"scale\":0}",
                "INTERVAL SECOND(4) | {\"type\":\"interval\",\"precision\":4,\"fields\":\"SECOND\"}",
                "BIT VARYING | {\"type\":\"varbit\",\"length\":-1}",
                "TIMESTAMP(0) | {\"type\":\"timestamp\",\"type_mod\":0}"
            })
    void http119DescribesTheHardCases(String declared, String told) {
        String table = '"' + declared + '"';
        server.sql("CREATE TABLE " + table + " (id int PRIMARY KEY, c " + declared + ")");
        assertThat(schema("offset=-1&table=" + encoded(table)).get("c"))
                .isEqualTo(JsonMapper.shared().readTree(told));
    }

    @Test
    void http120TellsOfANewConstraintWithoutANewShape() {
        server.sql("CREATE TABLE constrained (id int PRIMARY KEY, v text)");
        String handle = client.handle("table=constrained");
        assertThat(schema("table=constrained&offset=-1").get("v")).hasToString("{\"type\":\"text\"}");
        server.sql("ALTER TABLE constrained ALTER v SET NOT NULL", "INSERT INTO constrained VALUES (1, 'one')");
        await("the change of the table to be seen")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                schema("table=constrained&offset=-1").get("v").has("not_null"))
                        .isTrue());
        assertThat(client.handle("table=constrained")).isEqualTo(handle);
    }
}
