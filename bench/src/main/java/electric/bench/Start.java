package electric.bench;

import static electric.bench.Report.figure;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** From the launcher's begin until the server is active, and what it takes when it has nothing to do. */
final class Start implements Bench.Scenario {
    private static final int STARTS = 5;
    private static final int IDLE_SECONDS = 10;

    @Override
    public void run(Bench bench) throws Exception {
        if (!bench.ownServer()) {
            return;
        }
        bench.measure(Map.of(), warmedUp -> {});
        double[] seconds = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long from = System.nanoTime();
            int start = i;
            bench.measure(Map.of(), target -> seconds[start] = (System.nanoTime() - from) / 1e9);
        }
        Quantiles starts = new Quantiles(seconds);
        bench.report()
                .add("start", "to active", figure("median", starts.at(0.5), "s"), figure("best", starts.at(0), "s"));
        bench.measure(Map.of(), target -> {
            OsProcess server = Objects.requireNonNull(target.process());
            TimeUnit.SECONDS.sleep(2);
            double cpu = server.cpuSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            bench.report()
                    .add(
                            "start",
                            "idle, no shapes",
                            figure("resident", server.residentMegabytes(), "MB"),
                            figure("CPU", (server.cpuSeconds() - cpu) / IDLE_SECONDS * 100, "% of a core"));
        });
    }
}
