package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.Target;
import electric.bench.load.HttpConnection;
import electric.bench.load.ShapeRead;
import electric.bench.report.Case;
import electric.bench.report.Quantiles;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Many clients ask for a shape at once that nobody has asked for before: they are given one snapshot. */
final class Thundering implements Scenario {
    private static final int ROWS = 500;
    private static final int FULL_SIZE = 2_000;
    private static final int PATIENCE_SECONDS = 15;

    @Override
    public String name() {
        return "thundering";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        int clients = Math.min(FULL_SIZE, run.number("clients", FULL_SIZE));
        run.measure(Run.letIn(clients), target -> {
            // The first ones find a server that has done nothing yet.
            rush(run, target, "thundering_1", clients, false);
            rush(run, target, "thundering_2", clients, true);
        });
    }

    private static void rush(Run run, Target target, String table, int clients, boolean reported) throws Exception {
        target.sql(
                "DROP TABLE IF EXISTS " + table,
                "CREATE TABLE " + table + " (id int PRIMARY KEY, a text)",
                "INSERT INTO " + table + " SELECT i, md5(i::text) || repeat('x', 60) FROM generate_series(1, " + ROWS
                        + ") i",
                "ANALYZE " + table);
        String shape = "table=" + table;
        long scans = scans(target, table, -1);
        double cpu = target.cpuSeconds();
        List<ShapeRead> reads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            reads.add(new ShapeRead(run.crowd(), target.server(), shape, false));
        }
        List<HttpConnection> connections = run.crowd().connect(target.server(), reads);
        long from = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            reads.get(i).begin(connections.get(i));
        }
        double[] seconds = new double[clients];
        ShapeRead.Whole first = reads.getFirst().whole().get();
        for (int i = 0; i < clients; i++) {
            ShapeRead.Whole whole = reads.get(i).whole().get();
            if (whole.checksum() != first.checksum()) {
                throw new IOException("clients were given different rows");
            }
            seconds[i] = whole.seconds();
        }
        double all = (System.nanoTime() - from) / 1e9;
        cpu = target.cpuSeconds() - cpu;
        ShapeRead.Whole counted = run.count(target, shape);
        if (counted.rows() != ROWS || counted.checksum() != first.checksum()) {
            throw new IOException(counted.rows() + " rows were read of " + ROWS);
        }
        if (reported) {
            boolean full = clients == FULL_SIZE;
            Quantiles each = new Quantiles(seconds);
            run.report()
                    .add(
                            new Case("thundering", clients + " clients, " + ROWS + " rows, cold"),
                            figure("all", all, "s").atMost(full ? 0.5 : Double.NaN),
                            figure("p50", each.at(0.5), "s"),
                            figure("server CPU", cpu / clients * 1e6, "µs/client"),
                            figure("snapshot queries", (double) (scans(target, table, scans) - scans), "")
                                    .atMost(1));
        }
        target.sql("DROP TABLE " + table);
    }

    /** How often Postgres has read the table; it tells some seconds later. */
    private static long scans(Target target, String table, long before) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        TimeUnit.MILLISECONDS.sleep(1_500);
        while (true) {
            try (Connection connection = target.connect();
                    Statement statement = connection.createStatement();
                    ResultSet scans = statement.executeQuery("SELECT seq_scan + coalesce(idx_scan, 0) FROM"
                            + " pg_stat_user_tables WHERE relname = '" + table + "'")) {
                scans.next();
                if (scans.getLong(1) > before || System.nanoTime() > deadline) {
                    return scans.getLong(1);
                }
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }
}
