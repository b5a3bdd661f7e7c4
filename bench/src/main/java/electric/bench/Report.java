package electric.bench;

import java.io.IOException;
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

/** What was measured: a table to read as it comes about, and lines of JSON to calculate with. */
final class Report {
    /** One number. */
    record Figure(String name, double value, String unit) {}

    private final Path lines;
    private final String machine;

    private Report(Path lines, String machine) {
        this.lines = lines;
        this.machine = machine;
    }

    static Report in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Report report = new Report(folder.resolve("figures.jsonl"), machine());
        System.out.println(report.machine);
        System.out.println();
        return report;
    }

    static Figure figure(String name, double value, String unit) {
        return new Figure(name, value, unit);
    }

    private static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        return Runtime.getRuntime().availableProcessors() + " cores of " + model + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + Runtime.version();
    }

    void add(String scenario, String what, Figure... figures) throws IOException {
        List<String> shown = new ArrayList<>();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        line.put("machine", machine);
        line.put("scenario", scenario);
        line.put("what", what);
        for (Figure figure : figures) {
            if (Double.isNaN(figure.value)) {
                continue;
            }
            shown.add(figure.name + " " + rounded(figure.value) + (figure.unit.isEmpty() ? "" : " " + figure.unit));
            line.put(figure.name + (figure.unit.isEmpty() ? "" : " (" + figure.unit + ")"), figure.value);
        }
        System.out.printf(Locale.ROOT, "%-10s %-38s %s%n", scenario, what, String.join(" | ", shown));
        Files.writeString(
                lines,
                JsonMapper.shared().writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static String rounded(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value).replace(',', ' ');
    }
}
