package electric.sync.value;

import java.math.BigDecimal;
import java.math.MathContext;

/** float8: IEEE double precision; NaN equals NaN and comes last, and the zeros are equal. */
public final class Float8 {
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private static final double RADIANS_PER_DEGREE = 0.017453292519943295;

    private Float8() {}

    /** Of Postgres's output. No allocation where the digits fit a double exactly, as they mostly do. */
    public static double parse(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        boolean negative = length > 0 && bytes[at] == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int exponent = 0;
        int count = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            byte b = bytes[at];
            if (b >= '0' && b <= '9') {
                digits = digits * 10 + (b - '0');
                count += digits == 0 ? 0 : 1;
                exponent -= fraction ? 1 : 0;
            } else if (b == '.' && !fraction) {
                fraction = true;
            } else {
                break;
            }
        }
        if (at < end - 1 && bytes[at] == 'e') {
            boolean negativeExponent = bytes[at + 1] == '-';
            int written = 0;
            int digitAt = at + 2;
            for (; digitAt < end && bytes[digitAt] >= '0' && bytes[digitAt] <= '9' && written < 1000; digitAt++) {
                written = written * 10 + (bytes[digitAt] - '0');
            }
            exponent += negativeExponent ? -written : written;
            at = digitAt;
        }
        // Both factors are exact doubles, so the one operation rounds once, correctly.
        if (at == end && count > 0 && count <= 15 && exponent >= -22 && exponent <= 22) {
            double value = exponent < 0 ? digits / TENS[-exponent] : digits * TENS[exponent];
            return negative ? -value : value;
        }
        return parseSlowly(Output.text(bytes, from, length));
    }

    private static double parseSlowly(String text) {
        try {
            return input(text);
        } catch (InvalidValue notOutput) {
            throw Output.unreadable("double precision");
        }
    }

    public static double input(String literal) {
        FloatLiteral read = FloatLiteral.read(literal, "double precision");
        double value = read.toDouble();
        if (read.isFinite() && (Double.isInfinite(value) || (value == 0 && !read.isZero()))) {
            throw read.outOfRange();
        }
        return value;
    }

    public static String print(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        double size = Math.abs(value);
        BigDecimal exact = new BigDecimal(size);
        BigDecimal below = midpoint(exact, new BigDecimal(Math.nextDown(size)));
        double up = Math.nextUp(size);
        BigDecimal above =
                Double.isInfinite(up) ? exact.add(exact.subtract(below)) : midpoint(exact, new BigDecimal(up));
        BigDecimal shortest = Shortest.between(below, exact, above, 17);
        return (value < 0 ? "-" : "") + Shortest.print(shortest, 15);
    }

    private static BigDecimal midpoint(BigDecimal a, BigDecimal b) {
        return a.add(b).divide(BigDecimal.TWO);
    }

    public static int compare(double a, double b) {
        if (a < b) {
            return -1;
        }
        if (a > b) {
            return 1;
        }
        if (a == b) {
            return 0;
        }
        return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    public static int hash(double value) {
        // doubleToLongBits has one NaN already; the sum has one zero.
        return Double.hashCode(value + 0.0);
    }

    public static double add(double a, double b) {
        return inRange(a + b, Double.isInfinite(a) || Double.isInfinite(b), true);
    }

    public static double subtract(double a, double b) {
        return inRange(a - b, Double.isInfinite(a) || Double.isInfinite(b), true);
    }

    public static double multiply(double a, double b) {
        return inRange(a * b, Double.isInfinite(a) || Double.isInfinite(b), a == 0 || b == 0);
    }

    public static double divide(double a, double b) {
        if (b == 0 && !Double.isNaN(a)) {
            throw InvalidValue.divisionByZero();
        }
        return inRange(a / b, Double.isInfinite(a), a == 0 || Double.isInfinite(b));
    }

    private static double inRange(double result, boolean mayBeInfinite, boolean mayBeZero) {
        if (Double.isInfinite(result) && !mayBeInfinite) {
            throw InvalidValue.overflow();
        }
        if (result == 0 && !mayBeZero) {
            throw InvalidValue.underflow();
        }
        return result;
    }

    /** Of NaN, 0. */
    public static double sign(double value) {
        return value > 0 ? 1 : value < 0 ? -1 : 0;
    }

    /** Towards zero. */
    public static double truncate(double value) {
        return value >= 0 ? Math.floor(value) : -Math.floor(-value);
    }

    public static double degrees(double radians) {
        return divide(radians, RADIANS_PER_DEGREE);
    }

    public static double radians(double degrees) {
        return multiply(degrees, RADIANS_PER_DEGREE);
    }

    public static double squareRoot(double value) {
        if (value < 0) {
            throw InvalidValue.of("2201F", "cannot take square root of a negative number");
        }
        return Math.sqrt(value);
    }

    /**
     * Postgres asks its C library, which rounds nearly always to the nearest double: so do we, and refuse where the true
     * value is too near the middle between two doubles to be sure.
     */
    public static double power(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return b == 0 || a == 1 ? 1 : Double.NaN;
        }
        if (a == 0 && b < 0) {
            throw InvalidValue.of("2201F", "zero raised to a negative power is undefined");
        }
        boolean wholeExponent = Math.rint(b) == b;
        if (a < 0 && !wholeExponent) {
            throw InvalidValue.of("2201F", "a negative number raised to a non-integer power yields a complex result");
        }
        if (Math.abs(a) == 1 && Double.isInfinite(b)) {
            return 1;
        }
        if (a == 0 || b == 0 || a == 1 || Double.isInfinite(a) || Double.isInfinite(b)) {
            return Math.pow(a, b);
        }
        // Far outside, before anything precise is tried: 2^±1100 is beyond every double.
        double size = b * Math.log(Math.abs(a));
        if (size > 763) {
            throw InvalidValue.overflow();
        }
        if (size < -763) {
            throw InvalidValue.underflow();
        }
        BigDecimal power = Precise.power(new BigDecimal(Math.abs(a)), new BigDecimal(b), new MathContext(50));
        double nearest = power.doubleValue();
        if (Double.isInfinite(nearest)) {
            throw InvalidValue.overflow();
        }
        if (nearest == 0) {
            throw InvalidValue.underflow();
        }
        refuseNearTheMiddle(power, nearest);
        boolean odd = a < 0 && Math.abs(b) < 0x1p53 && ((long) b & 1) == 1;
        return odd ? -nearest : nearest;
    }

    private static void refuseNearTheMiddle(BigDecimal exact, double nearest) {
        BigDecimal off = exact.subtract(new BigDecimal(nearest)).abs();
        BigDecimal unit = new BigDecimal(Math.ulp(nearest));
        if (off.compareTo(unit.multiply(new BigDecimal("0.45"))) > 0 || nearest < Double.MIN_NORMAL * 2) {
            throw new NotExact("the power lies too near the middle between two doubles");
        }
    }

    public static double from(Numeric value) {
        if (value.isNaN()) {
            return Double.NaN;
        }
        if (!value.isFinite()) {
            return value.signum() > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        return input(value.print());
    }
}
