package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a filter comes to mean, as SQL says it. */
final class ResolverTest {
    private static final Table TABLE = table();

    private static Table table() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("i2", "int2");
        columns.put("id", "int4");
        columns.put("n", "int8");
        columns.put("num", "numeric");
        columns.put("f4", "float4");
        columns.put("f8", "float8");
        columns.put("s", "text");
        columns.put("vc", "varchar(10)");
        columns.put("c", "char(5)");
        columns.put("bin", "text COLLATE \"C\"");
        columns.put("en", "text COLLATE \"en-x-icu\"");
        columns.put("loose", "text COLLATE loose");
        columns.put("b", "bool");
        columns.put("u", "uuid");
        columns.put("d", "date");
        columns.put("t", "time");
        columns.put("ts", "timestamp");
        columns.put("tz", "timestamptz");
        columns.put("iv", "interval");
        columns.put("a", "int4[]");
        columns.put("ta", "text[]");
        columns.put("m", "mood");
        columns.put("p", "point");
        columns.put("x", "citext");
        columns.put("camelCase", "text");
        return TestTables.of(columns);
    }

    private static Expr resolve(String where, String... parameters) throws InvalidWhere {
        return Resolver.resolve(
                WhereText.parse(where).orElseThrow(), TABLE, List.of(parameters), collation -> CaseMapping.ASCII, true);
    }

    private static String sql(String where, String... parameters) throws InvalidWhere {
        return Sql.of(resolve(where, parameters))
                .replace("pg_catalog.", "")
                .replaceAll("OPERATOR\\(([^)]+)\\)", "$1")
                .replaceAll("\"([a-z0-9]+)\"", "$1");
    }

    private static String refusal(String where, String... parameters) {
        try {
            return "accepted: " + sql(where, parameters);
        } catch (InvalidWhere invalid) {
            return invalid.message();
        }
    }

    @ParameterizedTest
    @DisplayName("WHERE-019, -054, -063, -070: literals and conversions")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id = 5                         | (id = '5'::int4)
            id = 3000000000                | (id = '3000000000'::int8)
            id = 99999999999999999999      | (CAST(id AS numeric) = '99999999999999999999'::numeric)
            n = 5                          | (n = '5'::int4)
            id = '5'                       | (id = '5'::int4)
            id = 1.0                       | (CAST(id AS numeric) = '1.0'::numeric)
            f4 = 0.1                       | (CAST(f4 AS float8) = '0.1'::float8)
            f4 = '0.1'                     | (f4 = '0.1'::float4)
            f4 = f8                        | (CAST(f4 AS float8) = f8)
            num = id                       | (num = CAST(id AS numeric))
            vc = 'a'                       | (vc = 'a'::text)
            vc = s                         | (vc = s)
            c = 'a'                        | (c = 'a'::bpchar)
            c = s                          | (CAST(c AS text) = s)
            c = vc                         | (c = CAST(vc AS bpchar))
            ts = '2024-01-01'              | (ts = '2024-01-01 00:00:00'::timestamp)
            ts >= '2024-01-01'::date       | (ts >= '2024-01-01 00:00:00'::timestamp)
            tz >= '2024-01-01'::date       | (tz >= '2024-01-01 00:00:00+00'::timestamptz)
            m = 'ok'                       | (m = 'ok'::public.mood)
            m::text = 'ok'                 | (CAST(m AS text) = 'ok'::text)
            'ok'::mood = m                 | ('ok'::public.mood = m)
            a = '{1,2}'                    | (a = '{1,2}'::int4[])
            - '5' < f8                     | ('-5'::float8 < f8)
            id + n = 3                     | ((id + n) = '3'::int4)
            s::varchar(2) = 'ab'           | (CAST(s AS varchar(2)) = 'ab'::text)
            int4(s) = 1                    | (CAST(s AS int4) = '1'::int4)
            id = ANY('{1,2}')              | (id = ANY ('{1,2}'::int4[]))
            id <> ALL('{1,2}')             | (NOT (id = ANY ('{1,2}'::int4[])))
            id = ANY(a)                    | (id = ANY (a))
            n < ANY(a)                     | (n < ANY (a))
            s LIKE ANY(ta)                 | (s ~~ ANY (ta))
            coalesce(id, n) = 1            | (COALESCE(CAST(id AS int8), n) = '1'::int4)
            coalesce(vc, s) = 'a'          | (COALESCE(vc, s) = 'a'::text)
            f4 IN (0.1)                    | (CAST(f4 AS float8) = '0.1'::float8)
            f4 IN (0.1, 0.2)               | (f4 = ANY ('{0.1,0.2}'::float4[]))
            id IN (1.5, '2.5')             | (CAST(id AS numeric) = ANY ('{1.5,2.5}'::numeric[]))
            id IN (1, n, 2)                | ((id = ANY ('{1,2}'::int4[])) OR (id = n))
            id NOT IN (1, 2)               | (NOT (id = ANY ('{1,2}'::int4[])))
            id NOT IN (1, n, 2)            | ((NOT (id = ANY ('{1,2}'::int4[]))) AND (id <> n))
            id BETWEEN 1 AND n             | ((id >= '1'::int4) AND (id <= n))
            id NOT BETWEEN 1 AND n         | ((id < '1'::int4) OR (id > n))
            (id, s) = (1, 'a')             | ((id = '1'::int4) AND (s = 'a'::text))
            (id, n) < (1, 2)               | ((id < '1'::int4) OR ((id = '1'::int4) AND (n < '2'::int4)))
            p IS NULL                      | (p IS NULL)
            x IS DISTINCT FROM NULL        | (x IS NOT NULL)
            nullif(id, n) = 1              | ((CASE WHEN (id = n) THEN NULL::int4 ELSE id END) = '1'::int4)
            CASE id WHEN 1 THEN b ELSE false END | (CASE WHEN (id = '1'::int4) THEN b ELSE 'f'::bool END)
            a[1] = 1                       | ((a)['1'::int4] = '1'::int4)
            a[id:2] = '{1}'                | ((a)[id:'2'::int4] = '{1}'::int4[])
            """)
    void meansWhatPostgresUnderstands(String where, String expected) throws InvalidWhere {
        assertThat(sql(where)).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("WHERE-044, -045, -046, -057: what is wrong with constants")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id = 'x'                | At location 5: invalid syntax for type int4: x
            id = '3000000000'       | At location 5: invalid syntax for type int4: 3000000000
            a = '{1,x}'             | At location 4: invalid syntax for type int4[]: {1,x}
            m = 'angry'             | At location 4: invalid syntax for type enum mood: angry
            d = 'today'             | At location 4: invalid syntax for type date: today
            'x'::int4 = id          | At location 0: could not cast value "x" from text to int4
            1/0 = id                | At location 0: Failed to apply function to constant arguments
            num = 1e999999          | At location 6: the long numbers in this filter have more than 20000 digits in all
            false AND 1/0 = 1       | At location 0: Failed to apply function to constant arguments
            '{1'::int4[] = a        | At location 0: Failed to apply function to constant arguments
            """)
    void refusesConstantsThatPostgresRefuses(String where, String message) {
        assertThat(refusal(where)).isEqualTo(message);
    }

    @ParameterizedTest
    @DisplayName("WHERE-026…037: forms that are refused, and where")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id                      | WHERE clause must return a boolean
            'true'                  | WHERE clause must return a boolean
            NULL                    | WHERE clause must return a boolean
            camelCase = 'x'         | At location 0: unknown reference camelcase
            id = public.f(1)        | At location 5: unknown or unsupported function public.f/1
            id OPERATOR(public.=) 1 | At location 3: unknown binary operator public."="
            p = p                   | At location 2: Could not select an operator overload
            x = 'a'                 | At location 2: Could not select an operator overload
            lower(id) = 'x'         | At location 0: Could not select a function overload for lower(int4)
            nosuch(id, 'a')         | At location 0: unknown or unsupported function nosuch/2
            id AND b                | At location 0: reference id of type int4 is not castable to bool
            b AND lower(s)          | At location 6: function lower returning text is not castable to bool
            b IS NOT TRUE AND id IS NOT TRUE | At location 21: argument of IS NOT TRUE must be bool, not int4
            id = ANY(5)             | At location 9: argument of ANY must be an array
            id + ANY(a) = 1         | At location 3: ANY/ALL requires operator that returns bool
            ARRAY[] = a             | At location 0: cannot determine type of empty array
            s COLLATE nosuch = 'a'  | At location 2: CollateClause is not supported in this context
            id COLLATE "C" = 1      | At location 3: collations are not supported by type int4
            (id, n) = (1, 2, 3)     | At location 8: Could not select an operator overload
            now() IS NULL           | At location 0: unknown or unsupported function now/0
            lower(VARIADIC ta) = '' | At location 0: explicit VARIADIC function calls are not currently supported
            id = 1::nosuch          | At location 8: unsupported type nosuch
            s::varchar(0) = ''      | At location 3: length for type varchar must be from 1 to 10485760
            """)
    void saysWhatIsWrongAndWhere(String where, String message) {
        assertThat(refusal(where)).isEqualTo(message);
    }

    @Test
    @DisplayName("WHERE-096, -098: text is ordered by bytes, or not at all; loosely equal is not equal")
    void comparesTextOnlyAsItCan() throws InvalidWhere {
        assertThat(sql("s < 'a' AND bin >= 'b'")).isEqualTo("((s < 'a'::text) AND (bin >= 'b'::text))");
        assertThat(sql("en = 'a'")).isEqualTo("(en = 'a'::text)");
        assertThat(refusal("en < 'a'"))
                .startsWith("At location 3: text in the collation \"en-x-icu\" cannot be ordered")
                .endsWith("write COLLATE \"C\" to compare bytes");
        assertThat(sql("en COLLATE \"C\" < 'a'")).isEqualTo("((en COLLATE \"pg_catalog\".\"C\") < 'a'::text)");
        assertThat(refusal("greatest(en, 'a') = 'b'")).contains("cannot be ordered");
        assertThat(refusal("loose = 'a'")).contains("nondeterministic");
        assertThat(refusal("loose LIKE 'a'")).contains("nondeterministic");
        assertThat(refusal("loose IN ('a', 'b')")).contains("nondeterministic");
        assertThat(refusal("bin = en")).contains("could not determine which collation");
        assertThat(sql("loose IS NULL OR loose || 'a' IS NULL")).isNotEmpty();
        assertThat(refusal("en COLLATE \"C\" < s COLLATE \"POSIX\"")).contains("collation mismatch");
    }

    @Test
    @DisplayName("WHERE-039, -040, -041: a parameter is of the type its first use gives it")
    void parametersAreOfTheTypeOfTheirFirstUse() throws InvalidWhere {
        assertThat(sql("id = $1 OR n = $1", "5")).isEqualTo("((id = '5'::int4) OR (n = '5'::int4))");
        assertThat(sql("$1 = $1", "x")).isEqualTo("'t'::bool");
        assertThat(sql("id = ANY($1)", "{1,2}")).isEqualTo("(id = ANY ('{1,2}'::int4[]))");
        assertThat(sql("id IN ($1, $2, $10)", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"))
                .isEqualTo("(id = ANY ('{1,2,10}'::int4[]))");
        assertThat(sql("s = $1", "it's $2 \\")).isEqualTo("(s = E'it''s $2 \\\\'::text)");
        assertThat(sql("$1 IS NULL OR id = $1", "5")).isEqualTo("('f'::bool OR (id = '5'::int4))");
        assertThat(sql("$1::int8 = id", "5")).isEqualTo("('5'::int8 = id)");
        assertThat(refusal("id = $2", "5")).isEqualTo("At location 5: parameter $2 was not provided");
        assertThat(refusal("id = $1 OR s = $1", "5"))
                .isEqualTo("At location 13: Could not select an operator overload");
        assertThat(refusal("$1 IS NULL", "5"))
                .isEqualTo("At location 0: could not determine data type of parameter $1");
        assertThat(refusal("$1", "true")).isEqualTo("WHERE clause must return a boolean");
        assertThat(refusal("id = $1", "x")).isEqualTo("At location 5: invalid syntax for type int4: x");
    }

    @Test
    @DisplayName("WHERE-043: literal and parameter are the same filter")
    void theSameConditionIsTheSame() throws InvalidWhere {
        assertThat(sql("id=5 -- five")).isEqualTo(sql("( id ) = $1", "5"));
        assertThat(sql("s IN ('a', 'b')")).isEqualTo(sql("s = ANY(ARRAY['a', 'b'])"));
    }

    @Test
    void putsElementsToArrays() throws InvalidWhere {
        assertThat(sql("1 || a = '{1}'")).isEqualTo("(('1'::int4 || a) = '{1}'::int4[])");
        assertThat(sql("a || '{2}' = '{1}'")).isEqualTo("((a || '{2}'::int4[]) = '{1}'::int4[])");
        assertThat(refusal("ta || 'c' = '{c}'")).isEqualTo("At location 6: invalid syntax for type text[]: c");
    }

    @Test
    void longNumbersAreCountedBeforeTheyAreRead() {
        String few = IntStream.range(0, 9_000).mapToObj(i -> "1.5").collect(Collectors.joining(","));
        assertThat(refusal("num IN (" + few + ")")).startsWith("accepted");
        assertThat(refusal("num = 1e15000")).startsWith("accepted");
        assertThat(refusal("num = 1e15000 * 1e15000")).contains("more than 20000 digits");
        assertThat(refusal("num = ANY('{1e15000,1e15000}')")).contains("more than 20000 digits");
        assertThat(refusal("s = '1e99999' AND s IN ('9e99999', '8e99999')")).startsWith("accepted");
    }

    @Test
    @DisplayName("WHERE-093: of what has no values here only NULL can be asked")
    void asksOnlyNullOfWhatItCannotCalculateWith() {
        assertThat(refusal("p IS NULL AND x IS NOT NULL")).startsWith("accepted");
        assertThat(refusal("coalesce(p, p) IS NULL")).contains("Could not select");
        assertThat(refusal("(CASE WHEN b THEN p END) IS NULL")).contains("CaseExpr is not supported");
        assertThat(refusal("ARRAY[p] IS NULL")).contains("A_ArrayExpr is not supported");
        assertThat(refusal("p::text = ''")).isEqualTo("At location 0: unknown cast from type point to type text");
        assertThat(refusal("p IN ('(1,2)', '(3,4)')")).contains("Could not select");
        assertThat(refusal("greatest(p, p) IS NULL")).contains("Could not select");
        assertThat(refusal("p = ANY(ARRAY[]::int4[])")).contains("Could not select");
        assertThat(refusal("concat(p, 'x') = 'y'"))
                .contains("Could not select a function overload for concat(point, unknown)");
    }

    @Test
    void tenThousandConstantsAreOneList() throws InvalidWhere {
        String list = IntStream.range(0, 10_000).mapToObj(i -> "" + i).collect(Collectors.joining(","));
        assertThat(resolve("id IN (" + list + ")"))
                .isInstanceOfSatisfying(
                        Expr.In.class, in -> assertThat(in.values()).hasSize(10_000));
        assertThat(resolve("num IN (" + list + ")")).isInstanceOf(Expr.In.class);
    }

    @Test
    @DisplayName("WHERE-051: what would grow beyond measure when it is written out is refused")
    void refusesWhatGrowsBeyondMeasure() {
        String nested = "b";
        for (int i = 0; i < 60; i++) {
            nested = "(" + nested + " BETWEEN SYMMETRIC b AND b)";
        }
        assertThat(refusal(nested)).contains("too large");
        String long30 = "'" + "x".repeat(30_000) + "'";
        String branches = " WHEN s THEN b".repeat(2_000);
        assertThat(refusal("CASE " + long30 + branches + " END")).contains("too large");
        String row = "(" + "id,".repeat(5_000) + "id)";
        assertThat(refusal(row + " < " + row)).contains("rows of more than 64 fields");
    }

    @Test
    void namesNeitherConstantsNorParametersOfOthers() {
        assertThatThrownBy(() -> resolve("id = $3", "secret")).hasMessageNotContaining("secret");
    }
}
