package electric.sync.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The shortest decimal that reads back as a float, as Postgres prints it: strictly inside the interval that rounds to it,
 * where Java's own {@code toString} also takes the interval's ends, and never prints fewer than two digits.
 */
final class Shortest {
    private Shortest() {}

    static BigDecimal between(BigDecimal below, BigDecimal exact, BigDecimal above, int mostDigits) {
        for (int digits = 1; digits < mostDigits; digits++) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (inside(below, nearest, above)) {
                return nearest;
            }
            // Just above a power of two the interval is lopsided: the farther of the two neighbours may be inside.
            BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
            if (inside(below, up, above)) {
                return up;
            }
        }
        return exact.round(new MathContext(mostDigits, RoundingMode.HALF_EVEN));
    }

    private static boolean inside(BigDecimal below, BigDecimal candidate, BigDecimal above) {
        return below.compareTo(candidate) < 0 && candidate.compareTo(above) < 0;
    }

    /** Digits with a point, or with an exponent where that is below -4 or not below {@code plainExponents}. */
    static String print(BigDecimal positive, int plainExponents) {
        BigDecimal stripped = positive.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent >= -4 && exponent < plainExponents) {
            return stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        int size = Math.abs(exponent);
        return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }
}
