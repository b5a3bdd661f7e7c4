package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every operator and every form between every two types: refused, or written as SQL and asked of a row with the same answer
 * compiled and naively. Nothing else may come of any of them.
 */
final class EveryPairOfTypesTest {
    private static final int LEAST_ACCEPTED = 6_000;

    private static final String[][] COLUMNS = {
        {"b", "bool", "t"},
        {"i2", "int2", "7"},
        {"i4", "int4", "7"},
        {"i8", "int8", "7"},
        {"f4", "float4", "0.5"},
        {"f8", "float8", "0.5"},
        {"n", "numeric", "7.0"},
        {"s", "text", "7"},
        {"vc", "varchar(10)", "7"},
        {"c", "char(5)", "7    "},
        {"nm", "name", "7"},
        {"u", "uuid", "80000000-0000-0000-0000-0000000000a9"},
        {"d", "date", "2024-01-01"},
        {"t", "time", "10:00:00"},
        {"tt", "timetz", "10:00:00+00"},
        {"ts", "timestamp", "2024-01-01 00:00:00"},
        {"tz", "timestamptz", "2024-01-01 00:00:00+00"},
        {"iv", "interval", "P1D"},
        {"by", "bytea", "\\x07"},
        {"m", "mood", "ok"},
        {"ia", "int4[]", "{7}"},
        {"la", "int8[]", "{7}"},
        {"na", "numeric[]", "{7}"},
        {"fa", "float8[]", "{0.5}"},
        {"sa", "text[]", "{7}"},
        {"vca", "varchar[]", "{7}"},
        {"da", "date[]", "{2024-01-01}"},
        {"ma", "mood[]", "{ok}"},
        {"j", "json", "{\"a\":7}"},
        {"jb", "jsonb", "{\"a\": 7}"},
        {"ip", "inet", "10.0.0.1"},
        {"net", "cidr", "10.0.0.0/8"},
        {"ja", "jsonb[]", "{\"{\\\"a\\\": 7}\"}"},
        {"p", "point", "(1,2)"},
        {"pa", "point[]", "{\"(1,2)\"}"}
    };

    private static final List<String> LITERALS = List.of(
            "7",
            "7000000000",
            "0.5",
            "'7'",
            "NULL",
            "true",
            "'2024-01-01'::date",
            "'2024-01-01'::timestamp",
            "'10:00'::time",
            "'P1D'::interval",
            "ARRAY[7]",
            "'{7}'",
            "0.5::float4",
            "7::int8");

    private static final List<String> CASTS = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar(2)",
            "char(3)",
            "name",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "bytea",
            "mood",
            "int4[]",
            "int8[]",
            "text[]",
            "numeric[]",
            "float8[]",
            "json",
            "jsonb",
            "inet",
            "cidr",
            "point");

    /** Of two operands {@code $a} and {@code $b}. */
    private static final List<String> FORMS = List.of(
            "$a = $b",
            "$a < $b",
            "$a <> $b",
            "$a >= $b",
            "$a IS DISTINCT FROM $b",
            "($a + $b) IS NULL",
            "($a - $b) IS NULL",
            "($a * $b) IS NULL",
            "($a / $b) IS NULL",
            "($a || $b) IS NULL",
            "$a @> $b",
            "$a <@ $b",
            "$a && $b",
            "$a LIKE $b",
            "$a ILIKE $b",
            "($a -> $b) IS NULL",
            "($a ->> $b) IS NULL",
            "$a ? $b",
            "$a IN ($b, NULL)",
            "$a NOT IN ($b, $b)",
            "$a = ANY($b)",
            "$a < ALL($b)",
            "$a BETWEEN $b AND $b",
            "coalesce($a, $b) IS NULL",
            "greatest($a, $b) = $a",
            "ARRAY[$a, $b] = ARRAY[$b, $a]",
            "CASE WHEN $a = $b THEN $a ELSE $b END IS NULL",
            "nullif($a, $b) IS NULL",
            "($a, $b) = ($b, $a)",
            "($a)[$b] IS NULL");

    private final Table table = table();
    private final List<Type> types =
            table.columns().stream().map(column -> Types.of(column.values())).toList();
    private final String[] values =
            Arrays.stream(COLUMNS).map(column -> column[2]).toArray(String[]::new);

    private static Table table() {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String[] column : COLUMNS) {
            columns.put(column[0], column[1]);
        }
        return TestTables.of(columns);
    }

    @Test
    void everyPairIsRefusedOrMeansTheSameTwice() {
        List<String> broken = new ArrayList<>();
        int accepted = 0;
        for (String clause : clauses()) {
            try {
                accepted += means(clause) ? 1 : 0;
            } catch (RuntimeException | AssertionError wrong) {
                broken.add(clause + ": " + wrong);
            }
        }
        assertThat(broken).isEmpty();
        assertThat(accepted).isGreaterThan(LEAST_ACCEPTED);
    }

    private static List<String> clauses() {
        List<String> clauses = new ArrayList<>();
        List<String> operands =
                new ArrayList<>(Arrays.stream(COLUMNS).map(column -> column[0]).toList());
        operands.addAll(LITERALS);
        for (String[] column : COLUMNS) {
            for (String operand : operands) {
                for (String form : FORMS) {
                    clauses.add(form.replace("$a", column[0]).replace("$b", operand));
                    clauses.add(form.replace("$a", operand).replace("$b", column[0]));
                }
            }
            for (String type : CASTS) {
                clauses.add("(" + column[0] + "::" + type + ") IS NULL");
                clauses.add(column[0] + "::" + type + " = " + column[0]);
            }
        }
        return clauses;
    }

    /** Whether it is accepted. */
    private boolean means(String clause) {
        Optional<Expr> filter = resolved(clause);
        filter.ifPresent(expr -> {
            assertThat(Sql.of(expr)).isNotEmpty();
            Meanings.outcome(expr, types, values);
            Meanings.outcome(expr, types, new @Nullable String[values.length]);
        });
        return filter.isPresent();
    }

    private Optional<Expr> resolved(String clause) {
        try {
            return Filter.of(clause, List.of(), table, collation -> CaseMapping.ASCII)
                    .map(Filter::expr);
        } catch (InvalidWhere refused) {
            return Optional.empty();
        }
    }
}
