package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** WHERE-019, WHERE-020, WHERE-067. */
final class IntTest {
    @Test
    void readsAndRefusesLiteralsAsPostgres() {
        List<String> literals = new ArrayList<>(List.of(
                "0",
                "-0",
                "+7",
                " 12 ",
                "\t\n\u000b\f\r5",
                "",
                " ",
                "-",
                "+",
                "1 2",
                "1.0",
                "1e3",
                "x",
                "--1",
                "é",
                "32767",
                "32768",
                "-32768",
                "-32769",
                "2147483647",
                "2147483648",
                "-2147483648",
                "-2147483649",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999999999x",
                "\u0661",
                "true",
                "NULL",
                "1\u00a0"));
        literals.addAll(List.of(
                "0x1F",
                "-0xff",
                "0X7FFF",
                "0x8000",
                "-0x8000",
                "0x",
                "0xg",
                "0o17",
                "0b101",
                "0b2",
                "1_000",
                "_1",
                "1_",
                "1__0",
                "0x_1F",
                "0b_1",
                "0x7fffffffffffffff",
                "0x8000000000000000",
                "-0x8000000000000000"));
        literals = Agreement.withMutants(literals, 1500, "0123456789-+ xXbo_aF");
        for (PgType<Long> type : List.of(PgType.INT2, PgType.INT4, PgType.INT8)) {
            Agreement.onLiterals(type, literals, 0);
            Agreement.onOrder(type, literals, 200);
        }
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        Random random = Agreement.random();
        Agreement agreement = new Agreement();
        for (Int type : Int.values()) {
            List<Long> edges = edges(type);
            for (int i = 0; i < 300; i++) {
                long a = edges.get(random.nextInt(edges.size()));
                long b = edges.get(random.nextInt(edges.size()));
                operation(agreement, type, a, "+", b, type::add);
                operation(agreement, type, a, "-", b, type::subtract);
                operation(agreement, type, a, "*", b, type::multiply);
                operation(agreement, type, a, "/", b, type::divide);
                operation(agreement, type, a, "%", b, type::remainder);
                agreement.add("- " + typed(type, a), () -> Int.print(type.negate(a)));
                agreement.add("@ " + typed(type, a), () -> Int.print(type.abs(a)));
            }
        }
        agreement.holds(0);
    }

    @Test
    void castsFromFloatsAndNumericRoundAsPostgres() {
        Agreement agreement = new Agreement();
        List<String> floats = List.of(
                "0.5",
                "1.5",
                "2.5",
                "-0.5",
                "-1.5",
                "-2.5",
                "32767.4",
                "32767.5",
                "-32768.5",
                "-32768.51",
                "2147483647.5",
                "2147483647.4",
                "-2147483648.5",
                "-2147483648.6",
                "9223372036854775807",
                "-9223372036854775808",
                "1e19",
                "NaN",
                "Infinity",
                "-Infinity",
                "9223372036854774784");
        for (Int type : Int.values()) {
            for (String number : floats) {
                String cast = "::" + name(type);
                agreement.add(
                        Agreement.quote(number) + "::float8" + cast, () -> Int.print(type.from(Float8.input(number))));
                agreement.add(
                        Agreement.quote(number) + "::float4" + cast, () -> Int.print(type.from(Float4.input(number))));
                agreement.add(
                        Agreement.quote(number) + "::numeric" + cast,
                        () -> Int.print(type.from(Numeric.input(number))));
            }
        }
        agreement.holds(0);
    }

    @Test
    void saysPostgresWords() {
        assertThatThrownBy(() -> Int.INT4.input("x")).isInstanceOfSatisfying(InvalidValue.class, refused -> {
            assertThat(refused.sqlState()).isEqualTo("22P02");
            assertThat(refused.text()).isEqualTo("invalid input syntax for type integer: \"x\"");
        });
        assertThatThrownBy(() -> Int.INT2.add(32767, 1)).isInstanceOfSatisfying(InvalidValue.class, refused -> {
            assertThat(refused.sqlState()).isEqualTo("22003");
            assertThat(refused.text()).isEqualTo("smallint out of range");
        });
    }

    @Test
    void whatALogWouldPrintHasNoValueInIt() {
        assertThatThrownBy(() -> Int.INT4.input("4711secret")).hasMessageNotContaining("4711");
    }

    private static void operation(
            Agreement agreement, Int type, long a, String operator, long b, LongBinaryOperator ours) {
        agreement.add(typed(type, a) + " " + operator + " " + typed(type, b), () -> Int.print(ours.applyAsLong(a, b)));
    }

    private static String typed(Int type, long value) {
        return "('" + value + "'::" + name(type) + ")";
    }

    private static String name(Int type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static List<Long> edges(Int type) {
        long max = switch (type) {
            case INT2 -> Short.MAX_VALUE;
            case INT4 -> Integer.MAX_VALUE;
            case INT8 -> Long.MAX_VALUE;
        };
        List<Long> edges =
                new ArrayList<>(List.of(0L, 1L, -1L, 2L, -2L, 7L, 10L, -3L, max, -max - 1, max - 1, -max, max / 2));
        long root = (long) Math.sqrt((double) max);
        edges.addAll(List.of(root, -root, root + 1, -root - 1, max / 3));
        return edges;
    }
}
