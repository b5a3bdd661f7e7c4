package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WHERE-084 to WHERE-088. */
final class ArrayTest {
    private static final PgType<ArrayValue<Long>> INTS = PgType.INT4.array();
    private static final PgType<ArrayValue<String>> TEXTS = PgType.TEXT.array();

    private static final List<String> LITERALS = List.of(
            "{}",
            "{1}",
            "{1,2,3}",
            " { 1 , 2 } ",
            "{NULL}",
            "{null,1}",
            "{\"NULL\"}",
            "{{1,2},{3,4}}",
            "{{1,2},{3}}",
            "{{1},{2,3}}",
            "{{}}",
            "{{},{}}",
            "{1,{2}}",
            "{{1},2}",
            "[0:1]={1,2}",
            "[0:1]={1}",
            "[2]={1,2}",
            "[-1:0][2:3]={{1,2},{3,4}}",
            "[1:0]={}",
            "[1:1]={}",
            "",
            " ",
            "{",
            "}",
            "{1",
            "1}",
            "{1}}",
            "{1,}",
            "{,1}",
            "{1 2}",
            "{\"1\"}",
            "{1\"2\"}",
            "{\"1\"2}",
            "{1}x",
            "x{1}",
            "{{{{{{1}}}}}}",
            "{{{{{{{1}}}}}}}",
            "{a}",
            "{+1,-2}",
            "{1.5}",
            "{ NULL }",
            "{nULL}",
            "{2147483648}",
            "[0:1] = {1,2}",
            "[ 0:1]={1,2}",
            "[0:1}={1,2}",
            "[0:1]{1,2}",
            "{1,2},{3}",
            "{3,2,1}",
            "{1,NULL,3}",
            "{NULL,NULL}",
            "{{1,2,3}}",
            "{{1},{2},{3}}",
            "[2:4]={1,2,3}");
    private static final List<String> TEXT_LITERALS = List.of(
            "{a,b}",
            "{\"a b\",c}",
            "{a b , c }",
            "{\"\"}",
            "{a\\,b}",
            "{\\a}",
            "{a\\ }",
            "{\"a\\\"b\"}",
            "{\"a\\\\b\"}",
            "{null}",
            "{\"null\"}",
            "{n\\ull}",
            "{é,日}",
            "{\"{}\"}",
            "{\"a\nb\"}",
            "{ \"a\" , b}",
            "{\"a\"b}",
            "{b\"a\"}",
            "{\"a}",
            "{a\\",
            "{a,b,}",
            "{'a'}",
            "{a;b}",
            "{\\N}",
            "{\\ }",
            "{a\tb}");

    @Test
    void readsAndPrintsAsPostgres() {
        Agreement.onLiterals(INTS, LITERALS, 0);
        Agreement.onLiterals(TEXTS, TEXT_LITERALS, 0);
        Agreement.onLiterals(INTS, Agreement.withMutants(LITERALS, 4000, "{}[],:=123 NULl\"\\-"), 0.01);
        List<String> both = new ArrayList<>(LITERALS);
        both.addAll(TEXT_LITERALS);
        Agreement.onLiterals(TEXTS, Agreement.withMutants(both, 4000, "{}[],:=1ab \"\\"), 0.01);
    }

    @Test
    void readsArraysOfEveryType() {
        Agreement.onLiterals(PgType.FLOAT8.array(), List.of("{1.5,NaN,-0,1e300}", "{NULL,inf}"), 0);
        Agreement.onLiterals(PgType.BOOL.array(), List.of("{t,f,true,NULL,off}"), 0);
        Agreement.onLiterals(PgType.TIMESTAMP.array(), List.of("{2024-01-01,\"2024-01-01 10:00\",infinity}"), 0);
        Agreement.onLiterals(PgType.TIMESTAMPTZ.array(), List.of("{2024-01-01 10:00+02,infinity}"), 0);
        Agreement.onLiterals(PgType.INTERVAL.array(), List.of("{1 day,\"1:30\",P1Y}"), 0);
        Agreement.onLiterals(PgType.BYTEA.array(), List.of("{\"\\\\\\\\xde\",abc}"), 0);
        Agreement.onLiterals(PgType.NUMERIC.array(), List.of("{1.50,NaN,-0.0}"), 0);
        Agreement.onLiterals(PgType.UUID.array(), List.of("{a0eebc999c0b4ef8bb6d6bb9bd380a11}"), 0);
        Agreement.onLiterals(PgType.DATE.array(), List.of("{2024-01-01,0044-03-15 BC}"), 0);
        Agreement.onLiterals(PgType.TIMETZ.array(), List.of("{10:00+02,24:00:00-01:30}"), 0);
    }

    @Test
    void ordersAsPostgres() {
        Agreement.onOrder(INTS, LITERALS, 2000);
        Agreement.onOrder(PgType.FLOAT8.array(), List.of("{1}", "{NaN}", "{-0}", "{0}", "{NULL}", "{}", "{0,1}"), 300);
        Agreement.onOrder(PgType.NUMERIC.array(), List.of("{1}", "{1.0}", "{NULL}", "{1.00,2}", "{}"), 100);
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        Random random = Agreement.random();
        List<String> values = LITERALS.stream()
                .filter(literal ->
                        Agreement.answer(() -> INTS.output(INTS.input(literal))).startsWith("="))
                .toList();
        Agreement agreement = new Agreement();
        for (int i = 0; i < 2500; i++) {
            ArrayValue<Long> a = INTS.input(values.get(random.nextInt(values.size())));
            ArrayValue<Long> b = INTS.input(values.get(random.nextInt(values.size())));
            agreement.add(typed(a) + " || " + typed(b), () -> INTS.output(a.concatenate(b)));
            agreement.add(typed(a) + " @> " + typed(b), () -> "" + a.containsAll(b, PgType.INT4));
            agreement.add(typed(a) + " && " + typed(b), () -> "" + a.overlaps(b, PgType.INT4));
            agreement.add("array_append(" + typed(a) + ", 7)", () -> INTS.output(a.append(7L)));
            agreement.add("array_prepend(NULL, " + typed(a) + ")", () -> INTS.output(a.prepend(null)));
            int from = random.nextInt(6) - 2;
            int to = random.nextInt(6) - 2;
            int second = random.nextInt(4);
            agreement.add("coalesce((" + typed(a) + ")[" + from + "], -99)", () -> "" + orMissing(a.at(from)));
            agreement.add(
                    "coalesce((" + typed(a) + ")[" + from + "][" + second + "], -99)",
                    () -> "" + orMissing(a.at(from, second)));
            agreement.add(
                    "(" + typed(a) + ")[" + from + ":" + to + "]",
                    () -> INTS.output(a.slice(new int[] {from}, new int[] {to})));
            agreement.add(
                    "(" + typed(a) + ")[" + from + ":" + to + "][1:" + second + "]",
                    () -> INTS.output(a.slice(new int[] {from, 1}, new int[] {to, second})));
        }
        agreement.holds(0);
    }

    private static long orMissing(@org.jspecify.annotations.Nullable Long element) {
        return element == null ? -99 : element;
    }

    private static String typed(ArrayValue<Long> array) {
        return Agreement.quote(INTS.output(array)) + "::int4[]";
    }

    @Test
    void whatALogWouldPrintHasNoElementInIt() {
        assertThat(INTS.input("{4711,12}")).hasToString("Array[2 elements]");
    }
}
