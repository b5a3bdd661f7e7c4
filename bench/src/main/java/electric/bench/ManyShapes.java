package electric.bench;

import static electric.bench.Report.figure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many shapes on one table, told apart by a column, and a change that is for one of them. */
final class ManyShapes implements Bench.Scenario {
    private static final int ASKERS = 32;
    private static final int ROWS = 200;
    private static final int PERIOD_MILLIS = 20;
    private static final int PATIENCE_SECONDS = 60;

    @Override
    public void run(Bench bench) throws Exception {
        int most = bench.number("shapes", 100_000);
        for (int shapes : new int[] {100, 10_000, 100_000}) {
            if (shapes <= most) {
                bench.measure(Map.of(), target -> measure(bench, target, shapes));
            }
        }
    }

    /** The parameters of a shape of the tenant with a number. */
    static String shape(String table, int tenant) {
        return "table=" + table + "&where=tenant_id%20%3D%20" + tenant;
    }

    /** Makes shapes, of tenants from a number up. @return how long it took, in seconds */
    static double create(Bench bench, Target target, String table, int from, int end) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        List<Asker> askers = new ArrayList<>();
        long begin = System.nanoTime();
        var unused = bench.crowd().connect(target.server(), ASKERS, number -> {
            Asker asker =
                    new Asker(target.server(), next, end, tenant -> "/v1/shape?" + shape(table, tenant) + "&offset=-1");
            askers.add(asker);
            return asker;
        });
        for (Asker asker : askers) {
            asker.done().get();
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void measure(Bench bench, Target target, int shapes) throws Exception {
        target.sql(
                "DROP TABLE IF EXISTS tenants",
                "CREATE TABLE tenants (id int PRIMARY KEY, tenant_id int, v text)",
                "CREATE INDEX ON tenants (tenant_id)");
        create(bench, target, "tenants", 0, 100);
        Jvm jvm = target.jvm();
        OsProcess server = target.process();
        if (jvm != null) {
            jvm.collect();
        }
        double resident = server == null ? Double.NaN : server.residentMegabytes();
        double cpu = target.serverCpuSeconds();
        double postgresCpu = target.postgresCpuSeconds();
        double seconds = shapes <= 100 ? Double.NaN : create(bench, target, "tenants", 100, shapes);
        cpu = target.serverCpuSeconds() - cpu;
        postgresCpu = target.postgresCpuSeconds() - postgresCpu;
        if (jvm != null) {
            jvm.collect();
        }
        double residentAfter = server == null ? Double.NaN : server.residentMegabytes();
        int made = shapes - 100;
        Quantiles latencies = live(bench, target, shapes);
        bench.report()
                .add(
                        "shapes",
                        shapes + " shapes tenant_id = k",
                        figure("p50", latencies.at(0.5), "ms"),
                        figure("p99", latencies.at(0.99), "ms"),
                        figure("made", made / seconds, "/s"),
                        figure("server CPU", made == 0 ? Double.NaN : cpu / made * 1e6, "µs/shape"),
                        figure("Postgres CPU", made == 0 ? Double.NaN : postgresCpu / made * 1e6, "µs/shape"),
                        figure(
                                "resident",
                                made == 0 ? Double.NaN : (residentAfter - resident) * 1024 / made,
                                "KB/shape"));
        target.sql("DROP TABLE tenants");
    }

    /** From the commit to the client of the one shape a row is for. */
    private static Quantiles live(Bench bench, Target target, int shapes) throws Exception {
        int tenant = shapes / 2;
        String shape = shape("tenants", tenant);
        ShapeRead.Whole read =
                ShapeRead.begin(bench.crowd(), target.server(), shape, false).get();
        Deliveries deliveries = new Deliveries(1, ROWS);
        LivePoll poll = new LivePoll(new LivePoll.Place(bench.crowd(), target.server(), deliveries, shape, read), 0);
        List<HttpConnection> connections = bench.crowd().connect(target.server(), 1, number -> poll);
        TimeUnit.MILLISECONDS.sleep(200);
        try (Connection connection = target.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO tenants VALUES (?, " + tenant + ", 'a value')")) {
            for (int row = 0; row < ROWS; row++) {
                insert.setInt(1, Deliveries.FIRST_ID + row);
                insert.executeUpdate();
                deliveries.sent(row, System.nanoTime());
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        }
        deliveries.await(PATIENCE_SECONDS);
        poll.leave();
        connections.forEach(HttpConnection::close);
        return deliveries.latencies();
    }
}
