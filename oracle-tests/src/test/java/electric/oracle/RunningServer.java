package electric.oracle;

import static org.awaitility.Awaitility.await;

import electric.sync.App;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.ingest.Readiness;
import electric.sync.ops.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole server in this process: its own port, a database of its own, insecure, deletion allowed.
 *
 * <p>For all tests of a class: {@code @RegisterExtension static final RunningServer server = RunningServer.start();}.
 * JUnit stops it.
 */
public final class RunningServer implements AfterAllCallback, AutoCloseable {
    private static final long LOG_BYTES = 512L << 20;
    private static final int MOST_AGAIN = 2;
    private static final AtomicInteger STREAMS = new AtomicInteger();

    private final TestPostgres postgres;
    private final String database;
    private final boolean ownsDatabase;
    private final String stream;
    private final App app;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> fatal = new CopyOnWriteArrayList<>();
    private final List<Future<?>> held = new CopyOnWriteArrayList<>();

    private RunningServer(TestPostgres postgres, String database, boolean ownsDatabase, Map<String, String> more) {
        this.postgres = postgres;
        this.database = database;
        this.ownsDatabase = ownsDatabase;
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL", postgres.url(database) + "?sslmode=disable",
                "ELECTRIC_PORT", "0",
                "ELECTRIC_INSECURE", "true",
                "ELECTRIC_ENABLE_INTEGRATION_TESTING", "true",
                "ELECTRIC_STORAGE", "MEMORY",
                "ELECTRIC_PERSISTENT_STATE", "MEMORY",
                "ELECTRIC_REPLICATION_STREAM_ID",
                        "oracle_" + ProcessHandle.current().pid() + "_" + STREAMS.incrementAndGet()));
        environment.putAll(more);
        this.stream = Objects.requireNonNull(environment.get("ELECTRIC_REPLICATION_STREAM_ID"));
        Settings settings = Settings.read(environment);
        var url = settings.database().url().orElseThrow();
        this.app = new App(settings, url, url, LOG_BYTES, fatal::add);
    }

    public static RunningServer start() {
        return start(Map.of());
    }

    /** @param more settings on top of the usual ones */
    public static RunningServer start(Map<String, String> more) {
        TestPostgres postgres = TestPostgres.shared();
        return begin(postgres, postgres.freshDatabase(), true, more).awaitActive();
    }

    /** @param database of the shared Postgres, followed by nobody else */
    public static RunningServer startOn(String database, Map<String, String> more) {
        return startOn(TestPostgres.shared(), database, more);
    }

    public static RunningServer startOn(TestPostgres postgres, String database, Map<String, String> more) {
        return begin(postgres, database, more).awaitActive();
    }

    /** Returns when clients can connect, however the database is. */
    public static RunningServer begin(TestPostgres postgres, String database, Map<String, String> more) {
        return begin(postgres, database, false, more);
    }

    private static RunningServer begin(
            TestPostgres postgres, String database, boolean ownsDatabase, Map<String, String> more) {
        RunningServer server = new RunningServer(postgres, database, ownsDatabase, more);
        try {
            server.app.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return server;
    }

    public RunningServer awaitActive() {
        await("the server to be active")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isActive);
        return this;
    }

    public TestPostgres postgres() {
        return postgres;
    }

    public String database() {
        return database;
    }

    public App app() {
        return app;
    }

    public String slot() {
        return "electric_slot_" + stream;
    }

    public String publication() {
        return "electric_publication_" + stream;
    }

    /** @param answer of a request that is to wait at the server */
    void remember(Future<?> answer) {
        held.add(answer);
    }

    /** How many of the remembered answers have not come yet. */
    int unanswered() {
        held.removeIf(Future::isDone);
        return held.size();
    }

    /** What only an operator could mend. */
    List<String> fatal() {
        return fatal;
    }

    /** Each statement in a transaction of its own. */
    public void sql(String... statements) {
        sql(postgres, database, statements);
    }

    /** The same, before there is a server. */
    public static void sql(TestPostgres postgres, String database, String... statements) {
        try {
            postgres.sql(database, statements);
        } catch (SQLException failed) {
            throw new IllegalStateException("The test's own SQL failed: " + failed.getMessage(), failed);
        }
    }

    /** The first column of the rows, nulls as such words. */
    public List<String> ask(String query) {
        return PostgresRows.select(this, query).stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    public String shapeUrl() {
        return "http://localhost:" + app.port() + "/v1/shape";
    }

    /** A connection that sends exactly what it is told and shows exactly what came back. */
    public Wire wire() {
        try {
            return new Wire(app.port());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    ShapeClient client(ShapeDefinition definition) {
        return client(definition, item -> {});
    }

    /** @param witness told every item the client took */
    ShapeClient client(ShapeDefinition definition, Consumer<LogItem> witness) {
        return new ShapeClient(http, shapeUrl(), definition, witness);
    }

    /** The answer to a request that needs no client that remembers. */
    HttpResponse<String> request(String method, String query) {
        return send(HttpRequest.newBuilder(URI.create(shapeUrl() + "?" + query))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    HttpResponse<String> get(ShapeDefinition definition, String... more) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return request("GET", definition.query(parameters));
    }

    /**
     * As {@link #get}, again where a shape ends just then or a snapshot fails on a row after others were sent, which can
     * only be broken off; of the next one nothing is sent before it is whole.
     */
    HttpResponse<String> getWhole(ShapeDefinition definition, String... more) {
        for (int again = 0; again < MOST_AGAIN; again++) {
            try {
                HttpResponse<String> answer = get(definition, more);
                if (answer.statusCode() != 409) {
                    return answer;
                }
            } catch (UncheckedIOException brokenOff) {
                System.out.println("Broken off: " + definition);
            }
        }
        return get(definition, more);
    }

    HttpResponse<String> health() {
        URI health = URI.create("http://localhost:" + app.port() + "/v1/health");
        return send(HttpRequest.newBuilder(health).build());
    }

    private boolean isActive() {
        if (!fatal.isEmpty()) {
            throw new IllegalStateException("The server gave up: " + fatal);
        }
        return health().body().equals("{\"status\":\"active\"}");
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking " + request.uri(), interrupted);
        }
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    /**
     * The slot goes too: it would keep Postgres from forgetting its log while other tests run. Who waits has none: it is
     * that of the server it waits for. So does a database of its own: a hundred of them take long to delete at the end.
     */
    @Override
    public void close() {
        boolean waits = app.readiness().status() == Readiness.Status.WAITING;
        http.shutdownNow();
        app.close();
        if (postgres == TestPostgres.shared() && !waits) {
            sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + slot()
                    + "'");
            if (ownsDatabase) {
                sql(postgres, "postgres", "DROP DATABASE " + database + " WITH (FORCE)");
            }
        }
    }
}
