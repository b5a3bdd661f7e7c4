package electric.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was measured: printed as it comes about, as lines of JSON to calculate with, and at the end as pages that open with what
 * was asked for and whether it is so.
 */
public final class Report {
    private final Path folder;
    private final Path lines;
    private final Machine machine;
    private final PrintStream out;
    private final String date =
            Instant.now().truncatedTo(ChronoUnit.DAYS).toString().substring(0, 10);
    private final List<Measured> measured = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private Report(Path folder, Machine machine, PrintStream out) {
        this.out = out;
        this.folder = folder;
        this.lines = folder.resolve("figures.jsonl");
        this.machine = machine;
    }

    /** One that replaces what a folder has of an earlier run. */
    public static Report in(Path folder, Machine machine, PrintStream out) throws IOException {
        Files.createDirectories(folder);
        Report report = new Report(folder, machine, out);
        Files.writeString(report.lines, "");
        report.write(Map.of("date", report.date, "machine", machine.description()));
        return report;
    }

    public void add(Case subject, Figure... figures) throws IOException {
        List<Figure> known = new ArrayList<>();
        for (Figure figure : figures) {
            if (figure.isKnown()) {
                known.add(figure);
            }
        }
        Measured one = new Measured(subject, known);
        measured.add(one);
        out.printf(
                Locale.ROOT,
                "%-12s %-42s %s%n",
                subject.scenario(),
                subject.what(),
                String.join(
                        " | ",
                        known.stream()
                                .map(figure -> figure.name() + " " + figure.shown())
                                .toList()));
        write(json(one));
    }

    private static Map<String, Object> json(Measured one) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("scenario", one.subject().scenario());
        line.put("what", one.subject().what());
        if (!one.subject().series().isEmpty()) {
            line.put("series", one.subject().series());
            line.put("size", one.subject().size());
        }
        for (Figure figure : one.figures()) {
            line.put(figure.key(), figure.value());
            if (figure.beside() != null) {
                line.put(
                        figure.key() + " of " + figure.beside().name(),
                        figure.beside().value());
            }
        }
        return line;
    }

    private void write(Map<String, Object> line) throws IOException {
        Files.writeString(lines, JsonMapper.shared().writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
    }

    /** Something a reader of the figures must know, such as what could not be measured. */
    public void remark(String remark) throws IOException {
        remarks.add(remark);
        out.println("! " + remark);
        write(Map.of("remark", remark));
    }

    /** Writes the pages and prints the summary. */
    public void close() throws IOException {
        if (measured.isEmpty()) {
            return;
        }
        Summary summary = new Summary(measured);
        Map<String, String> charts = Charts.of(measured);
        for (Map.Entry<String, String> chart : charts.entrySet()) {
            Files.writeString(folder.resolve(chart.getKey() + ".svg"), chart.getValue());
        }
        Pages pages = new Pages(date, machine, summary, measured, remarks, charts);
        Files.writeString(folder.resolve("summary.md"), pages.markdown());
        Files.writeString(folder.resolve("index.html"), pages.html());
        out.println();
        out.println(machine.description());
        out.println();
        out.print(summary.text());
    }
}
