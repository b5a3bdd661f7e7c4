package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.OsProcess;
import electric.bench.beside.Target;
import electric.bench.load.ShapeRead;
import electric.bench.report.Case;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of very many rows: what the server needs at most beside the log, which has to hold them; and when no shape
 * is for any of them, what it needs at all.
 */
final class HugeTransaction implements Scenario {
    private static final int FULL_SIZE = 1_000_000;
    private static final int PATIENCE_SECONDS = 300;

    /** A heap that lets garbage lie and the buffers of the stream need this much at most. */
    private static final int BOUND_MEGABYTES = 128;

    @Override
    public String name() {
        return "huge";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return run.withoutProcess();
    }

    @Override
    public void run(Run run) throws Exception {
        int rows = run.number("huge", FULL_SIZE);
        run.measure(Map.of(), target -> {
            run.progress("one transaction of " + rows + " rows");
            measure(run, target, rows, "huge_1", "&where=id%20%3C%200", 0, "none for the shape");
            measure(run, target, rows, "huge_2", "", rows, "all for the shape");
        });
    }

    private static void measure(
            Run run, Target target, int rows, String table, String filter, long wanted, String which) throws Exception {
        target.sql("DROP TABLE IF EXISTS " + table, "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)");
        String shape = "table=" + table + filter;
        OsProcess server = Objects.requireNonNull(target.process());
        run.read(target, shape);
        try (LastRow last = new LastRow(run, target, table + "_last")) {
            double before = target.neededMegabytes();
            server.forgetPeak();
            double cpu = target.cpuSeconds();
            target.sql("INSERT INTO " + table
                    + " SELECT i, 'a value of some length, as values are' FROM generate_series(1, " + rows + ") i");
            long from = System.nanoTime();
            last.write();
            last.await(PATIENCE_SECONDS);
            double seconds = (System.nanoTime() - from) / 1e9;
            cpu = target.cpuSeconds() - cpu;
            double peak = server.peakMegabytes();
            ShapeRead.Whole read = run.count(target, shape);
            if (read.rows() != wanted) {
                throw new IllegalStateException(read.rows() + " rows were read of " + wanted);
            }
            double log = read.bytes() / (double) (1 << 20);
            run.report()
                    .add(
                            new Case("huge", "1 transaction of " + rows + " rows, " + which),
                            figure("peak beside the log", peak - before - log, "MB")
                                    .atMost(BOUND_MEGABYTES),
                            figure("peak", peak, "MB").beside("before, and the log", before + log),
                            figure("before", before, "MB"),
                            figure("log", log, "MB"),
                            figure("after the commit", seconds, "s"),
                            figure("server CPU", cpu / rows * 1e6, "µs/row"));
        }
        target.sql("DROP TABLE " + table);
    }
}
