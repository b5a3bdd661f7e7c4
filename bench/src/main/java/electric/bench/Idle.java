package electric.bench;

import static electric.bench.Report.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Many clients wait, and nothing happens: what each of them costs. */
final class Idle implements Bench.Scenario {
    private static final String TABLE = "idle";
    private static final String SHAPE = "table=" + TABLE;
    private static final int SECONDS = 10;

    @Override
    public void run(Bench bench) throws Exception {
        int clients = bench.number("clients", 10_000);
        // Longer than the measurement, so that no request ends within it.
        bench.measure(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "300000"), target -> {
            target.sql("CREATE TABLE IF NOT EXISTS " + TABLE + " (id int PRIMARY KEY, v text)", "TRUNCATE " + TABLE);
            // What a first crowd leaves behind, compiled code for one, is not the cost of a client.
            measure(bench, target, Math.min(clients, 1_000), false);
            measure(bench, target, clients, true);
        });
    }

    private static void measure(Bench bench, Target target, int clients, boolean reported) throws Exception {
        ShapeRead.Whole read =
                ShapeRead.begin(bench.crowd(), target.server(), SHAPE, false).get();
        OsProcess server = target.process();
        Jvm jvm = target.jvm();
        if (jvm != null) {
            jvm.collect();
        }
        double live = jvm == null ? Double.NaN : jvm.liveBytes();
        double resident = server == null ? Double.NaN : server.residentMegabytes();
        Deliveries none = new Deliveries(clients, 0);
        LivePoll.Place place = new LivePoll.Place(bench.crowd(), target.server(), none, SHAPE, read);
        List<LivePoll> polls = new ArrayList<>();
        List<HttpConnection> connections = bench.crowd().connect(target.server(), clients, number -> {
            LivePoll poll = new LivePoll(place, number);
            polls.add(poll);
            return poll;
        });
        TimeUnit.SECONDS.sleep(2);
        double residentBusy = server == null ? Double.NaN : server.residentMegabytes();
        double cpu = target.serverCpuSeconds();
        if (reported) {
            TimeUnit.SECONDS.sleep(SECONDS);
        }
        cpu = target.serverCpuSeconds() - cpu;
        none.check();
        double liveAfter = jvm == null ? Double.NaN : jvm.liveBytes();
        if (jvm != null) {
            jvm.collect();
        }
        double residentAfter = server == null ? Double.NaN : server.residentMegabytes();
        if (reported) {
            bench.report()
                    .add(
                            "idle",
                            clients + " long polls",
                            figure("heap", (liveAfter - live) / clients / 1024, "KB each"),
                            figure("resident", (residentAfter - resident) * 1024 / clients, "KB each"),
                            figure("uncollected", (residentBusy - resident) * 1024 / clients, "KB each"),
                            figure("server", residentAfter, "MB resident"),
                            figure("CPU", cpu / SECONDS * 100, "% of a core"));
        }
        polls.forEach(LivePoll::leave);
        connections.forEach(HttpConnection::close);
        TimeUnit.SECONDS.sleep(1);
    }
}
