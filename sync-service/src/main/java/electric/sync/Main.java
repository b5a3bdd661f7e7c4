package electric.sync;

import com.sun.management.OperatingSystemMXBean;
import electric.sync.ingest.Readiness;
import electric.sync.meter.Metric;
import electric.sync.ops.InvalidSettings;
import electric.sync.ops.Logging;
import electric.sync.ops.Settings;
import electric.sync.pg.DatabaseUrl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way in. All settings come from the environment. */
public final class Main {
    private static final int OK = 0;
    private static final int REFUSED = 1;
    private static final int END_OF_CHILDREN_MILLIS = 300;
    private static final int PREPARATION_SECONDS = 30;

    private final Settings settings;
    private final Logging logging;
    private final Logger log;
    /** The trial's Postgres runs, or never will. */
    private final CountDownLatch prepared = new CountDownLatch(1);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable TrialPostgres trial;
    private volatile @Nullable App app;
    private volatile int exitCode = OK;

    private Main(Settings settings) {
        this.settings = settings;
        this.logging = Logging.start(settings.log());
        this.log = LoggerFactory.getLogger(Main.class);
    }

    public static void main(String[] args) {
        if (args.length > 0) {
            System.exit(answer(args[0]));
        }
        Settings settings;
        try {
            settings = Settings.read(System.getenv());
        } catch (InvalidSettings invalid) {
            System.err.println(invalid.getMessage());
            System.exit(REFUSED);
            return;
        }
        new Main(settings).run();
    }

    private static int answer(String argument) {
        switch (argument) {
            case "--version" ->
                System.out.println("electric " + version() + " (protocol " + App.PROTOCOL_VERSION + ")");
            case "--help" ->
                System.out.println(
                        "Usage: electric\n\nStreams Postgres tables to clients over HTTP. Everything is set in the"
                                + " environment;\nwithout DATABASE_URL a local trial with a Postgres of its own is started.\n\n"
                                + Settings.markdownTable());
            default -> {
                System.err.println("Unknown argument: " + argument + ". There are only --help and --version.");
                return REFUSED;
            }
        }
        return OK;
    }

    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private void run() {
        log.info("Starting ElectricSQL {} (electric-java {})", App.PROTOCOL_VERSION, version());
        settings.notices().forEach(log::warn);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            DatabaseUrl database = prepare();
            if (stopping.getCount() == 0) {
                return;
            }
            long logBytes = logBytes();
            // Logs live outside the heap. Netty counts what it hands out there, and must not stop before we do.
            System.setProperty(
                    "io.netty.maxDirectMemory", Long.toString(logBytes + App.compressedBytes(logBytes) + (512L << 20)));
            App made = new App(
                    settings,
                    database,
                    settings.database().pooledUrl().orElse(database),
                    logBytes,
                    why -> fatal(why
                            + "\nTrying again would not help, so the server ends. DATABASE_URL names the database "
                            + database.database() + " at " + database.host() + ":" + database.port() + ", and the user "
                            + database.user() + "."));
            app = made;
            made.meter().shows(Metric.LOG_LINES_DROPPED, logging::droppedLines);
            made.start();
            made.readiness()
                    .reach(Readiness.Level.ACTIVE, Duration.ofDays(365))
                    .thenRun(() -> sayReady(made))
                    .join();
            stopped.await();
        } catch (IOException refused) {
            failed(refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DatabaseUrl prepare() throws IOException {
        try {
            return database();
        } finally {
            prepared.countDown();
        }
    }

    private DatabaseUrl database() throws IOException {
        Optional<DatabaseUrl> named = settings.database().url();
        if (named.isPresent()) {
            return named.get();
        }
        log.warn(
                "LOCAL TRIAL, not for production: DATABASE_URL is not set, so a Postgres of its own is started in {}.{}",
                settings.trial().folder(),
                settings.secret().isPresent() ? "" : " Whoever reaches this server reads all of it.");
        TrialPostgres started =
                TrialPostgres.start(settings.trial().folder(), settings.trial().port());
        trial = started;
        return DatabaseUrl.parse(started.url() + "?sslmode=disable");
    }

    /** Of the machine, or of what the container may have of it. */
    private static long logBytes() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return logBytes(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory());
    }

    /**
     * Half of the memory: the other half is for the heap, the sockets and the rest of the world. Less in a small container,
     * where code, threads and sockets need the same as in a large one.
     */
    static long logBytes(long totalBytes, long heapBytes) {
        long others = (192L << 20) + totalBytes / 16;
        long left = totalBytes - heapBytes - others;
        // A ninth of what is left is for the compressed forms of logs.
        return Math.min(totalBytes / 2, Math.max(left / 9 * 8, 16L << 20));
    }

    private void sayReady(App ready) {
        // The log hides what looks like the value of a secret up to the next parameter: so it must not be the last.
        String request = "curl -i 'http://localhost:" + ready.port() + "/v1/shape?"
                + (settings.secret().isPresent() ? "secret=...&" : "") + "table=...&offset=-1'";
        TrialPostgres own = trial;
        if (own == null) {
            log.info("Ready: {}", request);
        } else {
            // Not lines of the log, which would hide the password: this one is the same for everybody.
            System.out.println("\nReady: " + request + "\n\nLOCAL TRIAL, not for production. Its data stays in "
                    + settings.trial().folder() + "; make tables and rows with\n\n    psql '" + own.url() + "'\n");
        }
    }

    /** Ctrl-C ends the programs that prepare a Postgres as well, and they may fail of it before we hear of it: no failure. */
    private void failed(IOException refused) {
        try {
            if (!stopping.await(END_OF_CHILDREN_MILLIS, TimeUnit.MILLISECONDS)) {
                fatal(String.valueOf(refused.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only an operator can help: say why and end. */
    private void fatal(String message) {
        message.lines().forEach(log::error);
        exitCode = REFUSED;
        new Thread(() -> System.exit(REFUSED), "exit").start();
    }

    /** In order, once, however the end was asked for; the exit code of a stop in order is 0. */
    private void stop() {
        stopping.countDown();
        if (exitCode == OK) {
            log.info("SIGTERM received - shutting down");
        }
        try {
            if (app != null) {
                app.close();
            }
            prepared.await(PREPARATION_SECONDS, TimeUnit.SECONDS);
            if (trial != null) {
                trial.close();
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            log.error("Could not stop in order", e);
            exitCode = REFUSED;
        }
        stopped.countDown();
        logging.close();
        Runtime.getRuntime().halt(exitCode);
    }
}
