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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Many shapes that all hold the rows of a transaction, each with a client: how long until the last has the last byte. */
final class Overlapping implements Scenario {
    private static final int SHAPES = 750;
    private static final int ROWS = 50;
    private static final int PERIOD_MILLIS = 500;
    private static final Crowded.Schedule WARM_UP = new Crowded.Schedule(12, ROWS, PERIOD_MILLIS);
    private static final Crowded.Schedule SCHEDULE = new Crowded.Schedule(20, ROWS, PERIOD_MILLIS);

    @Override
    public String name() {
        return "overlapping";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        run.measure(Run.letIn(SHAPES), target -> {
            try (BareProcess bare = run.bare()) {
                Recorded recorded = record(run, target);
                run.progress(SHAPES + " shapes, transactions of " + ROWS + " rows, until all is compiled");
                ours(run, target, "overlapping_1", WARM_UP);
                least(run, bare, recorded, WARM_UP);
                run.progress("the same, measured");
                Crowded ours = ours(run, target, "overlapping_2", SCHEDULE);
                report(run, ours, least(run, bare, recorded, SCHEDULE));
            }
        });
    }

    private static void report(Run run, Crowded ours, Crowded least) throws Exception {
        double rows = (double) SHAPES * SCHEDULE.times() * ROWS;
        run.report()
                .add(
                        new Case("overlapping", SHAPES + " shapes, all for a transaction of " + ROWS + " rows"),
                        figure("all", ours.slowest().at(0.5), "ms")
                                .atMost(50)
                                .beside("bare Netty", least.slowest().at(0.5)),
                        figure("worst", ours.slowest().at(1), "ms")
                                .beside("bare Netty", least.slowest().at(1)),
                        figure("p50", ours.latencies().at(0.5), "ms")
                                .beside("bare Netty", least.latencies().at(0.5)),
                        figure("server CPU", ours.serverCpu() / rows * 1e6, "µs/row and client")
                                .beside("bare Netty", least.serverCpu() / rows * 1e6),
                        figure("clients' CPU", ours.ownCpu() / rows * 1e6, "µs/row and client"));
    }

    private static Crowded ours(Run run, Target target, String table, Crowded.Schedule schedule) throws Exception {
        newTable(target, table);
        List<Subscription> subscriptions = IntStream.range(0, SHAPES)
                .mapToObj(number -> new Subscription(target.server(), shape(table, number)))
                .toList();
        Deliveries deliveries = schedule.deliveries(SHAPES);
        try (Connection connection = target.connect();
                PreparedStatement insert =
                        connection.prepareStatement(insert(table, "generate_series(?, ? + " + (ROWS - 1) + ")"))) {
            run.create(target, 0, SHAPES, number -> shape(table, number));
            Crowd.Clients clients = run.crowd().follow(subscriptions, deliveries);
            Crowded measured = Crowded.measure(schedule, deliveries, clients, target::cpuSeconds, firstId -> {
                insert.setInt(1, firstId);
                insert.setInt(2, firstId);
                insert.executeUpdate();
                return System.nanoTime();
            });
            target.sql("DROP TABLE " + table);
            return measured;
        }
    }

    private static Crowded least(Run run, BareProcess bare, Recorded recorded, Crowded.Schedule schedule)
            throws Exception {
        Deliveries deliveries = schedule.deliveries(SHAPES);
        ShapeRead.Whole nothingRead = new ShapeRead.Whole("bare", "0_inf", 0, 0, 0, 0);
        Crowd.Clients clients =
                run.crowd().poll(new Subscription(bare.uri(), "table=overlapping"), nothingRead, deliveries);
        bare.awaitClients(SHAPES);
        return Crowded.measure(
                schedule, deliveries, clients, () -> bare.os().cpuSeconds(), Crowded.bare(bare, recorded));
    }

    private static Recorded record(Run run, Target target) throws Exception {
        String table = "overlapping";
        newTable(target, table);
        String shape = shape(table, 0);
        ShapeRead.Whole read = run.read(target, shape);
        int last = Deliveries.FIRST_ID + ROWS - 1;
        Recorded recorded = Recorded.of(
                target.server(),
                "/v1/shape?" + shape + "&live=true&handle=" + read.handle() + "&offset=" + read.offset(),
                () -> target.sql(insert(table, "generate_series(" + Deliveries.FIRST_ID + ", " + last + ")")));
        target.sql("DROP TABLE " + table);
        return recorded;
    }

    private static void newTable(Target target, String table) throws Exception {
        target.sql(
                "DROP TABLE IF EXISTS " + table,
                "CREATE TABLE " + table + " (id int PRIMARY KEY, priority int, v text)");
    }

    private static String insert(String table, String series) {
        return "INSERT INTO " + table + " SELECT i, 1000 + i % 1000, 'a value of some length, as values are' FROM "
                + series + " i";
    }

    /** The one with a number, different from all others, and with all rows. */
    private static String shape(String table, int number) {
        return "table=" + table + "&where=priority%20%3E%20" + number;
    }
}
