package electric.oracle.run;

import electric.oracle.ShapeDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The client everybody has, {@code @electric-sql/client}: one Node process that follows many shapes. */
final class StockClients implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long END_SECONDS = 10;

    private final Process node;
    private final AtomicInteger questions = new AtomicInteger();
    private final Map<String, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();

    /**
     * What a client has.
     *
     * @param refetches how often it was told to fetch again, since it began
     */
    record Told(Map<String, Map<String, @Nullable String>> rows, int refetches, List<String> errors) {}

    private StockClients(Process node) {
        this.node = node;
        Thread.startVirtualThread(this::listen);
    }

    /** @param folder with the script and the installed packages */
    static StockClients in(Path folder) {
        try {
            return new StockClients(new ProcessBuilder("node", "many.mjs", "{}")
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Could not run the stock client in " + folder + ": it needs Node.js 20 or newer, and npm ci there",
                    failed);
        }
    }

    /** @param goesOn whether the application asks again where an answer broke off, and does not give up */
    void follow(String name, boolean goesOn, String shapeUrl, ShapeDefinition definition) {
        Map<String, Object> params = new HashMap<>();
        params.put("table", definition.table());
        definition.columns().ifPresent(columns -> params.put("columns", columns));
        definition.where().ifPresent(clause -> params.put("where", clause));
        if (!definition.parameters().isEmpty()) {
            params.put("params", definition.parameters());
        }
        if (definition.replica() == ShapeDefinition.Replica.FULL) {
            params.put("replica", "full");
        }
        say(Map.of("follow", name, "goesOn", goesOn, "options", Map.of("url", shapeUrl, "params", params)));
    }

    /** What the client has when it has seen that position; nothing where it does not get there. */
    Optional<Told> ask(String name, long lsn, Duration limit) throws InterruptedException {
        String id = "answer " + questions.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        say(Map.of("ask", name, "id", id, "lsn", Long.toString(lsn)));
        try {
            return Optional.of(told(answer.get(limit.toNanos(), TimeUnit.NANOSECONDS)));
        } catch (TimeoutException never) {
            return Optional.empty();
        } catch (ExecutionException ended) {
            throw new IllegalStateException("The stock client ended", ended.getCause());
        } finally {
            asked.remove(id);
        }
    }

    private static Told told(JsonNode answer) {
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
        for (Map.Entry<String, JsonNode> row : answer.get("rows").properties()) {
            Map<String, @Nullable String> columns = new HashMap<>();
            for (Map.Entry<String, JsonNode> column : row.getValue().properties()) {
                JsonNode value = column.getValue();
                columns.put(column.getKey(), value.isNull() ? null : value.stringValue());
            }
            rows.put(row.getKey(), columns);
        }
        return new Told(
                rows,
                answer.get("refetches").intValue(),
                answer.get("errors").valueStream().map(JsonNode::stringValue).toList());
    }

    private synchronized void say(Object line) {
        try {
            node.getOutputStream().write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            node.getOutputStream().flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("The stock client has ended", gone);
        }
    }

    private void listen() {
        try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                for (Map.Entry<String, JsonNode> answer : JSON.readTree(line).properties()) {
                    CompletableFuture<JsonNode> question = asked.get(answer.getKey());
                    if (question != null) {
                        question.complete(answer.getValue());
                    }
                }
            }
        } catch (IOException cut) {
            asked.values().forEach(question -> question.completeExceptionally(cut));
        }
        asked.values().forEach(question -> question.completeExceptionally(new IOException("Node ended")));
    }

    @Override
    public void close() {
        try {
            node.getOutputStream().close();
            if (!node.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        } catch (IOException gone) {
            node.destroyForcibly();
        } catch (InterruptedException interrupted) {
            node.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
