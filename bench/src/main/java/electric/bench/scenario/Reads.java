package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.Nginx;
import electric.bench.beside.Target;
import electric.bench.load.ShapeRead;
import electric.bench.report.Case;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A large shape: its first client, beside what Postgres needs to hand out the rows; then one and eight more, beside a web server
 * that has the same bytes in files.
 */
final class Reads implements Scenario {
    private static final String SHAPE = "table=big";
    private static final int FULL_SIZE = 1_000_000;
    private static final int TIMES = 3;

    /** Some clients have read all. */
    private record Warm(double seconds, double cpuSeconds) {}

    /** CPU seconds so far. */
    private interface Clock {
        double seconds() throws IOException;
    }

    @Override
    public String name() {
        return "reads";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        int rows = run.number("rows", FULL_SIZE);
        run.measure(Map.of(), target -> {
            run.progress("writing " + rows + " rows");
            fill(target, rows);
            run.progress("their first client");
            ShapeRead.Whole read = cold(run, target, rows);
            run.progress("more clients");
            try (Nginx nginx = nginx(run, target)) {
                warm(run, target, nginx, read, 1);
                warm(run, target, nginx, read, 8);
            }
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

    private static ShapeRead.Whole cold(Run run, Target target, int rows) throws Exception {
        ShapeRead.Whole best = null;
        double bestCpu = 0;
        double copy = Double.MAX_VALUE;
        int times = 0;
        do {
            times++;
            copy = Math.min(copy, copySeconds(target));
            double cpu = target.cpuSeconds();
            ShapeRead.Whole read = run.read(target, SHAPE);
            if (best == null || read.seconds() < best.seconds()) {
                best = read;
                bestCpu = target.cpuSeconds() - cpu;
            }
        } while (times < TIMES && target.delete(SHAPE));
        ShapeRead.Whole counted = run.count(target, SHAPE);
        if (counted.rows() != rows) {
            throw new IllegalStateException(counted.rows() + " rows were read of " + rows);
        }
        boolean full = rows == FULL_SIZE;
        run.report()
                .add(
                        new Case("cold", rows + " rows, " + best.bytes() / 1_000_000 + " MB, best of " + times),
                        figure("first client", best.seconds(), "s")
                                .atMost(full ? 1.5 : Double.NaN)
                                .beside("COPY", copy),
                        figure("of COPY", best.seconds() / copy, "").atMost(full ? 2 : Double.NaN),
                        figure("server CPU", bestCpu, "s").atMost(full ? 1 : Double.NaN));
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

    private static @Nullable Nginx nginx(Run run, Target target) throws IOException, InterruptedException {
        try {
            return Nginx.of(target.server(), SHAPE);
        } catch (IOException notInstalled) {
            run.report().remark("no nginx beside warm reads: " + notInstalled.getMessage());
            return null;
        }
    }

    private static void warm(Run run, Target target, @Nullable Nginx nginx, ShapeRead.Whole expected, int clients)
            throws Exception {
        double resident = target.residentMegabytes();
        Warm ours = warm(run, target.server(), target::cpuSeconds, expected, clients);
        double grew = target.residentMegabytes() - resident;
        double megabytes = expected.bytes() / 1e6 * clients;
        double theirs = Double.NaN;
        double theirCpu = Double.NaN;
        if (nginx != null) {
            Warm files = warm(run, nginx.uri(), () -> nginx.os().cpuSeconds(), expected, clients);
            theirs = megabytes / files.seconds;
            theirCpu = files.cpuSeconds / megabytes * 1000;
        }
        run.report()
                .add(
                        new Case("warm", clients + (clients == 1 ? " client" : " clients at once")),
                        figure("total", megabytes / ours.seconds, "MB/s")
                                .atLeast(1000)
                                .beside("nginx", theirs),
                        figure("of nginx", megabytes / ours.seconds / theirs, "")
                                .atLeast(0.7),
                        figure("server CPU", ours.cpuSeconds / megabytes * 1000, "s/GB")
                                .beside("nginx", theirCpu),
                        figure("resident grew", grew, "MB"));
    }

    private static Warm warm(Run run, URI server, Clock clock, ShapeRead.Whole expected, int clients) throws Exception {
        Warm best = null;
        for (int i = 0; i < TIMES; i++) {
            double cpu = clock.seconds();
            long from = System.nanoTime();
            List<CompletableFuture<ShapeRead.Whole>> reads = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                reads.add(ShapeRead.begin(run.crowd(), server, SHAPE, false));
            }
            for (CompletableFuture<ShapeRead.Whole> read : reads) {
                ShapeRead.Whole got = read.get();
                if (got.bytes() != expected.bytes() || got.checksum() != expected.checksum()) {
                    throw new IllegalStateException("a read of " + got.bytes() + " bytes got others than the first, of "
                            + expected.bytes() + " bytes");
                }
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            if (best == null || seconds < best.seconds) {
                best = new Warm(seconds, clock.seconds() - cpu);
            }
        }
        return Objects.requireNonNull(best);
    }
}
