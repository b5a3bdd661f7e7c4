package electric.sync.where;

import static electric.sync.where.Meanings.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.change.Row;
import electric.sync.value.CaseMapping;
import electric.sync.value.Int;
import electric.sync.value.NotExact;
import electric.sync.value.PgType;
import electric.sync.where.Expr.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class CompilerTest {
    private static final Type MOOD = new Type.Enumerated(1, "public", "mood", List.of("sad", "ok", "happy"));
    private static final Type INTS = new Type.Array(Types.INT4);

    /** Values as Postgres writes them, of every type that is compared without objects and of some that are not. */
    private static final Map<Type, List<String>> VALUES = Map.ofEntries(
            Map.entry(Types.BOOL, List.of("t", "f")),
            Map.entry(known("int2", PgType.INT2), List.of("-32768", "0", "7", "32767")),
            Map.entry(Types.INT4, List.of("-2147483648", "-1", "0", "7", "2147483647")),
            Map.entry(Types.INT8, List.of("-9223372036854775808", "0", "7", "9223372036854775807")),
            Map.entry(known("float4", PgType.FLOAT4), List.of("NaN", "-0", "0", "0.1", "1e+30", "-Infinity")),
            Map.entry(known("float8", PgType.FLOAT8), List.of("NaN", "-0", "0", "0.1", "1e+300", "Infinity")),
            Map.entry(
                    Types.NUMERIC,
                    List.of(
                            "NaN",
                            "0",
                            "0.00",
                            "10.5",
                            "10.50",
                            "-10.5",
                            "-0.1",
                            "100000000000000000000.1",
                            "Infinity")),
            Map.entry(Types.TEXT, List.of("", "a", "a ", "ab", "B", "é", "\uFFFF", "😀", "a\nb")),
            Map.entry(known("bpchar", PgType.BPCHAR), List.of("", "a", "a    ", "ab  ", "\t")),
            Map.entry(
                    known("uuid", PgType.UUID),
                    List.of(
                            "00000000-0000-0000-0000-000000000000",
                            "7fffffff-ffff-ffff-ffff-ffffffffffff",
                            "80000000-0000-0000-0000-0000000000a9",
                            "80000000-0000-0000-0000-00000000009a")),
            Map.entry(known("bytea", PgType.BYTEA), List.of("\\x", "\\x00", "\\x00ff", "\\xff")),
            Map.entry(known("date", PgType.DATE), List.of("-infinity", "0044-03-15 BC", "2024-02-29", "infinity")),
            Map.entry(known("time", PgType.TIME), List.of("00:00:00", "12:30:00.5", "24:00:00")),
            Map.entry(known("timetz", PgType.TIMETZ), List.of("12:00:00+00", "13:00:00+01", "24:00:00-15:59")),
            Map.entry(
                    known("timestamp", PgType.TIMESTAMP),
                    List.of("-infinity", "2024-01-01 10:00:00.1", "2024-01-01 10:00:00.100001", "infinity")),
            Map.entry(
                    known("timestamptz", PgType.TIMESTAMPTZ),
                    List.of("-infinity", "0001-01-01 00:00:00+00 BC", "2024-01-01 10:00:00+00", "infinity")),
            Map.entry(known("interval", PgType.INTERVAL), List.of("P1D", "PT24H", "P1M", "P30D", "PT0S", "P-1DT24H")),
            Map.entry(MOOD, List.of("sad", "ok", "happy")),
            Map.entry(INTS, List.of("{}", "{1,2}", "[0:1]={1,2}", "{{1,2}}", "{1,NULL}", "{7}")),
            Map.entry(new Type.Array(MOOD), List.of("{}", "{sad}", "{happy,NULL}")));

    private static Type known(String name, PgType<?> values) {
        return new Type.Known(name, values);
    }

    private static Expr column(int index, Type type) {
        return new Expr.Column(index, "c" + index, type, null);
    }

    private static Expr constant(Type type, @Nullable String text) {
        return new Expr.Constant(type, text == null ? null : type.values().input(text));
    }

    private static Expr bool(@Nullable Boolean value) {
        return new Expr.Constant(Types.BOOL, value);
    }

    private static Expr compare(Comparison comparison, Type domain, Expr left, Expr right) {
        return new Expr.Compare(comparison, domain, left, right);
    }

    private static Expr int4(@Nullable Long value) {
        return new Expr.Constant(Types.INT4, value);
    }

    private static List<@Nullable String> withNull(List<String> texts) {
        List<@Nullable String> all = new ArrayList<>(texts);
        all.add(null);
        return all;
    }

    /** Keeps what it is given from being a mere column or constant. */
    private static Expr calculated(Expr expr) {
        return new Expr.Coalesce(expr.type(), List.of(expr, expr));
    }

    private static Expr divided(long dividend, Expr divisor) {
        Routine division = new Routine(
                "int4div",
                List.of(Types.INT4, Types.INT4),
                Types.INT4,
                true,
                arguments -> Int.INT4.divide((Long) arguments[0], (Long) arguments[1]),
                new Routine.Spelling.Operator("/"));
        return new Expr.Call(division, List.of(int4(dividend), divisor));
    }

    @Test
    @DisplayName("WHERE-065, -066, -068, -071, -072, -076, -077, -081, -084: comparisons of every type, in every form")
    void everyFormOfAComparisonMeansTheSame() {
        VALUES.forEach((type, texts) -> {
            for (String a : withNull(texts)) {
                for (String b : withNull(texts)) {
                    for (Comparison comparison : Comparison.values()) {
                        compareInEveryForm(comparison, type, a, b);
                    }
                    distinctInEveryForm(type, a, b);
                }
            }
        });
    }

    private static void compareInEveryForm(Comparison comparison, Type type, @Nullable String a, @Nullable String b) {
        List<Type> types = List.of(type, type);
        Expr left = column(0, type);
        Expr right = column(1, type);
        String expected = outcome(compare(comparison, type, calculated(left), calculated(right)), types, a, b);
        List<Expr> forms = List.of(
                compare(comparison, type, left, right),
                compare(comparison, type, left, constant(type, b)),
                compare(comparison, type, constant(type, a), right),
                compare(comparison, type, calculated(left), constant(type, b)),
                compare(comparison, type, left, calculated(right)));
        for (Expr form : forms) {
            assertThat(outcome(form, types, a, b))
                    .as("%s %s %s of %s", a, comparison.symbol(), b, type.name())
                    .isEqualTo(expected);
        }
    }

    private static void distinctInEveryForm(Type type, @Nullable String a, @Nullable String b) {
        List<Type> types = List.of(type, type);
        Expr left = column(0, type);
        String distinct = outcome(new Expr.Distinct(type, left, column(1, type), false), types, a, b);
        assertThat(outcome(new Expr.Distinct(type, left, constant(type, b), false), types, a, b))
                .isEqualTo(distinct)
                .isNotEqualTo("UNKNOWN");
        assertThat(outcome(new Expr.Distinct(type, calculated(left), constant(type, b), true), types, a, b))
                .isNotEqualTo(distinct);
    }

    @Test
    @DisplayName("WHERE-023, -089: IN of every type, with and without NULL, few and many")
    void membershipOfEveryTypeIsThatOfItsEquality() {
        VALUES.forEach((type, texts) -> {
            for (String a : withNull(texts)) {
                for (int size = 0; size <= texts.size(); size++) {
                    List<@Nullable Object> values = new ArrayList<>();
                    texts.subList(0, size)
                            .forEach(text -> values.add(type.values().input(text)));
                    inEveryForm(type, a, values);
                    values.add(null);
                    inEveryForm(type, a, values);
                }
            }
        });
    }

    private static void inEveryForm(Type type, @Nullable String text, List<@Nullable Object> values) {
        Expr column = column(0, type);
        String expected = outcome(new Expr.In(type, calculated(column), values), List.of(type), text);
        assertThat(outcome(new Expr.In(type, column, values), List.of(type), text))
                .isEqualTo(expected);
    }

    @Test
    void manyConstantsAreAllFoundAndNothingElse() {
        List<@Nullable Object> numbers = new ArrayList<>();
        List<@Nullable Object> texts = new ArrayList<>();
        for (long i = -5_000; i < 5_000; i++) {
            numbers.add(i * 1_000_003);
            texts.add("key" + i);
        }
        Predicate ofNumbers = Compiler.compile(new Expr.In(Types.INT8, column(0, Types.INT8), numbers));
        Predicate ofTexts = Compiler.compile(new Expr.In(Types.TEXT, column(1, Types.TEXT), texts));
        RowValues row = new RowValues(List.of(Types.INT8, Types.TEXT));
        for (long i = -5_000; i < 5_000; i++) {
            row.turnTo(Row.of(Long.toString(i * 1_000_003), "key" + i), new int[] {0, 1});
            assertThat(ofNumbers.test(row)).isEqualTo(Truth.TRUE);
            assertThat(ofTexts.test(row)).isEqualTo(Truth.TRUE);
            row.turnTo(Row.of(Long.toString(i * 1_000_003 + 1), "key" + i + "x"), new int[] {0, 1});
            assertThat(ofNumbers.test(row)).isEqualTo(Truth.FALSE);
            assertThat(ofTexts.test(row)).isEqualTo(Truth.FALSE);
        }
    }

    @Test
    @DisplayName("WHERE-089: the tables of §2.7")
    void logicIsThreeValued() {
        String[] texts = {"t", "f", null};
        String[][] and = {{"TRUE", "FALSE", "UNKNOWN"}, {"FALSE", "FALSE", "FALSE"}, {"UNKNOWN", "FALSE", "UNKNOWN"}};
        String[][] or = {{"TRUE", "TRUE", "TRUE"}, {"TRUE", "FALSE", "UNKNOWN"}, {"TRUE", "UNKNOWN", "UNKNOWN"}};
        String[] not = {"FALSE", "TRUE", "UNKNOWN"};
        List<Type> types = List.of(Types.BOOL, Types.BOOL);
        Expr a = column(0, Types.BOOL);
        Expr b = column(1, Types.BOOL);
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(new Expr.Not(a), types, texts[i], null)).isEqualTo(not[i]);
            for (int j = 0; j < 3; j++) {
                assertThat(outcome(new Expr.And(List.of(a, b)), types, texts[i], texts[j]))
                        .isEqualTo(and[i][j]);
                assertThat(outcome(new Expr.Or(List.of(a, b)), types, texts[i], texts[j]))
                        .isEqualTo(or[i][j]);
            }
            for (Truth truth : Truth.values()) {
                boolean is = truth == new Truth[] {Truth.TRUE, Truth.FALSE, Truth.UNKNOWN}[i];
                assertThat(outcome(new Expr.TruthTest(a, truth, false), types, texts[i], null))
                        .isEqualTo(Truth.of(is).name());
                assertThat(outcome(new Expr.TruthTest(a, truth, true), types, texts[i], null))
                        .isEqualTo(Truth.of(!is).name());
            }
        }
    }

    @Test
    @DisplayName("WHERE-100: what stands to the right of what decides is not calculated")
    void whatDecidesEndsTheCalculation() {
        List<Type> types = List.of(Types.INT4);
        Expr n = column(0, Types.INT4);
        Expr fails = compare(Comparison.GREATER, Types.INT4, divided(10, n), int4(1L));
        Expr guard = compare(Comparison.UNEQUAL, Types.INT4, n, int4(0L));
        Expr isZero = compare(Comparison.EQUAL, Types.INT4, n, int4(0L));
        assertThat(outcome(new Expr.And(List.of(guard, fails)), types, "0")).isEqualTo("FALSE");
        assertThat(outcome(new Expr.And(List.of(guard, fails)), types, "3")).isEqualTo("TRUE");
        assertThat(outcome(new Expr.Or(List.of(isZero, fails)), types, "0")).isEqualTo("TRUE");
        assertThat(outcome(new Expr.And(List.of(fails, guard)), types, "0")).isEqualTo("22012");
        assertThat(outcome(new Expr.And(List.of(bool(null), fails)), types, "0"))
                .isEqualTo("22012");
        assertThat(outcome(new Expr.And(List.of(fails, bool(false))), types, "0"))
                .isEqualTo("FALSE");
        assertThat(outcome(new Expr.Or(List.of(fails, bool(true))), types, "0")).isEqualTo("TRUE");
    }

    @Test
    @DisplayName("WHERE-090: COALESCE and CASE do not calculate what they do not need")
    void choicesCalculateOnlyWhatTheyNeed() {
        List<Type> types = List.of(Types.INT4);
        Expr n = column(0, Types.INT4);
        Expr fails = divided(10, int4(0L));
        Expr coalesce = new Expr.Coalesce(Types.INT4, List.of(n, fails));
        assertThat(outcome(compare(Comparison.EQUAL, Types.INT4, coalesce, int4(5L)), types, "5"))
                .isEqualTo("TRUE");
        assertThat(outcome(compare(Comparison.EQUAL, Types.INT4, coalesce, int4(5L)), types, (String) null))
                .isEqualTo("22012");
        Expr guarded = new Expr.Case(
                Types.INT4,
                List.of(
                        new Expr.When(compare(Comparison.EQUAL, Types.INT4, n, int4(0L)), int4(-1L)),
                        new Expr.When(bool(null), fails)),
                Optional.of(divided(10, n)));
        assertThat(outcome(compare(Comparison.EQUAL, Types.INT4, guarded, int4(-1L)), types, "0"))
                .isEqualTo("TRUE");
        assertThat(outcome(compare(Comparison.EQUAL, Types.INT4, guarded, int4(3L)), types, "3"))
                .isEqualTo("TRUE");
        Expr noElse = new Expr.Case(Types.BOOL, List.of(new Expr.When(bool(false), bool(true))), Optional.empty());
        assertThat(outcome(noElse, types, "0")).isEqualTo("UNKNOWN");
    }

    @Test
    void aStrictFunctionOfNullIsNullAndWhatItIsGivenIsCalculatedFirst() {
        List<Type> types = List.of(Types.INT4, Types.INT4);
        Expr fails = divided(10, column(0, Types.INT4));
        Expr isNull = new Expr.NullTest(divided(1, column(1, Types.INT4)), false);
        assertThat(outcome(isNull, types, "1", null)).isEqualTo("TRUE");
        Expr failsBesideNull = compare(Comparison.EQUAL, Types.INT4, column(1, Types.INT4), fails);
        assertThat(outcome(failsBesideNull, types, "0", null)).isEqualTo("22012");
        Expr neverAsked = compare(Comparison.EQUAL, Types.INT4, fails, int4(null));
        assertThat(outcome(neverAsked, types, "0", null)).isEqualTo("UNKNOWN");
    }

    @Test
    @DisplayName("WHERE-091: greatest and least leave NULL out")
    void extremesLeaveNullOut() {
        List<Type> types = List.of(Types.INT4, Types.INT4);
        List<Expr> columns = List.of(column(0, Types.INT4), column(1, Types.INT4));
        Expr greatest = new Expr.Extreme(Types.INT4, true, columns);
        Expr least = new Expr.Extreme(Types.INT4, false, columns);
        Expr isSeven = compare(Comparison.EQUAL, Types.INT4, greatest, int4(7L));
        assertThat(outcome(isSeven, types, "7", "-1")).isEqualTo("TRUE");
        assertThat(outcome(isSeven, types, null, "7")).isEqualTo("TRUE");
        assertThat(outcome(compare(Comparison.EQUAL, Types.INT4, least, int4(-1L)), types, "7", "-1"))
                .isEqualTo("TRUE");
        assertThat(outcome(new Expr.NullTest(least, false), types, null, null)).isEqualTo("TRUE");
    }

    @Test
    @DisplayName("WHERE-089: ANY and ALL with NULL elements, without elements, of several dimensions")
    void quantifiersAreThreeValued() {
        String[][] cases = {
            {"{1,2}", "2", "TRUE", "FALSE"},
            {"{2,2}", "2", "TRUE", "TRUE"},
            {"{1,NULL}", "2", "UNKNOWN", "FALSE"},
            {"{2,NULL}", "2", "TRUE", "UNKNOWN"},
            {"{}", "2", "FALSE", "TRUE"},
            {"{}", null, "FALSE", "TRUE"},
            {"{1}", null, "UNKNOWN", "UNKNOWN"},
            {null, "2", "UNKNOWN", "UNKNOWN"},
            {"{{1,3},{4,2}}", "2", "TRUE", "FALSE"}
        };
        Expr test = compare(Comparison.EQUAL, Types.INT4, column(1, Types.INT4), new Expr.Element(Types.INT4));
        for (String[] one : cases) {
            for (boolean all : new boolean[] {false, true}) {
                Expr quantified = new Expr.Quantified(column(0, INTS), test, all);
                assertThat(outcome(quantified, List.of(INTS, Types.INT4), one[0], one[1]))
                        .as(Arrays.toString(one))
                        .isEqualTo(one[all ? 3 : 2]);
            }
        }
    }

    @Test
    void whatIsComparedWithElementsIsCalculatedEvenWithoutElements() {
        Expr element = new Expr.Element(Types.INT4);
        Expr test = compare(Comparison.EQUAL, Types.INT4, divided(10, column(1, Types.INT4)), element);
        Expr quantified = new Expr.Quantified(column(0, INTS), test, false);
        List<Type> types = List.of(INTS, Types.INT4);
        assertThat(outcome(quantified, types, "{}", "0")).isEqualTo("22012");
        assertThat(outcome(quantified, types, "{}", "1")).isEqualTo("FALSE");
        assertThat(outcome(quantified, types, "{1,5}", "2")).isEqualTo("TRUE");
    }

    @Test
    void aQuantifierMayStandWithinWhatAnotherAsks() {
        Expr element = new Expr.Element(Types.INT4);
        Expr inner = new Expr.Quantified(
                column(0, INTS), compare(Comparison.LESS, Types.INT4, column(1, Types.INT4), element), false);
        Expr outer = new Expr.Quantified(
                new Expr.ArrayOf(new Type.Array(Types.BOOL), List.of(bool(false), bool(true))),
                compare(Comparison.EQUAL, Types.BOOL, inner, new Expr.Element(Types.BOOL)),
                true);
        assertThat(outcome(outer, List.of(INTS, Types.INT4), "{1,2}", "1")).isEqualTo("FALSE");
        Expr any = new Expr.Quantified(
                new Expr.ArrayOf(new Type.Array(Types.BOOL), List.of(bool(true))),
                compare(Comparison.EQUAL, Types.BOOL, inner, new Expr.Element(Types.BOOL)),
                false);
        assertThat(outcome(any, List.of(INTS, Types.INT4), "{1,2}", "1")).isEqualTo("TRUE");
        assertThat(outcome(any, List.of(INTS, Types.INT4), "{1,2}", "2")).isEqualTo("FALSE");
    }

    @Test
    @DisplayName("WHERE-086: subscripts and slices")
    void subscriptsAndSlices() {
        List<Type> types = List.of(INTS, Types.INT4);
        Expr array = column(0, INTS);
        Expr at = new Expr.Subscript(Types.INT4, array, List.of(column(1, Types.INT4)));
        Expr isTwo = compare(Comparison.EQUAL, Types.INT4, at, int4(2L));
        assertThat(outcome(isTwo, types, "{1,2}", "2")).isEqualTo("TRUE");
        assertThat(outcome(isTwo, types, "[0:1]={1,2}", "1")).isEqualTo("TRUE");
        assertThat(outcome(isTwo, types, "{1,2}", "3")).isEqualTo("UNKNOWN");
        assertThat(outcome(isTwo, types, "{{1,2}}", "1")).isEqualTo("UNKNOWN");
        assertThat(outcome(isTwo, types, "{1,2}", null)).isEqualTo("UNKNOWN");
        assertThat(outcome(isTwo, types, null, "2")).isEqualTo("UNKNOWN");
        Expr slice = new Expr.Slice(
                new Type.Array(Types.INT4),
                array,
                List.of(new Expr.Bounds(Optional.of(column(1, Types.INT4)), Optional.empty())));
        Expr rest = compare(Comparison.EQUAL, INTS, slice, constant(INTS, "{2,3}"));
        assertThat(outcome(rest, types, "{1,2,3}", "2")).isEqualTo("TRUE");
        assertThat(outcome(rest, types, "{1,2,3}", null)).isEqualTo("UNKNOWN");
        assertThat(outcome(rest, types, null, "2")).isEqualTo("UNKNOWN");
        assertThat(outcome(compare(Comparison.EQUAL, INTS, slice, constant(INTS, "{}")), types, "{1}", "9"))
                .isEqualTo("TRUE");
    }

    @Test
    void arraysOfArraysHaveOneDimensionMore() {
        List<Type> types = List.of(INTS, INTS);
        Expr nested = new Expr.ArrayOf(new Type.Array(Types.INT4), List.of(column(0, INTS), column(1, INTS)));
        Expr test = compare(Comparison.EQUAL, INTS, nested, constant(INTS, "{{1,2},{3,4}}"));
        assertThat(outcome(test, types, "{1,2}", "{3,4}")).isEqualTo("TRUE");
        assertThat(outcome(test, types, "{1,2}", "{3}")).isEqualTo("2202E");
        assertThat(outcome(test, types, "{1,2}", "{}")).isEqualTo("2202E");
        assertThat(outcome(test, types, "{1,2}", null)).isEqualTo("2202E");
        assertThat(outcome(compare(Comparison.EQUAL, INTS, nested, constant(INTS, "{}")), types, "{}", null))
                .isEqualTo("TRUE");
    }

    @Test
    @DisplayName("WHERE-093: IS NULL of any column, of rows field by field")
    void nullTestsNeedNoValue() {
        Type opaque = new Type.Opaque("point");
        List<Type> types = List.of(opaque, Types.INT4);
        Expr point = column(0, opaque);
        assertThat(outcome(new Expr.NullTest(point, false), types, "(1,2)", "1"))
                .isEqualTo("FALSE");
        assertThat(outcome(new Expr.NullTest(point, true), types, "(1,2)", "1")).isEqualTo("TRUE");
        List<Expr> fields = List.of(point, column(1, Types.INT4));
        Expr row = new Expr.RowOf(new Type.RowOf(types), fields);
        assertThat(outcome(new Expr.NullTest(row, false), types, null, null)).isEqualTo("TRUE");
        assertThat(outcome(new Expr.NullTest(row, false), types, null, "1")).isEqualTo("FALSE");
        assertThat(outcome(new Expr.NullTest(row, true), types, null, "1")).isEqualTo("FALSE");
        assertThat(outcome(new Expr.NullTest(row, true), types, "(1,2)", "1")).isEqualTo("TRUE");
        Expr ofRow = new Expr.RowOf(new Type.RowOf(List.of(row.type())), List.of(row));
        assertThat(outcome(new Expr.NullTest(ofRow, false), types, null, null)).isEqualTo("FALSE");
    }

    @Test
    void compositeColumnsAreAskedFieldByField() {
        Type composite = new Type.Opaque("pair", true);
        Expr column = column(0, composite);
        for (String text : Arrays.asList("(,)", "(1,)", "(1,2)", "(\"a,\"\",\",)", "(\"\",\"\\\\\")", "()", null)) {
            String isNull = outcome(new Expr.NullTest(column, false), List.of(composite), text);
            String isNotNull = outcome(new Expr.NullTest(column, true), List.of(composite), text);
            assertThat(isNull).isNotEqualTo(isNotNull.equals("TRUE") ? "TRUE" : "UNKNOWN");
        }
    }

    @Test
    @DisplayName("WHERE-073, -074: LIKE and ILIKE in every form")
    void patternsMatchCharacters() {
        CaseMapping greek = new CaseMapping(Map.of((int) 'É', (int) 'é', (int) 'Ω', (int) 'ω'), Map.of());
        List<String> texts = List.of(
                "", "a", "ab", "aB", "ba", "a\nb", "a%b", "a\\b", "äb", "ÉTÉ", "été", "Ω", "😀", "😀x", "aab", "abab");
        List<String> patterns = List.of(
                "", "%", "_", "__", "a%", "%b", "%a%", "A_", "a\\%b", "a\\\\b", "%\\", "a\\", "_b", "é%", "É_É", "%Ω",
                "%a%b", "%ab", "%_", "_%_", "%😀_", "%B%");
        for (String text : texts) {
            for (String pattern : patterns) {
                likeInEveryForm(text, pattern, null);
                likeInEveryForm(text, pattern, CaseMapping.ASCII);
                likeInEveryForm(text, pattern, greek);
            }
        }
        assertThat(outcome(like("É_É", greek), List.of(Types.TEXT), "été")).isEqualTo("TRUE");
        assertThat(outcome(like("É_É", CaseMapping.ASCII), List.of(Types.TEXT), "été"))
                .isEqualTo("FALSE");
        assertThat(outcome(like("a\\", null), List.of(Types.TEXT), "ab")).isEqualTo("22025");
    }

    private static Expr like(String pattern, @Nullable CaseMapping casing) {
        return new Expr.Like(column(0, Types.TEXT), constant(Types.TEXT, pattern), casing);
    }

    private static void likeInEveryForm(String text, String pattern, @Nullable CaseMapping casing) {
        List<Type> types = List.of(Types.TEXT, Types.TEXT);
        Expr operand = column(0, Types.TEXT);
        String expected = outcome(new Expr.Like(operand, column(1, Types.TEXT), casing), types, text, pattern);
        assertThat(outcome(like(pattern, casing), types, text, pattern)).isEqualTo(expected);
        Expr ofTerm = new Expr.Like(calculated(operand), constant(Types.TEXT, pattern), casing);
        assertThat(outcome(ofTerm, types, text, pattern)).isEqualTo(expected);
    }

    @Test
    void longPatternsAreFoundInTimeThatGrowsWithTheText() {
        Random random = new Random(7);
        List<Type> types = List.of(Types.TEXT);
        for (int i = 0; i < 200; i++) {
            String text = letters(random, 300, 20);
            int from = random.nextInt(150);
            String sought = random.nextBoolean()
                    ? text.substring(from, from + 70 + random.nextInt(60))
                    : letters(random, 65 + random.nextInt(20), 40);
            boolean found = text.contains(sought);
            assertThat(outcome(like("%" + sought + "%", null), types, text))
                    .isEqualTo(Truth.of(found).name());
            String twice = "%" + sought + "%" + sought.substring(1) + "%";
            assertThat(outcome(like(twice, null), types, text + text))
                    .isEqualTo(Truth.of(found).name());
        }
        String same = "a".repeat(1_000_000);
        Predicate nearly = Compiler.compile(like("%" + "a".repeat(60_000) + "b%", null));
        RowValues row = new RowValues(types);
        row.turnTo(Row.of(same), new int[] {0});
        assertThat(nearly.test(row)).isEqualTo(Truth.FALSE);
        assertThat(outcome(like("%" + "_".repeat(100) + "%", null), types, letters(random, 100, 5)))
                .isEqualTo("TRUE");
        assertThat(outcome(like("%" + "_".repeat(101) + "%", null), types, letters(random, 100, 5)))
                .isEqualTo("FALSE");
        assertThatThrownBy(() -> Filter.of(
                        "s LIKE '%_" + "a".repeat(100) + "%'",
                        List.of(),
                        TestTables.of(Map.of("s", "text")),
                        collation -> CaseMapping.ASCII))
                .isInstanceOf(InvalidWhere.class)
                .hasMessage("a pattern with _ among more than 64 bytes between two %");
    }

    /** Mostly the same letter. */
    private static String letters(Random random, int count, int others) {
        StringBuilder letters = new StringBuilder("a".repeat(count));
        for (int i = 0; i < others; i++) {
            letters.setCharAt(random.nextInt(count), 'b');
        }
        return letters.toString();
    }

    @Test
    void quantifiersOverKnownElementsMeanTheSame() {
        List<Type> types = List.of(Types.TEXT, new Type.Array(Types.TEXT));
        Expr column = column(0, Types.TEXT);
        Expr element = new Expr.Element(Types.TEXT);
        List<Expr> tests = List.of(
                new Expr.Like(column, element, null),
                new Expr.Like(calculated(column), element, CaseMapping.ASCII),
                new Expr.Not(new Expr.Like(column, element, null)),
                new Expr.Like(element, column, null),
                compare(Comparison.LESS, Types.TEXT, column, element),
                compare(Comparison.GREATER, Types.TEXT, element, column),
                compare(Comparison.UNEQUAL, Types.TEXT, calculated(column), element));
        for (Expr test : tests) {
            for (String array : Arrays.asList("{}", "{A%,b}", "{NULL}", "{a,NULL,%b%}", "{{x,y},{_,c}}", null)) {
                for (String text : Arrays.asList("a", "ab", "c", "", null)) {
                    for (boolean all : new boolean[] {false, true}) {
                        String expected =
                                outcome(new Expr.Quantified(column(1, types.get(1)), test, all), types, text, array);
                        Expr known = new Expr.Quantified(constant(types.get(1), array), test, all);
                        assertThat(outcome(known, types, text, array)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void whatIsComparedWithKnownElementsIsCalculatedOnceAndEvenWithoutElements() {
        List<Type> types = List.of(Types.INT4);
        Expr fails = divided(10, column(0, Types.INT4));
        Expr test = compare(Comparison.EQUAL, Types.INT4, fails, new Expr.Element(Types.INT4));
        Expr none = new Expr.Quantified(constant(INTS, "{}"), test, false);
        assertThat(outcome(none, types, "0")).isEqualTo("22012");
        Expr some = new Expr.Quantified(constant(INTS, "{1,5,NULL}"), test, false);
        assertThat(outcome(some, types, "0")).isEqualTo("22012");
        assertThat(outcome(some, types, "2")).isEqualTo("TRUE");
        assertThat(outcome(some, types, "3")).isEqualTo("UNKNOWN");
    }

    @Test
    @DisplayName("WHERE-105: a label added since is equal to none, and has no place in the order")
    void aLabelAddedSinceIsEqualToNone() {
        Expr mood = column(0, MOOD);
        List<Type> types = List.of(MOOD);
        assertThat(outcome(compare(Comparison.EQUAL, MOOD, mood, constant(MOOD, "ok")), types, "meh"))
                .isEqualTo("FALSE");
        assertThat(outcome(new Expr.In(MOOD, mood, Arrays.asList("ok", "sad")), types, "meh"))
                .isEqualTo("FALSE");
        assertThat(outcome(compare(Comparison.LESS, MOOD, mood, constant(MOOD, "ok")), types, "meh"))
                .isEqualTo("not exact");
    }

    @Test
    void whatARowDoesNotHaveIsNotTakenForNull() {
        RowValues row = new RowValues(List.of(Types.INT4, Types.INT4));
        Row unsent = new Row(new byte[0], new int[] {0}, new int[] {Row.UNCHANGED});
        row.turnTo(unsent, new int[] {0, -1});
        for (int column = 0; column < 2; column++) {
            Predicate isNull = Compiler.compile(new Expr.NullTest(column(column, Types.INT4), false));
            Predicate isOne =
                    Compiler.compile(compare(Comparison.EQUAL, Types.INT4, column(column, Types.INT4), int4(1L)));
            assertThatThrownBy(() -> isNull.test(row)).isInstanceOf(NotExact.class);
            assertThatThrownBy(() -> isOne.test(row)).isInstanceOf(NotExact.class);
        }
    }

    @Test
    void columnsAreFoundWhereTheRowHasThem() {
        RowValues row = new RowValues(List.of(Types.INT4, Types.TEXT));
        row.turnTo(Row.of("x", null, "42"), new int[] {2, 0});
        assertThat(row.integer(0)).isEqualTo(42);
        assertThat(row.value(0)).isEqualTo(42L);
        assertThat(row.value(1)).isEqualTo("x");
        row.turnTo(Row.of("43", null), new int[] {0, 1});
        assertThat(row.integer(0)).isEqualTo(43);
        assertThat(row.value(0)).isEqualTo(43L);
        assertThat(row.isNull(1)).isTrue();
    }
}
