package electric.oracle.run;

import electric.oracle.generate.Generator;
import electric.oracle.generate.Seed;
import electric.oracle.judge.Witness;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.Step.Break;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A run of the oracle: scenario after scenario of one seed, and what came of them. */
public final class Oracle {
    /** Only what asks for it waits for a standby, and waits until it is released. */
    static final Map<String, String> POSTGRES =
            Map.of("synchronous_standby_names", "nobody", "synchronous_commit", "local");

    private static final int EVERY_SECONDS = 5;
    private static final Duration SHRINKING_LIMIT = Duration.ofSeconds(3);
    private static final Duration LONGEST_SHRINKING = Duration.ofMinutes(3);

    private static final int SCENARIOS_BETWEEN_MEASUREMENTS = 10;
    private static final Duration SETTLING_LIMIT = Duration.ofSeconds(60);

    private final Knobs knobs;
    private final PrintStream out;
    private final Tally tally = new Tally();
    private final long began = System.nanoTime();
    private Optional<Wear> wornFirst = Optional.empty();

    private Oracle(Knobs knobs, PrintStream out) {
        this.knobs = knobs;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1 || (arguments.length == 1 && arguments[0].startsWith("-"))) {
            System.out.print(Knobs.HELP);
            System.exit(arguments[0].equals("--help") ? 0 : 2);
        }
        Knobs knobs;
        try {
            knobs = Knobs.read(
                    System.getenv(), arguments.length == 1 ? Optional.of(Path.of(arguments[0])) : Optional.empty());
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        System.exit(judge(knobs, System.out) ? 0 : 1);
    }

    /** As {@link #main} with this environment. Returns whether everything was right. */
    public static boolean judge(Map<String, String> environment, PrintStream out)
            throws IOException, SQLException, InterruptedException {
        return judge(Knobs.read(environment, Optional.empty()), out);
    }

    private static boolean judge(Knobs knobs, PrintStream out) throws IOException, SQLException, InterruptedException {
        return new Oracle(knobs, out).run();
    }

    private boolean run() throws IOException, SQLException, InterruptedException {
        out.println(knobs);
        if (knobs.databaseUrl().isPresent()) {
            out.println("The Postgres is not our own: no commit is withheld from sight");
            return runOn(knobs.databaseUrl().get(), Optional.empty());
        }
        try (TestPostgres postgres = TestPostgres.start(POSTGRES)) {
            return runOn(postgres.url(postgres.freshDatabase()) + "?sslmode=disable", Optional.of(postgres));
        }
    }

    private boolean runOn(String databaseUrl, Optional<TestPostgres> own)
            throws IOException, SQLException, InterruptedException {
        Database database = Database.of(databaseUrl, own);
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().factory());
                Witness witness = new Witness(database.connect(), own.isPresent());
                Target target = target(databaseUrl, http)) {
            Site site = new Site(database, target, target.shapeUrl(), witness, http, threads, knobs.checkLimit());
            ScheduledFuture<?> progress = clock.scheduleAtFixedRate(
                    () -> out.println(tally.progress(elapsed())), EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
            boolean right =
                    knobs.scenario().isPresent() ? runOne(site, knobs.scenario().get()) : runAll(site);
            progress.cancel(false);
            out.println(tally.summary(elapsed()));
            return right;
        }
    }

    private Target target(String databaseUrl, HttpClient http) {
        return knobs.electricUrl().isPresent()
                ? GivenServer.at(knobs.electricUrl().get())
                : OwnServer.start(
                        databaseUrl,
                        Map.of(
                                "ELECTRIC_LONG_POLL_TIMEOUT",
                                Long.toString(knobs.longPoll().toMillis())),
                        http);
    }

    private boolean runOne(Site site, Path file) throws IOException, SQLException, InterruptedException {
        return run(site, ScenarioJson.read(Files.readString(file)), knobs.seed());
    }

    private boolean runAll(Site site) throws IOException, SQLException, InterruptedException {
        for (String name : NamedScenarios.NAMES) {
            if (!run(site, NamedScenarios.read(name), knobs.seed())) {
                return false;
            }
        }
        for (int n = 0; isMoreToDo(n); n++) {
            Seed seed = knobs.seed().scenario(n);
            Generator generator =
                    new Generator(seed, knobs.size(), knobs.faults(), knobs.stockEvery(), knobs.classes());
            if (!run(site, generator.scenario(), seed)) {
                return false;
            }
            if (knobs.soak() && n % SCENARIOS_BETWEEN_MEASUREMENTS == 0 && !isAsBefore(site, n)) {
                return false;
            }
        }
        return true;
    }

    /** A server of our own that has run for long takes no more than at the beginning. */
    private boolean isAsBefore(Site site, int scenariosBefore) throws IOException, SQLException, InterruptedException {
        if (!(site.target() instanceof OwnServer server)) {
            return true;
        }
        Wear now = Wear.of(site.database(), server.pid(), SETTLING_LIMIT);
        out.println(now);
        List<String> more = now.moreThan(wornFirst.orElse(now));
        more.forEach(words -> out.println("WRONG: " + words));
        if (scenariosBefore > 0) {
            wornFirst = wornFirst.or(() -> Optional.of(now));
        }
        return more.isEmpty();
    }

    private boolean isMoreToDo(int n) {
        return elapsed().compareTo(knobs.limit()) < 0
                && (knobs.checks() > 0 ? tally.checks() < knobs.checks() : n < knobs.runs());
    }

    private boolean run(Site site, Scenario scenario, Seed seed)
            throws IOException, SQLException, InterruptedException {
        Optional<Failure> failure = ScenarioRun.of(site, scenario, tally);
        if (failure.isEmpty()) {
            return true;
        }
        Failure found = failure.get();
        out.println("WRONG in " + scenario.title() + ": " + found.headline());
        Failure smallest = shrunk(site, found, out);
        Path folder = FailureFolder.write(
                knobs.failures(),
                knobs + " (scenario of SEED=" + seed.value() + " RUN_COUNT=1)",
                found,
                smallest,
                smallest.handle().map(site.target()::log).orElse(List.of()));
        Files.write(folder.resolve("server.log"), site.target().log(""));
        out.println("Read " + folder.resolve("report.md") + "; again: oracle " + folder.resolve("scenario.json"));
        return false;
    }

    /** The same failure of a scenario that is as small as it can be. */
    static Failure shrunk(Site site, Failure found, PrintStream out) throws InterruptedException {
        boolean breaks = found.scenario().steps().stream().anyMatch(Break.class::isInstance);
        Site impatient = breaks || site.limit().compareTo(SHRINKING_LIMIT) < 0 ? site : site.with(SHRINKING_LIMIT);
        Shrinker shrinker =
                new Shrinker(found, candidate -> ScenarioRun.of(impatient, candidate, new Tally()), LONGEST_SHRINKING);
        Failure smallest = shrinker.shrink();
        out.println("Made small in " + shrinker.attempts() + " runs: " + Shrinker.statements(smallest.scenario())
                + " statements, " + smallest.scenario().rows().size() + " rows before; " + smallest.headline());
        return smallest;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
