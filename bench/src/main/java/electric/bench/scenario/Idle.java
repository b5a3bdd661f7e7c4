package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.beside.Target;
import electric.bench.load.Crowd;
import electric.bench.load.Deliveries;
import electric.bench.load.ShapeRead;
import electric.bench.load.Subscription;
import electric.bench.report.Case;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Many clients wait, of one shape or each of its own among many, and nothing happens: what each of them costs. */
final class Idle implements Scenario {
    private static final String TABLE = "idle";
    private static final int FULL_SIZE = 100_000;
    private static final int SECONDS = 10;

    /** Who waits is connected by this. */
    private interface Connecting {
        Crowd.Clients connect(Deliveries deliveries) throws Exception;
    }

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return run.withoutProcess();
    }

    @Override
    public void run(Run run) throws Exception {
        int clients = run.number("clients", 10_000);
        int shapes = Math.max(clients, run.number("idle-shapes", 10_000, FULL_SIZE));
        // Longer than the measurement, so that no request ends within it.
        Map<String, String> environment = new HashMap<>(Run.letIn(clients));
        environment.put("ELECTRIC_LONG_POLL_TIMEOUT", "600000");
        run.measure(environment, target -> {
            target.sql(
                    "DROP TABLE IF EXISTS " + TABLE,
                    "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, tenant_id int, v text)",
                    "CREATE INDEX ON " + TABLE + " (tenant_id)");
            String shape = "table=" + TABLE;
            ShapeRead.Whole read = run.read(target, shape);
            Subscription subscription = new Subscription(target.server(), shape);
            Connecting ofOneShape = deliveries -> run.crowd().poll(subscription, read, deliveries);
            // What a first crowd leaves behind, compiled code for one, is not the cost of a client.
            measure(run, target, Math.min(clients, 1_000), 1, ofOneShape, false);
            run.progress(clients + " clients of one shape");
            measure(run, target, clients, 1, ofOneShape, true);
            run.progress(shapes + " shapes");
            run.create(target, 0, shapes, tenant -> ManyShapes.shape(TABLE, tenant));
            List<Subscription> each = IntStream.range(0, clients)
                    .mapToObj(tenant -> new Subscription(target.server(), ManyShapes.shape(TABLE, tenant)))
                    .toList();
            run.progress(clients + " clients of as many shapes");
            measure(run, target, clients, shapes, deliveries -> run.crowd().follow(each, deliveries), true);
        });
    }

    private static void measure(Run run, Target target, int count, int shapes, Connecting connecting, boolean reported)
            throws Exception {
        double resident = target.neededMegabytes();
        double live = target.liveMegabytes();
        Deliveries none = new Deliveries(count, 0);
        try (Crowd.Clients clients = connecting.connect(none)) {
            clients.awaitWaiting();
            TimeUnit.SECONDS.sleep(2);
            double cpu = target.cpuSeconds();
            if (reported) {
                TimeUnit.SECONDS.sleep(SECONDS);
            }
            cpu = target.cpuSeconds() - cpu;
            none.check();
            double liveAfter = target.liveMegabytes();
            double residentAfter = target.neededMegabytes();
            if (reported) {
                run.report()
                        .add(
                                new Case(
                                        "idle",
                                        shapes + (shapes == 1 ? " shape, " : " shapes, ") + count + " long polls"),
                                figure("CPU", cpu / SECONDS * 100, "% of a core")
                                        .atMost(1),
                                figure("resident", residentAfter, "MB"),
                                figure("each poll", (residentAfter - resident) * 1024 / count, "KB"),
                                figure("heap", liveAfter, "MB"),
                                figure("heap of each poll", (liveAfter - live) * 1024 / count, "KB"));
            }
        }
        TimeUnit.SECONDS.sleep(1);
    }
}
