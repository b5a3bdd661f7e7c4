package electric.bench;

import electric.sync.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a server from outside, scenario by scenario. Without a server it starts our own, and a Postgres beside it.
 *
 * <pre>{@code
 * bench/bin/load [scenario …] [--server URL --database JDBC-URL [--server-pid PID]] [--report FOLDER] [--rows N]
 * }</pre>
 */
public final class Bench implements AutoCloseable {
    private static final String DATABASE = "postgres";

    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        SCENARIOS.put("start", new Start());
        SCENARIOS.put("reads", new Reads());
        SCENARIOS.put("thundering", new Thundering());
        SCENARIOS.put("fan-out", new FanOut());
        SCENARIOS.put("shapes", new ManyShapes());
        SCENARIOS.put("writes", new Writes());
        SCENARIOS.put("idle", new Idle());
    }

    /** Something that can be measured. Wrong or missing rows end it with an exception. */
    interface Scenario {
        void run(Bench bench) throws Exception;
    }

    /** What is done with a server. */
    interface Measurement {
        void run(Target target) throws Exception;
    }

    private final Path launcher;
    private final Map<String, String> options;
    private final Path folder;
    private final Report report;
    private final Crowd crowd = new Crowd();
    private @Nullable TestPostgres postgres;

    private Bench(Path launcher, Map<String, String> options) throws IOException {
        this.launcher = launcher;
        this.options = options;
        this.folder = Path.of(options.getOrDefault(
                "report",
                "target/bench/"
                        + DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT)
                                .format(LocalDateTime.now(ZoneId.systemDefault()))));
        this.report = Report.in(folder);
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        List<Scenario> scenarios = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            Scenario named = SCENARIOS.get(args[i]);
            if (args[i].startsWith("--") && i + 1 < args.length) {
                options.put(args[i].substring(2), args[++i]);
            } else if (named != null) {
                scenarios.add(named);
            } else {
                System.err.println("There is no scenario " + args[i] + ", only " + SCENARIOS.keySet());
                System.exit(2);
            }
        }
        if (options.containsKey("server") != options.containsKey("database")) {
            System.err.println(
                    "--server and --database belong together: the rows are written to the one and read from the"
                            + " other");
            System.exit(2);
        }
        try (Bench bench = new Bench(Path.of(args[0]).toAbsolutePath(), options)) {
            for (Scenario scenario : scenarios.isEmpty() ? SCENARIOS.values() : scenarios) {
                scenario.run(bench);
            }
        }
        System.exit(0);
    }

    int number(String option, int otherwise) {
        return Integer.parseInt(options.getOrDefault(option, Integer.toString(otherwise)));
    }

    Report report() {
        return report;
    }

    Crowd crowd() {
        return crowd;
    }

    boolean ownServer() {
        return !options.containsKey("server");
    }

    /** @param environment of our own server; somebody else's is taken as it is */
    void measure(Map<String, String> environment, Measurement measurement) throws Exception {
        String server = options.get("server");
        String database = options.get("database");
        if (server != null && database != null) {
            String pid = options.get("server-pid");
            measurement.run(new Target(
                    URI.create(server), database, pid == null ? null : OsProcess.alone(Long.parseLong(pid))));
            return;
        }
        try (ServerProcess own =
                ServerProcess.start(launcher, postgres().url(DATABASE), environment, folder.resolve("server.log"))) {
            own.awaitActive();
            measurement.run(new Target(own.uri(), postgres().jdbcUrl(DATABASE), own.os()));
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
        return BareProcess.start(folder.resolve("bare.log"));
    }

    @Override
    public void close() throws IOException {
        crowd.close();
        if (postgres != null) {
            postgres.close();
        }
        System.out.println();
        System.out.println("Figures and logs are in " + folder.toAbsolutePath());
    }
}
