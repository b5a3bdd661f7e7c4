package electric.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures of one kind, each with what stands beside it; a goal is a diamond. */
final class BarChart {
    private static final int WIDTH = 720;
    private static final int TOP = 52;
    private static final int ROW = 56;
    private static final int BAR = 16;
    private static final int LEFT = 20;
    private static final int RIGHT = WIDTH - 190;

    private record Bar(String name, Figure figure) {}

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    BarChart(String title) {
        this.title = title;
    }

    void add(String name, Figure figure) {
        bars.add(new Bar(name, figure));
    }

    /** @return {@code null} when there is nothing to show */
    @Nullable
    String draw() {
        if (bars.isEmpty()) {
            return null;
        }
        double largest = 0;
        for (Bar bar : bars) {
            Figure.Beside beside = bar.figure.beside();
            Figure.Goal goal = bar.figure.goal();
            largest = Math.max(largest, bar.figure.value());
            largest = Math.max(largest, beside == null ? 0 : beside.value());
            largest = Math.max(largest, goal == null ? 0 : goal.bound());
        }
        Svg svg = new Svg(WIDTH, TOP + ROW * bars.size() + 12, title);
        Scale x = Scale.linear(largest, LEFT, RIGHT);
        int y = TOP;
        for (Bar bar : bars) {
            draw(svg, x, y, bar);
            y += ROW;
        }
        return svg.toString();
    }

    private static void draw(Svg svg, Scale x, int y, Bar bar) {
        Figure figure = bar.figure;
        svg.text("", LEFT, y + 8, "start", bar.name);
        svg.bar("f0", LEFT, y + 14, x.at(figure.value()) - LEFT, BAR, bar.name + ": " + figure.shown());
        svg.text("", RIGHT + 16, y + 27, "start", figure.shown());
        Figure.Beside beside = figure.beside();
        if (beside != null) {
            String shown = Figure.shown(beside.value(), figure.unit());
            svg.bar("fq", LEFT, y + 32, x.at(beside.value()) - LEFT, BAR / 2.0, beside.name() + ": " + shown);
            svg.text("quiet", RIGHT + 16, y + 41, "start", beside.name() + " " + shown);
        }
        Figure.Goal goal = figure.goal();
        if (goal != null) {
            svg.diamond("goal", x.at(goal.bound()), y + 22, "goal: " + Figure.shown(goal.bound(), figure.unit()));
        }
    }
}
