package electric.sync.value;

import java.math.BigInteger;

/** int2, int4 and int8: two's complement, range-checked, never wrapped around. Values travel as {@code long}. */
public enum Int {
    INT2("smallint", Short.MIN_VALUE, Short.MAX_VALUE),
    INT4("integer", Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT8("bigint", Long.MIN_VALUE, Long.MAX_VALUE);

    private final String title;
    private final long min;
    private final long max;

    Int(String title, long min, long max) {
        this.title = title;
        this.min = min;
        this.max = max;
    }

    /** Of Postgres's output: a minus where negative, and digits. */
    public static long parse(byte[] bytes, int from, int length) {
        int end = from + length;
        boolean negative = length > 0 && bytes[from] == '-';
        int at = negative ? from + 1 : from;
        if (at >= end || end - at > 19) {
            throw Output.unreadable("integer");
        }
        long value = 0;
        for (; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw Output.unreadable("integer");
            }
            value = value * 10 - digit;
        }
        return negative ? value : -value;
    }

    public long input(String literal) {
        int at = Blanks.skip(literal, 0);
        boolean negative = false;
        if (at < literal.length() && (literal.charAt(at) == '-' || literal.charAt(at) == '+')) {
            negative = literal.charAt(at) == '-';
            at++;
        }
        int radix = radix(literal, at);
        if (radix != 10) {
            at += 2;
        }
        int first = at;
        // Accumulated below zero, where there is one value more.
        long value = 0;
        long limit = negative ? min : -max;
        for (; at < literal.length(); at++) {
            char c = literal.charAt(at);
            if (c == '_') {
                // Between digits only; after a radix prefix also before them.
                boolean mayStand = at + 1 < literal.length() && digit(literal.charAt(at + 1), radix) >= 0;
                if (!mayStand || (at == first && radix == 10)) {
                    throw InvalidValue.syntax(title, literal);
                }
                continue;
            }
            int digit = digit(c, radix);
            if (digit < 0) {
                break;
            }
            if (value < (limit + digit) / radix) {
                throw InvalidValue.literalOutOfRange(title, literal);
            }
            value = value * radix - digit;
        }
        if (at == first || Blanks.skip(literal, at) < literal.length()) {
            throw InvalidValue.syntax(title, literal);
        }
        return negative ? value : -value;
    }

    /** Of a number that may begin with {@code 0x}, {@code 0o} or {@code 0b}. */
    static int radix(String literal, int at) {
        if (at + 1 >= literal.length() || literal.charAt(at) != '0') {
            return 10;
        }
        return switch (literal.charAt(at + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static int digit(char c, int radix) {
        return c < 128 ? Character.digit(c, radix) : -1;
    }

    /** The value if it is one of this type. */
    public long checked(long value) {
        if (value < min || value > max) {
            throw InvalidValue.outOfRange(title);
        }
        return value;
    }

    public long add(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw InvalidValue.outOfRange(title);
        }
        return checked(sum);
    }

    public long subtract(long a, long b) {
        long difference = a - b;
        if (((a ^ b) & (a ^ difference)) < 0) {
            throw InvalidValue.outOfRange(title);
        }
        return checked(difference);
    }

    public long multiply(long a, long b) {
        long product = a * b;
        if (Math.multiplyHigh(a, b) != product >> 63) {
            throw InvalidValue.outOfRange(title);
        }
        return checked(product);
    }

    /** Towards zero. */
    public long divide(long a, long b) {
        if (b == 0) {
            throw InvalidValue.divisionByZero();
        }
        return b == -1 ? negate(a) : a / b;
    }

    /** With the sign of the dividend. */
    public long remainder(long a, long b) {
        if (b == 0) {
            throw InvalidValue.divisionByZero();
        }
        return a % b;
    }

    public long negate(long a) {
        if (a == min) {
            throw InvalidValue.outOfRange(title);
        }
        return -a;
    }

    public long abs(long a) {
        return a < 0 ? negate(a) : a;
    }

    public long shiftLeft(long a, long by) {
        long shifted = a << places(by);
        return switch (this) {
            case INT2 -> (short) shifted;
            case INT4 -> (int) shifted;
            case INT8 -> shifted;
        };
    }

    public long shiftRight(long a, long by) {
        return a >> places(by);
    }

    private long places(long by) {
        if (by < 0 || by >= (this == INT8 ? 64 : 32)) {
            throw new NotExact("shifting by more than there are bits is left to the processor");
        }
        return by;
    }

    public long greatestCommonDivisor(long a, long b) {
        return checked(BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)));
    }

    public long leastCommonMultiple(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        BigInteger divisor = BigInteger.valueOf(greatestCommonDivisor(a, b));
        return checked(BigInteger.valueOf(a)
                .divide(divisor)
                .multiply(BigInteger.valueOf(b))
                .abs());
    }

    private long checked(BigInteger value) {
        if (value.bitLength() > 63) {
            throw InvalidValue.outOfRange(title);
        }
        return checked(value.longValueExact());
    }

    /** From float4 or float8: to the nearest, halves to the even one. */
    public long from(double value) {
        double whole = Math.rint(value);
        // -min is exact as a double, max is not; NaN fails both.
        if (!(whole >= min && whole < -(double) min)) {
            throw InvalidValue.outOfRange(title);
        }
        return (long) whole;
    }

    /** From numeric: to the nearest, halves away from zero. */
    public long from(Numeric value) {
        if (!value.isFinite()) {
            throw InvalidValue.of("0A000", "cannot convert " + (value.isNaN() ? "NaN" : "infinity") + " to " + title);
        }
        return value.round(0).toLong(min, max, title);
    }

    /** As {@code to_hex}, {@code to_oct} and {@code to_bin} write it: without a sign. */
    public String digits(long value, int radix) {
        return Long.toUnsignedString(this == INT8 ? value : value & 0xFFFF_FFFFL, radix);
    }

    public static boolean toBool(long value) {
        return value != 0;
    }

    public static String print(long value) {
        return Long.toString(value);
    }
}
