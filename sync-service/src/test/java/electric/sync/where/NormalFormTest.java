package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NormalFormTest {
    private final Table table =
            TestTables.of(Map.of("n", "int4", "b", "int8", "s", "text", "l", "int4[]", "m", "mood"));

    private Filter filter(String where, String... parameters) throws InvalidWhere {
        return Filter.of(where, List.of(parameters), table, collation -> CaseMapping.ASCII)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "n = 1 AND s = 'a' | ( n=1 )and\t\"s\"=( 'a' ) -- so it is",
                "n != 1 | n <> 1",
                "n = '1'::int4 | N = CAST('1' AS integer)",
                "n = '1'::int4 | n = int '1'",
                "n = '1'::int4 | n OPERATOR(pg_catalog.=) pg_catalog.int4 '1'",
                "lower(s) = 'a' | pg_catalog.LOWER(s) = $$a$$",
                "n IN (1, 2) | n in(1,2)",
                "n BETWEEN 1 AND 2 | (n between 1 and (2))",
                "n IS NULL | n ISNULL",
                "s LIKE 'a%' | s ~~ 'a%'",
                "n = 5 | n = 005",
            })
    @DisplayName("WHERE-043: spelling makes no filter")
    void isTheSameHoweverItIsSpelled(String one, String other) throws InvalidWhere {
        assertThat(filter(one)).isEqualTo(filter(other)).hasSameHashCodeAs(filter(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "n = 1 | 1 = n",
                "n = 1 | n = '1'",
                "n = 1 | n = 1::int4",
                "n = '1' | n = '1'::int4",
                "n = '5'::int4 | n = '05'::int4",
                "n = 1 AND b = 1 | b = 1 AND n = 1",
                "s = 'a' | s = 'A'",
                "s IN ('a,b') | s IN ('a','b')",
                "s IN ('a'',''b') | s IN ('a','b')",
                "NOT (n = 1 OR b = 1) | NOT n = 1 OR b = 1",
                "n IN (1) | n NOT IN (1)",
                "n = ANY (l) | n = ALL (l)",
            })
    void isAnotherWhereTheClauseIs(String one, String other) throws InvalidWhere {
        assertThat(filter(one)).isNotEqualTo(filter(other));
    }

    @Test
    @DisplayName("HTTP-093: a parameter is a literal of the type it has")
    void takesParametersAsTypedLiterals() throws InvalidWhere {
        assertThat(filter("n = $1", "5"))
                .isEqualTo(filter("n = '5'::int4"))
                .isEqualTo(filter("n = $2", "7", "5"))
                .isNotEqualTo(filter("n = 5"))
                .isNotEqualTo(filter("n = '5'"))
                .isNotEqualTo(filter("n = $1", "05"));
        assertThat(filter("n = ANY ($1)", "{1,2}")).isEqualTo(filter("n = ANY ('{1,2}'::int4[])"));
        assertThat(filter("m = $1", "ok")).isEqualTo(filter("m = 'ok'::mood"));
        assertThat(filter("s = $1 AND n = $2", "x'y", "1")).isEqualTo(filter("s = 'x''y'::text AND n = '1'::int4"));
    }
}
