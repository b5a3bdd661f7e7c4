package electric.bench.report;

import java.util.Locale;

/** A picture that browsers draw, in the colours that the reader has chosen. */
final class Svg {
    static final int COLOURS = 5;

    private static final String STYLE = """
            <style>
            .chart { font: 13px system-ui, sans-serif; --ink: #1c2128; --quiet: #69727d; --grid: #e4e7eb; --paper: #ffffff;
              --c0: #2563c9; --c1: #c65a11; --c2: #16825d; --c3: #8250c4; --c4: #b3364f; }
            @media (prefers-color-scheme: dark) {
              .chart { --ink: #e4e8ed; --quiet: #98a2ad; --grid: #30363d; --paper: #14181d;
                --c0: #6ba4f8; --c1: #f0914f; --c2: #4fc08d; --c3: #b794f0; --c4: #f08298; } }
            .chart .paper { fill: var(--paper); }
            .chart text { fill: var(--ink); }
            .chart .title { font-size: 16px; font-weight: 600; }
            .chart .quiet { fill: var(--quiet); font-size: 12px; }
            .chart .grid { stroke: var(--grid); fill: none; }
            .chart .goal { stroke: var(--ink); fill: var(--paper); stroke-width: 1.5; }
            .chart .beside { stroke-dasharray: 5 4; opacity: .75; }
            .chart .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
            .chart .s0 { stroke: var(--c0); } .chart .s1 { stroke: var(--c1); } .chart .s2 { stroke: var(--c2); }
            .chart .s3 { stroke: var(--c3); } .chart .s4 { stroke: var(--c4); }
            .chart .f0 { fill: var(--c0); } .chart .f1 { fill: var(--c1); } .chart .f2 { fill: var(--c2); }
            .chart .f3 { fill: var(--c3); } .chart .f4 { fill: var(--c4); } .chart .fq { fill: var(--quiet); opacity: .6; }
            </style>
            """;

    private final StringBuilder elements = new StringBuilder();

    Svg(int width, int height, String title) {
        elements.append(String.format(
                Locale.ROOT,
                "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-label=\"%s\">%n",
                width,
                height,
                escaped(title)));
        elements.append(STYLE);
        elements.append(String.format(
                Locale.ROOT, "<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"8\"/>%n", width, height));
        text("title", 20, 28, "start", title);
    }

    /** @param anchor which end of the text is at the place: start, middle or end */
    void text(String style, double x, double y, String anchor, String text) {
        add(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style,
                x,
                y,
                anchor,
                escaped(text)));
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                style,
                x1,
                y1,
                x2,
                y2));
    }

    /** @param points pairs of numbers */
    void path(String style, String points) {
        add(String.format(Locale.ROOT, "<polyline class=\"%s\" points=\"%s\"/>", style, points.strip()));
    }

    static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
    }

    /** @param told to who points at it */
    void dot(String style, double x, double y, String told) {
        add(String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>",
                style,
                x,
                y,
                escaped(told)));
    }

    void diamond(String style, double x, double y, String told) {
        add(String.format(
                Locale.ROOT,
                "<path class=\"%s\" d=\"M%.1f %.1fl5 5l-5 5l-5 -5z\"><title>%s</title></path>",
                style,
                x,
                y - 5,
                escaped(told)));
    }

    void bar(String style, double x, double y, double width, double height, String told) {
        add(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"><title>%s</title></rect>",
                style,
                x,
                y,
                Math.max(1, width),
                height,
                escaped(told)));
    }

    private void add(String element) {
        elements.append(element).append('\n');
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return elements + "</svg>\n";
    }
}
