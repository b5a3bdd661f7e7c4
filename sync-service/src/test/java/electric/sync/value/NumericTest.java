package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WHERE-068, WHERE-069. */
final class NumericTest {
    private static final List<String> LITERALS = List.of(
            "0",
            "-0",
            "0.00",
            "1",
            "1.0",
            "1.00",
            "-1.50",
            "+2",
            ".5",
            "5.",
            ".",
            "",
            " ",
            " 1.5 ",
            "1e5",
            "1.50e1",
            "1E-5",
            "1e",
            "1e+",
            "NaN",
            "nan",
            "-nan",
            "inf",
            "-inf",
            "Infinity",
            "-infinity",
            "+inf",
            "infin",
            "1e131071",
            "1e131072",
            "1e-16383",
            "1e-16384",
            "0e99999",
            "0e-16384",
            "1e99999999999",
            "99999999999999999999999999999999999999999.000000000000000000001",
            "123456789012345678901234567890",
            "0.000000000000000000000000000001",
            "10000",
            "9999",
            "0.0001",
            "1x",
            "--1",
            "1.2.3",
            "1 2",
            "é",
            "1e2147483648",
            "0.1",
            "0.10",
            "3",
            "7",
            "-7",
            "100",
            "1e20");

    @Test
    void readsAndPrintsAsPostgres() {
        List<String> literals = new ArrayList<>(LITERALS);
        literals.addAll(List.of(
                "0x1F",
                "-0xff",
                "0xFFFFFFFFFFFFFFFFFFFF",
                "0x",
                "0o17",
                "0b11",
                "1_000",
                "1_000.5_0",
                "1__0",
                "_1",
                "1_",
                "1_.5",
                "1._5",
                "1e1_0",
                "1e_1",
                "0x_1",
                "0x1_",
                "0x1.5"));
        literals = Agreement.withMutants(literals, 2000, "0123456789.eE+-_x ");
        Agreement.onLiterals(PgType.NUMERIC, literals, 0);
    }

    @Test
    void ordersAsPostgresAlsoWithoutReading() {
        Agreement.onOrder(PgType.NUMERIC, LITERALS, 2000);
        Random random = Agreement.random();
        List<Numeric> values = new ArrayList<>(
                randomNumbers(random, 200).stream().map(Numeric::input).toList());
        for (String literal :
                List.of("NaN", "Infinity", "-Infinity", "0", "0.000", "-0.01", "1e40", "1e-40", "10", "1", "100.0")) {
            values.add(Numeric.input(literal));
        }
        for (Numeric a : values) {
            for (Numeric b : values) {
                byte[] output = Text.utf8(b.print());
                assertThat(a.compareTo(output, 0, output.length))
                        .as("%s against %s, seed %d", a.print(), b.print(), Agreement.SEED)
                        .isEqualTo(a.compareTo(b));
            }
        }
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        Random random = Agreement.random();
        List<String> numbers = new ArrayList<>(randomNumbers(random, 45));
        numbers.addAll(List.of(
                "0",
                "0.000",
                "1",
                "-1",
                "3",
                "7.00",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e-200",
                "1e200",
                "9999.9999",
                "10000",
                "0.00010000"));
        Agreement agreement = new Agreement();
        for (String a : numbers) {
            for (String b : numbers) {
                agreement.operation(PgType.NUMERIC, a, "+", b, Numeric::add);
                agreement.operation(PgType.NUMERIC, a, "-", b, Numeric::subtract);
                agreement.operation(PgType.NUMERIC, a, "*", b, Numeric::multiply);
                agreement.operation(PgType.NUMERIC, a, "/", b, Numeric::divide);
                agreement.operation(PgType.NUMERIC, a, "%", b, Numeric::remainder);
            }
            agreement.add(
                    "- '" + a + "'::numeric", () -> Numeric.input(a).negate().print());
            agreement.add("@ '" + a + "'::numeric", () -> Numeric.input(a).abs().print());
        }
        for (String limit : List.of("1e131071", "-9e131071", "1e-16383")) {
            for (String b : List.of("1e131071", "-5e131071", "1e-16383", "10", "0.001")) {
                agreement.operation(PgType.NUMERIC, limit, "+", b, Numeric::add);
                agreement.operation(PgType.NUMERIC, limit, "*", b, Numeric::multiply);
            }
        }
        agreement.holds(0);
    }

    @Test
    void powersAreThoseOfPostgresOrRefused() {
        Random random = Agreement.random();
        List<String> numbers = List.of(
                "0",
                "0.00",
                "1",
                "-1",
                "2",
                "-2",
                "0.5",
                "10",
                "NaN",
                "Infinity",
                "-Infinity",
                "-3",
                "1.5",
                "100",
                "0.1",
                "1.23e-10",
                "12345",
                "1.000001",
                "-0.5",
                "3.00000000000000000000");
        Agreement agreement = new Agreement();
        for (String a : numbers) {
            for (String b : numbers) {
                power(agreement, a, b);
            }
        }
        for (int i = 0; i < 300; i++) {
            String a = String.format("%.5f", Math.exp(random.nextGaussian() * 3));
            power(agreement, a, String.format("%.2f", random.nextGaussian() * 8));
            power(agreement, a, Integer.toString(random.nextInt(41) - 20));
        }
        agreement.holds(0.5);
    }

    /** The scale shown is not the same in every version. */
    private static void power(Agreement agreement, String a, String b) {
        agreement.add("trim_scale('" + a + "'::numeric ^ '" + b + "'::numeric)", () -> {
            Numeric power = Numeric.input(a).power(Numeric.input(b));
            return power.isFinite()
                    ? new BigDecimal(power.print()).stripTrailingZeros().toPlainString()
                    : power.print();
        });
    }

    @Test
    void castsAsPostgres() {
        Agreement agreement = new Agreement();
        List<String> numbers = new ArrayList<>(randomNumbers(Agreement.random(), 200));
        numbers.addAll(List.of(
                "NaN",
                "Infinity",
                "-Infinity",
                "0",
                "99.995",
                "-99.995",
                "99.994",
                "0.005",
                "-0.005",
                "1e400",
                "1e-400"));
        for (String number : numbers) {
            agreement.add(
                    "'" + number + "'::numeric(5,2)",
                    () -> Numeric.input(number).round(5, 2).print());
            agreement.add(
                    "'" + number + "'::numeric(9,0)",
                    () -> Numeric.input(number).round(9, 0).print());
            agreement.add("'" + number + "'::numeric::float8", () -> Float8.print(Float8.from(Numeric.input(number))));
            agreement.add("'" + number + "'::numeric::float4", () -> Float4.print(Float4.from(Numeric.input(number))));
            if (Math.abs(Double.parseDouble(number)) < 1e300) {
                agreement.add(
                        "'" + number + "'::float8::numeric",
                        () -> Numeric.from(Float8.input(number)).print());
                agreement.add(
                        "'" + number + "'::float4::numeric",
                        () -> Numeric.from(Float4.input(number)).print());
            }
        }
        agreement.holds(0);
    }

    private static List<String> randomNumbers(Random random, int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
            for (int d = random.nextInt(20); d >= 0; d--) {
                number.append((char) ('0' + random.nextInt(10)));
            }
            if (random.nextInt(3) > 0) {
                number.append('.');
                for (int d = random.nextInt(25); d >= 0; d--) {
                    number.append((char) ('0' + (random.nextBoolean() ? random.nextInt(10) : 0)));
                }
            }
            numbers.add(number.toString());
        }
        return numbers;
    }
}
