package electric.bench;

import static electric.bench.Report.figure;

import java.io.OutputStream;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.postgresql.PGConnection;

/** A large shape: the first client of it, beside what Postgres needs to hand out the rows; then one and eight more. */
final class Reads implements Bench.Scenario {
    private static final String SHAPE = "table=big";
    private static final int TIMES = 3;

    @Override
    public void run(Bench bench) throws Exception {
        int rows = bench.number("rows", 1_000_000);
        bench.measure(Map.of(), target -> {
            fill(target, rows);
            ShapeRead.Whole cold = cold(bench, target, rows);
            warm(bench, target, cold, 1);
            warm(bench, target, cold, 8);
            target.sql("DROP TABLE big");
        });
    }

    private static void fill(Target target, int rows) throws Exception {
        target.sql(
                "DROP TABLE IF EXISTS big",
                "CREATE TABLE big (id int PRIMARY KEY, a text, b text, c int)",
                "INSERT INTO big SELECT i, repeat('x', 50), md5(i::text), i % 1000 FROM generate_series(1, " + rows
                        + ") i",
                "VACUUM ANALYZE big",
                "CHECKPOINT");
    }

    private static ShapeRead.Whole cold(Bench bench, Target target, int rows) throws Exception {
        ShapeRead.Whole best = null;
        double bestCpu = 0;
        double copy = Double.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            copy = Math.min(copy, copySeconds(target));
            double cpu = target.serverCpuSeconds();
            ShapeRead.Whole read = ShapeRead.begin(bench.crowd(), target.server(), SHAPE, false)
                    .get();
            if (best == null || read.seconds() < best.seconds()) {
                best = read;
                bestCpu = target.serverCpuSeconds() - cpu;
            }
            if (i < TIMES - 1) {
                target.delete(SHAPE);
            }
        }
        ShapeRead.Whole counted =
                ShapeRead.begin(bench.crowd(), target.server(), SHAPE, true).get();
        if (best == null || counted.rows() != rows) {
            throw new IllegalStateException(counted.rows() + " rows were read of " + rows);
        }
        bench.report()
                .add(
                        "cold",
                        rows + " rows, " + best.bytes() / 1_000_000 + " MB, first client",
                        figure("best of 3", best.seconds(), "s"),
                        figure("server CPU", bestCpu, "s"),
                        figure("COPY", copy, "s"),
                        figure("ratio", best.seconds() / copy, ""));
        return counted;
    }

    private static double copySeconds(Target target) throws Exception {
        try (Connection connection = target.connect()) {
            long from = System.nanoTime();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY big TO STDOUT", OutputStream.nullOutputStream());
            return (System.nanoTime() - from) / 1e9;
        }
    }

    private static void warm(Bench bench, Target target, ShapeRead.Whole expected, int clients) throws Exception {
        double best = Double.MAX_VALUE;
        double bestCpu = 0;
        Jvm jvm = target.jvm();
        double heap = jvm == null ? Double.NaN : jvm.heapMegabytes();
        double resident =
                target.process() == null ? Double.NaN : target.process().residentMegabytes();
        for (int i = 0; i < TIMES; i++) {
            double cpu = target.serverCpuSeconds();
            long from = System.nanoTime();
            List<CompletableFuture<ShapeRead.Whole>> reads = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                reads.add(ShapeRead.begin(bench.crowd(), target.server(), SHAPE, false));
            }
            for (CompletableFuture<ShapeRead.Whole> read : reads) {
                ShapeRead.Whole got = read.get();
                if (got.bytes() != expected.bytes() || got.checksum() != expected.checksum()) {
                    throw new IllegalStateException("a read of " + got.bytes() + " bytes got others than the first, of "
                            + expected.bytes() + " bytes");
                }
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            if (seconds < best) {
                best = seconds;
                bestCpu = target.serverCpuSeconds() - cpu;
            }
        }
        double megabytes = expected.bytes() / 1e6 * clients;
        bench.report()
                .add(
                        "warm",
                        clients + (clients == 1 ? " client" : " clients at once"),
                        figure("total", megabytes / best, "MB/s"),
                        figure("server CPU", bestCpu / megabytes * 1000, "s/GB"),
                        figure("heap grew", (jvm == null ? Double.NaN : jvm.heapMegabytes()) - heap, "MB"),
                        figure(
                                "resident grew",
                                target.process() == null
                                        ? Double.NaN
                                        : target.process().residentMegabytes() - resident,
                                "MB"));
    }
}
