package electric.bench.scenario;

import electric.bench.beside.BareProcess;
import electric.bench.beside.OsProcess;
import electric.bench.beside.ServerProcess;
import electric.bench.beside.Target;
import electric.bench.load.Crowd;
import electric.bench.load.ShapeRead;
import electric.bench.report.Machine;
import electric.bench.report.Report;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One run of some scenarios, against our own server and a Postgres beside it, or against somebody else's. */
public final class Run implements AutoCloseable {
    private static final String DATABASE = "postgres";
    private static final int CREATORS = 32;

    private static final List<Scenario> SCENARIOS = List.of(
            new Start(),
            new Reads(),
            new Thundering(),
            new FanOut(),
            new Overlapping(),
            new ManyShapes(),
            new Unindexed(),
            new Writes(),
            new HugeTransaction(),
            new Idle());

    /** What is done with a server. */
    interface Measurement {
        void run(Target target) throws Exception;
    }

    private final Path launcher;
    private final Options options;
    private final Path folder;
    private final Path logs;
    private final Report report;
    private final Crowd crowd = new Crowd();
    private final long begun = System.nanoTime();
    private @Nullable TestPostgres postgres;
    private volatile boolean interrupted;

    /**
     * @param root of the checkout
     * @param here where relative paths begin
     */
    public Run(Path root, Path here, Options options) throws IOException {
        String time = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT)
                .format(LocalDateTime.now(ZoneId.systemDefault()));
        Path output = root.resolve("bench/target/load");
        String wanted = options.text("report");
        this.launcher = root.resolve("sync-service/bin/electric");
        this.options = options;
        this.folder = wanted == null ? output.resolve(time) : here.resolve(wanted);
        this.logs = Files.createDirectories(output.resolve("logs-" + time));
        this.report = Report.in(folder, Machine.here(root), System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted = true, "end of the run"));
    }

    public static List<String> scenarios() {
        return SCENARIOS.stream().map(Scenario::name).toList();
    }

    /** @return whether all went well */
    public boolean run() throws IOException {
        boolean well = true;
        List<String> wanted = options.scenarios();
        for (Scenario scenario : SCENARIOS) {
            if (!wanted.isEmpty() && !wanted.contains(scenario.name())) {
                continue;
            }
            String reason = scenario.notHere(this);
            if (reason != null) {
                report.remark(scenario.name() + " is left out: " + reason);
                continue;
            }
            progress(scenario.name());
            try {
                scenario.run(this);
            } catch (Exception failed) {
                if (interrupted) {
                    return false;
                }
                // The figures of the others are worth having.
                well = false;
                report.remark(scenario.name() + " failed: " + failed.getMessage());
                failed.printStackTrace();
            }
        }
        return well;
    }

    /** Tells who waits how far it is. */
    void progress(String what) {
        System.err.printf(Locale.ROOT, "[%4d s] %s%n", (System.nanoTime() - begun) / 1_000_000_000, what);
    }

    int number(String option, int otherwise) {
        return options.number(option, otherwise);
    }

    /** One size for the suite of five minutes, and one for a run of everything. */
    int number(String option, int quick, int full) {
        return options.number(option, options.all() ? full : quick);
    }

    boolean all() {
        return options.all();
    }

    Report report() {
        return report;
    }

    Crowd crowd() {
        return crowd;
    }

    boolean ownServer() {
        return options.text("server") == null;
    }

    /** Why what needs the server's process cannot be measured; {@code null} when it can. */
    @Nullable
    String withoutProcess() {
        return ownServer() || options.text("server-pid") != null
                ? null
                : "the process of the server is not known (--server-pid)";
    }

    ShapeRead.Whole read(Target target, String shape) throws InterruptedException, ExecutionException {
        return ShapeRead.begin(crowd, target.server(), shape, false).get();
    }

    /** The same, rows counted. */
    ShapeRead.Whole count(Target target, String shape) throws InterruptedException, ExecutionException {
        return ShapeRead.begin(crowd, target.server(), shape, true).get();
    }

    /**
     * Makes numbered shapes, by as many clients as are asked for in the goals.
     *
     * @param shapes the parameters of the one with a number
     * @return how long it took, in seconds
     */
    double create(Target target, int from, int end, IntFunction<String> shapes)
            throws IOException, InterruptedException, ExecutionException {
        return crowd.ask(
                target.server(), CREATORS, from, end, number -> "/v1/shape?" + shapes.apply(number) + "&offset=-1");
    }

    /** What lets our own server take so many clients at once that have no handle yet. */
    static Map<String, String> letIn(int clients) {
        return Map.of(
                "ELECTRIC_MAX_CONCURRENT_REQUESTS",
                "{\"initial\":" + 2 * clients + ",\"existing\":" + Math.max(10_000, 2 * clients) + "}");
    }

    /** @param environment of our own server; somebody else's is taken as it is */
    void measure(Map<String, String> environment, Measurement measurement) throws Exception {
        String server = options.text("server");
        String database = options.text("database");
        if (server != null && database != null) {
            String pid = options.text("server-pid");
            OsProcess process = pid == null ? null : OsProcess.alone(Long.parseLong(pid));
            measurement.run(new Target(URI.create(server), database, process, null));
            return;
        }
        try (ServerProcess own =
                ServerProcess.start(launcher, postgres().url(DATABASE), environment, logs.resolve("server.log"))) {
            own.awaitActive();
            measurement.run(Target.own(own, postgres().jdbcUrl(DATABASE)));
        }
    }

    private TestPostgres postgres() throws IOException {
        TestPostgres running = postgres;
        if (running == null) {
            running = TestPostgres.start(Map.of());
            postgres = running;
        }
        return running;
    }

    /** The baseline of the same clients. */
    BareProcess bare() throws IOException {
        return BareProcess.start(logs.resolve("bare.log"));
    }

    @Override
    public void close() throws IOException {
        if (interrupted) {
            // Whatever was started is being ended, and the figures so far are in their file.
            return;
        }
        crowd.close();
        if (postgres != null) {
            postgres.close();
        }
        report.close();
        System.out.println();
        System.out.println("The report is " + folder.resolve("index.html") + ", the logs are in " + logs);
    }
}
