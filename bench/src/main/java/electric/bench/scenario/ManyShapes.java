package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.Target;
import electric.bench.load.Deliveries;
import electric.bench.load.ShapeRead;
import electric.bench.load.Subscription;
import electric.bench.report.Case;
import electric.bench.report.Quantiles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Many shapes on one table, told apart by a column, and a change that is for one of them. */
final class ManyShapes implements Scenario {
    private static final int FEW = 100;
    private static final Crowded.Schedule SCHEDULE = new Crowded.Schedule(200, 1, 20);

    @Override
    public String name() {
        return "shapes";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        int most = run.number("shapes", 10_000, 100_000);
        double[] few = {Double.NaN};
        for (int shapes : new int[] {FEW, 10_000, 100_000}) {
            if (shapes <= most) {
                run.progress(shapes + " shapes");
                run.measure(Map.of(), target -> few[0] = measure(run, target, shapes, few[0]));
            }
        }
    }

    /** The parameters of a shape of the tenant with a number. */
    static String shape(String table, int tenant) {
        return "table=" + table + "&where=tenant_id%20%3D%20" + tenant;
    }

    /**
     * @param few the latency with few shapes, in milliseconds; not a number when this is it
     * @return the latency with few shapes
     */
    private static double measure(Run run, Target target, int shapes, double few) throws Exception {
        target.sql(
                "DROP TABLE IF EXISTS tenants",
                "CREATE TABLE tenants (id int PRIMARY KEY, tenant_id int, v text)",
                "CREATE INDEX ON tenants (tenant_id)");
        Creation creation = Creation.measure(run, target, FEW, shapes, tenant -> shape("tenants", tenant));
        Quantiles latencies = live(run, target, shapes / 2);
        double median = latencies.at(0.5);
        run.report()
                .add(
                        new Case("shapes", shapes + " shapes tenant_id = k", "tenant_id = k", shapes),
                        figure("p50", median, "ms"),
                        figure("p99", latencies.at(0.99), "ms"),
                        // Flat, but for what differs from run to run.
                        figure("p50 of that with " + FEW, median / few, "").atMost(1.5),
                        figure("made", creation.perSecond(), "/s").atLeast(5_000),
                        figure("server CPU", creation.serverMicros(), "µs/shape"),
                        figure("Postgres CPU", creation.postgresMicros(), "µs/shape"),
                        figure("resident", creation.kilobytes(), "KB/shape").atMost(2));
        target.sql("DROP TABLE tenants");
        return Double.isNaN(few) ? median : few;
    }

    /** From the commit to the client of the one shape a row is for. */
    private static Quantiles live(Run run, Target target, int tenant) throws Exception {
        String shape = shape("tenants", tenant);
        ShapeRead.Whole read = run.read(target, shape);
        Deliveries deliveries = SCHEDULE.deliveries(1);
        try (Connection connection = target.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO tenants VALUES (?, " + tenant + ", 'a value')")) {
            return Crowded.measure(
                            SCHEDULE,
                            deliveries,
                            run.crowd().poll(new Subscription(target.server(), shape), read, deliveries),
                            target::cpuSeconds,
                            id -> {
                                insert.setInt(1, id);
                                insert.executeUpdate();
                                return System.nanoTime();
                            })
                    .latencies();
        }
    }
}
