package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.pg.CaseMappings;
import electric.sync.pg.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A filter as Postgres is asked it, asked of Postgres. */
final class SqlTest {
    private static final TestPostgres POSTGRES = TestPostgres.shared();
    private static final String DATABASE = "sql_of_filters";
    private static final Map<String, Table> TABLES = new HashMap<>();
    private static final CaseMappings CASINGS = new CaseMappings(() -> POSTGRES.connect(DATABASE));
    private static @Nullable Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        POSTGRES.sql(
                "postgres", "CREATE DATABASE " + DATABASE + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'");
        Connection opened = POSTGRES.connect(DATABASE);
        connection = opened;
        try (Statement statement = opened.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('sad','ok','happy')");
            statement.execute("SET bytea_output = 'hex'; SET DateStyle = 'ISO, DMY'; SET TimeZone = 'UTC';"
                    + " SET extra_float_digits = 1; SET IntervalStyle = 'iso_8601'");
        }
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection().close();
    }

    private static Connection connection() {
        return Objects.requireNonNull(connection, "connected before all tests");
    }

    @Test
    @DisplayName("WHERE-104: the SQL of every case means what the case means")
    void meansWhatTheClauseMeans() throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> served = new TreeMap<>();
        for (JsonNode row : cases()) {
            // What Postgres 15 does not read: its successors do, or it is a word of this language only.
            if (row.get("tier").asString().equals("pg-analyze-error")) {
                continue;
            }
            Table table = table(row.get("schema"));
            Filter filter;
            try {
                filter = Filter.of(row.get("where").asString(), parameters(row), table, CASINGS::of)
                        .orElseThrow();
            } catch (InvalidWhere refused) {
                continue;
            }
            served.merge(row.get("tier").asString(), 1, Integer::sum);
            String expected = row.get("expect").asString("null");
            String answer = answer(table, row.get("row"), filter.sql());
            if (!answer.equals(expected) && !(expected.equals("error") && answer.startsWith("error"))) {
                wrong.add(row.get("id").asString() + ": " + row.get("where").asString() + "\n  as " + filter.sql()
                        + "\n  is " + answer + " instead of " + expected);
            }
        }
        assertThat(wrong).as("of those that are served, %s", served).isEmpty();
        assertThat(served.getOrDefault("core", 0)).isGreaterThan(1_000);
    }

    private static List<String> parameters(JsonNode row) {
        JsonNode parameters = row.path("params");
        return IntStream.rangeClosed(1, parameters.size())
                .mapToObj(i -> parameters.get(Integer.toString(i)).asString())
                .toList();
    }

    private static Table table(JsonNode schema) throws SQLException {
        String columns = schema.properties().stream()
                .map(column -> RelationName.quote(column.getKey()) + " "
                        + column.getValue().asString())
                .collect(Collectors.joining(", "));
        Table known = TABLES.get(columns);
        if (known == null) {
            String name = "t" + TABLES.size();
            POSTGRES.sql(DATABASE, "CREATE TABLE " + name + " (" + (columns.isEmpty() ? "nothing int" : columns) + ")");
            known = new Catalog(() -> POSTGRES.connect(DATABASE), Runnable::run)
                    .tableNow(new RelationName("public", name))
                    .orElseThrow();
            TABLES.put(columns, known);
        }
        return known;
    }

    private static String answer(Table table, JsonNode row, String sql) throws SQLException {
        String values = table.columns().stream()
                .map(column -> "?::text::" + typeOf(column))
                .collect(Collectors.joining(", "));
        connection().setAutoCommit(false);
        try (PreparedStatement insert = connection()
                        .prepareStatement("INSERT INTO " + table.name().quoted() + " VALUES (" + values + ")");
                Statement select = connection().createStatement()) {
            for (int i = 0; i < table.columns().size(); i++) {
                JsonNode value = row.path(table.columns().get(i).name());
                insert.setString(i + 1, value.isNull() || value.isMissingNode() ? null : value.asString());
            }
            insert.execute();
            try (ResultSet answer = select.executeQuery(
                    "SELECT (" + sql + ") FROM " + table.name().quoted())) {
                answer.next();
                boolean truth = answer.getBoolean(1);
                return answer.wasNull() ? "null" : Boolean.toString(truth);
            }
        } catch (SQLException failed) {
            return "error: " + failed.getMessage();
        } finally {
            connection().rollback();
        }
    }

    private static String typeOf(Table.Column column) {
        return RelationName.quote(column.typeName()) + "[]".repeat(Math.min(column.dimensions(), 1));
    }

    private static JsonNode cases() throws IOException {
        try (InputStream in = SqlTest.class.getResourceAsStream("/conformance/where-cases.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }
}
