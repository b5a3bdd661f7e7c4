package electric.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A figure over the size of what is measured; what stands beside it is dashed, and a goal is a diamond. */
final class LineChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 84;
    private static final int RIGHT = WIDTH - 28;
    private static final int BOTTOM = HEIGHT - 58;
    private static final int LEGEND_ROW = 20;

    /** A curve. */
    private record Curve(String name, String style, String fill, List<double[]> points) {}

    private final String title;
    private final String xName;
    private final String yName;
    private final boolean logarithmic;
    private final SequencedMap<String, Curve> curves = new LinkedHashMap<>();
    private final List<double[]> goals = new ArrayList<>();
    private final Map<String, Integer> colours = new LinkedHashMap<>();

    LineChart(String title, String xName, String yName, boolean logarithmic) {
        this.title = title;
        this.xName = xName;
        this.yName = yName;
        this.logarithmic = logarithmic;
    }

    void add(String curve, double size, Figure figure) {
        int colour = colours.computeIfAbsent(curve, first -> colours.size() % Svg.COLOURS);
        add(curve, "line s" + colour, "f" + colour, size, figure.value());
        Figure.Beside beside = figure.beside();
        if (beside != null) {
            add(beside.name() + " (" + curve + ")", "line beside s" + colour, "f" + colour, size, beside.value());
        }
        if (figure.goal() != null) {
            goals.add(new double[] {size, figure.goal().bound()});
        }
    }

    private void add(String name, String style, String fill, double size, double value) {
        if (value > 0 || !logarithmic) {
            curves.computeIfAbsent(name, first -> new Curve(name, style, fill, new ArrayList<>()))
                    .points
                    .add(new double[] {size, value});
        }
    }

    /** @return {@code null} when there are not two points of any curve */
    @Nullable
    String draw() {
        if (curves.values().stream().noneMatch(curve -> curve.points.size() > 1)) {
            return null;
        }
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        int top = legend(svg) + 38;
        TreeSet<Double> sizes = new TreeSet<>();
        TreeSet<Double> values = new TreeSet<>();
        curves.values()
                .forEach(curve -> curve.points.forEach(point -> {
                    sizes.add(point[0]);
                    values.add(point[1]);
                }));
        goals.forEach(goal -> values.add(goal[1]));
        Scale x = Scale.logarithmic(sizes.first(), sizes.last(), LEFT, RIGHT);
        Scale y = logarithmic
                ? Scale.logarithmic(values.first(), values.last(), BOTTOM, top)
                : Scale.linear(values.last(), BOTTOM, top);
        for (double tick : y.ticks()) {
            svg.line("grid", LEFT, y.at(tick), RIGHT, y.at(tick));
            svg.text("quiet", LEFT - 8, y.at(tick) + 4, "end", tick(tick));
        }
        for (double size : sizes) {
            svg.line("grid", x.at(size), top, x.at(size), BOTTOM);
            svg.text("quiet", x.at(size), BOTTOM + 18, "middle", tick(size));
        }
        svg.text("quiet", (LEFT + RIGHT) / 2.0, BOTTOM + 40, "middle", xName);
        svg.text("quiet", LEFT - 8, top - 12, "end", yName);
        for (Curve curve : curves.values()) {
            StringBuilder points = new StringBuilder();
            curve.points.forEach(point -> points.append(Svg.point(x.at(point[0]), y.at(point[1]))));
            svg.path(curve.style, points.toString());
            curve.points.forEach(point -> svg.dot(
                    curve.fill,
                    x.at(point[0]),
                    y.at(point[1]),
                    curve.name + ", " + tick(point[0]) + ": " + Figure.shown(point[1], yName)));
        }
        goals.forEach(goal -> svg.diamond(
                "goal",
                x.at(goal[0]),
                y.at(goal[1]),
                "goal at " + tick(goal[0]) + ": " + Figure.shown(goal[1], yName)));
        return svg.toString();
    }

    /** @return where it ends */
    private int legend(Svg svg) {
        double x = 20;
        int y = 52;
        List<String> names = new ArrayList<>(curves.keySet());
        if (!goals.isEmpty()) {
            names.add("goal");
        }
        for (String name : names) {
            double width = 44 + 7.2 * name.length();
            if (x + width > WIDTH) {
                x = 20;
                y += LEGEND_ROW;
            }
            Curve curve = curves.get(name);
            if (curve == null) {
                svg.diamond("goal", x + 11, y - 4, name);
            } else {
                svg.line(curve.style, x, y - 4, x + 22, y - 4);
            }
            svg.text("", x + 28, y, "start", name);
            x += width;
        }
        return y;
    }

    static String tick(double value) {
        if (value >= 1) {
            return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%.1f", value)
                    .replace(',', ' ');
        }
        return Double.toString(value).replaceFirst("\\.0$", "");
    }
}
