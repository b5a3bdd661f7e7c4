package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.OsProcess;
import electric.bench.beside.RecvLogical;
import electric.bench.beside.Target;
import electric.bench.load.Crowd;
import electric.bench.load.Deliveries;
import electric.bench.load.ShapeRead;
import electric.bench.load.Subscription;
import electric.bench.report.Case;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How fast the stream is followed: rows are written while the process of Postgres that sends it is stopped by a signal (were it the
 * server, the buffers of the connection would hold most of them already), and when it goes on, it is waited until the server has
 * followed all of them: until a reader has them, or, without a reader, until a row of another table, written last, is at a client.
 * Beside it, how fast {@code pg_recvlogical} takes the same changes and throws them away.
 */
final class Writes implements Scenario {
    private static final String TABLE = "writes";
    private static final String SHAPE = "table=" + TABLE;
    private static final int FULL_SIZE = 100_000;
    private static final int MANY = 10_000;
    private static final int PATIENCE_SECONDS = 300;

    private record Size(int shapes, int readers, int each) {
        String series() {
            return (shapes == 1 ? "1 shape, " : shapes + " shapes, ") + (readers == 1 ? "1 reader" : "no reader");
        }
    }

    @Override
    public String name() {
        return "writes";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return run.withoutProcess();
    }

    @Override
    public void run(Run run) throws Exception {
        int rows = run.number("written", FULL_SIZE);
        for (int shapes : new int[] {1, MANY}) {
            run.measure(Map.of(), target -> {
                target.sql(
                        "DROP TABLE IF EXISTS " + TABLE,
                        "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, tenant_id int, v text)",
                        "CREATE INDEX ON " + TABLE + " (tenant_id)");
                run.create(target, 1, shapes, tenant -> ManyShapes.shape(TABLE, tenant));
                int firstId = Deliveries.FIRST_ID;
                // What is not compiled yet is no measure.
                measure(run, target, new Size(shapes, 1, 100), firstId, rows, false);
                firstId += rows;
                for (int readers : new int[] {1, 0}) {
                    for (int each : new int[] {10_000, 100, 1}) {
                        if (run.all() || each == 100 || shapes + readers == 2) {
                            Size size = new Size(shapes, readers, each);
                            run.progress(rows + " rows by " + each + ", " + size.series());
                            measure(run, target, size, firstId, rows, true);
                            firstId += rows;
                        }
                    }
                }
                target.sql("DROP TABLE " + TABLE);
            });
        }
    }

    private static void measure(Run run, Target target, Size size, int firstId, int rows, boolean reported)
            throws Exception {
        OsProcess server = Objects.requireNonNull(target.process());
        ShapeRead.Whole read = run.read(target, SHAPE);
        Deliveries deliveries = new Deliveries(size.readers, size.readers * rows, firstId);
        try (RecvLogical baseline = new RecvLogical(target, TABLE);
                Crowd.Clients readers = run.crowd().poll(new Subscription(target.server(), SHAPE), read, deliveries);
                LastRow last = new LastRow(run, target, TABLE + "_last_" + firstId)) {
            readers.awaitWaiting();
            OsProcess sender = target.streamSender();
            sender.signal("STOP");
            try (Connection connection = target.connect()) {
                write(connection, firstId, rows, size.each);
                last.write();
            } finally {
                sender.signal("CONT");
            }
            long from = System.nanoTime();
            double cpu = server.cpuSeconds();
            last.await(PATIENCE_SECONDS);
            deliveries.await(PATIENCE_SECONDS);
            double seconds = (System.nanoTime() - from) / 1e9;
            cpu = server.cpuSeconds() - cpu;
            long counted = run.count(target, SHAPE).rows();
            if (counted != firstId - Deliveries.FIRST_ID + rows) {
                throw new IllegalStateException("the shape has " + counted + " rows");
            }
            double baselineSeconds = baseline.seconds();
            if (reported) {
                run.report()
                        .add(
                                new Case(
                                        "writes",
                                        rows + " rows by " + size.each + ", " + size.series(),
                                        size.series(),
                                        size.each),
                                figure("followed", rows / seconds, "rows/s")
                                        .beside("pg_recvlogical", rows / baselineSeconds),
                                figure("of pg_recvlogical", baselineSeconds / seconds, "")
                                        .atLeast(rows == FULL_SIZE ? 0.6 : Double.NaN),
                                figure("server CPU", cpu / rows * 1e6, "µs/row"));
            }
        }
    }

    private static void write(Connection connection, int firstId, int rows, int each) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + TABLE + " SELECT i, i % " + MANY
                + ", 'a value of some length, as values are' FROM generate_series(?, ?) i")) {
            for (int row = 0; row < rows; row += each) {
                insert.setInt(1, firstId + row);
                insert.setInt(2, firstId + Math.min(row + each, rows) - 1);
                insert.executeUpdate();
            }
        }
    }
}
