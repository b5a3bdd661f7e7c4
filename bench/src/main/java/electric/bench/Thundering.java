package electric.bench;

import static electric.bench.Report.figure;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Many clients ask for a shape at once that nobody has asked for before: they are given one snapshot. */
final class Thundering implements Bench.Scenario {
    private static final String SHAPE = "table=thundering";
    private static final int ROWS = 500;

    @Override
    public void run(Bench bench) throws Exception {
        int clients = Math.min(2_000, bench.number("clients", 2_000));
        Map<String, String> letAllIn =
                Map.of("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":" + 2 * clients + ",\"existing\":10000}");
        bench.measure(letAllIn, target -> {
            target.sql(
                    "DROP TABLE IF EXISTS thundering",
                    "CREATE TABLE thundering (id int PRIMARY KEY, a text)",
                    "INSERT INTO thundering SELECT i, md5(i::text) || repeat('x', 60) FROM generate_series(1, " + ROWS
                            + ") i",
                    "ANALYZE thundering");
            // The first one finds a server that has done nothing yet.
            run(bench, target, clients, false);
            run(bench, target, clients, true);
            target.sql("DROP TABLE thundering");
        });
    }

    private static void run(Bench bench, Target target, int clients, boolean reported) throws Exception {
        long scans = scans(target);
        double cpu = target.serverCpuSeconds();
        List<ShapeRead> reads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            reads.add(new ShapeRead(target.server(), SHAPE, false, false));
        }
        List<HttpConnection> connections = bench.crowd().connect(target.server(), clients, reads::get);
        long from = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            ShapeRead read = reads.get(i);
            HttpConnection connection = connections.get(i);
            connection.channel().eventLoop().execute(() -> read.begin(connection));
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
        cpu = target.serverCpuSeconds() - cpu;
        ShapeRead.Whole counted =
                ShapeRead.begin(bench.crowd(), target.server(), SHAPE, true).get();
        if (counted.rows() != ROWS || counted.checksum() != first.checksum()) {
            throw new IOException(counted.rows() + " rows were read of " + ROWS);
        }
        if (reported) {
            Quantiles each = new Quantiles(seconds);
            bench.report()
                    .add(
                            "thundering",
                            clients + " clients, " + ROWS + " rows, cold",
                            figure("all", all, "s"),
                            figure("p50", each.at(0.5), "s"),
                            figure("server CPU", cpu / clients * 1e6, "µs/client"),
                            figure("snapshot queries", (double) (scans(target) - scans), ""));
        }
        target.delete(SHAPE);
    }

    /** How often Postgres has read the table; it tells a little later. */
    private static long scans(Target target) throws Exception {
        TimeUnit.MILLISECONDS.sleep(1_500);
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement();
                ResultSet scans = statement.executeQuery("SELECT seq_scan + coalesce(idx_scan, 0) FROM"
                        + " pg_stat_user_tables WHERE relname = 'thundering'")) {
            scans.next();
            return scans.getLong(1);
        }
    }
}
