package electric.oracle.run;

import electric.oracle.generate.Seed;
import electric.oracle.generate.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

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

    /** One line that says all there is to know to do it again. */
    @Override
    public String toString() {
        return "SEED=" + seed.value() + " SHAPE_COUNT=" + size.shapes() + " BATCH_COUNT=" + size.batches()
                + " TXNS_PER_BATCH=" + size.transactionsPerBatch() + " MUTATIONS_PER_TXN="
                + size.mutationsPerTransaction() + " RUN_COUNT=" + runs + " CHECK_COUNT=" + checks + " TIME_LIMIT="
                + limit.toSeconds() + " LONG_POLL_TIMEOUT=" + longPoll.toMillis() + " CHECK_TIMEOUT="
                + checkLimit.toMillis();
    }
}
