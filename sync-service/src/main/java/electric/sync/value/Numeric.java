package electric.sync.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * numeric: an exact decimal with the scale it is shown with, or NaN, or an infinity. Comparing and hashing ignore the
 * scale; NaN equals itself and comes last.
 */
public final class Numeric implements Comparable<Numeric> {
    public static final Numeric NAN = new Numeric(Kind.NAN, BigDecimal.ZERO);
    public static final Numeric INFINITY = new Numeric(Kind.INFINITY, BigDecimal.ZERO);
    public static final Numeric MINUS_INFINITY = new Numeric(Kind.MINUS_INFINITY, BigDecimal.ZERO);
    public static final Numeric ZERO = of(0);
    public static final Numeric ONE = of(1);

    private static final String TYPE = "numeric";
    private static final int MOST_DIGITS_BEFORE_THE_POINT = 131_072;
    private static final int MOST_DIGITS_AFTER_THE_POINT = 16_383;
    private static final int LEAST_SIGNIFICANT_DIGITS = 16;
    private static final int LARGEST_CALCULATED_SCALE = 1000;
    private static final int LARGEST_RESULT_SCALE = 2000;
    private static final int LARGEST_FACTORIAL = 1000;
    /** A power with more digits than this is refused: it would cost more than a filter may. */
    private static final int MOST_DIGITS_OF_A_POWER = 400;

    /** In ascending order. */
    private enum Kind {
        MINUS_INFINITY,
        FINITE,
        INFINITY,
        NAN
    }

    private final Kind kind;
    private final BigDecimal value;

    /** The digits that count, for comparing with Postgres's output without reading it. */
    private final byte[] before;

    private final byte[] after;

    private Numeric(Kind kind, BigDecimal value) {
        this.kind = kind;
        this.value = value;
        String plain =
                value.signum() == 0 ? "" : value.abs().stripTrailingZeros().toPlainString();
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        before = Output.ascii(whole.equals("0") ? "" : whole);
        after = Output.ascii(point < 0 ? "" : plain.substring(point + 1));
    }

    public static Numeric of(long value) {
        return new Numeric(Kind.FINITE, BigDecimal.valueOf(value));
    }

    static Numeric of(BigDecimal value) {
        return new Numeric(Kind.FINITE, value);
    }

    private static Numeric checked(BigDecimal value) {
        if (value.signum() != 0 && value.precision() - value.scale() > MOST_DIGITS_BEFORE_THE_POINT) {
            throw overflow();
        }
        return new Numeric(Kind.FINITE, value);
    }

    private static InvalidValue overflow() {
        return InvalidValue.of("22003", "value overflows numeric format");
    }

    /** About how many digits it has, without counting them. */
    public int digits() {
        return (int) (value.unscaledValue().bitLength() * 3L / 10) + 1;
    }

    /** Of Postgres's output. */
    public static Numeric parse(byte[] bytes, int from, int length) {
        if (length > 0 && Blanks.isDigit((char) bytes[from + length - 1])) {
            try {
                BigDecimal value = new BigDecimal(Output.text(bytes, from, length));
                if (value.scale() >= 0) {
                    return new Numeric(Kind.FINITE, value);
                }
            } catch (NumberFormatException notANumber) {
                throw Output.unreadable(TYPE);
            }
        }
        return switch (Output.text(bytes, from, length)) {
            case "NaN" -> NAN;
            case "Infinity" -> INFINITY;
            case "-Infinity" -> MINUS_INFINITY;
            default -> throw Output.unreadable(TYPE);
        };
    }

