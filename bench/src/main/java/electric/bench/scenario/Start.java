package electric.bench.scenario;

import static electric.bench.report.Figure.figure;

import electric.bench.report.Case;
import electric.bench.report.Quantiles;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** From the launcher's begin until the server is active, and what it takes when it has nothing to do. */
final class Start implements Scenario {
    private static final int IDLE_SECONDS = 10;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public @Nullable String notHere(Run run) {
        return run.ownServer() ? null : "the server is not ours to start";
    }

    @Override
    public void run(Run run) throws Exception {
        run.measure(Map.of(), warmedUp -> {});
        double[] seconds = new double[run.all() ? 7 : 3];
        for (int i = 0; i < seconds.length; i++) {
            long from = System.nanoTime();
            int start = i;
            run.measure(Map.of(), target -> seconds[start] = (System.nanoTime() - from) / 1e9);
        }
        Quantiles starts = new Quantiles(seconds);
        run.report()
                .add(
                        new Case(name(), "to active"),
                        figure("median", starts.at(0.5), "s"),
                        figure("best", starts.at(0), "s"));
        run.measure(Map.of(), target -> {
            TimeUnit.SECONDS.sleep(2);
            double cpu = target.cpuSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            run.report()
                    .add(
                            new Case(name(), "idle, no shapes"),
                            figure("resident", target.residentMegabytes(), "MB"),
                            figure("CPU", (target.cpuSeconds() - cpu) / IDLE_SECONDS * 100, "% of a core"));
        });
    }
}
