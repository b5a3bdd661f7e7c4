package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire.Got;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Values: HTTP-165 … HTTP-174 (§4.6).
 *
 * <p>The database has other settings than the protocol, so that whoever forgets to set one is found out.
 */
class ValuesConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.startOn(databaseWithSettingsOfItsOwn(), Map.of());

    private final Client client = new Client(server);

    private static String databaseWithSettingsOfItsOwn() {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        for (String setting : List.of(
                "DateStyle = 'German, MDY'",
                "TimeZone = 'Asia/Tokyo'",
                "IntervalStyle = 'postgres_verbose'",
                "bytea_output = 'escape'",
                "extra_float_digits = -3")) {
            RunningServer.sql(postgres, database, "ALTER DATABASE " + database + " SET " + setting);
        }
        return database;
    }

    /** A column of one type with one value, and what clients are told of it. */
    private record Told(
            String type, @Nullable String value, @Nullable String text) {}

    private static List<JsonNode> values(Got got) {
        return Json.withoutControl(Json.items(got)).stream()
                .map(item -> item.get("value"))
                .toList();
    }

    /** Each is told in the same words by a snapshot, a subset, an insert and an update. */
    private void expect(String table, Told... all) {
        Map<String, Told> columns = new LinkedHashMap<>();
        for (Told told : all) {
            columns.put("c" + columns.size(), told);
        }
        String definition = columns.entrySet().stream()
                .map(column -> ", " + column.getKey() + " " + column.getValue().type)
                .collect(Collectors.joining());
        String literals = columns.values().stream()
                .map(told -> ", " + (told.value == null ? "NULL" : "'" + told.value.replace("'", "''") + "'"))
                .collect(Collectors.joining());
        String assignments = columns.keySet().stream()
                .map(name -> name + " = before." + name)
                .collect(Collectors.joining(", "));
        server.sql("CREATE TABLE " + table + " (id int PRIMARY KEY" + definition + ")");
        Follower follower = new Follower(client, "table=" + table + "&replica=full");
        server.sql(
                "INSERT INTO " + table + " VALUES (1" + literals + ")",
                "INSERT INTO " + table + " (id) VALUES (2)",
                "UPDATE " + table + " SET " + assignments + " FROM (SELECT * FROM " + table
                        + " WHERE id = 1) before WHERE " + table + ".id = 2");
        List<JsonNode> changes = follower.next(3);
        List<JsonNode> snapshot = values(client.shape("table=" + table + "&offset=-1"));
        Got subset = client.shape("table=" + table + "&offset=-1&subset__where=" + Client.encoded("id = 1"));
        assertThat(snapshot).hasSize(2);
        for (JsonNode row : List.of(
                changes.get(0).get("value"),
                changes.get(2).get("value"),
                snapshot.get(0),
                snapshot.get(1),
                Json.of(subset.body()).get("data").get(0).get("value"))) {
            columns.forEach((name, told) -> {
                JsonNode value = row.get(name);
                assertThat(value).as(told.type).isNotNull();
                // HTTP-165: nothing but strings and nulls.
                assertThat(value.isString() || value.isNull())
                        .as(value.toString())
                        .isTrue();
                assertThat(value.isNull() ? null : value.stringValue())
                        .as(told.type + " " + told.value)
                        .isEqualTo(told.text);
            });
            assertThat(row.size()).isEqualTo(columns.size() + 1);
        }
    }

    @Test
    void http165ValuesAreStringsOrNull() {
        expect(
                "strings",
                new Told("int2", "42", "42"),
                new Told("int8", "9223372036854775807", "9223372036854775807"),
                new Told("oid", "4294967295", "4294967295"),
                new Told("float8", "4.5", "4.5"),
                new Told("numeric(8,2)", "1.5", "1.50"),
                new Told("int4", null, null),
                new Told("text", "NULL", "NULL"),
                new Told("text", "", ""),
                new Told("text", "null", "null"),
                new Told("text", "\"\\\n\t\u0001é😀", "\"\\\n\t\u0001é😀"));
    }

    @Test
    void http166SettingsOfTheDatabaseDoNotShow() {
        expect(
                "settings",
                new Told("bytea", "\\x0001ff", "\\x0001ff"),
                new Told("date", "2024-02-29", "2024-02-29"),
                new Told("timestamp", "2024-02-29 10:34:56.5", "2024-02-29 10:34:56.5"),
                new Told("timestamptz", "2024-02-29 10:34:56+00", "2024-02-29 10:34:56+00"),
                new Told("float4", "0.1", "0.1"),
                new Told("float8", "0.1", "0.1"),
                new Told("interval", "1 day 2 hours", "P1DT2H"));
    }

    @Test
    void http167FloatsAreAsShortAsTheyCanBe() {
        expect(
                "floats",
                new Told("float8", "Infinity", "Infinity"),
                new Told("float8", "-Infinity", "-Infinity"),
                new Told("float8", "NaN", "NaN"),
                new Told("float8", "-0", "-0"),
                new Told("float8", "1e20", "1e+20"),
                new Told("float8", "1e-7", "1e-07"),
                new Told("float4", "1e20", "1e+20"),
                new Told("float4", "4.5", "4.5"));
    }

    @Test
    void http168BytesTimesAndIntervals() {
        expect(
                "times",
                new Told("bytea", "", "\\x"),
                new Told("bytea", "\\x2f5c", "\\x2f5c"),
                new Told("timestamptz", "2024-02-29 10:34:56.5+05:30", "2024-02-29 05:04:56.5+00"),
                new Told("timetz", "10:34:56.5+02", "10:34:56.5+02"),
                new Told("date", "0044-03-15 BC", "0044-03-15 BC"),
                new Told("date", "infinity", "infinity"),
                new Told("interval", "1 year 2 mons 3 days 04:05:06.789", "P1Y2M3DT4H5M6.789S"),
                new Told("interval", "0", "PT0S"),
                new Told("interval", "-1 day -2 hours", "P-1DT-2H"));
    }

    @Test
    void http169BooleansAreTrueOrTAndArraysOfThemAreInBraces() {
        server.sql("CREATE TABLE bools (id int PRIMARY KEY, yes bool, no bool, list bool[])");
        Follower follower = new Follower(client, "table=bools");
        server.sql("INSERT INTO bools VALUES (1, true, false, '{true,false,NULL}')");
        JsonNode change = follower.next(1).getFirst().get("value");
        JsonNode snapshot =
                values(client.shape("table=bools&replica=full&offset=-1")).getFirst();
        for (JsonNode row : List.of(change, snapshot)) {
            assertThat(row.get("yes").stringValue()).isIn("true", "t");
            assertThat(row.get("no").stringValue()).isIn("false", "f");
            assertThat(row.get("list").stringValue()).isEqualTo("{t,f,NULL}");
        }
    }

    @Test
    void http170EverythingElseIsTheTextOfPostgres() {
        server.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'so so')",
                "CREATE TYPE complex AS (r float8, i float8)",
                "CREATE DOMAIN posint AS int CHECK (VALUE > 0)");
        expect(
                "texts",
                new Told("json", "{\"b\":1,  \"a\":[1,2.50], \"a\":null}", "{\"b\":1,  \"a\":[1,2.50], \"a\":null}"),
                new Told("jsonb", "{\"b\":1,  \"a\":[1,2.50]}", "{\"a\": [1, 2.50], \"b\": 1}"),
                new Told("complex", "(1.1,2.2)", "(1.1,2.2)"),
                new Told("int4range", "[1,5]", "[1,6)"),
                new Told("numrange", "(1.50,2)", "(1.50,2)"),
                new Told("mood", "so so", "so so"),
                new Told("posint", "7", "7"),
                new Told("uuid", "721AE036-E620-43EE-A3ED-1AA3BB98E661", "721ae036-e620-43ee-a3ed-1aa3bb98e661"),
                new Told("mood[]", "{sad,\"so so\"}", "{sad,\"so so\"}"),
                new Told("complex[]", "{\"(1.1,2.2)\"}", "{\"(1.1,2.2)\"}"),
                new Told("jsonb[]", "{\"{\\\"foo\\\": \\\"bar\\\"}\"}", "{\"{\\\"foo\\\": \\\"bar\\\"}\"}"),
                new Told("text[]", "{\"a b\",c}", "{\"a b\",c}"),
                new Told("int4[]", "{{1,2},{3,4}}", "{{1,2},{3,4}}"));
    }

    @Test
    void http171NullIsNullAndInArraysAWord() {
        expect(
                "nulls",
                new Told("int4[]", "{1,NULL,3}", "{1,NULL,3}"),
                new Told("text[]", "{\"NULL\",NULL}", "{\"NULL\",NULL}"),
                new Told("int4[]", null, null),
                new Told("jsonb", null, null),
                new Told("jsonb", "null", "null"));
    }

    @Test
    void http172TheTableOfTheClientSuiteRoundTrips() {
        server.sql(
                "CREATE TYPE suite_mood AS ENUM ('sad', 'ok', 'happy')",
                "CREATE TYPE suite_complex AS (r float8, i float8)",
                "CREATE DOMAIN suite_posint AS int CHECK (VALUE > 0)");
        expect(
                "suite",
                new Told("varchar", "test", "test"),
                new Told("int2", "1", "1"),
                new Told("int4", "2147483647", "2147483647"),
                new Told("int8", "9223372036854775807", "9223372036854775807"),
                new Told("float8", "4.5", "4.5"),
                new Told("json", "{\"foo\":\"bar\"}", "{\"foo\":\"bar\"}"),
                new Told("jsonb", "{\"foo\":\"bar\"}", "{\"foo\": \"bar\"}"),
                new Told("int8[]", "{1,2,3}", "{1,2,3}"),
                new Told("int8[][]", "{{1,2,3},{4,5,6}}", "{{1,2,3},{4,5,6}}"),
                new Told("float8[]", "{Infinity,-Infinity,NaN}", "{Infinity,-Infinity,NaN}"),
                new Told("bool[]", "{true,false,true}", "{t,f,t}"),
                new Told("suite_mood[]", "{sad,ok,happy}", "{sad,ok,happy}"),
                new Told("suite_mood[][]", "{{sad,ok},{ok,happy}}", "{{sad,ok},{ok,happy}}"),
                new Told("suite_complex[]", "{\"(1.1,2.2)\",\"(3.3,4.4)\"}", "{\"(1.1,2.2)\",\"(3.3,4.4)\"}"),
                new Told("suite_posint[]", "{5,9,2}", "{5,9,2}"),
                new Told("jsonb[]", "{\"{\\\"foo\\\": \\\"bar\\\"}\"}", "{\"{\\\"foo\\\": \\\"bar\\\"}\"}"),
                new Told("text[]", "{foo,bar,baz}", "{foo,bar,baz}"));
    }

    @Test
    void http173NamesOfColumnsSurvive() {
        Map<String, String> row = Map.of(
                "id",
                "1",
                "it's",
                "a",
                "say \"x\"",
                "b",
                "a, b",
                "c",
                "back\\slash",
                "d",
                "größe",
                "e",
                "line\nbreak",
                "f");
        server.sql("CREATE TABLE names (id int PRIMARY KEY, \"it's\" text, \"say \"\"x\"\"\" text, \"a, b\" text,"
                + " \"back\\slash\" text, größe text, \"line\nbreak\" text)");
        Follower follower = new Follower(client, "table=names&replica=full");
        server.sql("INSERT INTO names VALUES (1, 'a', 'b', 'c', 'd', 'x', 'f')", "UPDATE names SET größe = 'e'");
        JsonNode update = follower.next(2).getLast();
        assertThat(update.get("old_value")).isEqualTo(Json.of("{\"größe\":\"x\"}"));
        List<String> quoted = row.keySet().stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .toList();
        Got named = client.shape("table=names&offset=-1&columns=" + Client.encoded(String.join(",", quoted)));
        Got subset = client.shape("table=names&offset=-1&subset__where=true");
        for (JsonNode told : List.of(
                update.get("value"),
                values(client.shape("table=names&offset=-1")).getFirst(),
                values(named).getFirst(),
                Json.of(subset.body()).get("data").get(0).get("value"))) {
            assertThat(told.propertyNames()).containsExactlyInAnyOrderElementsOf(row.keySet());
            row.forEach(
                    (name, value) -> assertThat(told.get(name).stringValue()).isEqualTo(value));
        }
        assertThat(Json.of(named.header("electric-schema")).propertyNames())
                .containsExactlyInAnyOrderElementsOf(row.keySet());
    }

    @Test
    void http174CharIsPaddedEverywhere() {
        expect(
                "chars",
                new Told("char(5)", "ab", "ab   "),
                new Told("char(5)", "", "     "),
                new Told("bpchar", "ab  ", "ab  "),
                new Told("char(3)[]", "{a,bc}", "{\"a  \",\"bc \"}"),
                new Told("varchar(5)", "ab ", "ab "));
    }
}
