package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.Target;
import electric.bench.load.Deliveries;
import electric.bench.load.ShapeRead;
import electric.bench.load.Subscription;
import electric.bench.report.Case;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Many shapes whose filters no index can find, so that each change must be held against all of them. */
final class Unindexed implements Scenario {
    private static final int SHAPES = 10_000;
    private static final int FEW = 100;

    /** Each time a row that one shape is for, and, half a period later, one that is for none. */
    private static final int CHANGES_AT_A_TIME = 2;

    private static final int PERIOD_MILLIS = 50;
    private static final Crowded.Schedule WARM_UP = new Crowded.Schedule(100, 1, PERIOD_MILLIS);
    private static final Crowded.Schedule SCHEDULE = WARM_UP.behind(200);

    @Override
    public String name() {
        return "unindexed";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return null;
    }

    @Override
    public void run(Run run) throws Exception {
        run.measure(Map.of(), target -> {
            run.progress(SHAPES + " shapes name ILIKE '%...%'");
            target.sql("DROP TABLE IF EXISTS unindexed", "CREATE TABLE unindexed (id int PRIMARY KEY, name text)");
            Creation creation = Creation.measure(run, target, FEW, SHAPES, Unindexed::shape);
            live(run, target, WARM_UP);
            Crowded measured = live(run, target, SCHEDULE);
            int changes = CHANGES_AT_A_TIME * SCHEDULE.times();
            run.report()
                    .add(
                            new Case("unindexed", SHAPES + " shapes name ILIKE '%k%'"),
                            figure("p50", measured.latencies().at(0.5), "ms").atMost(2),
                            figure("p99", measured.latencies().at(0.99), "ms"),
                            figure("server CPU", measured.serverCpu() / changes * 1e3, "ms/change")
                                    .atMost(2),
                            figure("made", creation.perSecond(), "/s"),
                            figure("creation", creation.serverMicros(), "µs/shape"),
                            figure("resident", creation.kilobytes(), "KB/shape"));
            target.sql("DROP TABLE unindexed");
        });
    }

    private static String sought(int number) {
        return "needle " + (SHAPES + number) + " x";
    }

    private static String shape(int number) {
        return "table=unindexed&where=name%20ILIKE%20%27%25" + sought(number).replace(" ", "%20") + "%25%27";
    }

    private static Crowded live(Run run, Target target, Crowded.Schedule schedule) throws Exception {
        int one = SHAPES / 2;
        String shape = shape(one);
        ShapeRead.Whole read = run.read(target, shape);
        Deliveries deliveries = schedule.deliveries(1);
        try (Connection connection = target.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO unindexed VALUES (?, ?)")) {
            return Crowded.measure(
                    schedule,
                    deliveries,
                    run.crowd().poll(new Subscription(target.server(), shape), read, deliveries),
                    target::cpuSeconds,
                    id -> {
                        insert.setInt(1, id);
                        insert.setString(2, "a haystack with the " + sought(one).toUpperCase(Locale.ROOT) + " in it");
                        insert.executeUpdate();
                        long there = System.nanoTime();
                        TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS / CHANGES_AT_A_TIME);
                        insert.setInt(1, -id);
                        insert.setString(2, "a name that nobody seeks, of some length");
                        insert.executeUpdate();
                        return there;
                    });
        }
    }
}
