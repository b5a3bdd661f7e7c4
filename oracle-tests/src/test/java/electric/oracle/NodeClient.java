package electric.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A script with one of the clients from the npm registry, each at its pinned version, in a Node process of its own. What the
 * script tells is JSON objects of one field or more: here they are kept in order, and found by the name of a field.
 */
public final class NodeClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final NodePackage CLIENTS =
            new NodePackage(Path.of("src", "test", "clients"), Path.of("target", "clients"));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final Process node;
    private final Thread reader;
    private final List<JsonNode> told = new ArrayList<>();
    private boolean ended;

    private NodeClient(Process node) {
        this.node = node;
        this.reader = Thread.ofVirtual().start(this::listen);
    }

    /** After {@link #install}. */
    static NodeClient run(String script, Object options) {
        try {
            return new NodeClient(new ProcessBuilder("node", script, JSON.writeValueAsString(options))
                    .directory(CLIENTS.folder().toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Could not run node, which the tests with the stock clients need: install Node.js 20 or newer",
                    failed);
        }
    }

    NodeClient tell(Object line) {
        try {
            node.getOutputStream().write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            node.getOutputStream().flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("The client has ended", gone);
        }
        return this;
    }

    /** What has been told under this name, in order. */
    synchronized List<JsonNode> told(String name) {
        return events(name).toList();
    }

    synchronized Optional<JsonNode> latest(String name) {
        return events(name).reduce((before, event) -> event);
    }

    List<String> requests() {
        return told("request").stream().map(JsonNode::stringValue).toList();
    }

    /** Waits until the latest that is told under this name is as wanted. */
    NodeClient await(String name, Predicate<JsonNode> wanted) {
        return await(name, () -> latest(name).filter(wanted).isPresent());
    }

    synchronized NodeClient await(String what, BooleanSupplier seen) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!seen.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || ended || events("error").findAny().isPresent()) {
                throw new AssertionError("Waited for " + what + (ended ? ", and the client ended" : "") + ". It told:\n"
                        + String.join(
                                "\n", told.stream().map(JsonNode::toString).toList()));
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

    private Stream<JsonNode> events(String name) {
        return told.stream().filter(event -> event.has(name)).map(event -> event.get(name));
    }

    private void listen() {
        try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(JSON.readTree(line));
            }
        } catch (IOException cut) {
            heard(JSON.createObjectNode().put("error", cut.toString()));
        } finally {
            end();
        }
    }

    private synchronized void heard(JsonNode event) {
        told.add(event);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** In order, so that a script keeps what it must. */
    @Override
    public void close() {
        try {
            node.getOutputStream().close();
            if (!node.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                node.destroyForcibly();
                throw new AssertionError("The client did not end within " + END_LIMIT);
            }
            reader.join();
        } catch (IOException gone) {
            throw new UncheckedIOException("The client has ended before it was told to", gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            node.destroyForcibly();
        }
    }

    /** Once per build. Without Node.js the tests fail, and say so. */
    public static void install() {
        CLIENTS.install();
    }
}
