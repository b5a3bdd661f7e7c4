package electric.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;

/** On what it was measured. */
public record Machine(String description) {
    /** @param checkout whose revision is told */
    public static Machine here(Path checkout) throws IOException {
        String model = line("/proc/cpuinfo", line -> line.startsWith("model name"), "unknown processor");
        String memory = line("/proc/meminfo", line -> line.startsWith("MemTotal"), "0 kB");
        double gigabytes = Long.parseLong(memory.replaceAll("\\D", "")) / (double) (1 << 20);
        return new Machine(String.format(
                Locale.ROOT,
                "%d cores of %s, %.0f GB, %s %s, Java %s%s",
                Runtime.getRuntime().availableProcessors(),
                model,
                gigabytes,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                revision(checkout)));
    }

    private static String line(String file, Predicate<String> wanted, String otherwise) throws IOException {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            return otherwise;
        }
        return Files.readAllLines(path).stream()
                .filter(wanted)
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }

    /** Empty where the sources are not a checkout. */
    private static String revision(Path checkout) throws IOException {
        try {
            Process git = new ProcessBuilder("git", "-C", checkout.toString(), "rev-parse", "--short", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return said.isEmpty() ? "" : ", revision " + said;
        } catch (IOException withoutGit) {
            return "";
        }
    }
}
