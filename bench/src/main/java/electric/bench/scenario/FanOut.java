package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.BareProcess;
import electric.bench.beside.Recorded;
import electric.bench.beside.Target;
import electric.bench.load.Crowd;
import electric.bench.load.Deliveries;
import electric.bench.load.ShapeRead;
import electric.bench.load.Subscription;
import electric.bench.report.Case;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One shape, many clients that wait for it, and a row now and then: how long after the commit it is at each of them. Beside
 * it, the same clients at a server that only writes the same bytes. First by long polls, then by events.
 */
final class FanOut implements Scenario {
    /** More than this is beyond two cores that have clients, server and Postgres on them. */
    private static final int DELIVERIES_PER_MILLISECOND = 10;

    private static final int SCHEDULED_PERIOD = 200;

    /** Gets half as many rows, more slowly, so that all are there before a server ends its events. */
    private static final int LARGE_CROWD = 10_000;

    private record Size(int clients, Crowded.Schedule schedule, boolean events) {}

    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        int period = run.number("period", SCHEDULED_PERIOD);
        int rows = run.number("fan-out-rows", 16, 50);
        int most = run.number("clients", 10_000);
        run.measure(Map.of(), target -> {
            try (BareProcess bare = run.bare()) {
                for (boolean events : new boolean[] {false, true}) {
                    Recorded recorded = record(run, target, events);
                    // The compilers are at work until some fifty thousand answers have gone out.
                    Size warmUp = new Size(Math.min(1_000, most), new Crowded.Schedule(80, 1, 80), events);
                    both(run, target, bare, recorded, warmUp, false);
                    for (int clients : new int[] {1, 100, 1_000, 10_000}) {
                        if (clients <= most) {
                            run.progress(
                                    clients + (clients == 1 ? " client" : " clients") + (events ? " by events" : ""));
                            int sustained = Math.max(period, clients / DELIVERIES_PER_MILLISECOND);
                            int times = clients < LARGE_CROWD ? rows : rows / 2;
                            Size size = new Size(clients, new Crowded.Schedule(times, 1, sustained), events);
                            both(run, target, bare, recorded, size, true);
                        }
                    }
                }
            }
        });
    }

    private static void both(Run run, Target target, BareProcess bare, Recorded recorded, Size size, boolean reported)
            throws Exception {
        Crowded ours;
        String table = newTable(target);
        ShapeRead.Whole read = run.read(target, "table=" + table);
        Deliveries deliveries = size.schedule.deliveries(size.clients);
        double postgres = target.postgresCpuSeconds();
        try (Connection connection = target.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table + " VALUES (?, 'a value')")) {
            Crowd.Clients clients = clients(run, target.server(), table, read, size, deliveries);
            ours = Crowded.measure(size.schedule, deliveries, clients, target::cpuSeconds, id -> {
                insert.setInt(1, id);
                insert.executeUpdate();
                return System.nanoTime();
            });
        }
        postgres = target.postgresCpuSeconds() - postgres;
        target.sql("DROP TABLE " + table);
        Deliveries again = size.schedule.deliveries(size.clients);
        Crowd.Clients clients = clients(run, bare.uri(), table, read, size, again);
        bare.awaitClients(size.clients);
        if (size.events) {
            bare.write(recorded.head());
        }
        Crowded least = Crowded.measure(
                size.schedule, again, clients, () -> bare.os().cpuSeconds(), Crowded.bare(bare, recorded));
        if (reported) {
            report(run, size, ours, least, postgres);
        }
    }

    private static void report(Run run, Size size, Crowded ours, Crowded least, double postgresCpu) throws Exception {
        int n = size.clients;
        int rows = size.schedule.times();
        double deliveries = (double) n * rows;
        String series = size.events ? "events" : "long polls";
        double allGoal = n == 1_000 ? 10 : n == 10_000 ? 120 : Double.NaN;
        run.report()
                .add(
                        new Case(
                                "fan-out",
                                n + (n == 1 ? " client" : " clients") + " (" + series + "), a row every "
                                        + size.schedule.period() + " ms",
                                series,
                                n),
                        figure("p50", ours.latencies().at(0.5), "ms")
                                .atMost(n == 1 ? 0.5 : Double.NaN)
                                .beside("bare Netty", least.latencies().at(0.5)),
                        figure("p99", ours.latencies().at(0.99), "ms")
                                .beside("bare Netty", least.latencies().at(0.99)),
                        figure("all", ours.slowest().at(0.5), "ms")
                                .atMost(allGoal)
                                .beside("bare Netty", least.slowest().at(0.5)),
                        figure("server CPU", ours.serverCpu() / deliveries * 1e6, "µs/delivery")
                                .atMost(n >= 1_000 ? 8 : Double.NaN)
                                .beside("bare Netty", least.serverCpu() / deliveries * 1e6),
                        figure("clients' CPU", ours.ownCpu() / deliveries * 1e6, "µs/delivery"),
                        figure("Postgres CPU", postgresCpu / rows * 1e3, "ms/row"));
    }

    private static Crowd.Clients clients(
            Run run, URI server, String table, ShapeRead.Whole read, Size size, Deliveries deliveries)
            throws Exception {
        Subscription subscription = new Subscription(server, "table=" + table);
        return size.events
                ? run.crowd().listen(subscription, read, deliveries)
                : run.crowd().poll(subscription, read, deliveries);
    }

    /** Each measurement has its own, so that none sees shapes of another. */
    private static String newTable(Target target) throws SQLException {
        String table = "fan_out_" + System.currentTimeMillis();
        target.sql("CREATE TABLE " + table + " (id int PRIMARY KEY, v text)");
        return table;
    }

    private static Recorded record(Run run, Target target, boolean events) throws Exception {
        String table = newTable(target);
        ShapeRead.Whole read = run.read(target, "table=" + table);
        String request = "/v1/shape?table=" + table + "&live=true&handle=" + read.handle() + "&offset=" + read.offset()
                + (events ? "&live_sse=true" : "");
        return Recorded.of(
                target.server(),
                request,
                () -> target.sql("INSERT INTO " + table + " VALUES (" + Deliveries.FIRST_ID + ", 'a value')"));
    }
}
