package electric.bench.beside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Our server, packaged, as an operating-system process of its own. */
public final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final Path log;

    private ServerProcess(Process process, URI uri, Path log) {
        this.process = process;
        this.uri = uri;
        this.log = log;
    }

    /** @param environment on top of what every measurement needs */
    public static ServerProcess start(Path launcher, String databaseUrl, Map<String, String> environment, Path log)
            throws IOException {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        Map<String, String> all = new HashMap<>();
        all.put("DATABASE_URL", databaseUrl);
        all.put("ELECTRIC_INSECURE", "true");
        all.put("ELECTRIC_PORT", Integer.toString(port));
        all.put("ELECTRIC_ENABLE_INTEGRATION_TESTING", "true");
        all.put("ELECTRIC_STORAGE", "MEMORY");
        all.put("ELECTRIC_PERSISTENT_STATE", "MEMORY");
        all.put("ELECTRIC_REPLICATION_STREAM_ID", "bench");
        all.put("CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN", "true");
        all.put("ELECTRIC_TWEAKS_CONN_MAX_REQUESTS", "0");
        all.putAll(environment);
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.environment().putAll(all);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ServerProcess(Children.start(builder), URI.create("http://127.0.0.1:" + port), log);
    }

    public URI uri() {
        return uri;
    }

    public OsProcess os() {
        return OsProcess.alone(process.pid());
    }

    /** Waits until it is active. */
    public void awaitActive() throws IOException, InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(uri.resolve("/v1/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline) {
                if (!process.isAlive()) {
                    throw new IOException(
                            "the server ended with code " + process.exitValue() + ": " + Files.readString(log));
                }
                try {
                    if (client.send(health, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException notYetListening) {
                    // Asked again below.
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        throw new IOException("the server did not become active: " + Files.readString(log));
    }

    @Override
    public void close() {
        Children.end(process);
    }
}
