package electric.sync.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.pg.DatabaseUrl;
import electric.sync.pg.TcpOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String URL = "postgres://ann:s3cret@db/shop";
    private static final String IN_MEMORY =
            "This version keeps shapes in memory: after a restart clients fetch them again. ELECTRIC_STORAGE=MEMORY says that this is understood.";
    private static final String INSECURE =
            "Insecure mode: anyone who can reach this server can read every table its database user can read. Set ELECTRIC_SECRET, or let nobody reach it who is not authorised.";

    /** A valid environment with these on top. */
    private static Settings read(String... keysAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL", URL,
                "ELECTRIC_SECRET", "t0psecret",
                "ELECTRIC_STORAGE", "memory"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            environment.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Settings.read(environment);
    }

    @Test
    void hasADefaultForEverything() {
        Settings settings = Settings.read(Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        new Settings.Database(
                                Optional.empty(), Optional.empty(), Optional.empty(), false, TcpOptions.SYSTEM, 20),
                        new Settings.Replication(
                                "electric_slot_default",
                                "electric_publication_default",
                                false,
                                false,
                                Duration.ofSeconds(60),
                                Duration.ZERO,
                                Duration.ofSeconds(60),
                                262_144_000),
                        new Settings.Shapes(
                                Settings.Storage.FAST_FILE,
                                Settings.PersistentState.FILE,
                                Path.of("./persistent"),
                                10_485_760,
                                Optional.empty()),
                        new Settings.Http(
                                3000,
                                false,
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(300),
                                new Settings.RequestLimits(300, 10_000),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60),
                                50,
                                false),
                        new Settings.Log(LogLevel.INFO, Settings.Log.Format.TEXT, true),
                        new Settings.Trial(Path.of("./electric-trial"), 54_321),
                        Optional.empty(),
                        "single_stack",
                        settings.instanceId(),
                        Optional.empty(),
                        List.of()));
        assertThat(settings.instanceId())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void readsEverythingThatCanBeSet() {
        Settings settings = read(
                "ELECTRIC_POOLED_DATABASE_URL", "postgres://ann@pooler:6432/shop",
                "ELECTRIC_DATABASE_USE_IPV6", "true",
                "ELECTRIC_DATABASE_CA_CERTIFICATE_FILE", "certs/root.pem",
                "ELECTRIC_DB_POOL_SIZE", "8",
                "ELECTRIC_DATABASE_TCP_KEEPALIVE_IDLE", "2500ms",
                "ELECTRIC_DATABASE_TCP_KEEPALIVE_INTERVAL", "10ms",
                "ELECTRIC_DATABASE_TCP_KEEPALIVE_COUNT", "3",
                "ELECTRIC_DATABASE_TCP_USER_TIMEOUT", "20s",
                "ELECTRIC_REPLICATION_STREAM_ID", "Blue_2$",
                "CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN", "true",
                "ELECTRIC_MANUAL_TABLE_PUBLISHING", "true",
                "ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "1s",
                "ELECTRIC_PUBLICATION_ALTER_DEBOUNCE_TIME", "50ms",
                "ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD", "2s",
                "ELECTRIC_EXPERIMENTAL_MAX_TXN_SIZE", "1000",
                "ELECTRIC_DATABASE_ID", "shop",
                "ELECTRIC_INSTANCE_ID", "one",
                "ELECTRIC_ENABLE_INTEGRATION_TESTING", "true",
                "ELECTRIC_PORT", "0",
                "ELECTRIC_LISTEN_ON_IPV6", "true",
                "ELECTRIC_LONG_POLL_TIMEOUT", "400",
                "ELECTRIC_CACHE_MAX_AGE", "1",
                "ELECTRIC_CACHE_STALE_AGE", "2",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"existing\": 7, \"initial\": 5, \"more\": null}",
                "ELECTRIC_TCP_SEND_TIMEOUT", "3s",
                "ELECTRIC_TCP_READ_TIMEOUT", "4s",
                "ELECTRIC_TWEAKS_CONN_MAX_REQUESTS", "0",
                "ELECTRIC_STORAGE_DIR", "data",
                "ELECTRIC_PERSISTENT_STATE", "memory",
                "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "4096",
                "ELECTRIC_MAX_SHAPES", "6",
                "ELECTRIC_EXPERIMENTAL_MAX_SHAPES", "9",
                "ELECTRIC_LOG_LEVEL", "debug",
                "ELECTRIC_LOG_COLORS", "false",
                "ELECTRIC_LOG_FORMAT", "JSON",
                "ELECTRIC_PROMETHEUS_PORT", "9090",
                "ELECTRIC_SYSTEM_METRICS_POLL_INTERVAL", "1s",
                "ELECTRIC_TRIAL_DATA", "trial",
                "ELECTRIC_TRIAL_PORT", "5555");
        assertThat(settings)
                .isEqualTo(new Settings(
                        new Settings.Database(
                                Optional.of(DatabaseUrl.parse(URL)),
                                Optional.of(DatabaseUrl.parse("postgres://ann@pooler:6432/shop")),
                                Optional.of(Path.of("certs/root.pem")),
                                true,
                                new TcpOptions(
                                        OptionalInt.of(3), OptionalInt.of(1), OptionalInt.of(3), Optional.of(20_000L)),
                                8),
                        new Settings.Replication(
                                "electric_slot_blue_2$",
                                "electric_publication_blue_2$",
                                true,
                                true,
                                Duration.ofSeconds(1),
                                Duration.ofMillis(50),
                                Duration.ofSeconds(2),
                                1000),
                        new Settings.Shapes(
                                Settings.Storage.MEMORY,
                                Settings.PersistentState.MEMORY,
                                Path.of("data"),
                                4096,
                                Optional.of(6)),
                        new Settings.Http(
                                0,
                                true,
                                Duration.ofMillis(400),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                new Settings.RequestLimits(5, 7),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                0,
                                true),
                        new Settings.Log(LogLevel.DEBUG, Settings.Log.Format.JSON, false),
                        new Settings.Trial(Path.of("trial"), 5555),
                        Optional.of(new Secret("t0psecret")),
                        "shop",
                        "one",
                        Optional.of(new Settings.Metrics(9090, Duration.ofSeconds(1))),
                        List.of(
                                "ELECTRIC_EXPERIMENTAL_MAX_SHAPES is deprecated. Please change to ELECTRIC_MAX_SHAPES",
                                "Set, but without effect here: ELECTRIC_TRIAL_DATA, ELECTRIC_TRIAL_PORT")));
    }

    /** CFG-001: what is missing starts a local trial, what is wrong starts nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | invalid URL scheme: \"\"",
                "mysql://ann@db | invalid URL scheme: \"mysql\"",
                "postgres:///shop | missing host",
                "postgres://db | invalid or missing username",
                "postgres://ann:s3cret@db:x | invalid port: must be a number between 1 and 65535",
            })
    void refusesADatabaseUrlThatIsSetButWrong(String url, String text) {
        for (String key : List.of("DATABASE_URL", "ELECTRIC_POOLED_DATABASE_URL", "ELECTRIC_QUERY_DATABASE_URL")) {
            assertThatThrownBy(() -> read(key, url))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessage("Error converting variable " + key + " using custom function: " + text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ELECTRIC_POOLED_DATABASE_URL, postgres://ann@db",
        "ELECTRIC_QUERY_DATABASE_URL, postgres://ann@db",
        "ELECTRIC_DATABASE_CA_CERTIFICATE_FILE, root.pem",
    })
    void doesNotStartATrialForSomeoneWhoForgotTheDatabaseUrl(String key, String value) {
        assertThatThrownBy(() -> Settings.read(Map.of(key, value)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("You must set DATABASE_URL when " + key + " is set");
    }

    /** CFG-005. */
    @Test
    void refusesACaFileForAnUnencryptedConnection() {
        assertThatThrownBy(() -> read(
                        "DATABASE_URL", URL + "?sslmode=disable", "ELECTRIC_DATABASE_CA_CERTIFICATE_FILE", "root.pem"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(
                        "When ELECTRIC_DATABASE_CA_CERTIFICATE_FILE is set, sslmode must be omitted or set to a value other than 'disable'");
    }

    /** CFG-011. */
    @Test
    void readsSnapshotsFromThePoolerOrItsOldNameOrTheDatabase() {
        assertThat(read().database().pooledUrl()).contains(DatabaseUrl.parse(URL));
        Settings old = read("ELECTRIC_QUERY_DATABASE_URL", "postgres://ann@old");
        assertThat(old.database().pooledUrl()).contains(DatabaseUrl.parse("postgres://ann@old"));
        assertThat(old.notices())
                .containsExactly(
                        "ELECTRIC_QUERY_DATABASE_URL is deprecated. Please change to ELECTRIC_POOLED_DATABASE_URL");
        assertThat(read(
                                "ELECTRIC_QUERY_DATABASE_URL",
                                "postgres://ann@old",
                                "ELECTRIC_POOLED_DATABASE_URL",
                                "postgres://ann@new")
                        .database()
                        .pooledUrl())
                .contains(DatabaseUrl.parse("postgres://ann@new"));
    }

    /** CFG-015, CFG-016. */
    @Test
    void needsASecretOrTheWordThatNoneIsWanted() {
        String neither =
                "You must set ELECTRIC_SECRET unless ELECTRIC_INSECURE=true. Setting ELECTRIC_INSECURE=true risks exposing your database, only use insecure mode in development or you've otherwise secured the Electric API";
        assertThatThrownBy(() -> Settings.read(Map.of("DATABASE_URL", URL)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(neither);
        assertThatThrownBy(() -> Settings.read(Map.of("DATABASE_URL", URL, "ELECTRIC_INSECURE", "false")))
                .hasMessage(neither);
        assertThatThrownBy(() -> Settings.read(Map.of("ELECTRIC_INSECURE", ""))).hasMessage(neither);
        assertThatThrownBy(() -> read("ELECTRIC_INSECURE", "true"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("You cannot set both ELECTRIC_SECRET and ELECTRIC_INSECURE=true");
        assertThat(read("ELECTRIC_INSECURE", "false").secret()).contains(new Secret("t0psecret"));
        assertThat(read("ELECTRIC_SECRET", "").secret()).contains(new Secret(""));
        assertThat(Settings.read(Map.of("DATABASE_URL", URL, "ELECTRIC_INSECURE", "true")))
                .satisfies(settings -> assertThat(settings.secret()).isEmpty())
                .satisfies(settings -> assertThat(settings.notices()).containsExactly(INSECURE, IN_MEMORY));
        assertThat(Settings.read(Map.of("ELECTRIC_SECRET", "x")).secret()).contains(new Secret("x"));
    }

    /** CFG-020, CFG-021. */
    @Test
    void namesSlotAndPublicationAfterTheStream() {
        Settings.Replication replication =
                read("ELECTRIC_REPLICATION_STREAM_ID", "_Blue2").replication();
        assertThat(replication.slotName()).isEqualTo("electric_slot__blue2");
        assertThat(replication.publicationName()).isEqualTo("electric_publication__blue2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-b", "1a", "$a", "a b", "a.b", "a'b"})
    void refusesAStreamThatIsNoIdentifier(String id) {
        assertThatThrownBy(() -> read("ELECTRIC_REPLICATION_STREAM_ID", id))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("Invalid unquoted identifier contains special characters: " + id);
    }

    @Test
    void refusesAStreamWithoutANameOrWithOneThatPostgresWouldCut() {
        assertThatThrownBy(() -> read("ELECTRIC_REPLICATION_STREAM_ID", ""))
                .hasMessage("Invalid zero-length delimited identifier");
        assertThat(read("ELECTRIC_REPLICATION_STREAM_ID", "x".repeat(42))
                        .replication()
                        .publicationName())
                .hasSize(63);
        assertThatThrownBy(() -> read("ELECTRIC_REPLICATION_STREAM_ID", "x".repeat(43)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("has 43 bytes, and the name of the publication has room for 42");
    }

    /** CFG-022. */
    @Test
    void givesOnlyATemporarySlotARandomName() {
        String[] random = {
            "ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME", "true",
            "CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN", "true"
        };
        Settings settings = read(random);
        String slot = settings.replication().slotName();
        assertThat(slot).matches("electric_slot_[0-9a-f]{32}");
        assertThat(read(random).replication().slotName()).isNotEqualTo(slot);
        assertThat(settings.replication().publicationName()).isEqualTo("electric_publication_default");
        assertThat(settings.notices())
                .containsExactly(
                        "Using a temporary replication slot with name: " + slot
                                + ". This slot will be deleted on shutdown, so persistent storage should not outlive the Electric instance.");

        Settings permanent = read("ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME", "true");
        assertThat(permanent.replication().slotName()).isEqualTo("electric_slot_default");
        assertThat(permanent.notices())
                .containsExactly("Set, but without effect here: ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // CFG-023
                "ELECTRIC_REPLICATION_IDLE_TIMEOUT | 29999ms | Invalid value for ELECTRIC_REPLICATION_IDLE_TIMEOUT: 29999. The minimum supported timeout is 30sec.",
                "ELECTRIC_EXPERIMENTAL_MAX_BATCH_SIZE | 1 | Invalid value for ELECTRIC_EXPERIMENTAL_MAX_BATCH_SIZE: 1. The minimum supported batch size is 2.",
                // CFG-024
                "ELECTRIC_STORAGE | File | \"file\" storage is deprecated. Please change to \"fast_file\"",
                "ELECTRIC_STORAGE | LEGACY_FILE | \"legacy_file\" storage is deprecated. Please change to \"fast_file\"",
                "ELECTRIC_STORAGE | disk | Error converting variable ELECTRIC_STORAGE using custom function: storage must be one of: MEMORY, FAST_FILE, LEGACY_FILE",
                "ELECTRIC_STORAGE | `` | Error converting variable ELECTRIC_STORAGE using custom function: storage must be one of: MEMORY, FAST_FILE, LEGACY_FILE",
                // CFG-025
                "ELECTRIC_PERSISTENT_STATE | disk | Error converting variable ELECTRIC_PERSISTENT_STATE using custom function: ELECTRIC_PERSISTENT_STATE must be one of: MEMORY, FILE",
                // CFG-026
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | {\"initial\":1} | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"existing\", as in {\"initial\":300,\"existing\":10000}",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | {\"initial\":\"1\",\"existing\":2} | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"initial\", as in {\"initial\":300,\"existing\":10000}",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | {\"initial\":1.5,\"existing\":2} | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"initial\", as in {\"initial\":300,\"existing\":10000}",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | {\"initial\":-1,\"existing\":2} | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"initial\", as in {\"initial\":300,\"existing\":10000}",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | [1] | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"initial\", as in {\"initial\":300,\"existing\":10000}",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS | `` | ELECTRIC_MAX_CONCURRENT_REQUESTS must have a whole number \"initial\", as in {\"initial\":300,\"existing\":10000}",
                // CFG-027
                "ELECTRIC_SHAPE_DB_STORAGE_DIR | :memory: | Cannot use :memory: database without exclusive_mode. Enable exclusive_mode (ELECTRIC_SHAPE_DB_EXCLUSIVE_MODE=true) to use an in-memory database",
                // CFG-033
                "ELECTRIC_LOG_LEVEL | trace | Error converting variable ELECTRIC_LOG_LEVEL using custom function: Must be one of [\"error\", \"warning\", \"info\", \"debug\"]",
                "ELECTRIC_LOG_FORMAT | xml | Error converting variable ELECTRIC_LOG_FORMAT using custom function: Must be one of [\"text\", \"json\"]",
                "ELECTRIC_LOG_COLORS | `` | Error converting variable ELECTRIC_LOG_COLORS to boolean!: non-empty value required",
                "ELECTRIC_PORT | http | Error converting variable ELECTRIC_PORT to integer: Unparsable as integer",
                "ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT | top:5 | Error converting variable ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT using custom function: invalid top process limit: \"top:5\". Expected format: count:<N> or mem_percent:<N>",
                "ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT | 5 | Error converting variable ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT using custom function: invalid top process limit: \"5\". Expected format: count:<N> or mem_percent:<N>",
                "ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT | count:0 | Error converting variable ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT using custom function: count value must be a positive integer, got: 0",
                "ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT | mem_percent:101 | Error converting variable ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT using custom function: mem_percent value must be between 1 and 100, got: 101",
                "ELECTRIC_SHAPE_HIBERNATE_AFTER | never | Error converting variable ELECTRIC_SHAPE_HIBERNATE_AFTER using custom function: invalid time unit: \"never\". Must be one of [\"ms\", \"msec\", \"s\", \"sec\", \"m\", \"min\"]",
            })
    void refusesAndSaysWhatToChange(String key, String value, String message) {
        assertThatThrownBy(() -> read(key, value))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(message);
    }

    @Test
    void limitsRequestsByDefaultAsItsDescriptionSays() {
        assertThat(read("ELECTRIC_MAX_CONCURRENT_REQUESTS", Variable.MAX_CONCURRENT_REQUESTS.unset)
                        .http())
                .isEqualTo(read().http());
    }

    @Test
    void refusesMalformedJson() {
        assertThatThrownBy(() -> read("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":1,"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("ELECTRIC_MAX_CONCURRENT_REQUESTS is not valid JSON: ");
    }

    @ParameterizedTest
    @CsvSource({
        "emergency, ERROR",
        "alert, ERROR",
        "critical, ERROR",
        "error, ERROR",
        "warning, WARNING",
        "warn, WARNING",
        "notice, INFO",
        "info, INFO",
        "debug, DEBUG",
    })
    void knowsEveryNameOfALogLevel(String name, LogLevel expected) {
        assertThat(read("ELECTRIC_LOG_LEVEL", name).log().level()).isEqualTo(expected);
    }

    /** CFG-029. */
    @Test
    void honoursTheOldNameOfMaxShapes() {
        assertThat(read("ELECTRIC_EXPERIMENTAL_MAX_SHAPES", "9").shapes().maxShapes())
                .contains(9);
    }

    /** CFG-030. */
    @Test
    void acceptsAndNamesWhatMeansNothingHere() {
        String[] accepted = Arrays.stream(Variable.values())
                .filter(variable -> variable.effect == Variable.Effect.ACCEPTED)
                .flatMap(variable -> List.of(variable.key, "any value").stream())
                .toArray(String[]::new);
        assertThatCode(() -> read(accepted)).doesNotThrowAnyException();
        assertThat(read("ELECTRIC_OTLP_ENDPOINT", "http://otel", "ELECTRIC_LIVE_DASHBOARD_PORT", "8080")
                        .notices())
                .containsExactly("Set, but without effect here: ELECTRIC_OTLP_ENDPOINT, ELECTRIC_LIVE_DASHBOARD_PORT");
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(read("ELECTRIC_NO_SUCH_THING", "1").notices()).isEmpty();
    }

    /** CFG-031. */
    @Test
    void onlyMentionsUnknownFeatureFlags() {
        assertThat(read("ELECTRIC_FEATURE_FLAGS", "allow_subqueries, tagged_subqueries,")
                        .notices())
                .containsExactly("Unknown feature flags specified: allow_subqueries, tagged_subqueries");
        assertThat(read("ELECTRIC_FEATURE_FLAGS", "").notices()).isEmpty();
    }

    @Test
    void acceptsAnEmptyPoolSize() {
        assertThat(read("ELECTRIC_DB_POOL_SIZE", "").database().poolSize()).isZero();
    }

    /** CFG-034. */
    @Test
    void neverShowsAPasswordOrTheSecret() {
        assertThat(read("ELECTRIC_HNY_API_KEY", "hny").toString())
                .doesNotContain("s3cret")
                .doesNotContain("t0psecret")
                .doesNotContain("hny")
                .contains("[hidden]");
    }

    @Test
    void hasOneDescriptionOfEveryVariable() {
        assertThat(Variable.values()).extracting(variable -> variable.key).doesNotHaveDuplicates();
        assertThat(Variable.values())
                .filteredOn(variable -> variable.effect != Variable.Effect.ACCEPTED)
                .allSatisfy(variable -> assertThat(variable.meaning).endsWith("."));
    }
}
