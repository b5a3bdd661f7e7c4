package electric.sync.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WHERE-062, WHERE-070, WHERE-071. */
final class FloatTest {
    private static final List<String> LITERALS = List.of(
            "0",
            "-0",
            "0.0",
            "1",
            "-1",
            "+1",
            ".5",
            "5.",
            ".",
            "",
            " ",
            " 1.5 ",
            "1e5",
            "1E+5",
            "1e-5",
            "1e",
            "1e+",
            "NaN",
            "nan",
            "+nan",
            "-nan",
            "inf",
            "-inf",
            "+Infinity",
            "infinity",
            "-INFINITY",
            "infinit",
            "1e308",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1e309",
            "-1e309",
            "4.9e-324",
            "2.4e-324",
            "1e-324",
            "0e-400",
            "0e400",
            "3.4028235e38",
            "3.4028236e38",
            "1e39",
            "1.4e-45",
            "7e-46",
            "1e-46",
            "1e23",
            "9007199254740993",
            "0.1",
            "0.3",
            "1e15",
            "1e14",
            "123456789012345",
            "1234567890123456",
            "1e6",
            "999999",
            "1000000",
            "0.0001",
            "0.00001",
            "16777217",
            "5e-324",
            "2.2250738585072014e-308",
            "1x",
            "1 1",
            "1e99999999999",
            "0x10",
            "0x1.8p3",
            "-0X.8p-1",
            "0x",
            "0x1p",
            "0x0p5",
            "0xfp1020",
            "0xfp1024",
            "0x1p-1080",
            "0x.p1",
            "nan()",
            "1_000",
            "é",
            "1e5.5",
            "1f",
            "1d");

    private static List<String> literals() {
        Random random = Agreement.random();
        List<String> literals = new ArrayList<>(Agreement.withMutants(LITERALS, 1500, "0123456789.eE+-naifxp "));
        for (int i = 0; i < 3000; i++) {
            literals.add(Double.toString(Double.longBitsToDouble(random.nextLong())));
            literals.add(Float.toString(Float.intBitsToFloat(random.nextInt())));
        }
        for (int e = -1074; e < 1024; e += 7) {
            literals.add(Double.toString(Math.scalb(1.0, e)));
        }
        for (int e = -149; e < 128; e++) {
            literals.add(Float.toString(Math.scalb(1.0f, e)));
        }
        for (int e = -330; e < 310; e += 3) {
            literals.add((1 + random.nextInt(999)) + "e" + e);
        }
        return literals;
    }

    @Test
    void readsAndPrintsAsPostgres() {
        Agreement.onLiterals(PgType.FLOAT8, literals(), 0.01);
        Agreement.onLiterals(PgType.FLOAT4, literals(), 0.01);
    }

    @Test
    void ordersAsPostgres() {
        Agreement.onOrder(PgType.FLOAT8, LITERALS, 1000);
        Agreement.onOrder(PgType.FLOAT4, LITERALS, 1000);
    }

    @Test
    void calculatesAsPostgresAndFailsWhereItFails() {
        List<String> numbers = List.of(
                "0",
                "-0",
                "1",
                "-1",
                "0.1",
                "3",
                "1e308",
                "-1e308",
                "1e-308",
                "5e-324",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e-200",
                "1e200",
                "2.5",
                "-7.25",
                "1e38",
                "3e38",
                "1e-38",
                "1e-45");
        Agreement agreement = new Agreement();
        for (String a : numbers) {
            for (String b : numbers) {
                agreement.operation(PgType.FLOAT8, a, "+", b, Float8::add);
                agreement.operation(PgType.FLOAT8, a, "-", b, Float8::subtract);
                agreement.operation(PgType.FLOAT8, a, "*", b, Float8::multiply);
                agreement.operation(PgType.FLOAT8, a, "/", b, Float8::divide);
                agreement.operation(PgType.FLOAT4, a, "+", b, Float4::add);
                agreement.operation(PgType.FLOAT4, a, "-", b, Float4::subtract);
                agreement.operation(PgType.FLOAT4, a, "*", b, Float4::multiply);
                agreement.operation(PgType.FLOAT4, a, "/", b, Float4::divide);
            }
            agreement.add("|/ '" + a + "'::float8", () -> Float8.print(Float8.squareRoot(Float8.input(a))));
            agreement.add("'" + a + "'::float8::float4", () -> Float4.print(Float4.from(Float8.input(a))));
            agreement.add("'" + a + "'::float4::float8", () -> Float8.print(Float4.input(a)));
        }
        agreement.holds(0);
    }

    @Test
    void powersAreThoseOfPostgresOrRefused() {
        Random random = Agreement.random();
        List<String> numbers = List.of(
                "0",
                "-0",
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
                "1e10",
                "300",
                "-1e-10",
                "1.5",
                "1e300",
                "0.1",
                "-0.1");
        Agreement agreement = new Agreement();
        for (String a : numbers) {
            for (String b : numbers) {
                agreement.operation(PgType.FLOAT8, a, "^", b, Float8::power);
            }
        }
        for (int i = 0; i < 500; i++) {
            String a = Double.toString(Math.exp(random.nextGaussian() * 4));
            String b = Double.toString(random.nextGaussian() * 20);
            agreement.operation(PgType.FLOAT8, a, "^", b, Float8::power);
        }
        agreement.holds(0.15);
    }
}
