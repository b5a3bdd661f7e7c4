package electric.oracle.run;

import electric.oracle.scenario.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** This repository's server as a process beside us, from the classes we run with. */
final class OwnServer implements Target {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST_LINES = 20_000;
    private static final Pattern LISTENING = Pattern.compile("Listening on .* port (\\d+)");

    private final Map<String, String> environment;
    private final Deque<String> lines = new ArrayDeque<>();
    private final HttpClient http;
    private Process process;
    private final int port;

    private OwnServer(Map<String, String> environment, HttpClient http) throws IOException, InterruptedException {
        this.environment = new HashMap<>(environment);
        this.http = http;
        this.process = launch();
        this.port = awaitActive();
    }

    /**
     * @param databaseUrl what it follows
     * @param more settings on top of the usual ones
     */
    static OwnServer start(String databaseUrl, Map<String, String> more, HttpClient http) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL", databaseUrl,
                "ELECTRIC_PORT", "0",
                "ELECTRIC_INSECURE", "true",
                "ELECTRIC_ENABLE_INTEGRATION_TESTING", "true",
                "ELECTRIC_STORAGE", "MEMORY",
                "ELECTRIC_PERSISTENT_STATE", "MEMORY",
                "ELECTRIC_LOG_COLORS", "false",
                "ELECTRIC_REPLICATION_STREAM_ID",
                        "oracle_" + ProcessHandle.current().pid()));
        environment.putAll(more);
        try {
            return new OwnServer(environment, http);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public String shapeUrl() {
        return "http://localhost:" + port + "/v1/shape";
    }

    @Override
    public List<String> log(String handle) {
        synchronized (lines) {
            return lines.stream().filter(line -> line.contains(handle)).toList();
        }
    }

    synchronized long pid() {
        return process.pid();
    }

    @Override
    public synchronized void restart(Fault how) {
        try {
            if (how == Fault.SERVER_KILLED) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("The server does not end. It said:\n" + everything());
            }
            environment.put("ELECTRIC_PORT", Integer.toString(port));
            process = launch();
            awaitActive();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "electric.sync.Main");
        builder.environment().keySet().removeIf(name -> name.startsWith("ELECTRIC_") || name.endsWith("DATABASE_URL"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        Process started = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly, "end of the server"));
        Thread.startVirtualThread(() -> read(started));
        return started;
    }

    private void read(Process started) {
        try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    if (lines.size() == MOST_LINES) {
                        lines.removeFirst();
                    }
                    lines.addLast(line);
                }
            }
        } catch (IOException ended) {
            synchronized (lines) {
                lines.addLast("(the output broke off: " + ended.getMessage() + ")");
            }
        }
    }

    private int awaitActive() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Integer found = null;
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException("The server ended while it started. It said:\n" + everything());
            }
            if (found == null) {
                found = listening();
            } else if (isActive(found)) {
                return found;
            }
            Thread.sleep(PAUSE);
        }
        throw new IOException("The server was not ready after " + LIMIT.toSeconds() + " s. It said:\n" + everything());
    }

    private boolean isActive(int at) throws InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://localhost:" + at + "/v1/health"))
                .build();
        try {
            return http.send(health, BodyHandlers.ofString()).body().contains("active");
        } catch (IOException notYet) {
            // Again, it does not listen yet.
            return false;
        }
    }

    private @Nullable Integer listening() {
        Matcher found = LISTENING.matcher(everything());
        return found.find() ? Integer.valueOf(found.group(1)) : null;
    }

    private String everything() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    @Override
    public synchronized void close() {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
