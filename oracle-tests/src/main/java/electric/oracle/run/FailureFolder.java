package electric.oracle.run;

import static java.util.stream.Collectors.joining;

import electric.oracle.Exchange;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Join;
import electric.oracle.scenario.Step.Leave;
import electric.oracle.scenario.Step.Together;
import electric.oracle.scenario.Step.Transaction;
import electric.oracle.scenario.Step.Withheld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A failure written down: to be read, and to be run again. */
final class FailureFolder {
    private FailureFolder() {}

    /**
     * Returns the folder.
     *
     * @param knobs how the run was told to be
     * @param found the failure before it was made small
     * @param log what the server said of the shape
     */
    static Path write(Path parent, String knobs, Failure found, Failure smallest, List<String> log) throws IOException {
        Path folder = parent.resolve(
                found.verdict() + "-" + Integer.toHexString(found.headline().hashCode()));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("scenario.json"), ScenarioJson.write(smallest.scenario()));
        Files.writeString(folder.resolve("found.json"), ScenarioJson.write(found.scenario()));
        Files.writeString(folder.resolve("seed.txt"), knobs + "\n");
        Files.writeString(folder.resolve("report.md"), report(knobs, found, smallest, log));
        return folder;
    }

    static String report(String knobs, Failure found, Failure failure, List<String> log) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(failure.headline()).append("\n\n");
        text.append(
                "A client of the shape below follows it while the statements below are executed. What it was told it has"
                        + " is not what Postgres answers to the same query, or the way it was told is against the protocol.\n\n");
        text.append("Again: `oracle scenario.json` in this folder. Found as: ")
                .append(found.headline())
                .append(" in ")
                .append(found.scenario().title())
                .append("; the whole scenario is found.json, the run's settings are seed.txt (`")
                .append(knobs)
                .append("`).\n\n");
        section(text, "Tables", "sql", sql(failure.scenario().ddl()));
        section(text, "Rows before", "sql", sql(failure.scenario().rows()));
        section(text, "Shape", "", shape(failure));
        section(text, "Statements", "sql", steps(failure.scenario().steps()));
        text.append("## What is wrong\n\n").append(failure.words()).append("\n\n");
        if (failure.expected().isPresent() && failure.actual().isPresent()) {
            section(
                    text,
                    "Rows: - only Postgres has, + only the client has",
                    "diff",
                    difference(failure.expected().get(), failure.actual().get()));
        }
        section(
                text,
                "What was asked and answered, the last " + failure.exchanges().size(),
                "http",
                failure.exchanges().stream().map(Exchange::text).collect(joining("\n")));
        section(text, "What the server said of the shape", "", lines(log));
        return text.toString();
    }

    private static void section(StringBuilder text, String title, String language, String content) {
        text.append("## ").append(title).append("\n\n```").append(language).append('\n');
        text.append(content.isEmpty() ? "(none)\n" : content);
        text.append("```\n\n");
    }

    private static String sql(List<String> statements) {
        return statements.stream().map(statement -> statement + ";\n").collect(joining());
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(joining());
    }

    private static String shape(Failure failure) {
        return "table: " + failure.shape().table() + "\n"
                + failure.shape()
                        .where()
                        .map(clause -> "where: " + clause + "\n")
                        .orElse("")
                + (failure.shape().parameters().isEmpty()
                        ? ""
                        : "params: " + failure.shape().parameters() + "\n")
                + failure.shape()
                        .columns()
                        .map(names -> "columns: " + names + "\n")
                        .orElse("")
                + "replica: " + failure.shape().replica() + "\n"
                + "handle: " + failure.handle().orElse("none yet") + "\n"
                + "clients: " + failure.scenario().clients() + "\n";
    }

    private static String steps(List<Step> steps) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append("-- step ").append(i + 1).append('\n');
            switch (steps.get(i)) {
                case Transaction transaction -> text.append(sql(transaction));
                case Together together -> {
                    for (int writer = 0; writer < together.writers().size(); writer++) {
                        text.append("-- writer ").append(writer + 1).append(", beside the others\n");
                        together.writers().get(writer).forEach(transaction -> text.append(sql(transaction)));
                    }
                }
                case Withheld withheld ->
                    text.append("-- streamed, but not visible before the batch ends\n")
                            .append(sql(withheld.transaction()));
                case Join join ->
                    text.append("-- the client ").append(join.client()).append(" begins at -1\n");
                case Leave leave ->
                    text.append("-- the client ").append(leave.client()).append(" leaves\n");
                case Forget forget ->
                    text.append("-- the client ").append(forget.client()).append(" has lost what it had\n");
                case Break breaks ->
                    text.append("-- ").append(breaks.fault().words()).append('\n');
            }
        }
        return text.toString();
    }

    private static String sql(Transaction transaction) {
        return "BEGIN;\n"
                + transaction.sql().stream()
                        .map(statement -> "  " + statement + ";\n")
                        .collect(joining())
                + (transaction.rollback() ? "ROLLBACK;\n" : "COMMIT;\n");
    }

    private static String difference(
            Map<String, Map<String, @Nullable String>> expected, Map<String, Map<String, @Nullable String>> actual) {
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        StringBuilder text = new StringBuilder();
        for (String key : keys) {
            Optional<Map<String, @Nullable String>> theirs = Optional.ofNullable(expected.get(key));
            Optional<Map<String, @Nullable String>> ours = Optional.ofNullable(actual.get(key));
            if (theirs.equals(ours)) {
                text.append("  ").append(key).append(' ').append(theirs.get()).append('\n');
            } else {
                theirs.ifPresent(row ->
                        text.append("- ").append(key).append(' ').append(row).append('\n'));
                ours.ifPresent(row ->
                        text.append("+ ").append(key).append(' ').append(row).append('\n'));
            }
        }
        return text.toString();
    }
}
