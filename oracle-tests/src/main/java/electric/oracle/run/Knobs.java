package electric.oracle.run;

import static java.util.stream.Collectors.joining;

import electric.oracle.generate.FaultPlan;
import electric.oracle.generate.Seed;
import electric.oracle.generate.Size;
import electric.oracle.scenario.Fault;
import electric.oracle.scenario.FilterClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What a run is told by its environment. A profile sets all; single settings come on top.
 *
 * @param electricUrl of the server to judge; without, it is our own
 * @param databaseUrl of the database that the server follows; without, it is our own
 * @param runs how many scenarios; {@code checks} or {@code limit} may end it before or after
 * @param checks go on until there are that many, 0 to go by the number of runs
 */
record Knobs(
        Optional<String> electricUrl,
        Optional<String> databaseUrl,
        Seed seed,
        Size size,
        FaultPlan faults,
        int stockEvery,
        Set<FilterClass> classes,
        boolean soak,
        int runs,
        long checks,
        Duration limit,
        Duration longPoll,
        Duration checkLimit,
        Path failures,
        Optional<Path> scenario) {
    static final String HELP = """
            Judges an Electric server by Postgres: whatever a client is told it has must be what Postgres answers.

              oracle                     our own server beside a Postgres of its own
              oracle scenario.json       one scenario again, as a failure left it

            ELECTRIC_URL          the server to judge, instead of our own
            DATABASE_URL          the database that the server follows, instead of our own
            ORACLE_PROFILE        smoke, ci, nightly or soak: sets all of the following
            SEED                  makes everything up; the same seed makes the same run
            SHAPE_COUNT           shapes of a scenario
            BATCH_COUNT           batches of a scenario, after each of which everybody is judged
            TXNS_PER_BATCH        transactions of a batch
            MUTATIONS_PER_TXN     statements of a transaction, at most
            RESTART_SERVER_EVERY  batches after which our own server is restarted, 0 for never
            RESTART_TYPE          graceful or brutal, otherwise now this and now that
            RESTART_CLIENT_EVERY  batches after which some clients lose what they had, and begin again
            FAULT_EVERY           batches after which something else breaks: Postgres is restarted, connections are cut,
                                  the slot is dropped, answers are late, broken off or asked for twice
            STOCK_CLIENT_EVERY    so many shapes one is followed by the stock client in Node.js too, 0 for none; the
                                  folder with many.mjs and its packages is the system property oracle.clients
            CLASSES               classes of filters, O0,O1,O2; O3,O4,O5 too of a server that has subqueries
            RETRY_TRANSIENT_ERRORS  whether a request may fail while something is broken: true or false
            RUN_COUNT             scenarios
            CHECK_COUNT           goes on until so many checks are done
            TIME_LIMIT            seconds after which no other scenario begins
            LONG_POLL_TIMEOUT     milliseconds that our own server holds a request
            CHECK_TIMEOUT         milliseconds a client may take to see a commit
            ORACLE_FAILURES       the folder of what was found, oracle-failures
            """;

    static Knobs read(Map<String, String> environment, Optional<Path> scenario) {
        Profile profile = Profile.valueOf(
                environment.getOrDefault("ORACLE_PROFILE", "standard").toUpperCase(Locale.ROOT));
        Size usual = profile.size();
        Optional<String> electricUrl = Optional.ofNullable(environment.get("ELECTRIC_URL"));
        Optional<String> databaseUrl = Optional.ofNullable(environment.get("DATABASE_URL"));
        if (electricUrl.isPresent() && databaseUrl.isEmpty()) {
            throw new IllegalArgumentException(
                    "ELECTRIC_URL names a server; set DATABASE_URL to the database it follows, which is the judge.");
        }
        return new Knobs(
                electricUrl,
                databaseUrl,
                new Seed(number(environment, "SEED", new Random().nextLong() & 0xFFFF_FFFF_FFFFL)),
                new Size(
                        (int) number(environment, "SHAPE_COUNT", usual.shapes()),
                        (int) number(environment, "BATCH_COUNT", usual.batches()),
                        (int) number(environment, "TXNS_PER_BATCH", usual.transactionsPerBatch()),
                        (int) number(environment, "MUTATIONS_PER_TXN", usual.mutationsPerTransaction())),
                faults(environment, profile, electricUrl.isEmpty(), databaseUrl.isEmpty()),
                (int) number(environment, "STOCK_CLIENT_EVERY", 0),
                classes(environment.getOrDefault("CLASSES", "")),
                profile == Profile.SOAK,
                (int) number(environment, "RUN_COUNT", profile.runs()),
                number(environment, "CHECK_COUNT", 0),
                Duration.ofSeconds(
                        number(environment, "TIME_LIMIT", profile.limit().toSeconds())),
                Duration.ofMillis(number(environment, "LONG_POLL_TIMEOUT", 100)),
                Duration.ofMillis(number(
                        environment, "CHECK_TIMEOUT", profile.checkLimit().toMillis())),
                Path.of(environment.getOrDefault("ORACLE_FAILURES", "oracle-failures")),
                scenario);
    }

    /** Only what is ours is stopped. */
    private static FaultPlan faults(
            Map<String, String> environment, Profile profile, boolean ownServer, boolean ownDatabase) {
        List<Fault> others =
                new ArrayList<>(List.of(Fault.ANSWERS_DELAYED, Fault.ANSWERS_CUT, Fault.REQUESTS_REPEATED));
        if (ownServer) {
            others.addAll(List.of(Fault.REPLICATION_CUT, Fault.CONNECTIONS_CUT, Fault.SLOT_DROPPED));
        }
        if (ownDatabase) {
            others.addAll(List.of(Fault.DATABASE_RESTARTED, Fault.DATABASE_KILLED));
        }
        List<Fault> restarts = switch (environment.getOrDefault("RESTART_TYPE", "")) {
            case "" -> List.of(Fault.SERVER_RESTARTED, Fault.SERVER_KILLED);
            case "graceful" -> List.of(Fault.SERVER_RESTARTED);
            case "brutal" -> List.of(Fault.SERVER_KILLED);
            default ->
                throw new IllegalArgumentException(
                        "RESTART_TYPE should be graceful or brutal, not '" + environment.get("RESTART_TYPE") + "'");
        };
        int restartEvery = (int) number(environment, "RESTART_SERVER_EVERY", ownServer ? profile.restartEvery() : 0);
        if (restartEvery > 0 && !ownServer) {
            throw new IllegalArgumentException(
                    "RESTART_SERVER_EVERY needs the oracle's own server: leave it or ELECTRIC_URL out");
        }
        return new FaultPlan(
                restartEvery,
                restarts,
                (int) number(environment, "RESTART_CLIENT_EVERY", profile.faultEvery()),
                (int) number(environment, "FAULT_EVERY", profile.faultEvery()),
                others,
                environment.getOrDefault("RETRY_TRANSIENT_ERRORS", "true").equals("true"));
    }

    private enum Profile {
        STANDARD,
        SMOKE,
        CI,
        NIGHTLY,
        SOAK;

        Size size() {
            return switch (this) {
                case STANDARD -> new Size(100, 10, 10, 5);
                case SMOKE -> new Size(40, 6, 6, 5);
                case CI, NIGHTLY, SOAK -> new Size(200, 50, 10, 10);
            };
        }

        int runs() {
            return switch (this) {
                case STANDARD -> 1;
                case SMOKE -> 4;
                case CI -> 20;
                case NIGHTLY, SOAK -> Integer.MAX_VALUE;
            };
        }

        int restartEvery() {
            return switch (this) {
                case STANDARD, SMOKE, SOAK -> 0;
                case CI, NIGHTLY -> 3;
            };
        }

        int faultEvery() {
            return switch (this) {
                case STANDARD, SMOKE -> 0;
                case CI, NIGHTLY, SOAK -> 4;
            };
        }

        Duration limit() {
            return switch (this) {
                case STANDARD -> Duration.ofHours(1);
                case SMOKE -> Duration.ofSeconds(30);
                case CI -> Duration.ofMinutes(10);
                case NIGHTLY -> Duration.ofHours(4);
                case SOAK -> Duration.ofDays(3);
            };
        }

        Duration checkLimit() {
            return switch (this) {
                case STANDARD, SMOKE -> Duration.ofSeconds(10);
                case CI, NIGHTLY, SOAK -> Duration.ofSeconds(60);
            };
        }
    }

    private static long number(Map<String, String> environment, String name, long usual) {
        String text = environment.get(name);
        if (text == null || text.isBlank()) {
            return usual;
        }
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(name + " should be a number, not '" + text + "'", wrong);
        }
    }

    private static Set<FilterClass> classes(String text) {
        if (text.isBlank()) {
            return FilterClass.USUAL;
        }
        Set<FilterClass> classes = EnumSet.noneOf(FilterClass.class);
        for (String name : text.split(",", -1)) {
            Arrays.stream(FilterClass.values())
                    .filter(one -> one != FilterClass.O6 && one.name().equals(name.trim()))
                    .findFirst()
                    .ifPresentOrElse(classes::add, () -> {
                        throw new IllegalArgumentException(
                                "CLASSES should be some of O0,O1,O2,O3,O4,O5, not '" + text + "'");
                    });
        }
        return classes;
    }

    private String restartType() {
        if (faults.server().size() > 1) {
            return "";
        }
        return " RESTART_TYPE=" + (faults.server().contains(Fault.SERVER_KILLED) ? "brutal" : "graceful");
    }

    /** One line that says all there is to know to do it again. */
    @Override
    public String toString() {
        return "SEED=" + seed.value() + " SHAPE_COUNT=" + size.shapes() + " BATCH_COUNT=" + size.batches()
                + " TXNS_PER_BATCH=" + size.transactionsPerBatch() + " MUTATIONS_PER_TXN="
                + size.mutationsPerTransaction() + " RESTART_SERVER_EVERY=" + faults.serverEvery()
                + " RESTART_CLIENT_EVERY=" + faults.clientsEvery() + " FAULT_EVERY=" + faults.othersEvery()
                + " STOCK_CLIENT_EVERY=" + stockEvery + " CLASSES="
                + classes.stream().map(FilterClass::name).collect(joining(",")) + " RETRY_TRANSIENT_ERRORS="
                + faults.errors() + restartType()
                + " RUN_COUNT=" + runs + " CHECK_COUNT="
                + checks + " TIME_LIMIT="
                + limit.toSeconds() + " LONG_POLL_TIMEOUT=" + longPoll.toMillis() + " CHECK_TIMEOUT="
                + checkLimit.toMillis();
    }
}
