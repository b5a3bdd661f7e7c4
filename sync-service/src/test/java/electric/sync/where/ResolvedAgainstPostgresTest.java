package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Forms that are written out in others, on all combinations of a few values: as Postgres has the clause as it was written. */
final class ResolvedAgainstPostgresTest {
    private static final Map<String, String> COLUMNS = columns();

    private static final List<String> CLAUSES = List.of(
            "(id, n) = (1, 2)",
            "(id, n) <> (1, 2)",
            "(id, n) < (1, 2)",
            "(id, n, s) <= (1, 2, 'a')",
            "(id, n, s) > (1, 2, 'a')",
            "(id, n, s) >= (n, id, 'b')",
            "(id, n) IN ((1, 2), (NULL, 2), (2, id))",
            "(id, n) NOT IN ((1, 2), (NULL, 2))",
            "(id, n) BETWEEN (1, 1) AND (2, 2)",
            "(id, s) IS DISTINCT FROM (1, 'a')",
            "(id, s) IS NOT DISTINCT FROM (n, NULL)",
            "ROW(id, s) IS NULL",
            "(id, s) IS NOT NULL",
            "ROW('x', id) IS NULL",
            "id IN (1, n, 2)",
            "id NOT IN (1, n, NULL)",
            "id IN (1.5, '2', 2.0)",
            "f4 IN (0.1, 0.2)",
            "f4 IN (0.1)",
            "f4 = 0.1",
            "f4 = '0.1'",
            "f4 = ANY('{0.1}')",
            "f4 = ANY(ARRAY[0.1, 0.2])",
            "s IN ('a', NULL)",
            "NULL IN (id, 1)",
            "id = ANY(a)",
            "id <> ALL(a)",
            "n < ANY(a)",
            "NULL::int4 = ANY(a)",
            "1.5 < ALL(a)",
            "id BETWEEN SYMMETRIC n AND 1",
            "id NOT BETWEEN SYMMETRIC n AND 1",
            "id NOT BETWEEN n AND NULL",
            "'b' BETWEEN s AND 'c'",
            "d IS DISTINCT FROM ts",
            "d IS NOT DISTINCT FROM ts",
            "d = ts",
            "ts > d",
            "ts >= date '2024-01-01'",
            "d < timestamp '2024-01-01 00:00:01'",
            "nullif(id, n) IS NULL",
            "nullif(id, 1.0) = 2",
            "nullif(s, 'a') = 'b'",
            "CASE id WHEN 1 THEN b WHEN n THEN false END",
            "CASE WHEN b THEN id ELSE 2.5 END = 2.5",
            "CASE WHEN b THEN 'a' ELSE s END = 'a'",
            "CASE WHEN NULL THEN b WHEN 1 = 1 THEN s = 'a' ELSE true END",
            "coalesce(id, n, 7) = 7",
            "coalesce(NULL, 'a') = s",
            "coalesce(id, '5') = 5",
            "greatest(id, n, 1.5) = 2",
            "least(s, 'b', NULL) = 'a'",
            "ARRAY[1, '2'] = a",
            "ARRAY[id, 2.5] @> '{2.5}'",
            "ARRAY[a, a] = '{{1,2},{1,2}}'",
            "ARRAY[id]::text[] = '{1}'",
            "ARRAY['12', '3']::varchar(1)[] = '{1,3}'",
            "a[1] = 1",
            "a[id] = 1",
            "a[id:] = '{1,2}'",
            "a[:2][1] IS NULL",
            "a['1'] = 1",
            "a::text = '{1,2}'",
            "a::int8[] = '{1,2}'",
            "a || id = '{1,2,1}'",
            "id || a = '{1,1,2}'",
            "a || '{3}' = '{1,2,3}'",
            "c = 'a'",
            "c = s",
            "c = vc",
            "c LIKE 'a'",
            "c || 'x' = 'ax'",
            "vc::char(3) = 'a'",
            "s::varchar(1) = 'b'",
            "s::char(2)::text = 'a'",
            "m > 'sad'",
            "m IN ('ok', 'happy')",
            "m::text = 'ok'",
            "s::mood = 'ok'",
            "m = ANY('{sad,ok}')",
            "id::text || s = '1a'",
            "1 || s = '1a'",
            "id::bool",
            "b::int4 = id",
            "NOT (b IS TRUE) AND b IS NOT UNKNOWN",
            "b = (id = 1)",
            "b > false",
            "int4('1') = id",
            "text(id) = '1'",
            "s LIKE ANY('{a%,b}')",
            "s NOT LIKE ALL('{a%,c}')",
            "s ILIKE 'A'",
            "s COLLATE \"C\" < 'b'",
            "n + 1 = 2",
            "id + n > 2",
            "-id = -1",
            "@ -id = 1",
            "id / 2 = 0",
            "n / 2.0 = 0.5",
            "f4 * 2 > 0.1",
            "d + 1 > d",
            "ts - ts = interval '0'",
            "ts::date = d",
            "interval '1' day = '24:00'",
            "interval '1 day 02:03:04' day to hour = '1 day 2 hours'",
            "extract(year FROM d) = 2024",
            "ts AT TIME ZONE 'UTC' IS NOT NULL",
            "'5' + id = 6",
            "id = '1' OR s = '1'");

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("id", "int4");
        columns.put("n", "numeric");
        columns.put("f4", "float4");
        columns.put("s", "text");
        columns.put("vc", "varchar(10)");
        columns.put("c", "char(5)");
        columns.put("b", "bool");
        columns.put("d", "date");
        columns.put("ts", "timestamp");
        columns.put("a", "int4[]");
        columns.put("m", "mood");
        return columns;
    }

    private static final List<List<@Nullable String>> ROWS = List.of(
            row("1", "2", "0.1", "a", "a", "a", "t", "2024-01-01", "2024-01-01 00:00:00", "{1,2}", "ok"),
            row("2", "1", "0.2", "b", "b", "b", "f", "2024-01-02", "2024-01-01 00:00:00", "{}", "sad"),
            row("1", "1", "0.5", "ok", "a  ", "ab", "t", "infinity", "infinity", "{NULL,1}", "happy"),
            row(
                    "7",
                    "2.5",
                    "NaN",
                    "sad",
                    "ab",
                    "a",
                    "f",
                    "5874897-12-31",
                    "2024-01-01 00:00:00",
                    "{{1,2},{3,4}}",
                    "ok"),
            row(null, "2", null, "happy", "a", null, null, "2024-01-01", null, null, null),
            row("2", null, "-1", "ok", null, "a", "t", null, "2024-01-01 00:00:01", "[0:1]={1,2}", "sad"));

    private static List<@Nullable String> row(@Nullable String... values) {
        return new ArrayList<>(Arrays.asList(values));
    }

    @Test
    void isAsPostgresHasIt() throws SQLException {
        TestPostgres postgres = TestPostgres.shared();
        List<String> wrong = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(postgres.freshDatabase()));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
            statement.execute("SET TimeZone = 'UTC'");
            Table table = TestTables.of(COLUMNS);
            List<Type> types = table.columns().stream()
                    .map(column -> Types.of(column.values()))
                    .toList();
            for (String clause : CLAUSES) {
                Optional<Expr> filter = resolve(clause, table);
                if (filter.isEmpty()) {
                    wrong.add(clause + " is refused");
                    continue;
                }
                for (List<@Nullable String> row : ROWS) {
                    String asWritten = answer(statement, clause, row);
                    String asResolved = answer(statement, Sql.of(filter.get()), row);
                    @Nullable String[] texts = row.toArray(String[]::new);
                    texts[5] = texts[5] == null ? null : (texts[5] + "     ").substring(0, 5);
                    String calculated = Meanings.outcome(filter.get(), types, texts);
                    boolean agree = asWritten.equals(asResolved)
                            && (calculated.equals(asWritten) || asWritten.startsWith("ERROR"));
                    if (!agree) {
                        wrong.add(clause + " of " + row + " is " + asWritten + ", as " + Sql.of(filter.get()) + " "
                                + asResolved + ", calculated " + calculated);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Optional<Expr> resolve(String clause, Table table) {
        try {
            return Optional.of(Resolver.resolve(
                    WhereText.parse(clause).orElseThrow(), table, List.of(), collation -> CaseMapping.ASCII, true));
        } catch (InvalidWhere invalid) {
            return Optional.empty();
        }
    }

    private static String answer(Statement statement, String clause, List<@Nullable String> row) {
        List<String> names = List.copyOf(COLUMNS.keySet());
        List<String> values = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String text = row.get(i);
            values.add((text == null ? "NULL" : "'" + text + "'") + "::" + COLUMNS.get(names.get(i)) + " AS "
                    + names.get(i));
        }
        String from = values.stream().collect(Collectors.joining(", ", "(SELECT ", ") AS one"));
        try (ResultSet answer = statement.executeQuery("SELECT (" + clause + ") FROM " + from + " OFFSET 0")) {
            answer.next();
            boolean truth = answer.getBoolean(1);
            return answer.wasNull() ? "UNKNOWN" : truth ? "TRUE" : "FALSE";
        } catch (SQLException failed) {
            return "ERROR " + failed.getSQLState();
        }
    }
}
