package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Which table and which columns: HTTP §2.5 and §2.6, HTTP-070 … HTTP-086. */
class TableAndColumnsConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTables() {
        server.sql(
                "CREATE SCHEMA electric_test",
                "CREATE SCHEMA \"foo.woah\"",
                "CREATE SCHEMA \"Schemä\"",
                "CREATE TABLE foo (id int PRIMARY KEY)",
                "CREATE TABLE \"Foo\" (id int PRIMARY KEY)",
                "CREATE TABLE \"foo.woah\".bar (id int PRIMARY KEY)",
                "CREATE TABLE electric_test.\"issues for 1_ab\" (id int PRIMARY KEY)",
                "CREATE TABLE \"a\"\"b\" (id int PRIMARY KEY)",
                "CREATE TABLE \"ÄpfelΦ$1\" (id int PRIMARY KEY)",
                "CREATE TABLE items (id int PRIMARY KEY, v text, w text)",
                "INSERT INTO items VALUES (1, 'one', 'x')",
                "CREATE TABLE pairs (a int, b int, c int, PRIMARY KEY (b, a))",
                "CREATE TABLE keyless (a int, b int)",
                "CREATE TABLE odd (id int PRIMARY KEY, \"has,comma\" int, \"has\"\"quote\" int, other int)",
                "INSERT INTO odd VALUES (1, 2, 3, 4)",
                "CREATE VIEW a_view AS SELECT * FROM items",
                "CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM items",
                "CREATE SEQUENCE a_sequence",
                "CREATE FOREIGN DATA WRAPPER nowhere",
                "CREATE SERVER far FOREIGN DATA WRAPPER nowhere",
                "CREATE FOREIGN TABLE a_foreign_table (id int) SERVER far",
                "CREATE TABLE columnless ()",
                "CREATE TABLE root (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (10)");
    }

    /** The columns that are described. */
    private static List<String> columns(Got got) {
        return List.copyOf(
                JsonMapper.shared().readTree(got.header("electric-schema")).propertyNames());
    }

    private String wrongTable(String table) {
        return client.refused("offset=-1&table=" + encoded(table));
    }

    private String wrongColumns(String table, String columns) {
        return client.refused("offset=-1&table=" + table + "&columns=" + encoded(columns));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Foo | \"public\".\"foo\"",
                "foo | \"public\".\"foo\"",
                "public.FOO | \"public\".\"foo\"",
                "\"Foo\" | \"public\".\"Foo\"",
                "\"public\".\"Foo\" | \"public\".\"Foo\""
            })
    void http070FoldsNamesUnlessTheyAreQuoted(String table, String relation) {
        assertRelation(table, relation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"foo.woah\".\"bar\" | \"foo.woah\".\"bar\"",
                "\"foo.woah\".BAR | \"foo.woah\".\"bar\"",
                "electric_test.\"issues for 1_ab\" | \"electric_test\".\"issues for 1_ab\"",
                "\"a\"\"b\" | \"public\".\"a\"\"b\"",
                "public.\"a\"\"b\" | \"public\".\"a\"\"b\""
            })
    void http071FindsQuotedNames(String table, String relation) {
        assertRelation(table, relation);
    }

    /** The keys of its rows tell which table it is. */
    private void assertRelation(String table, String relation) {
        server.sql("INSERT INTO " + relation + " VALUES (7) ON CONFLICT DO NOTHING");
        client.delete("table=" + encoded(table));
        assertThat(client.shape("offset=-1&table=" + encoded(table)).body())
                .contains("\"key\":\"" + relation.replace("\"", "\\\"") + "/\\\"7\\\"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "\"a\".\"b\".\"c\"", "...", "a.b.c.d"})
    void http072RefusesNamesOfMoreThanTwoParts(String table) {
        assertThat(wrongTable(table))
                .isEqualTo("{\"table\":[\"Invalid relation identifier, too many delimiters: "
                        + table.replace("\"", "\\\"") + "\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "foob@r | foob@r",
                "1foo | 1foo",
                "$foo | $foo",
                "foo bar | foo bar",
                "public.foo-bar | foo-bar",
                "\"foo\".\"bar | \"bar",
                "foo\"bar\" | foo\"bar\"",
                "'foo' | 'foo'"
            })
    void http073RefusesWhatWouldNeedQuotes(String table, String part) {
        assertThat(wrongTable(table))
                .isEqualTo("{\"table\":[\"Invalid unquoted identifier contains special characters: "
                        + part.replace("\"", "\\\"") + "\"]}");
    }

    @Test
    void http074RefusesAQuoteInsideQuotes() {
        assertThat(wrongTable("\"a\"b\""))
                .isEqualTo("{\"table\":[\"Invalid identifier with unescaped quote: a\\\"b\"]}");
    }

    @Test
    void http075RefusesNamesLongerThanPostgresHas() {
        String longest = "t".repeat(63);
        assertThat(wrongTable(longest)).contains("does not exist");
        assertThat(wrongTable(longest + "t")).isEqualTo("{\"table\":[\"Identifier is too long (max length is 63)\"]}");
        assertThat(wrongTable('"' + longest + "t\""))
                .isEqualTo("{\"table\":[\"Identifier is too long (max length is 63)\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", ".foo", "foo.", "\"\".foo", "foo.\"\"", "."})
    void http076RefusesNamesWithoutALetter(String table) {
        assertThat(wrongTable(table)).isEqualTo("{\"table\":[\"Invalid zero-length delimited identifier\"]}");
    }

    private static String doesNotExist(String schema, String name) {
        return "{\"table\":[\"Table \\\"" + schema + "\\\".\\\"" + name
                + "\\\" does not exist. If the table name contains"
                + " capitals or special characters you must quote it.\"]}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "a_view", "a_matview", "a_sequence", "a_foreign_table", "columnless", "foo_pkey"})
    void http077FollowsNothingButTables(String table) {
        assertThat(wrongTable(table)).isEqualTo(doesNotExist("public", table));
    }

    @Test
    void http077NamesSchemaAndTableAsTheyWereLookedFor() {
        assertThat(wrongTable("NOPE.\"Bar\"")).isEqualTo(doesNotExist("nope", "Bar"));
        assertThat(wrongTable("electric_test.items")).isEqualTo(doesNotExist("electric_test", "items"));
        assertThat(wrongTable("_val1d_schëmaΦ$.Φtàble")).isEqualTo(doesNotExist("_val1d_schëmaΦ$", "Φtàble"));
    }

    @Test
    void http077APartitionIsATableAsItsRootIs() {
        assertThat(client.shape("table=root&offset=-1").status()).isEqualTo(200);
        assertThat(client.shape("table=leaf&offset=-1").status()).isEqualTo(200);
    }

    @Test
    void http078FoldsNoLettersButThoseOfAscii() {
        assertRelation("ÄPFELΦ$1", "\"public\".\"ÄpfelΦ$1\"");
        assertThat(wrongTable("äpfelΦ$1")).isEqualTo(doesNotExist("public", "äpfelΦ$1"));
        assertThat(wrongTable("e\u0301t\u00E9")).isEqualTo(doesNotExist("public", "e\u0301t\u00E9"));
    }

    @Test
    void http079SelectsColumnsWithOddNames() {
        Got got = client.shape("table=odd&offset=-1&columns=" + encoded("\"id\",\"has,comma\",\"has\"\"quote\""));
        assertThat(got.body()).contains("\"value\":{\"id\":\"1\",\"has,comma\":\"2\",\"has\\\"quote\":\"3\"}");
        assertThat(columns(got)).containsExactly("id", "has,comma", "has\"quote");
    }

    @Test
    void http080RefusesAListWithHolesOrSpaces() {
        assertThat(wrongColumns("items", "id,"))
                .isEqualTo("{\"columns\":[\"Invalid zero-length delimited identifier\"]}");
        assertThat(wrongColumns("items", ",id"))
                .isEqualTo("{\"columns\":[\"Invalid zero-length delimited identifier\"]}");
        assertThat(wrongColumns("items", "id, v"))
                .isEqualTo("{\"columns\":[\"Invalid unquoted identifier contains special characters:  v\"]}");
        assertThat(client.refused("table=items&offset=-1&queryable_columns=id,"))
                .isEqualTo("{\"queryable_columns\":[\"Invalid zero-length delimited identifier\"]}");
    }

    @Test
    void http081WantsAllColumnsOfThePrimaryKey() {
        assertThat(wrongColumns("items", "v"))
                .isEqualTo("{\"columns\":[\"The list of columns must include all primary key columns, missing: id\"]}");
        assertThat(wrongColumns("pairs", "c"))
                .isEqualTo(
                        "{\"columns\":[\"The list of columns must include all primary key columns, missing: b, a\"]}");
        assertThat(wrongColumns("keyless", "b"))
                .isEqualTo("{\"columns\":[\"The list of columns must include all primary key columns, missing: a\"]}");
        assertThat(client.refused("table=pairs&offset=-1&queryable_columns=a,c"))
                .isEqualTo(
                        "{\"queryable_columns\":[\"The list of queryable columns must include all primary key columns,"
                                + " missing: b\"]}");
    }

    @Test
    void http082WantsColumnsThatAreThere() {
        assertThat(wrongColumns("items", "id,invalid"))
                .isEqualTo("{\"columns\":[\"The following columns are not found on the table: invalid\"]}");
        assertThat(wrongColumns("items", "x,id,\"V\",v,ctid"))
                .isEqualTo("{\"columns\":[\"The following columns are not found on the table: x, V, ctid\"]}");
        assertThat(client.refused("table=items&offset=-1&queryable_columns=id,nope"))
                .isEqualTo(
                        "{\"queryable_columns\":[\"The following queryable columns are not found on the table: nope\"]}");
        // What is missing is said before what is too much.
        assertThat(wrongColumns("items", "invalid"))
                .isEqualTo("{\"columns\":[\"The list of columns must include all primary key columns, missing: id\"]}");
    }

    /** Postgres replicates generated columns from 18 on. */
    @Test
    void http083RefusesGeneratedColumnsWherePostgresDoesNotReplicateThem() {
        server.sql(
                "CREATE TABLE sums (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO sums VALUES (4)");
        int version = Integer.parseInt(server.ask("SHOW server_version_num").getFirst());
        String named = "table=sums&offset=-1&columns=id,twice";
        assertThat(client.shape("table=sums&offset=-1&columns=id").status()).isEqualTo(200);
        if (version >= 180000) {
            assertThat(client.shape(named).body()).contains("{\"id\":\"4\",\"twice\":\"8\"}");
            assertThat(client.shape("table=sums&offset=-1").body()).contains("{\"id\":\"4\",\"twice\":\"8\"}");
        } else {
            String message = "The following columns are generated and cannot be included in the shape: twice";
            assertThat(client.refused(named)).isEqualTo("{\"columns\":[\"" + message + "\"]}");
            assertThat(client.refused("table=sums&offset=-1"))
                    .isEqualTo(
                            "{\"columns\":[\"" + message + ". You can exclude them from the shape by explicitly listing"
                                    + " which columns to fetch in the 'columns' query param\"]}");
        }
    }

    @Test
    void http084ShowsNothingButTheSelectedColumns() {
        Got got = client.shape("table=items&offset=-1&columns=w,id");
        assertThat(got.body()).contains("\"value\":{\"id\":\"1\",\"w\":\"x\"}").doesNotContain("\"v\"");
        assertThat(columns(got)).containsExactly("id", "w");
    }

    @Test
    void http085KeepsToTheQueryableColumns() {
        String query = "table=items&offset=-1&queryable_columns=id,v";
        assertThat(columns(client.shape(query))).containsExactly("id", "v");
        assertThat(client.refused(query + "&columns=id,w"))
                .isEqualTo("{\"columns\":[\"The following columns are not found on the table: w\"]}");
        assertThat(client.refused(query + "&subset__where=" + encoded("w = 'x'")))
                .isEqualTo("{\"subset\":{\"where\":[\"At location 0: unknown reference w\"]}}");
        assertThat(client.refused(query + "&subset__order_by=w"))
                .isEqualTo("{\"subset\":{\"order_by\":[\"At location 18: unknown reference w\"]}}");
        assertThat(client.shape(query + "&where=" + encoded("w = 'x'")).body()).contains("\"value\":{\"id\":\"1\"");
        assertThat(client.shape(query + "&where=" + encoded("w = 'y'")).body()).doesNotContain("\"value\"");
    }

    @Test
    void http086DoesNotCareInWhichOrderColumnsAreNamed() {
        String handle = client.handle("table=items&columns=id,v");
        assertThat(client.handle("table=items&columns=v,id")).isEqualTo(handle);
        assertThat(client.handle("table=items&columns=" + encoded("\"v\",ID"))).isEqualTo(handle);
        assertThat(client.handle("table=items&columns[]=v&columns[]=id")).isEqualTo(handle);
        // Beyond what must be: a name that is there twice counts once.
        assertThat(client.handle("table=items&columns=id,v,id")).isEqualTo(handle);
        for (String other : List.of("table=items", "table=items&columns=id", "table=items&columns=id,v,w")) {
            assertThat(client.handle(other)).as(other).isNotEqualTo(handle);
        }
    }
}
