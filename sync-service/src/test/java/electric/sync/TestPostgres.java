package electric.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real Postgres that tests talk to: started once per test JVM ({@link #shared}), or one of their own to stop, break
 * and restart ({@link #start(Map)}).
 *
 * <p>The major is chosen by the build: {@code mvn verify -Ppg14} (to {@code -Ppg17}); without a profile, the newest.
 * The user {@code postgres} has the password {@code postgres}, and a wrong one is refused.
 */
public final class TestPostgres implements AutoCloseable {
    static final Path HOME = Path.of("target", "postgres");

    private final LocalPostgres server;
    private final Path folder;
    private final AtomicInteger databases = new AtomicInteger();

    private TestPostgres(LocalPostgres server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** One for the whole test JVM; give every test its own {@link #freshDatabase}. */
    public static TestPostgres shared() {
        return Shared.POSTGRES;
    }

    /** One of the test's own; the settings come on top of those of {@link #shared}. */
    public static TestPostgres start(Map<String, String> serverConfig) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "wal_level", "logical",
                "max_wal_senders", "50",
                "max_replication_slots", "50",
                "max_connections", "300",
                "synchronous_commit", "on",
                "fsync", "off"));
        settings.putAll(serverConfig);
        Files.createDirectories(HOME);
        removeLeftovers();
        Path folder = Files.createTempDirectory(HOME, "run-");
        TestPostgres postgres = new TestPostgres(LocalPostgres.in(folder, HOME, FreePort.any(), settings), folder);
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::end, "end of the test Postgres"));
        postgres.start();
        return postgres;
    }

    public String host() {
        return LocalPostgres.HOST;
    }

    public int port() {
        return server.port();
    }

    /** As in {@code DATABASE_URL}. */
    public String url(String database) {
        return server.url(database);
    }

    /** User and password included. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database + "?user=" + LocalPostgres.USER
                + "&password=" + LocalPostgres.PASSWORD;
    }

    /** The name of a new, empty database. */
    public String freshDatabase() {
        String name = "test_" + databases.incrementAndGet();
        try {
            sql("postgres", "CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException("Could not create the database " + name, failed);
        }
        return name;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** Each statement in a transaction of its own, all on one new connection. */
    public void sql(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** The first column of the rows, nulls as such words. */
    public List<String> ask(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }

    /** Again, after {@link #stop} or {@link #kill9}: same port, same data. Returns when it takes connections. */
    public void start() throws IOException {
        server.start();
    }

    public void stop() throws IOException {
        server.stop();
    }

    public void kill9() throws IOException {
        server.kill();
    }

    @Override
    public void close() throws IOException {
        server.stopAtOnce();
        server.close();
        Folders.delete(folder);
    }

    private void end() {
        try {
            close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Of test runs that were killed and could not stop their server. */
    private static void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(HOME, "run-*")) {
            for (Path run : runs) {
                removeUnlessInUse(run);
            }
        }
    }

    private static void removeUnlessInUse(Path run) throws IOException {
        try (LocalPostgres leftover = LocalPostgres.in(run, HOME, 0, Map.of())) {
            leftover.stopAtOnce();
        } catch (LocalPostgres.FolderInUse anotherRun) {
            return;
        }
        Folders.delete(run);
    }

    private static final class Shared {
        private static final TestPostgres POSTGRES = started();

        private static TestPostgres started() {
            try {
                return start(Map.of());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
