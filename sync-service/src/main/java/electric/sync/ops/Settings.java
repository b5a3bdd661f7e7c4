package electric.sync.ops;

import electric.sync.pg.DatabaseUrl;
import electric.sync.pg.SslMode;
import electric.sync.pg.TcpOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the operator decided, read once from the environment and valid as a whole. Printing it is safe: no password and no
 * secret shows.
 *
 * <p>Without {@code DATABASE_URL} there is no database to follow, and the server runs a local trial on a Postgres of its
 * own. A trial is insecure unless a secret is set. A {@code DATABASE_URL} that is set but wrong, even empty, is refused.
 *
 * @param secret what clients must know; empty in insecure mode
 * @param instanceId names this process in telemetry
 * @param databaseId names this installation; part of tag digests
 * @param metrics empty when nobody wants any
 * @param notices what the operator should know about these settings, one line each, to be logged as warnings at start
 */
public record Settings(
        Database database,
        Replication replication,
        Shapes shapes,
        Http http,
        Log log,
        Trial trial,
        Optional<Secret> secret,
        String databaseId,
        String instanceId,
        Optional<Metrics> metrics,
        List<String> notices) {

    /**
     * @param url empty in a local trial
     * @param pooledUrl where snapshots are read: the same as {@code url} unless said otherwise
     * @param poolSize connections of all pools together
     */
    public record Database(
            Optional<DatabaseUrl> url,
            Optional<DatabaseUrl> pooledUrl,
            Optional<Path> caCertificateFile,
            boolean ipv6First,
            TcpOptions tcp,
            int poolSize) {}

    /**
     * @param temporarySlot whether the slot ends with its connection
     * @param manualPublishing whether the publication and the tables are only checked, never altered
     * @param maxTransactionBytes the largest transaction that is followed
     */
    public record Replication(
            String slotName,
            String publicationName,
            boolean temporarySlot,
            boolean manualPublishing,
            Duration publicationRefreshPeriod,
            Duration publicationAlterDebounce,
            Duration schemaReconcilerPeriod,
            long maxTransactionBytes) {}

    /** @param maxShapes empty for any number */
    public record Shapes(
            Storage storage,
            PersistentState persistentState,
            Path folder,
            int chunkBytes,
            Optional<Integer> maxShapes) {}

    public enum Storage {
        MEMORY,
        FAST_FILE
    }

    public enum PersistentState {
        MEMORY,
        FILE
    }

    /**
     * @param maxRequestsPerConnection 0 for any number
     * @param deleteAllowed whether clients may delete shapes
     */
    public record Http(
            int port,
            boolean ipv6,
            Duration longPollTimeout,
            Duration cacheMaxAge,
            Duration cacheStaleAge,
            RequestLimits limits,
            Duration sendTimeout,
            Duration readTimeout,
            int maxRequestsPerConnection,
            boolean deleteAllowed) {}

    /**
     * How many requests are served at once.
     *
     * @param initial for shapes that do not exist yet
     * @param existing all others
     */
    public record RequestLimits(int initial, int existing) {
        static final RequestLimits DEFAULT = new RequestLimits(300, 10_000);
    }

    public record Log(LogLevel level, Format format, boolean colors) {
        public enum Format {
            TEXT,
            JSON
        }
    }

    /**
     * @param port where they are shown
     * @param pollInterval how often the database is asked for what they show
     */
    public record Metrics(int port, Duration pollInterval) {}

    /** Where the Postgres of a local trial lives. */
    public record Trial(Path folder, int port) {}

    /** PostgreSQL cuts longer names off. */
    private static final int LONGEST_NAME = 63;

    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}0-9_$]*");
    private static final Duration SHORTEST_IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int SMALLEST_BATCH = 2;

    public Settings {
        notices = List.copyOf(notices);
    }

    /** @throws InvalidSettings saying which variable is wrong, and how */
    public static Settings read(Map<String, String> environment) {
        Environment env = new Environment(environment);
        List<String> notices = new ArrayList<>();
        Database database = database(env);
        boolean trial = database.url().isEmpty();
        Optional<Secret> secret = secret(env, trial);
        // A trial is open and small, and says so itself.
        if (secret.isEmpty() && !trial) {
            notices.add(
                    "Insecure mode: anyone who can reach this server can read every table its database user can read."
                            + " Set ELECTRIC_SECRET, or let nobody reach it who is not authorised.");
        }
        Replication replication = replication(env, notices);
        Shapes shapes = shapes(env);
        if (shapes.storage() == Storage.FAST_FILE && !trial) {
            notices.add("This version keeps shapes in memory: after a restart clients fetch them again."
                    + " ELECTRIC_STORAGE=MEMORY says that this is understood.");
        }
        checkUnused(env);
        addUnknownFlags(env, notices);
        addDeprecated(env, notices);
        addWithoutEffect(env, notices);
        return new Settings(
                database,
                replication,
                shapes,
                http(env),
                log(env),
                new Trial(
                        env.path(Variable.TRIAL_DATA).orElseThrow(),
                        env.port(Variable.TRIAL_PORT).orElseThrow()),
                secret,
                env.text(Variable.DATABASE_ID).orElseThrow(),
                env.text(Variable.INSTANCE_ID).orElseGet(() -> UUID.randomUUID().toString()),
                metrics(env),
                notices);
    }

    /** Everything that can be set, as a table for people. */
    public static String markdownTable() {
        StringBuilder table = new StringBuilder("| Variable | Type | Default | Meaning |\n|---|---|---|---|\n");
        for (Variable variable : Variable.values()) {
            if (variable.effect != Variable.Effect.ACCEPTED) {
                table.append("| `")
                        .append(variable.key)
                        .append("` | ")
                        .append(variable.type.label())
                        .append(" | ");
                table.append(variable.unset.isEmpty() ? "" : "`" + variable.unset + "`");
                table.append(" | ").append(variable.meaning);
                table.append(variable.effect == Variable.Effect.USED ? "" : " *Without effect in this version.*");
                table.append(" |\n");
            }
        }
        return table.toString();
    }

    private static Database database(Environment env) {
        Optional<DatabaseUrl> url = env.databaseUrl(Variable.DATABASE_URL);
        Optional<DatabaseUrl> queryUrl = env.databaseUrl(Variable.QUERY_DATABASE_URL);
        Optional<DatabaseUrl> pooledUrl = env.databaseUrl(Variable.POOLED_DATABASE_URL);
        Optional<Path> caCertificateFile = env.path(Variable.DATABASE_CA_CERTIFICATE_FILE);
        if (url.isEmpty()) {
            // Whoever names a pooler means a real database, and must not get a trial because of a forgotten variable.
            for (Variable variable : List.of(
                    Variable.POOLED_DATABASE_URL, Variable.QUERY_DATABASE_URL, Variable.DATABASE_CA_CERTIFICATE_FILE)) {
                if (env.isSet(variable)) {
                    throw new InvalidSettings("You must set DATABASE_URL when " + variable.key + " is set");
                }
            }
        }
        if (caCertificateFile.isPresent()
                && url.filter(u -> u.sslMode() == SslMode.DISABLE).isPresent()) {
            throw new InvalidSettings(
                    "When ELECTRIC_DATABASE_CA_CERTIFICATE_FILE is set, sslmode must be omitted or set to a value other than 'disable'");
        }
        return new Database(
                url,
                pooledUrl.or(() -> queryUrl).or(() -> url),
                caCertificateFile,
                env.bool(Variable.DATABASE_USE_IPV6),
                new TcpOptions(
                        wholeSeconds(env.duration(Variable.TCP_KEEPALIVE_IDLE)),
                        wholeSeconds(env.duration(Variable.TCP_KEEPALIVE_INTERVAL)),
                        env.integer(Variable.TCP_KEEPALIVE_COUNT)
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty()),
                        env.duration(Variable.TCP_USER_TIMEOUT).map(Duration::toMillis)),
                env.integer(Variable.DB_POOL_SIZE).orElseThrow());
    }

    /** Rounded, and at least one. */
    private static OptionalInt wholeSeconds(Optional<Duration> duration) {
        return duration.map(d -> OptionalInt.of(Math.clamp((d.toMillis() + 500) / 1000, 1, Integer.MAX_VALUE)))
                .orElse(OptionalInt.empty());
    }

    private static Optional<Secret> secret(Environment env, boolean trial) {
        Optional<Secret> secret = env.text(Variable.SECRET).map(Secret::new);
        boolean insecure = env.bool(Variable.INSECURE);
        if (secret.isPresent() && insecure) {
            throw new InvalidSettings("You cannot set both ELECTRIC_SECRET and ELECTRIC_INSECURE=true");
        }
        boolean insecureTrial = trial && !env.isSet(Variable.INSECURE);
        if (secret.isEmpty() && !insecure && !insecureTrial) {
            throw new InvalidSettings(
                    "You must set ELECTRIC_SECRET unless ELECTRIC_INSECURE=true. Setting ELECTRIC_INSECURE=true risks exposing your database, only use insecure mode in development or you've otherwise secured the Electric API");
        }
        return secret;
    }

    private static Replication replication(Environment env, List<String> notices) {
        String streamId = streamId(env.text(Variable.REPLICATION_STREAM_ID).orElseThrow());
        boolean temporary = env.bool(Variable.CLEANUP_REPLICATION_SLOTS);
        boolean random = temporary && env.bool(Variable.RANDOM_SLOT_NAME);
        String slot = "electric_slot_" + (random ? UUID.randomUUID().toString().replace("-", "") : streamId);
        if (random) {
            notices.add(
                    "Using a temporary replication slot with name: " + slot
                            + ". This slot will be deleted on shutdown, so persistent storage should not outlive the Electric instance.");
        }
        return new Replication(
                slot,
                "electric_publication_" + streamId,
                temporary,
                env.bool(Variable.MANUAL_TABLE_PUBLISHING),
                env.duration(Variable.PUBLICATION_REFRESH_PERIOD).orElseThrow(),
                env.duration(Variable.PUBLICATION_ALTER_DEBOUNCE).orElse(Duration.ZERO),
                env.duration(Variable.SCHEMA_RECONCILER_PERIOD).orElseThrow(),
                env.bytes(Variable.MAX_TXN_SIZE).orElseThrow());
    }

    private static String streamId(String text) {
        if (text.isEmpty()) {
            throw new InvalidSettings("Invalid zero-length delimited identifier");
        }
        if (!IDENTIFIER.matcher(text).matches()) {
            throw new InvalidSettings("Invalid unquoted identifier contains special characters: " + text);
        }
        int longest = LONGEST_NAME - "electric_publication_".length();
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > longest) {
            throw new InvalidSettings(Variable.REPLICATION_STREAM_ID.key + " is too long: " + text + " has " + length
                    + " bytes, and the name of the publication has room for " + longest);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static Shapes shapes(Environment env) {
        PersistentState state = env.converted(Variable.PERSISTENT_STATE, Settings::persistentState)
                .orElseThrow();
        return new Shapes(
                storage(env),
                state,
                env.path(Variable.STORAGE_DIR).orElseThrow(),
                env.integer(Variable.SHAPE_CHUNK_BYTES_THRESHOLD).orElseThrow(),
                env.integer(Variable.MAX_SHAPES).or(() -> env.integer(Variable.EXPERIMENTAL_MAX_SHAPES)));
    }

    private static Storage storage(Environment env) {
        String name = env.text(Variable.STORAGE).orElseThrow().toLowerCase(Locale.ROOT);
        if (name.equals("file") || name.equals("legacy_file")) {
            throw new InvalidSettings("\"" + name + "\" storage is deprecated. Please change to \"fast_file\"");
        }
        return env.converted(Variable.STORAGE, text -> switch (name) {
                    case "memory" -> Storage.MEMORY;
                    case "fast_file" -> Storage.FAST_FILE;
                    default ->
                        throw new IllegalArgumentException("storage must be one of: MEMORY, FAST_FILE, LEGACY_FILE");
                })
                .orElseThrow();
    }

    private static PersistentState persistentState(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "memory" -> PersistentState.MEMORY;
            case "file" -> PersistentState.FILE;
            default -> throw new IllegalArgumentException("ELECTRIC_PERSISTENT_STATE must be one of: MEMORY, FILE");
        };
    }

    private static Http http(Environment env) {
        RequestLimits limits = requestLimits(env);
        return new Http(
                env.port(Variable.PORT).orElseThrow(),
                env.bool(Variable.LISTEN_ON_IPV6),
                Duration.ofMillis(env.integer(Variable.LONG_POLL_TIMEOUT).orElseThrow()),
                Duration.ofSeconds(env.integer(Variable.CACHE_MAX_AGE).orElseThrow()),
                Duration.ofSeconds(env.integer(Variable.CACHE_STALE_AGE).orElseThrow()),
                limits,
                env.duration(Variable.TCP_SEND_TIMEOUT).orElseThrow(),
                env.duration(Variable.TCP_READ_TIMEOUT).orElseThrow(),
                env.integer(Variable.CONN_MAX_REQUESTS).orElseThrow(),
                env.bool(Variable.INTEGRATION_TESTING));
    }

    private static RequestLimits requestLimits(Environment env) {
        if (!env.isSet(Variable.MAX_CONCURRENT_REQUESTS)) {
            // A JSON parser takes a tenth of a second to load, at every start.
            return RequestLimits.DEFAULT;
        }
        JsonNode limits;
        try {
            limits = JsonMapper.shared()
                    .readTree(env.text(Variable.MAX_CONCURRENT_REQUESTS).orElseThrow());
        } catch (JacksonException e) {
            throw new InvalidSettings(
                    Variable.MAX_CONCURRENT_REQUESTS.key + " is not valid JSON: " + e.getOriginalMessage());
        }
        return new RequestLimits(limit(limits, "initial"), limit(limits, "existing"));
    }

    private static int limit(JsonNode limits, String key) {
        JsonNode limit = limits.path(key);
        if (!limit.isInt() || limit.intValue() < 0) {
            throw new InvalidSettings(Variable.MAX_CONCURRENT_REQUESTS.key + " must have a whole number \"" + key
                    + "\", as in " + Variable.MAX_CONCURRENT_REQUESTS.unset);
        }
        return limit.intValue();
    }

    private static Optional<Metrics> metrics(Environment env) {
        Duration pollInterval =
                env.duration(Variable.SYSTEM_METRICS_POLL_INTERVAL).orElseThrow();
        if (!pollInterval.isPositive()) {
            throw new InvalidSettings(Variable.SYSTEM_METRICS_POLL_INTERVAL.key + " must be longer than 0");
        }
        return env.port(Variable.PROMETHEUS_PORT).map(port -> new Metrics(port, pollInterval));
    }

    private static Log log(Environment env) {
        return new Log(
                env.converted(Variable.LOG_LEVEL, LogLevel::named).orElseThrow(),
                env.converted(Variable.LOG_FORMAT, Settings::logFormat).orElseThrow(),
                env.nonEmptyBool(Variable.LOG_COLORS));
    }

    private static Log.Format logFormat(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "text" -> Log.Format.TEXT;
            case "json" -> Log.Format.JSON;
            default -> throw new IllegalArgumentException("Must be one of [\"text\", \"json\"]");
        };
    }

    /** What nothing uses yet must be right all the same, or it would stop the server on the day something does. */
    private static void checkUnused(Environment env) {
        for (Variable variable : Variable.values()) {
            if (variable.effect == Variable.Effect.CHECKED) {
                switch (variable.type) {
                    case URL -> env.databaseUrl(variable);
                    case BOOLEAN -> env.bool(variable);
                    case INTEGER -> env.integer(variable);
                    case FLOAT -> env.decimal(variable);
                    case DURATION -> env.duration(variable);
                    case SIZE -> env.size(variable);
                    case TEXT, PATH, CHOICE, JSON, LIST -> env.text(variable);
                }
            }
        }
        int batch = env.integer(Variable.MAX_BATCH_SIZE).orElseThrow();
        if (batch < SMALLEST_BATCH) {
            throw new InvalidSettings("Invalid value for " + Variable.MAX_BATCH_SIZE.key + ": " + batch
                    + ". The minimum supported batch size is " + SMALLEST_BATCH + ".");
        }
        env.duration(Variable.REPLICATION_IDLE_TIMEOUT)
                .filter(timeout -> timeout.compareTo(SHORTEST_IDLE_TIMEOUT) < 0)
                .ifPresent(timeout -> {
                    throw new InvalidSettings("Invalid value for ELECTRIC_REPLICATION_IDLE_TIMEOUT: "
                            + timeout.toMillis() + ". The minimum supported timeout is 30sec.");
                });
        if (env.text(Variable.SHAPE_DB_STORAGE_DIR).equals(Optional.of(":memory:"))
                && !env.bool(Variable.SHAPE_DB_EXCLUSIVE_MODE)) {
            throw new InvalidSettings("Cannot use :memory: database without exclusive_mode."
                    + " Enable exclusive_mode (ELECTRIC_SHAPE_DB_EXCLUSIVE_MODE=true) to use an in-memory database");
        }
        env.converted(Variable.TOP_PROCESS_LIMIT, Settings::topProcessLimit);
    }

    private static String topProcessLimit(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String number = text.substring(colon + 1);
        switch (kind) {
            case "count" -> {
                if (!number.matches("0*[1-9][0-9]*")) {
                    throw new IllegalArgumentException("count value must be a positive integer, got: " + number);
                }
            }
            case "mem_percent" -> {
                if (!number.matches("[1-9][0-9]?|100")) {
                    throw new IllegalArgumentException("mem_percent value must be between 1 and 100, got: " + number);
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "invalid top process limit: \"" + text + "\". Expected format: count:<N> or mem_percent:<N>");
        }
        return text;
    }

    private static void addUnknownFlags(Environment env, List<String> notices) {
        String flags = env.text(Variable.FEATURE_FLAGS).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(flag -> !flag.isEmpty())
                .collect(Collectors.joining(", "));
        if (!flags.isEmpty()) {
            notices.add("Unknown feature flags specified: " + flags);
        }
    }

    private static void addDeprecated(Environment env, List<String> notices) {
        for (Variable variable : Variable.values()) {
            Optional<Variable> successor = switch (variable) {
                case QUERY_DATABASE_URL -> Optional.of(Variable.POOLED_DATABASE_URL);
                case EXPERIMENTAL_MAX_SHAPES -> Optional.of(Variable.MAX_SHAPES);
                case TOP_PROCESS_COUNT -> Optional.of(Variable.TOP_PROCESS_LIMIT);
                default -> Optional.empty();
            };
            if (env.isSet(variable)) {
                successor.ifPresent(now -> notices.add(variable.key + " is deprecated. Please change to " + now.key));
            }
        }
    }

    private static void addWithoutEffect(Environment env, List<String> notices) {
        boolean trial = !env.isSet(Variable.DATABASE_URL);
        String names = Arrays.stream(Variable.values())
                .filter(env::isSet)
                .filter(variable -> switch (variable) {
                    case TRIAL_DATA, TRIAL_PORT -> !trial;
                    case SYSTEM_METRICS_POLL_INTERVAL -> !env.isSet(Variable.PROMETHEUS_PORT);
                    case RANDOM_SLOT_NAME -> !env.bool(Variable.CLEANUP_REPLICATION_SLOTS);
                    default -> variable.effect != Variable.Effect.USED;
                })
                .map(variable -> variable.key)
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            notices.add("Set, but without effect here: " + names);
        }
    }
}
