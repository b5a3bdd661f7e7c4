package electric.sync.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Logarithm, exponential and power to as many digits as are asked for, a few units in the last place apart. */
final class Precise {
    private static final int LARGEST_WHOLE_EXPONENT = 999_999_999;

    private Precise() {}

    static BigDecimal power(BigDecimal base, BigDecimal exponent, MathContext digits) {
        MathContext guarded = new MathContext(digits.getPrecision() + 12, RoundingMode.HALF_EVEN);
        BigDecimal whole = exponent.setScale(0, RoundingMode.DOWN);
        if (whole.compareTo(exponent) == 0 && whole.abs().compareTo(BigDecimal.valueOf(LARGEST_WHOLE_EXPONENT)) <= 0) {
            int n = whole.intValueExact();
            BigDecimal power = base.pow(Math.abs(n), guarded);
            return n < 0 ? BigDecimal.ONE.divide(power, digits) : power.round(digits);
        }
        int magnitude = Math.max(0, exponent.precision() - exponent.scale());
        MathContext wide = new MathContext(guarded.getPrecision() + magnitude + 12, RoundingMode.HALF_EVEN);
        return exp(ln(base, wide).multiply(exponent, wide), guarded).round(digits);
    }

    /** Of a positive number: near 1 by roots, then the series of the area hyperbolic tangent. */
    static BigDecimal ln(BigDecimal x, MathContext digits) {
        MathContext wide = new MathContext(digits.getPrecision() + 15, RoundingMode.HALF_EVEN);
        BigDecimal near = x;
        int roots = 0;
        while (near.subtract(BigDecimal.ONE).abs().compareTo(new BigDecimal("0.01")) > 0) {
            near = near.sqrt(wide);
            roots++;
        }
        BigDecimal z = near.subtract(BigDecimal.ONE).divide(near.add(BigDecimal.ONE), wide);
        BigDecimal square = z.multiply(z, wide);
        BigDecimal power = z;
        BigDecimal sum = z;
        for (int k = 3; power.signum() != 0 && reaches(power, sum, wide); k += 2) {
            power = power.multiply(square, wide);
            sum = sum.add(power.divide(BigDecimal.valueOf(k), wide), wide);
        }
        return sum.multiply(BigDecimal.TWO.pow(roots + 1), wide);
    }

    private static BigDecimal exp(BigDecimal x, MathContext digits) {
        int halvings = 0;
        BigDecimal small = x;
        while (small.abs().compareTo(new BigDecimal("0.01")) > 0) {
            small = small.divide(BigDecimal.TWO);
            halvings++;
        }
        MathContext wide = new MathContext(digits.getPrecision() + 8 + halvings, RoundingMode.HALF_EVEN);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 1; term.signum() != 0 && reaches(term, sum, wide); k++) {
            term = term.multiply(small, wide).divide(BigDecimal.valueOf(k), wide);
            sum = sum.add(term, wide);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, wide);
        }
        return sum;
    }

    private static boolean reaches(BigDecimal term, BigDecimal sum, MathContext wide) {
        return (sum.precision() - sum.scale()) - (term.precision() - term.scale()) <= wide.getPrecision() + 1;
    }
}
