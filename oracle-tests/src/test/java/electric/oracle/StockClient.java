package electric.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The client everybody has, {@code @electric-sql/client} at its pinned version, in a Node process of its own. */
final class StockClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path FOLDER = Path.of("target", "clients");
    private static final List<String> FILES = List.of(".npmrc", "package.json", "package-lock.json", "follow.mjs");
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Process node;
    private final Thread reader;
    private final List<String> requests = new ArrayList<>();
    private final List<JsonNode> messages = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private Map<String, JsonNode> rows = Map.of();
    private @Nullable JsonNode latest;
    private boolean ended;

    /** Where a client can go on later. */
    record Position(String offset, String handle) {}

    private StockClient(Process node) {
        this.node = node;
        this.reader = Thread.ofVirtual().start(this::listen);
    }

    /** After {@link #install}. */
    static StockClient follow(RunningServer server, Map<String, String> params) {
        return follow(server, params, Map.of());
    }

    /** @param options of the {@code ShapeStream}, besides its URL and params */
    static StockClient follow(RunningServer server, Map<String, String> params, Map<String, ?> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("url", server.shapeUrl());
        all.put("params", params);
        try {
            return new StockClient(new ProcessBuilder("node", "follow.mjs", JSON.writeValueAsString(all))
                    .directory(FOLDER.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Could not run node, which the tests with the stock client need: install Node.js 20 or newer",
                    failed);
        }
    }

    /** @param subset as of {@code requestSnapshot} */
    StockClient requestSnapshot(Map<String, ?> subset) {
        try {
            node.getOutputStream().write((JSON.writeValueAsString(subset) + "\n").getBytes(StandardCharsets.UTF_8));
            node.getOutputStream().flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("The client has ended", gone);
        }
        return this;
    }

    /** Waits until the client has these rows, as the application sees them. */
    StockClient awaitRows(Predicate<Map<String, JsonNode>> wanted) {
        return await("rows", () -> wanted.test(rows));
    }

    /** Waits until a column of a row has this text. */
    StockClient awaitValue(String key, String column, String text) {
        return awaitRows(now -> {
            JsonNode row = now.get(key);
            return row != null && row.path(column).asString("").equals(text);
        });
    }

    /** Waits until all messages so far are as wanted. */
    StockClient awaitMessages(Predicate<List<JsonNode>> wanted) {
        return await("messages", () -> wanted.test(messages));
    }

    StockClient awaitUpToDate() {
        return await("the end of the log", () -> {
            JsonNode batch = latest;
            return batch != null && batch.get("upToDate").booleanValue();
        });
    }

    synchronized Map<String, JsonNode> rows() {
        return new TreeMap<>(rows);
    }

    /** Those with a key, in order. */
    synchronized List<JsonNode> changes() {
        return messages.stream().filter(message -> message.has("key")).toList();
    }

    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized Position position() {
        JsonNode batch = latest;
        if (batch == null) {
            throw new IllegalStateException("The client has told nothing yet");
        }
        return new Position(
                batch.get("offset").stringValue(), batch.get("handle").stringValue());
    }

    private synchronized StockClient await(String what, BooleanSupplier seen) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!seen.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || ended || !errors.isEmpty()) {
                throw new AssertionError("Waited for " + what + (ended ? ", and the client ended" : "") + ". Errors: "
                        + errors + "\nrequests: " + String.join("\n  ", requests) + "\nrows: " + rows + "\nmessages: "
                        + messages);
            }
            try {
                wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for " + what, interrupted);
            }
        }
        return this;
    }

    private void listen() {
        try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told(JSON.readTree(line));
            }
        } catch (IOException cut) {
            told(JSON.createObjectNode().put("error", cut.toString()));
        } finally {
            end();
        }
    }

    private synchronized void told(JsonNode event) {
        if (event.has("request")) {
            requests.add(event.get("request").stringValue());
        } else if (event.has("error")) {
            errors.add(event.get("error").stringValue());
        } else if (event.has("rows")) {
            Map<String, JsonNode> now = new HashMap<>();
            event.get("rows").properties().forEach(row -> now.put(row.getKey(), row.getValue()));
            rows = now;
        } else {
            event.get("messages").forEach(messages::add);
            latest = event;
        }
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public void close() {
        node.destroy();
        try {
            node.waitFor();
            reader.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            node.destroyForcibly();
        }
    }

    /** The client and what it needs, as the lock file says: once per build. Without Node.js the tests fail, and say so. */
    static void install() {
        Path sources = Path.of("src", "test", "clients");
        try {
            boolean installed = Files.exists(FOLDER.resolve("node_modules/.package-lock.json"))
                    && Files.mismatch(sources.resolve("package-lock.json"), FOLDER.resolve("package-lock.json")) < 0;
            Files.createDirectories(FOLDER);
            for (String file : FILES) {
                Files.copy(sources.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!installed) {
                npmCi();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Could not run npm, which the tests with the stock client need: install Node.js 20 or newer with npm",
                    failed);
        }
    }

    private static void npmCi() throws IOException {
        Path output = FOLDER.resolve("npm.log");
        Process npm = new ProcessBuilder("npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!npm.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                npm.destroyForcibly();
                throw new IllegalStateException("npm ci did not end within " + INSTALL_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            npm.destroyForcibly();
            throw new IllegalStateException("Interrupted while npm installs the stock client", interrupted);
        }
        if (npm.exitValue() != 0) {
            throw new IllegalStateException("npm ci could not install the stock client:\n" + Files.readString(output));
        }
    }
}
