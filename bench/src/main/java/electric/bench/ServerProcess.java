package electric.bench;

import java.io.IOException;
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

/** The server under test as an operating-system process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final long TICKS_PER_SECOND = 100;

    private final Process process;
    private final URI uri;

    private ServerProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    static ServerProcess start(Path launcher, String databaseUrl, int port, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", databaseUrl);
        environment.put("ELECTRIC_INSECURE", "true");
        environment.put("ELECTRIC_PORT", Integer.toString(port));
        environment.put("ELECTRIC_ENABLE_INTEGRATION_TESTING", "true");
        environment.put("ELECTRIC_STORAGE", "MEMORY");
        environment.put("ELECTRIC_PERSISTENT_STATE", "MEMORY");
        environment.put("ELECTRIC_REPLICATION_STREAM_ID", "bench");
        environment.put("CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN", "true");
        environment.put("ELECTRIC_TWEAKS_CONN_MAX_REQUESTS", "0");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new ServerProcess(builder.start(), URI.create("http://127.0.0.1:" + port));
    }

    URI uri() {
        return uri;
    }

    /** Waits until it is active. */
    void awaitActive() throws IOException, InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(uri.resolve("/v1/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline) {
                if (!process.isAlive()) {
                    throw new IOException("the server ended with code " + process.exitValue());
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
        throw new IOException("the server did not become active");
    }

    /** Processor time used so far, by all of its threads. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /** Resident memory. */
    double megabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
