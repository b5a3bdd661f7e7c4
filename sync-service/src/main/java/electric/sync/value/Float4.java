package electric.sync.value;

import java.math.BigDecimal;

/** float4: IEEE single precision; NaN equals NaN and comes last, and the zeros are equal. */
public final class Float4 {
    private Float4() {}

    /** Of Postgres's output. */
    public static float parse(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        boolean negative = length > 0 && bytes[at] == '-';
        if (negative) {
            at++;
        }
        int digits = 0;
        int scale = 0;
        boolean fraction = false;
        // Seven digits and a power of ten up to 10 are exact floats, so the one division rounds once, correctly.
        if (at < end && end - at <= 8) {
            for (; at < end; at++) {
                byte b = bytes[at];
                if (b >= '0' && b <= '9') {
                    digits = digits * 10 + (b - '0');
                    scale += fraction ? 1 : 0;
                } else if (b == '.' && !fraction) {
                    fraction = true;
                } else {
                    break;
                }
            }
            if (at == end && digits < 1 << 24) {
                float value = digits / TENS[scale];
                return negative ? -value : value;
            }
        }
        return parseSlowly(Output.text(bytes, from, length));
    }

    private static final float[] TENS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f};

    private static float parseSlowly(String text) {
        try {
            return input(text);
        } catch (InvalidValue notOutput) {
            throw Output.unreadable("real");
        }
    }

    public static float input(String literal) {
        FloatLiteral read = FloatLiteral.read(literal, "real");
        float value = read.toFloat();
        if (read.isFinite() && (Float.isInfinite(value) || (value == 0 && !read.isZero()))) {
            throw read.outOfRange();
        }
        return value;
    }

    public static String print(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return Float8.print(value);
        }
        float size = Math.abs(value);
        BigDecimal exact = new BigDecimal(size);
        // The sum of two neighbouring floats is exact as a double.
        BigDecimal below = new BigDecimal(((double) size + Math.nextDown(size)) / 2);
        float up = Math.nextUp(size);
        BigDecimal above =
                Float.isInfinite(up) ? exact.add(exact.subtract(below)) : new BigDecimal(((double) size + up) / 2);
        return (value < 0 ? "-" : "") + Shortest.print(Shortest.between(below, exact, above, 9), 6);
    }

    public static float add(float a, float b) {
        return inRange(a + b, Float.isInfinite(a) || Float.isInfinite(b), true);
    }

    public static float subtract(float a, float b) {
        return inRange(a - b, Float.isInfinite(a) || Float.isInfinite(b), true);
    }

    public static float multiply(float a, float b) {
        return inRange(a * b, Float.isInfinite(a) || Float.isInfinite(b), a == 0 || b == 0);
    }

    public static float divide(float a, float b) {
        if (b == 0 && !Float.isNaN(a)) {
            throw InvalidValue.divisionByZero();
        }
        return inRange(a / b, Float.isInfinite(a), a == 0 || Float.isInfinite(b));
    }

    public static float from(double value) {
        return inRange((float) value, Double.isInfinite(value), value == 0);
    }

    public static float from(Numeric value) {
        if (!value.isFinite()) {
            return (float) Float8.from(value);
        }
        return input(value.print());
    }

    private static float inRange(float result, boolean mayBeInfinite, boolean mayBeZero) {
        if (Float.isInfinite(result) && !mayBeInfinite) {
            throw InvalidValue.overflow();
        }
        if (result == 0 && !mayBeZero) {
            throw InvalidValue.underflow();
        }
        return result;
    }
}