    public static Numeric input(String literal) {
        String text = Blanks.trim(literal);
        int at = 0;
        boolean negative = false;
        if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            negative = text.charAt(0) == '-';
            at = 1;
        }
        String unsigned = Blanks.lower(text.substring(at));
        if (unsigned.equals("nan") && at == 0) {
            return NAN;
        }
        if (unsigned.equals("infinity") || unsigned.equals("inf")) {
            return negative ? MINUS_INFINITY : INFINITY;
        }
        int radix = Int.radix(unsigned, 0);
        BigDecimal size = radix == 10 ? decimal(unsigned, literal) : wholeOfRadix(unsigned, radix, literal);
        return checked(negative ? size.negate() : size);
    }

    private static BigDecimal wholeOfRadix(String unsigned, int radix, String literal) {
        StringBuilder digits = new StringBuilder();
        for (int i = 2; i < unsigned.length(); i++) {
            char c = unsigned.charAt(i);
            boolean separator = c == '_' && i + 1 < unsigned.length() && unsigned.charAt(i + 1) != '_';
            if (!separator && (c >= 128 || Character.digit(c, radix) < 0)) {
                throw InvalidValue.syntax(TYPE, literal);
            }
            if (!separator) {
                digits.append(c);
            }
        }
        if (digits.isEmpty()) {
            throw InvalidValue.syntax(TYPE, literal);
        }
        return new BigDecimal(new BigInteger(digits.toString(), radix));
    }

    private static BigDecimal decimal(String unsigned, String literal) {
        StringBuilder digits = new StringBuilder();
        int at = digits(unsigned, 0, digits, literal);
        int scale = 0;
        if (at < unsigned.length() && unsigned.charAt(at) == '.') {
            int whole = digits.length();
            at = digits(unsigned, at + 1, digits, literal);
            scale = digits.length() - whole;
        }
        if (digits.isEmpty()) {
            throw InvalidValue.syntax(TYPE, literal);
        }
        long exponent = 0;
        if (at < unsigned.length() && unsigned.charAt(at) == 'e') {
            at++;
            boolean negative = false;
            if (at < unsigned.length() && (unsigned.charAt(at) == '-' || unsigned.charAt(at) == '+')) {
                negative = unsigned.charAt(at) == '-';
                at++;
            }
            StringBuilder written = new StringBuilder();
            at = digits(unsigned, at, written, literal);
            if (written.isEmpty()) {
                throw InvalidValue.syntax(TYPE, literal);
            }
            BigInteger size = new BigInteger(written.toString());
            exponent = size.bitLength() < 32 ? size.longValueExact() : Integer.MAX_VALUE;
            if (exponent > Integer.MAX_VALUE / 2) {
                throw overflow();
            }
            exponent = negative ? -exponent : exponent;
        }
        if (at < unsigned.length()) {
            throw InvalidValue.syntax(TYPE, literal);
        }
        BigInteger unscaled = new BigInteger(digits.toString());
        long shown = Math.max(scale - exponent, 0);
        if (shown > MOST_DIGITS_AFTER_THE_POINT) {
            throw overflow();
        }
        if (unscaled.signum() == 0) {
            return new BigDecimal(BigInteger.ZERO, (int) shown);
        }
        BigDecimal value = new BigDecimal(unscaled, (int) (scale - exponent));
        if (value.precision() - (long) value.scale() > MOST_DIGITS_BEFORE_THE_POINT) {
            throw overflow();
        }
        return value.setScale((int) shown);
    }

    /** Digits, single underscores between them. */
    private static int digits(String text, int from, StringBuilder digits, String literal) {
        int at = from;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Blanks.isDigit(c)) {
                digits.append(c);
            } else if (c == '_') {
                boolean between = at > from && at + 1 < text.length() && Blanks.isDigit(text.charAt(at + 1));
                if (!between) {
                    throw InvalidValue.syntax(TYPE, literal);
                }
            } else {
                break;
            }
        }
        return at;
    }

    /** By way of fifteen significant digits. */
    public static Numeric from(double value) {
        return from(value, new MathContext(15, RoundingMode.HALF_EVEN));
    }

    /** By way of six significant digits. */
    public static Numeric from(float value) {
        return from(value, new MathContext(6, RoundingMode.HALF_EVEN));
    }

    private static Numeric from(double value, MathContext digits) {
        if (Double.isNaN(value)) {
            return NAN;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? INFINITY : MINUS_INFINITY;
        }
        BigDecimal shown = new BigDecimal(value).round(digits).stripTrailingZeros();
        return new Numeric(Kind.FINITE, shown.setScale(Math.max(shown.scale(), 0)));
    }

    public boolean isNaN() {
        return kind == Kind.NAN;
    }

    public boolean isFinite() {
        return kind == Kind.FINITE;
    }

    /** Of NaN, 1. */
    public int signum() {
        return switch (kind) {
            case MINUS_INFINITY -> -1;
            case FINITE -> value.signum();
            case INFINITY, NAN -> 1;
        };
    }

    /** The digits shown after the point. */
    public int scale() {
        return value.scale();
    }

    public String print() {
        return switch (kind) {
            case MINUS_INFINITY -> "-Infinity";
            case FINITE -> value.toPlainString();
            case INFINITY -> "Infinity";
            case NAN -> "NaN";
        };
    }

    @Override
    public int compareTo(Numeric other) {
        if (kind == Kind.FINITE && other.kind == Kind.FINITE) {
            return value.compareTo(other.value);
        }
        return kind.compareTo(other.kind);
    }

    /** How this compares with a value as Postgres wrote it, which is not read and costs no allocation. */
    public int compareTo(byte[] bytes, int from, int length) {
        if (length == 0) {
            throw Output.unreadable(TYPE);
        }
        int at = from;
        int end = from + length;
        boolean negative = bytes[at] == '-';
        if (negative) {
            at++;
        }
        if (at == end || !Blanks.isDigit((char) bytes[at])) {
            return compareTo(parse(bytes, from, length));
        }
        if (kind != Kind.FINITE) {
            return kind.compareTo(Kind.FINITE);
        }
        while (at < end && bytes[at] == '0') {
            at++;
        }
        int point = at;
        while (point < end && bytes[point] != '.') {
            point++;
        }
        int fraction = Math.min(point + 1, end);
        int last = end;
        while (last > fraction && bytes[last - 1] == '0') {
            last--;
        }
        boolean zero = point == at && last == fraction;
        int sign = zero ? 0 : negative ? -1 : 1;
        int ours = value.signum();
        if (ours != sign || ours == 0) {
            return Integer.compare(ours, sign);
        }
        int sizes = Integer.compare(before.length, point - at);
        if (sizes == 0) {
            sizes = Arrays.compare(before, 0, before.length, bytes, at, point);
        }
        if (sizes == 0) {
            sizes = Arrays.compare(after, 0, after.length, bytes, fraction, last);
        }
        return ours < 0 ? -Integer.signum(sizes) : Integer.signum(sizes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Numeric numeric && compareTo(numeric) == 0;
    }

    @Override
    public int hashCode() {
        return kind == Kind.FINITE
                ? value.stripTrailingZeros().hashCode()
                : kind.name().hashCode();
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Numeric";
    }

    public Numeric add(Numeric other) {
        if (isFinite() && other.isFinite()) {
            return checked(value.add(other.value));
        }
        if (isNaN() || other.isNaN() || (!isFinite() && !other.isFinite() && kind != other.kind)) {
            return NAN;
        }
        return isFinite() ? other : this;
    }

    public Numeric subtract(Numeric other) {
        return add(other.negate());
    }

    public Numeric multiply(Numeric other) {
        if (isFinite() && other.isFinite()) {
            BigDecimal product = value.multiply(other.value);
            return checked(
                    product.scale() > MOST_DIGITS_AFTER_THE_POINT
                            ? product.setScale(MOST_DIGITS_AFTER_THE_POINT, RoundingMode.HALF_UP)
                            : product);
        }
        return isNaN() || other.isNaN() ? NAN : infinity(signum() * other.signum());
    }

    private static Numeric infinity(int sign) {
        return sign == 0 ? NAN : sign > 0 ? INFINITY : MINUS_INFINITY;
    }

    public Numeric divide(Numeric other) {
        if (isNaN() || other.isNaN()) {
            return NAN;
        }
        if (other.signum() == 0) {
            throw InvalidValue.divisionByZero();
        }
        if (!isFinite()) {
            return other.isFinite() ? infinity(signum() * other.signum()) : NAN;
        }
        if (!other.isFinite()) {
            return ZERO;
        }
        return checked(value.divide(other.value, quotientScale(value, other.value), RoundingMode.HALF_UP));
    }

    /** At least 16 significant digits of the quotient, counted in Postgres's own digits of four decimals. */
    private static int quotientScale(BigDecimal dividend, BigDecimal divisor) {
        int weight = weight(dividend) - weight(divisor);
        if (leadingDigit(dividend) <= leadingDigit(divisor)) {
            weight--;
        }
        int scale = LEAST_SIGNIFICANT_DIGITS - weight * 4;
        scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
        return Math.clamp(scale, 0, LARGEST_CALCULATED_SCALE);
    }

    private static int weight(BigDecimal value) {
        return value.signum() == 0 ? 0 : Math.floorDiv(value.precision() - value.scale() - 1, 4);
    }

    private static int leadingDigit(BigDecimal value) {
        return value.abs()
                .scaleByPowerOfTen(-4 * weight(value))
                .setScale(0, RoundingMode.DOWN)
                .intValueExact();
    }

    /** With the sign of the dividend. */
    public Numeric remainder(Numeric other) {
        if (isNaN() || other.isNaN()) {
            return NAN;
        }
        if (other.signum() == 0) {
            throw InvalidValue.divisionByZero();
        }
        if (!isFinite()) {
            return NAN;
        }
        if (!other.isFinite()) {
            return this;
        }
        int scale = Math.max(value.scale(), other.value.scale());
        return new Numeric(Kind.FINITE, value.remainder(other.value).setScale(scale));
    }

    public Numeric negate() {
        return switch (kind) {
            case MINUS_INFINITY -> INFINITY;
            case FINITE -> new Numeric(Kind.FINITE, value.negate());
            case INFINITY -> MINUS_INFINITY;
            case NAN -> NAN;
        };
    }

    public Numeric abs() {
        return signum() < 0 ? negate() : this;
    }

    /** To so many digits after the point, halves away from zero. */
    public Numeric round(int digits) {
        int scale = Math.clamp(digits, -MOST_DIGITS_BEFORE_THE_POINT, MOST_DIGITS_AFTER_THE_POINT);
        return isFinite() ? checked(value.setScale(scale, RoundingMode.HALF_UP).setScale(Math.max(scale, 0))) : this;
    }

    /** {@link #round(int)} as a function that may be called with any number of digits. */
    public Numeric roundTo(long digits) {
        return round(calculable(digits));
    }

    /** To so many digits after the point, towards zero. */
    public Numeric truncateTo(long digits) {
        int scale = calculable(digits);
        return isFinite() ? checked(value.setScale(scale, RoundingMode.DOWN).setScale(Math.max(scale, 0))) : this;
    }

    private static int calculable(long digits) {
        if (Math.abs(digits) > LARGEST_RESULT_SCALE) {
            throw new NotExact("rounding to so many digits differs between versions of Postgres");
        }
        return (int) digits;
    }

    public Numeric ceiling() {
        return isFinite() ? checked(value.setScale(0, RoundingMode.CEILING)) : this;
    }

    public Numeric floor() {
        return isFinite() ? checked(value.setScale(0, RoundingMode.FLOOR)) : this;
    }

    public Numeric sign() {
        return isNaN() ? this : of(signum());
    }

    /** The whole quotient, towards zero. */
    public Numeric quotient(Numeric other) {
        if (isFinite() && other.isFinite()) {
            if (other.signum() == 0) {
                throw InvalidValue.divisionByZero();
            }
            return checked(value.divideToIntegralValue(other.value).setScale(0, RoundingMode.DOWN));
        }
        return divide(other);
    }

    public Numeric squareRoot() {
        if (!isNaN() && signum() < 0) {
            throw InvalidValue.of("2201F", "cannot take square root of a negative number");
        }
        if (!isFinite()) {
            return this;
        }
        int scale = LEAST_SIGNIFICANT_DIGITS - (weight(value) * 2 + 1);
        scale = Math.clamp(Math.max(scale, scale()), 0, LARGEST_CALCULATED_SCALE);
        if (scale < scale()) {
            throw new NotExact("the square root of a number with very many digits");
        }
        BigInteger square = value.scaleByPowerOfTen(2 * scale).toBigIntegerExact();
        BigInteger[] root = square.sqrtAndRemainder();
        boolean up = root[1].compareTo(root[0]) > 0;
        return new Numeric(Kind.FINITE, new BigDecimal(up ? root[0].add(BigInteger.ONE) : root[0], scale));
    }

    public Numeric greatestCommonDivisor(Numeric other) {
        if (!isFinite() || !other.isFinite()) {
            return NAN;
        }
        int scale = Math.max(scale(), other.scale());
        return new Numeric(
                Kind.FINITE, new BigDecimal(unscaled(value, scale).gcd(unscaled(other.value, scale)), scale));
    }

    public Numeric leastCommonMultiple(Numeric other) {
        if (!isFinite() || !other.isFinite()) {
            return NAN;
        }
        int scale = Math.max(scale(), other.scale());
        BigInteger a = unscaled(value, scale);
        BigInteger b = unscaled(other.value, scale);
        BigInteger multiple = a.signum() == 0 || b.signum() == 0
                ? BigInteger.ZERO
                : a.divide(a.gcd(b)).multiply(b).abs();
        return checked(new BigDecimal(multiple, scale));
    }

    private static BigInteger unscaled(BigDecimal value, int scale) {
        return value.setScale(scale).unscaledValue();
    }

    public static Numeric factorial(long number) {
        if (number < 0) {
            throw InvalidValue.of("22003", "factorial of a negative number is undefined");
        }
        if (number > LARGEST_FACTORIAL) {
            throw new NotExact("a factorial with very many digits");
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= number; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return checked(new BigDecimal(product));
    }

    /** As few digits after the point as are needed. */
    public Numeric trimScale() {
        return isFinite() ? new Numeric(Kind.FINITE, value.setScale(leastScale())) : this;
    }

    public int leastScale() {
        return Math.max(value.stripTrailingZeros().scale(), 0);
    }

    /** As a cast to {@code numeric(precision, scale)}, from Postgres's code for the two. */
    public Numeric withModifier(long modifier) {
        if (modifier < 4) {
            return this;
        }
        long packed = modifier - 4;
        return round((int) (packed >> 16 & 0xFFFF), (int) ((packed & 0x7FF) ^ 1024) - 1024);
    }

    /** As a cast to {@code numeric(precision, scale)}. */
    public Numeric round(int precision, int scale) {
        if (isNaN()) {
            return this;
        }
        Numeric rounded = round(scale);
        boolean fits = rounded.isFinite()
                && (rounded.signum() == 0 || rounded.value.precision() - rounded.value.scale() <= precision - scale);
        if (!fits) {
            throw InvalidValue.of("22003", "numeric field overflow");
        }
        return rounded;
    }

    long toLong(long min, long max, String title) {
        BigInteger whole = value.toBigIntegerExact();
        if (whole.bitLength() > 63) {
            throw InvalidValue.outOfRange(title);
        }
        long number = whole.longValueExact();
        if (number < min || number > max) {
            throw InvalidValue.outOfRange(title);
        }
        return number;
    }

    /** The value is that of every version, the scale it is shown with that of 16 and later. */
    public Numeric power(Numeric exponent) {
        if (isNaN() || exponent.isNaN()) {
            return exponent.signum() == 0 || equals(ONE) ? ONE : NAN;
        }
        if (signum() == 0 && exponent.signum() < 0) {
            throw InvalidValue.of("2201F", "zero raised to a negative power is undefined");
        }
        if (signum() < 0 && !exponent.isWhole()) {
            throw InvalidValue.of("2201F", "a negative number raised to a non-integer power yields a complex result");
        }
        if (!isFinite() || !exponent.isFinite()) {
            return powerWithInfinity(exponent);
        }
        if (signum() == 0) {
            int scale = exponent.isWhole()
                    ? Math.max(LEAST_SIGNIFICANT_DIGITS, Math.max(scale(), exponent.scale()))
                    : LEAST_SIGNIFICANT_DIGITS;
            BigDecimal zeroOrOne = exponent.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO;
            return new Numeric(Kind.FINITE, zeroOrOne.setScale(Math.min(scale, LARGEST_CALCULATED_SCALE)));
        }
        return finitePower(exponent);
    }

    private Numeric powerWithInfinity(Numeric exponent) {
        if (equals(ONE) || exponent.signum() == 0) {
            return ONE;
        }
        if (signum() == 0) {
            return ZERO;
        }
        if (!exponent.isFinite()) {
            int size = abs().compareTo(ONE);
            if (size == 0) {
                return ONE;
            }
            return size > 0 == exponent.signum() > 0 ? INFINITY : ZERO;
        }
        if (exponent.signum() < 0) {
            return ZERO;
        }
        return signum() < 0 && exponent.isOdd() ? MINUS_INFINITY : INFINITY;
    }

    private boolean isWhole() {
        return !isFinite() || value.stripTrailingZeros().scale() <= 0;
    }

    private boolean isOdd() {
        return value.toBigIntegerExact().testBit(0);
    }

    private Numeric finitePower(Numeric exponent) {
        // An estimate decides how many digits Postgres calculates; where ours might differ from its, so might the
        // digits.
        double logarithm = log10(value.abs()) * exponent.value.doubleValue();
        if (logarithm > LARGEST_CALCULATED_SCALE * 1.3) {
            throw new NotExact("a power with very many digits");
        }
        if (logarithm < -LARGEST_CALCULATED_SCALE - 1 && exponent.isWhole()) {
            return new Numeric(Kind.FINITE, BigDecimal.ZERO.setScale(LARGEST_CALCULATED_SCALE));
        }
        if (logarithm < -LARGEST_CALCULATED_SCALE) {
            throw new NotExact("a power with very many digits");
        }
        double nearest = Math.rint(logarithm);
        if (nearest != 0 && nearest != logarithm && Math.abs(logarithm - nearest) < 1e-7) {
            throw new NotExact("a power very near a power of ten");
        }
        int scale = LEAST_SIGNIFICANT_DIGITS - (int) logarithm;
        scale = Math.max(scale, Math.max(scale(), exponent.scale()));
        scale = Math.clamp(scale, 0, LARGEST_CALCULATED_SCALE);
        int digits = scale + (int) Math.max(logarithm, 0) + 2;
        if (digits > MOST_DIGITS_OF_A_POWER) {
            throw new NotExact("a power with very many digits");
        }
        BigDecimal size = Precise.power(value.abs(), exponent.value, new MathContext(digits + 20));
        if (exponent.isWhole() && size.stripTrailingZeros().scale() > Math.min(scale, LEAST_SIGNIFICANT_DIGITS)) {
            throw new NotExact("a power that Postgres rounds to other digits since version 16 than before");
        }
        boolean odd = signum() < 0 && exponent.isOdd();
        return checked(roundSurely(odd ? size.negate() : size, scale));
    }

    private static double log10(BigDecimal positive) {
        int exponent = positive.precision() - positive.scale() - 1;
        return Math.log10(positive.scaleByPowerOfTen(-exponent).doubleValue()) + exponent;
    }

    /** Rounds what is right to some twenty digits more; an exact half is one only if every further digit is zero. */
    private static BigDecimal roundSurely(BigDecimal close, int scale) {
        BigDecimal fraction = close.abs().scaleByPowerOfTen(scale).remainder(BigDecimal.ONE);
        BigDecimal fromHalf = fraction.subtract(new BigDecimal("0.5")).abs();
        if (fromHalf.signum() != 0 && fromHalf.compareTo(new BigDecimal("1e-6")) < 0) {
            throw new NotExact("a power too near the middle between two roundings");
        }
        return close.setScale(scale, RoundingMode.HALF_UP);
    }
}
