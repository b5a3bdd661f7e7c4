package electric.oracle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import electric.sync.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The cache that the README offers, in front of a server: examples/nginx.conf with other ports and no daemon. */
final class Nginx implements AutoCloseable {
    private static final String MISSING =
            "nginx is not installed, so what clients get through a cache is not tested. Debian and Ubuntu have the"
                    + " package nginx.";
    private static final String ORIGIN = "server 127.0.0.1:3000;";
    private static final String LISTEN = "listen 3002;";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Process process;
    private final int port;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
        Thread.startVirtualThread(() -> {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(complaints::add);
            } catch (IOException | UncheckedIOException cut) {
                complaints.add(cut.toString());
            }
        });
    }

    /** Where there is none, tests are skipped and say so; but not in CI, which brings one. */
    static void need() {
        boolean installed;
        try {
            installed = new ProcessBuilder("nginx", "-v")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            installed = false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while looking for nginx", interrupted);
        }
        if ("true".equals(System.getenv("CI")) && !installed) {
            throw new IllegalStateException(MISSING);
        }
        assumeTrue(installed, MISSING);
    }

    /** @param folder empty, for its cache */
    static Nginx before(RunningServer server, Path folder) {
        return before(server.app().port(), folder);
    }

    /** @param origin the port of what is asked for what is not in the cache */
    static Nginx before(int origin, Path folder) {
        try {
            int port = FreePort.any();
            String config = Files.readString(Path.of("..", "examples", "nginx.conf"));
            Path ours = Files.writeString(
                    folder.resolve("nginx.conf"),
                    replaced(
                            replaced(config, ORIGIN, "server 127.0.0.1:" + origin + ";"),
                            LISTEN,
                            "listen 127.0.0.1:" + port + ";"));
            Process process = new ProcessBuilder(
                            "nginx",
                            "-p",
                            folder.toString(),
                            "-c",
                            ours.toString(),
                            "-e",
                            "stderr",
                            "-g",
                            // One process, as whoever runs the tests, which is gone when it is ended.
                            "daemon off; master_process off;")
                    .redirectErrorStream(true)
                    .start();
            return new Nginx(process, port).awaitListening();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String replaced(String config, String part, String by) {
        if (!config.contains(part)) {
            throw new IllegalStateException("examples/nginx.conf does not say \"" + part + "\" any more");
        }
        return config.replace(part, by);
    }

    private Nginx awaitListening() {
        await("nginx to listen")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("nginx ended: " + complaints);
                    }
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                        return true;
                    } catch (IOException notYet) {
                        return false;
                    }
                });
        return this;
    }

    String shapeUrl() {
        return "http://localhost:" + port + "/v1/shape";
    }

    /** What it wrote to its log of errors. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("nginx does not end: " + complaints);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("Interrupted while nginx ends", interrupted);
        }
    }
}
