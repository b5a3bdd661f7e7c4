package electric.bench;

import static electric.bench.Report.figure;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How fast the stream is followed: rows are written while the server is stopped by a signal, and when it goes on, it is waited
 * for a reader to have all of them. Beside it, how fast {@code pg_recvlogical} takes the same changes and throws them away.
 */
final class Writes implements Bench.Scenario {
    private static final String TABLE = "writes";
    private static final String SLOT = "bench_baseline";
    private static final int PATIENCE_SECONDS = 300;

    @Override
    public void run(Bench bench) throws Exception {
        if (!bench.ownServer()) {
            return;
        }
        int rows = bench.number("written", 100_000);
        for (int shapes : new int[] {1, 10_000}) {
            bench.measure(Map.of(), target -> {
                target.sql(
                        "DROP TABLE IF EXISTS " + TABLE,
                        "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, tenant_id int, v text)",
                        "CREATE INDEX ON " + TABLE + " (tenant_id)");
                if (shapes > 1) {
                    ManyShapes.create(bench, target, TABLE, 1, shapes);
                }
                for (int each : new int[] {10_000, 100, 1}) {
                    measure(bench, target, shapes, rows, each);
                }
                target.sql("DROP TABLE " + TABLE);
            });
        }
    }

    private static void measure(Bench bench, Target target, int shapes, int rows, int each) throws Exception {
        OsProcess server = Objects.requireNonNull(target.process());
        String shape = "table=" + TABLE;
        target.sql("TRUNCATE " + TABLE);
        // The truncation ends the shape a moment later.
        TimeUnit.SECONDS.sleep(2);
        ShapeRead.Whole read =
                ShapeRead.begin(bench.crowd(), target.server(), shape, false).get();
        Deliveries deliveries = new Deliveries(1, rows);
        LivePoll poll = new LivePoll(new LivePoll.Place(bench.crowd(), target.server(), deliveries, shape, read), 0);
        List<HttpConnection> connections = bench.crowd().connect(target.server(), 1, number -> poll);
        TimeUnit.MILLISECONDS.sleep(200);
        double baseline;
        double seconds;
        double cpu;
        try (Connection connection = target.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE PUBLICATION " + SLOT + " FOR TABLE " + TABLE);
                statement.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
            }
            signal("STOP", server);
            try {
                write(connection, rows, each);
            } finally {
                signal("CONT", server);
            }
            long from = System.nanoTime();
            cpu = server.cpuSeconds();
            for (int row = 0; row < rows; row++) {
                deliveries.sent(row, from);
            }
            deliveries.await(PATIENCE_SECONDS);
            seconds = (System.nanoTime() - from) / 1e9;
            cpu = server.cpuSeconds() - cpu;
            poll.leave();
            connections.forEach(HttpConnection::close);
            baseline = baseline(target, connection);
        }
        bench.report()
                .add(
                        "writes",
                        rows + " rows by " + each + ", " + shapes + (shapes == 1 ? " shape" : " shapes"),
                        figure("followed", rows / seconds, "rows/s"),
                        figure("server CPU", cpu / rows * 1e6, "µs/row"),
                        figure("pg_recvlogical", rows / baseline, "rows/s"),
                        figure("share", baseline / seconds, ""));
    }

    private static void write(Connection connection, int rows, int each) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + TABLE
                + " SELECT i, i % 10000, 'a value of some length, as values are' FROM generate_series(?, ?) i")) {
            for (int row = 0; row < rows; row += each) {
                insert.setInt(1, Deliveries.FIRST_ID + row);
                insert.setInt(2, Deliveries.FIRST_ID + Math.min(row + each, rows) - 1);
                insert.executeUpdate();
            }
        }
    }

    private static void signal(String name, OsProcess process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("the server could not be sent " + name);
        }
    }

    /** Seconds; not a number where the program is not there. */
    private static double baseline(Target target, Connection connection)
            throws SQLException, IOException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            String end;
            try (ResultSet now = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
                now.next();
                end = now.getString(1);
            }
            double seconds = Double.NaN;
            try {
                long from = System.nanoTime();
                int code = new ProcessBuilder(
                                "pg_recvlogical",
                                "--dbname=" + target.jdbcUrl().substring("jdbc:".length()),
                                "--slot=" + SLOT,
                                "--start",
                                "--no-loop",
                                "--endpos=" + end,
                                "--file=/dev/null",
                                "--option=proto_version=1",
                                "--option=publication_names=" + SLOT)
                        .inheritIO()
                        .start()
                        .waitFor();
                seconds = code == 0 ? (System.nanoTime() - from) / 1e9 : Double.NaN;
            } catch (IOException notInstalled) {
                System.err.println("No baseline: " + notInstalled.getMessage());
            }
            statement.execute("SELECT pg_drop_replication_slot('" + SLOT + "')");
            statement.execute("DROP PUBLICATION " + SLOT);
            return seconds;
        }
    }
}
