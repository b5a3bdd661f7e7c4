package electric.bench;

import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.postgresql.PGConnection;

/**
 * The server's spine in figures: start, idle memory, a cold and a warm read of a large shape, and the time from a commit to
 * the bytes at a waiting client. Wrong or missing rows end the run.
 *
 * <p>Arguments: the launcher, and optionally the number of rows.
 */
public final class Spine {
    private static final String DATABASE = "postgres";
    private static final int LIVE_ROUNDS = 400;
    private static final int WARM_UP_ROUNDS = 100;

    private Spine() {}

    public static void main(String[] args) throws Exception {
        Path launcher = Path.of(args[0]).toAbsolutePath();
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        Path folder = Files.createTempDirectory("electric-bench");
        try (TestPostgres database = TestPostgres.start(Map.of())) {
            fill(database, rows);
            start(launcher, database, folder);
            run(launcher, database, folder, rows);
        }
    }

    private static void say(String what, String figure, String beside) {
        System.out.printf(Locale.ROOT, "%-34s %-34s %s%n", what, figure, beside);
    }

    private static void fill(TestPostgres database, int rows) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(DATABASE));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE big (id int PRIMARY KEY, a text, b text, c int)");
            statement.execute(
                    "INSERT INTO big SELECT i, repeat('x', 50), md5(i::text), i % 1000 FROM generate_series(1, " + rows
                            + ") i");
            statement.execute("VACUUM ANALYZE big");
            statement.execute("CREATE TABLE live (id int PRIMARY KEY, v text)");
            statement.execute("CHECKPOINT");
        }
    }

    private static void start(Path launcher, TestPostgres database, Path folder) throws Exception {
        double[] seconds = new double[5];
        for (int i = 0; i < seconds.length; i++) {
            long from = System.nanoTime();
            try (ServerProcess server =
                    ServerProcess.start(launcher, database.url(DATABASE), 3900, folder.resolve("log"))) {
                server.awaitActive();
                seconds[i] = (System.nanoTime() - from) / 1e9;
            }
        }
        Arrays.sort(seconds);
        say(
                "start to active",
                String.format(Locale.ROOT, "%.2f s median, %.2f s best", seconds[2], seconds[0]),
                "of 5 starts");
    }

    private static void run(Path launcher, TestPostgres database, Path folder, int rows) throws Exception {
        try (ServerProcess server =
                ServerProcess.start(launcher, database.url(DATABASE), 3900, folder.resolve("log"))) {
            server.awaitActive();
            say("resident memory, idle", String.format(Locale.ROOT, "%.0f MB", server.megabytes()), "no shapes");
            double cold = Double.MAX_VALUE;
            double coldCpu = 0;
            double copy = Double.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                copy = Math.min(copy, copySeconds(database));
                double cpu = server.cpuSeconds();
                Read read = read(server, rows);
                if (read.seconds < cold) {
                    cold = read.seconds;
                    coldCpu = server.cpuSeconds() - cpu;
                }
                if (i < 2) {
                    delete(server);
                }
            }
            say(
                    "cold, " + rows + " rows",
                    String.format(Locale.ROOT, "%.2f s, %.2f CPU-s in the server", cold, coldCpu),
                    String.format(Locale.ROOT, "COPY %.2f s; ratio %.2f (best of 3 each)", copy, cold / copy));
            Read warm = read(server, rows);
            for (int i = 0; i < 4; i++) {
                Read again = read(server, rows);
                warm = again.seconds < warm.seconds ? again : warm;
            }
            say(
                    "warm, the same shape",
                    String.format(Locale.ROOT, "%.2f s, %.0f MB/s", warm.seconds, warm.bytes / 1e6 / warm.seconds),
                    String.format(Locale.ROOT, "%.0f MB, one client, best of 5", warm.bytes / 1e6));
            say("resident memory with that shape", String.format(Locale.ROOT, "%.0f MB", server.megabytes()), "");
            live(server, database);
            idle(server);
        }
    }

    private static void idle(ServerProcess server) throws Exception {
        double before = server.cpuSeconds();
        TimeUnit.SECONDS.sleep(10);
        say(
                "processor time, idle",
                String.format(Locale.ROOT, "%.1f %% of a core", (server.cpuSeconds() - before) * 10),
                "over 10 s");
    }

    private record Read(double seconds, long bytes) {}

    /** From the first request to up to date. */
    private static Read read(ServerProcess server, int rows) throws IOException {
        try (HttpReader reader = new HttpReader(server.uri())) {
            long from = System.nanoTime();
            HttpReader.Response response = reader.get("/v1/shape?table=big&offset=-1");
            long bytes = response.bodyBytes();
            while (!response.headers().containsKey("electric-up-to-date")) {
                response = reader.get("/v1/shape?table=big&offset=" + response.header("electric-offset") + "&handle="
                        + response.header("electric-handle"));
                bytes += response.bodyBytes();
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            if (bytes < rows * 100L || !response.tail().contains("up-to-date")) {
                throw new IllegalStateException("only " + bytes + " bytes for " + rows + " rows");
            }
            return new Read(seconds, bytes);
        }
    }

    private static void delete(ServerProcess server) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(
                            HttpRequest.newBuilder(server.uri().resolve("/v1/shape?table=big"))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != 202) {
                throw new IllegalStateException("DELETE answered " + status);
            }
        }
    }

    private static double copySeconds(TestPostgres database) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(DATABASE))) {
            long from = System.nanoTime();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY big TO STDOUT", OutputStream.nullOutputStream());
            return (System.nanoTime() - from) / 1e9;
        }
    }

    /** A client waits, a row is committed: from the commit's return to the whole answer at the client. */
    private static void live(ServerProcess server, TestPostgres database) throws Exception {
        int rounds = WARM_UP_ROUNDS + LIVE_ROUNDS;
        AtomicLongArray arrived = new AtomicLongArray(rounds);
        long[] committed = new long[rounds];
        CountDownLatch ready = new CountDownLatch(1);
        Thread client = new Thread(
                () -> {
                    try (HttpReader reader = new HttpReader(server.uri())) {
                        follow(reader, rounds, arrived, ready);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "client");
        client.start();
        ready.await();
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(DATABASE));
                PreparedStatement insert = connection.prepareStatement("INSERT INTO live VALUES (?, 'value')")) {
            for (int i = 0; i < rounds; i++) {
                insert.setInt(1, i);
                insert.executeUpdate();
                committed[i] = System.nanoTime();
                while (arrived.get(i) == 0) {
                    Thread.onSpinWait();
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            client.join();
            verify(connection, rounds);
        }
        double[] millis = new double[LIVE_ROUNDS];
        for (int i = 0; i < LIVE_ROUNDS; i++) {
            int round = i + WARM_UP_ROUNDS;
            millis[i] = (arrived.get(round) - committed[round]) / 1e6;
        }
        Arrays.sort(millis);
        say(
                "live, commit to bytes at the client",
                String.format(
                        Locale.ROOT,
                        "p50 %.2f ms, p99 %.2f ms",
                        millis[LIVE_ROUNDS / 2],
                        millis[LIVE_ROUNDS * 99 / 100]),
                LIVE_ROUNDS + " single rows, one client");
    }

    private static void follow(HttpReader reader, int rounds, AtomicLongArray arrived, CountDownLatch ready)
            throws IOException {
        HttpReader.Response response = reader.get("/v1/shape?table=live&offset=-1");
        String handle = response.header("electric-handle");
        String offset = response.header("electric-offset");
        ready.countDown();
        for (int seen = 0; seen < rounds; ) {
            response = reader.get("/v1/shape?table=live&live=true&handle=" + handle + "&offset=" + offset);
            long now = System.nanoTime();
            offset = response.header("electric-offset");
            while (seen < rounds && response.tail().contains("\"id\":\"" + seen + "\"")) {
                arrived.set(seen++, now);
            }
        }
    }

    private static void verify(Connection connection, int rounds) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM live")) {
            count.next();
            if (count.getInt(1) != rounds) {
                throw new IllegalStateException("rows are missing in Postgres itself");
            }
        }
    }
}
