package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.ShapeDefinition.Replica;
import electric.sync.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every type is the text Postgres gives under the protocol's settings, in values and in keys, whichever way a row travelled
 * (HTTP-143…149, HTTP-165…174).
 *
 * <p>The database has other settings than the protocol, so that whoever forgets to set one is found out.
 */
class ValueEncodingTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final RunningServer server = RunningServer.startOn(databaseWithOtherSettings(), Map.of());

    private static String databaseWithOtherSettings() {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        String alter = "ALTER DATABASE " + database + " SET ";
        RunningServer.sql(
                postgres,
                database,
                alter + "DateStyle = 'German, MDY'",
                alter + "TimeZone = 'Asia/Tokyo'",
                alter + "IntervalStyle = 'postgres_verbose'",
                alter + "bytea_output = 'escape'",
                alter + "extra_float_digits = -3",
                alter + "xmloption = 'document'");
        RunningServer.sql(postgres, database, TypedColumn.PREPARATION.toArray(String[]::new));
        return database;
    }

    /** Without a primary key every column is in the key too, which no other table could have with some of the types. */
    @Test
    void snapshotAndStreamHaveTheSameKeysAndValues() {
        server.sql("CREATE TABLE keyless (" + columnsOf(TypedColumn.ALL) + ")");
        ShapeClient stream = server.client(ShapeDefinition.of("keyless")).catchUp();
        assertThat(stream.rows()).isEmpty();

        insert("keyless", TypedColumn.ALL);
        stream.followUntil(view -> view.rows().size() == TypedColumn.rows(), LIMIT);
        ShapeClient snapshot = server.client(ShapeDefinition.of("keyless")
                        .columns(TypedColumn.ALL.stream().map(TypedColumn::name).toArray(String[]::new)))
                .catchUp();

        assertThat(snapshot.view().changed()).isEmpty();
        assertSameRows(stream.rows(), snapshot.rows());
        assertSameRows(snapshot.rows(), expected("keyless", names(TypedColumn.ALL)));

        server.sql("DELETE FROM keyless");
        snapshot.followUntil(view -> view.rows().isEmpty(), LIMIT);
        stream.followUntil(view -> view.rows().isEmpty(), LIMIT);
    }

    /** The client finds the row of every change by its key, or complains. */
    @Test
    void keysOfEveryTypeAreTheSameInSnapshotUpdateAndDelete() {
        List<String> indexable = List.of(
                "int2",
                "float4",
                "float8",
                "numeric",
                "bool",
                "text",
                "char(5)",
                "bpchar",
                "uuid",
                "bytea",
                "date",
                "timetz",
                "timestamptz",
                "interval",
                "money",
                "bit(5)",
                "inet",
                "cidr",
                "int4range",
                "mood",
                "code",
                "citext",
                "text[]",
                "complex");
        for (TypedColumn column : TypedColumn.ALL) {
            if (indexable.contains(column.type())) {
                String table = "\"by " + column.type() + "\"";
                server.sql("CREATE TABLE " + table + " (" + column.definition() + " PRIMARY KEY, n int)");
                String values = column.samples().stream()
                        .map(sample -> "('" + sample.replace("'", "''") + "', 0)")
                        .collect(Collectors.joining(", "));
                server.sql("INSERT INTO " + table + " VALUES " + values + " ON CONFLICT DO NOTHING");

                ShapeClient client = server.client(ShapeDefinition.of(table).replica(Replica.FULL))
                        .catchUp();
                assertSameRows(client.rows(), expected(table, List.of(column.name())));
                server.sql("UPDATE " + table + " SET n = 1");
                client.followUntil(
                        view -> view.rows().values().stream().allMatch(row -> Objects.equals(row.get("n"), "1")),
                        LIMIT);
                assertSameRows(client.rows(), expected(table, List.of(column.name())));
                server.sql("DELETE FROM " + table);
                client.followUntil(view -> view.rows().isEmpty(), LIMIT);
            }
        }
    }

    @Test
    void updatesTellOldAndNewValuesAsTheSnapshotWould() {
        server.sql("CREATE TABLE keyed (id int PRIMARY KEY, " + columnsOf(TypedColumn.ALL) + ")");
        for (int row = 0; row < TypedColumn.rows(); row++) {
            server.sql("INSERT INTO keyed VALUES (" + row + ", " + literals(TypedColumn.ALL, row) + ")");
        }
        ShapeClient full =
                server.client(ShapeDefinition.of("keyed").replica(Replica.FULL)).catchUp();
        ShapeClient usual = server.client(ShapeDefinition.of("keyed")).catchUp();
        assertSameRows(full.rows(), expected("keyed", List.of("id")));

        for (int row = 0; row < TypedColumn.rows(); row++) {
            int other = (row + 1) % TypedColumn.rows();
            server.sql("UPDATE keyed SET (" + String.join(", ", quoted(TypedColumn.ALL)) + ") = ROW("
                    + literals(TypedColumn.ALL, other) + ") WHERE id = " + row);
        }
        server.sql("INSERT INTO keyed (id) VALUES (-1)");
        String end = Key.of(List.of("public", "keyed"), List.of("-1"));
        full.followUntil(view -> view.rows().containsKey(end), LIMIT);
        usual.followUntil(view -> view.rows().containsKey(end), LIMIT);
        assertSameRows(full.rows(), expected("keyed", List.of("id")));
        assertSameRows(usual.rows(), expected("keyed", List.of("id")));
    }

    /** HTTP-173, and what is hard about names: quotes, commas, spaces, apostrophes, backslashes, other alphabets. */
    @Test
    void hardNamesSurviveInKeysValuesAndSchema() {
        List<String> columns = List.of(
                "it's", "a \"quote\"", "comma, space", "back\\slash", "Größe", "日本", "line\nbreak", "{}:", "id");
        String table = "\"odd \"\"schema\"\".\".\"we\"\"ird.ta/b'le\"";
        server.sql(
                "CREATE SCHEMA \"odd \"\"schema\"\".\"",
                "CREATE TABLE " + table + " ("
                        + columns.stream()
                                .map(name -> '"' + name.replace("\"", "\"\"") + "\" text")
                                .collect(Collectors.joining(", "))
                        + ", PRIMARY KEY (id, \"it's\"))",
                "INSERT INTO " + table + " SELECT 'a','b','c','d','e','f','g','h','i'");
        ShapeClient whole = server.client(ShapeDefinition.of(table)).catchUp();
        ShapeClient named = server.client(ShapeDefinition.of(table).columns(columns.toArray(String[]::new)))
                .catchUp();
        server.sql(
                "UPDATE " + table + " SET \"back\\slash\" = '\\'",
                "INSERT INTO " + table + " SELECT 'a/','b','c','d','e','f','g','h','i\"'");
        whole.followUntil(view -> view.rows().size() == 2, LIMIT);
        named.followUntil(view -> view.rows().size() == 2, LIMIT);
        assertThat(whole.rows().keySet()).containsExactlyInAnyOrder(table + "/\"i\"/\"a\"", table + "/\"i\"\"/\"a//\"");
        assertSameRows(whole.rows(), named.rows());
    }

    private static void insert(String table, List<TypedColumn> columns) {
        for (int row = 0; row < TypedColumn.rows(); row++) {
            server.sql("INSERT INTO " + table + " VALUES (" + literals(columns, row) + ")");
        }
    }

    private static String columnsOf(List<TypedColumn> columns) {
        return columns.stream().map(TypedColumn::definition).collect(Collectors.joining(", "));
    }

    private static String literals(List<TypedColumn> columns, int row) {
        return columns.stream().map(column -> column.literal(row)).collect(Collectors.joining(", "));
    }

    private static List<String> names(List<TypedColumn> columns) {
        return columns.stream().map(TypedColumn::name).toList();
    }

    private static List<String> quoted(List<TypedColumn> columns) {
        return columns.stream().map(TypedColumn::quotedName).toList();
    }

    private static Map<String, Map<String, @Nullable String>> expected(String table, List<String> key) {
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
        String name = table.startsWith("\"") ? table.substring(1, table.length() - 1) : table;
        for (Map<String, @Nullable String> row : PostgresRows.select(server, "SELECT * FROM " + table)) {
            List<@Nullable String> values = new ArrayList<>();
            key.forEach(column -> values.add(row.get(column)));
            rows.put(Key.of(List.of("public", name), values), row);
        }
        return rows;
    }

    /** One value at a time: the difference of whole rows of a hundred columns is unreadable. */
    private static void assertSameRows(
            Map<String, Map<String, @Nullable String>> actual, Map<String, Map<String, @Nullable String>> expected) {
        Stream<Map.Entry<String, Map<String, @Nullable String>>> rows = expected.entrySet().stream();
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        rows.forEach(row -> {
            Map<String, @Nullable String> other = Objects.requireNonNull(actual.get(row.getKey()));
            assertThat(other.keySet()).isEqualTo(row.getValue().keySet());
            row.getValue()
                    .forEach((column, value) ->
                            assertThat(other.get(column)).as(column).isEqualTo(value));
        });
    }
}
