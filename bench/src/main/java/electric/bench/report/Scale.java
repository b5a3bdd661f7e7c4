package electric.bench.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * From values to places on an axis.
 *
 * @param least the value at {@code from}
 * @param most the value at {@code to}
 * @param ticks values to be named
 */
record Scale(boolean logarithmic, double least, double most, double from, double to, List<Double> ticks) {
    private static final int ABOUT_TICKS = 5;
    private static final int[] ROUND = {1, 2, 5};
    private static final double TINY = 1e-9;

    /** One that begins at nothing, so that lengths can be compared. */
    static Scale linear(double largest, double from, double to) {
        double top = largest > 0 ? largest : 1;
        double rough = top / ABOUT_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        int steps = (int) Math.ceil(top / step - TINY);
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            ticks.add(i * step);
        }
        return new Scale(false, 0, steps * step, from, to, ticks);
    }

    /** One for values that differ by powers of ten. */
    static Scale logarithmic(double smallest, double largest, double from, double to) {
        double least = round(smallest, false);
        double most = round(largest, true);
        if (least == most) {
            most = 10 * least;
        }
        boolean few = most / least <= 100;
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(least) + TINY);
                Math.pow(10, power) <= most * (1 + TINY);
                power++) {
            for (int factor : few ? ROUND : new int[] {1}) {
                double tick =
                        BigDecimal.valueOf(factor).scaleByPowerOfTen(power).doubleValue();
                if (tick >= least * (1 - TINY) && tick <= most * (1 + TINY)) {
                    ticks.add(tick);
                }
            }
        }
        return new Scale(true, least, most, from, to, ticks);
    }

    /** The next of 1, 2, 5 times a power of ten. */
    private static double round(double value, boolean up) {
        int power = (int) Math.floor(Math.log10(value) + TINY);
        double result = BigDecimal.ONE.scaleByPowerOfTen(up ? power + 1 : power).doubleValue();
        for (int factor : ROUND) {
            double candidate =
                    BigDecimal.valueOf(factor).scaleByPowerOfTen(power).doubleValue();
            if (up ? candidate >= value * (1 - TINY) && candidate < result : candidate <= value * (1 + TINY)) {
                result = candidate;
            }
        }
        return result;
    }

    double at(double value) {
        double share =
                logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
        return from + share * (to - from);
    }
}
