package electric.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One number. What could not be measured is not a number, and left out.
 *
 * @param goal what it is to be; {@code null} when nothing is asked of it
 * @param beside what something else needs for the same; {@code null} when nothing was measured beside it
 */
public record Figure(
        String name,
        double value,
        String unit,
        @Nullable Goal goal,
        @Nullable Beside beside) {
    /** A bound. */
    public record Goal(boolean most, double bound) {
        boolean isMet(double value) {
            return most ? value <= bound : value >= bound;
        }
    }

    /** The same figure of a baseline. */
    public record Beside(String name, double value) {}

    public static Figure figure(String name, double value, String unit) {
        return new Figure(name, value, unit, null, null);
    }

    /** @param bound not a number when there is none at this size */
    public Figure atMost(double bound) {
        return goal(new Goal(true, bound));
    }

    /** @param bound not a number when there is none at this size */
    public Figure atLeast(double bound) {
        return goal(new Goal(false, bound));
    }

    private Figure goal(Goal asked) {
        return Double.isNaN(asked.bound) ? this : new Figure(name, value, unit, asked, beside);
    }

    /** @param other not a number when it could not be measured */
    public Figure beside(String what, double other) {
        return Double.isNaN(other) ? this : new Figure(name, value, unit, goal, new Beside(what, other));
    }

    boolean isKnown() {
        return !Double.isNaN(value);
    }

    /** As in the lines of JSON. */
    String key() {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }

    String shown() {
        return shown(value, unit);
    }

    static String shown(double value, String unit) {
        return unit.isEmpty() ? rounded(value) : rounded(value) + " " + unit;
    }

    static String rounded(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value).replace(',', ' ');
    }
}
