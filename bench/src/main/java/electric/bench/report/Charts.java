package electric.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Which curves and bars there are. */
final class Charts {
    /** Figures of a scenario over its sizes. */
    private record Lines(
            String file, String title, String scenario, List<String> figures, String xName, String yName, boolean log) {
        @Nullable
        String draw(List<Measured> measured) {
            LineChart chart = new LineChart(title, xName, yName, log);
            for (Measured one : measured) {
                if (!one.subject().scenario().equals(scenario)
                        || one.subject().series().isEmpty()) {
                    continue;
                }
                for (String name : figures) {
                    Figure figure = one.figure(name);
                    if (figure != null) {
                        String series = one.subject().series();
                        chart.add(
                                figures.size() > 1 ? series + ", " + name : series,
                                one.subject().size(),
                                figure);
                    }
                }
            }
            return chart.draw();
        }
    }

    /** A figure of each case of a scenario. */
    private record Bars(String file, String title, String scenario, String figure) {
        @Nullable
        String draw(List<Measured> measured) {
            BarChart chart = new BarChart(title);
            for (Measured one : measured) {
                Figure found = one.figure(figure);
                if (one.subject().scenario().equals(scenario) && found != null) {
                    chart.add(one.subject().what(), found);
                }
            }
            return chart.draw();
        }
    }

    private static final List<Lines> LINES = List.of(
            new Lines(
                    "fan-out-all",
                    "From the commit until the last client has the row",
                    "fan-out",
                    List.of("all"),
                    "waiting clients",
                    "ms",
                    true),
            new Lines(
                    "fan-out-median",
                    "From the commit until the median client has the row",
                    "fan-out",
                    List.of("p50"),
                    "waiting clients",
                    "ms",
                    true),
            new Lines(
                    "fan-out-cpu",
                    "CPU of the server for each delivery",
                    "fan-out",
                    List.of("server CPU"),
                    "waiting clients",
                    "µs",
                    true),
            new Lines(
                    "shapes-latency",
                    "A change that is for one of many shapes",
                    "shapes",
                    List.of("p50", "p99"),
                    "shapes",
                    "ms",
                    true),
            new Lines(
                    "shapes-made",
                    "Shapes that 32 clients can have made",
                    "shapes",
                    List.of("made"),
                    "shapes",
                    "in a second",
                    false),
            new Lines("shapes-memory", "Memory of a shape", "shapes", List.of("resident"), "shapes", "KB", false),
            new Lines(
                    "writes",
                    "How fast the stream is followed",
                    "writes",
                    List.of("followed"),
                    "rows in a transaction",
                    "rows/s",
                    false));

    private static final List<Bars> BARS = List.of(
            new Bars("cold", "A million rows for their first client", "cold", "first client"),
            new Bars("warm", "The same rows again", "warm", "total"),
            new Bars(
                    "overlapping",
                    "A transaction that is for all of many shapes, at the last client",
                    "overlapping",
                    "all"),
            new Bars("huge", "The most memory while a huge transaction is followed", "huge", "peak"));

    private Charts() {}

    /** @return pictures by their names, of what has been measured */
    static SequencedMap<String, String> of(List<Measured> measured) {
        SequencedMap<String, String> charts = new LinkedHashMap<>();
        for (Lines lines : LINES) {
            String drawn = lines.draw(measured);
            if (drawn != null) {
                charts.put(lines.file, drawn);
            }
        }
        for (Bars bars : BARS) {
            String drawn = bars.draw(measured);
            if (drawn != null) {
                charts.put(bars.file, drawn);
            }
        }
        return charts;
    }
}
