package electric.bench.report;

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

    /** One that begins at nothing, so that lengths can be compared. */
    static Scale linear(double largest, double from, double to) {
        double top = largest > 0 ? largest : 1;
        double rough = top / ABOUT_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        int steps = (int) Math.ceil(top / step - 1e-9);
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            ticks.add(i * step);
        }
        return new Scale(false, 0, steps * step, from, to, ticks);
    }

    /** One for values that differ by powers of ten. */
    static Scale logarithmic(double smallest, double largest, double from, double to) {
        int low = (int) Math.floor(Math.log10(smallest) + 1e-9);
        int high = Math.max(low + 1, (int) Math.ceil(Math.log10(largest) - 1e-9));
        List<Double> ticks = new ArrayList<>();
        for (int power = low; power <= high; power++) {
            ticks.add(Math.pow(10, power));
        }
        return new Scale(true, Math.pow(10, low), Math.pow(10, high), from, to, ticks);
    }

    double at(double value) {
        double share =
                logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
        return from + share * (to - from);
    }
}
