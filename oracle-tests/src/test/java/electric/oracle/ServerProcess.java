package electric.oracle;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as an operator runs it: a process that is told by its environment, and judged by what it prints and does. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("Listening on .* port (\\d+)");

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private ServerProcess(Process process) {
        this.process = process;
        this.readers = List.of(
                Thread.startVirtualThread(() -> read(process.inputReader(StandardCharsets.UTF_8), output)),
                Thread.startVirtualThread(() -> read(process.errorReader(StandardCharsets.UTF_8), errors)));
    }

    /** @param environment the whole of it */
    public static ServerProcess start(Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        if (Path.of("/proc").toFile().isDirectory()) {
            // Who runs the tests in the background may ignore interrupts, and children inherit that.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "electric.sync.Main"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ELECTRIC_") || name.endsWith("DATABASE_URL"));
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static void read(BufferedReader from, List<String> to) {
        from.lines().forEach(to::add);
    }

    public ServerProcess awaitLine(String part) {
        await(part).atMost(LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The server ended: " + everything());
            }
            return everything().contains(part);
        });
        return this;
    }

    public int port() {
        awaitLine("Listening on ");
        Matcher found = LISTENING.matcher(everything());
        if (!found.find()) {
            throw new IllegalStateException("No port: " + everything());
        }
        return Integer.parseInt(found.group(1));
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The server does not end: " + everything());
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public String errors() {
        return String.join("\n", errors);
    }

    public String everything() {
        return String.join("\n", output) + "\n" + errors();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
