package electric.sync.ops;

import static electric.sync.ops.Variable.Effect.ACCEPTED;
import static electric.sync.ops.Variable.Effect.CHECKED;
import static electric.sync.ops.Variable.Effect.USED;
import static electric.sync.ops.Variable.Type.BOOLEAN;
import static electric.sync.ops.Variable.Type.CHOICE;
import static electric.sync.ops.Variable.Type.DURATION;
import static electric.sync.ops.Variable.Type.FLOAT;
import static electric.sync.ops.Variable.Type.INTEGER;
import static electric.sync.ops.Variable.Type.JSON;
import static electric.sync.ops.Variable.Type.LIST;
import static electric.sync.ops.Variable.Type.PATH;
import static electric.sync.ops.Variable.Type.SIZE;
import static electric.sync.ops.Variable.Type.TEXT;
import static electric.sync.ops.Variable.Type.URL;

import java.util.Locale;

/**
 * Every environment variable we know: the one place for its type, its default and what it means. The default is text, read
 * by the same rules as a value somebody set; an empty one means there is none.
 */
enum Variable {
    DATABASE_URL(
            "DATABASE_URL",
            URL,
            "",
            USED,
            "The database to follow, reached directly and not through a pooler. Without it a local trial starts its own Postgres."),
    POOLED_DATABASE_URL(
            "ELECTRIC_POOLED_DATABASE_URL",
            URL,
            "",
            USED,
            "Where initial snapshots are read; may be a transaction-mode pooler. `DATABASE_URL` when unset."),
    QUERY_DATABASE_URL(
            "ELECTRIC_QUERY_DATABASE_URL", URL, "", USED, "Deprecated name of `ELECTRIC_POOLED_DATABASE_URL`."),
    DATABASE_USE_IPV6("ELECTRIC_DATABASE_USE_IPV6", BOOLEAN, "false", USED, "Try IPv6 first for database connections."),
    DATABASE_CA_CERTIFICATE_FILE(
            "ELECTRIC_DATABASE_CA_CERTIFICATE_FILE",
            PATH,
            "",
            USED,
            "Trust roots (PEM); turns on full verification, host name included, of database connections."),
    DB_POOL_SIZE(
            "ELECTRIC_DB_POOL_SIZE",
            INTEGER,
            "20",
            USED,
            "Pooled database connections in all; the replication connection comes on top."),
    TCP_KEEPALIVE_IDLE(
            "ELECTRIC_DATABASE_TCP_KEEPALIVE_IDLE",
            DURATION,
            "",
            USED,
            "How long a silent database connection is left alone before it is probed."),
    TCP_KEEPALIVE_INTERVAL(
            "ELECTRIC_DATABASE_TCP_KEEPALIVE_INTERVAL", DURATION, "", USED, "How long a probe waits for its answer."),
    TCP_KEEPALIVE_COUNT(
            "ELECTRIC_DATABASE_TCP_KEEPALIVE_COUNT",
            INTEGER,
            "",
            USED,
            "How many unanswered probes end a database connection."),
    TCP_USER_TIMEOUT(
            "ELECTRIC_DATABASE_TCP_USER_TIMEOUT",
            DURATION,
            "",
            USED,
            "How long data sent to the database may stay unacknowledged, where the platform can say so."),

    SECRET(
            "ELECTRIC_SECRET",
            TEXT,
            "",
            USED,
            "What clients must send as the `secret` parameter. Required unless insecure."),
    INSECURE(
            "ELECTRIC_INSECURE",
            BOOLEAN,
            "false",
            USED,
            "Serve without a secret: for development, or behind something that authorises requests. Implied in a local trial."),

    REPLICATION_STREAM_ID(
            "ELECTRIC_REPLICATION_STREAM_ID",
            TEXT,
            "default",
            USED,
            "Ending of the names of the replication slot and the publication: letters, digits, `_` and `$`, not starting with a digit."),
    CLEANUP_REPLICATION_SLOTS(
            "CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN",
            BOOLEAN,
            "false",
            USED,
            "Use a temporary replication slot: it ends with its connection, and clients then fetch their shapes again."),
    RANDOM_SLOT_NAME(
            "ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME",
            BOOLEAN,
            "false",
            USED,
            "Give the temporary slot a random name."),
    MANUAL_TABLE_PUBLISHING(
            "ELECTRIC_MANUAL_TABLE_PUBLISHING",
            BOOLEAN,
            "false",
            USED,
            "Never alter the publication or tables, only check them."),
    REPLICATION_IDLE_TIMEOUT(
            "ELECTRIC_REPLICATION_IDLE_TIMEOUT",
            DURATION,
            "",
            CHECKED,
            "Close all database connections after this long without a transaction; at least 30 s."),
    PUBLICATION_REFRESH_PERIOD(
            "ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD",
            DURATION,
            "60s",
            USED,
            "How often the publication is checked and repaired."),
    SCHEMA_RECONCILER_PERIOD(
            "ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD",
            DURATION,
            "60s",
            USED,
            "How often tables are checked for changed definitions."),
    PUBLICATION_ALTER_DEBOUNCE(
            "ELECTRIC_PUBLICATION_ALTER_DEBOUNCE_TIME",
            DURATION,
            "",
            USED,
            "How long changes of the publication are collected before they are made; at once when unset."),
    MAX_TXN_SIZE(
            "ELECTRIC_EXPERIMENTAL_MAX_TXN_SIZE",
            INTEGER,
            "262144000",
            USED,
            "The largest transaction that is followed, in bytes of row data."),
    MAX_BATCH_SIZE(
            "ELECTRIC_EXPERIMENTAL_MAX_BATCH_SIZE",
            INTEGER,
            "100",
            CHECKED,
            "How many changes of a transaction are handled at a time; at least 2."),
    SUBQUERY_BUFFER(
            "ELECTRIC_SUBQUERY_BUFFER_MAX_TRANSACTIONS",
            INTEGER,
            "1000",
            CHECKED,
            "How many transactions a shape with a subquery may hold back."),
    DATABASE_ID(
            "ELECTRIC_DATABASE_ID",
            TEXT,
            "single_stack",
            USED,
            "Name of this installation; part of tag digests and storage paths, so it must not change."),
    INSTANCE_ID("ELECTRIC_INSTANCE_ID", TEXT, "", USED, "Name of this process in telemetry; a random UUID when unset."),
    SERVICE_NAME("ELECTRIC_SERVICE_NAME", TEXT, "electric", CHECKED, "Telemetry `service.name`."),
    INTEGRATION_TESTING("ELECTRIC_ENABLE_INTEGRATION_TESTING", BOOLEAN, "false", USED, "Allow `DELETE /v1/shape`."),
    FEATURE_FLAGS("ELECTRIC_FEATURE_FLAGS", LIST, "", USED, "Comma-separated flags. None exists at present."),
    PROFILE_WHERE_CLAUSES(
            "ELECTRIC_PROFILE_WHERE_CLAUSES", BOOLEAN, "false", CHECKED, "Measure the evaluation of filters."),

    PORT("ELECTRIC_PORT", INTEGER, "3000", USED, "Port of the HTTP API."),
    LISTEN_ON_IPV6("ELECTRIC_LISTEN_ON_IPV6", BOOLEAN, "false", USED, "Listen on `::` instead of `0.0.0.0`."),
    LONG_POLL_TIMEOUT(
            "ELECTRIC_LONG_POLL_TIMEOUT", INTEGER, "20000", USED, "How long a live request is held, in milliseconds."),
    CACHE_MAX_AGE("ELECTRIC_CACHE_MAX_AGE", INTEGER, "60", USED, "`max-age` of cacheable answers, in seconds."),
    CACHE_STALE_AGE(
            "ELECTRIC_CACHE_STALE_AGE",
            INTEGER,
            "300",
            USED,
            "`stale-while-revalidate` of cacheable answers, in seconds."),
    MAX_CONCURRENT_REQUESTS(
            "ELECTRIC_MAX_CONCURRENT_REQUESTS",
            JSON,
            "{\"initial\":300,\"existing\":10000}",
            USED,
            "How many requests are served at once, for new and for existing shapes."),
    TCP_SEND_TIMEOUT(
            "ELECTRIC_TCP_SEND_TIMEOUT",
            DURATION,
            "30s",
            USED,
            "Give up on a client that takes nothing for this long."),
    TCP_READ_TIMEOUT(
            "ELECTRIC_TCP_READ_TIMEOUT",
            DURATION,
            "60s",
            USED,
            "How long an idle HTTP connection is kept; longer than that of any load balancer in front."),
    CONN_MAX_REQUESTS(
            "ELECTRIC_TWEAKS_CONN_MAX_REQUESTS",
            INTEGER,
            "50",
            USED,
            "Requests served per HTTP/1.1 connection; 0 for any number."),

    STORAGE_DIR("ELECTRIC_STORAGE_DIR", PATH, "./persistent", USED, "Folder of everything that is kept on disk."),
    STORAGE(
            "ELECTRIC_STORAGE",
            CHOICE,
            "FAST_FILE",
            USED,
            "`FAST_FILE` or `MEMORY`. This version keeps shapes in memory either way."),
    PERSISTENT_STATE(
            "ELECTRIC_PERSISTENT_STATE", CHOICE, "FILE", USED, "`FILE` or `MEMORY`: where small state is kept."),
    SHAPE_CHUNK_BYTES_THRESHOLD(
            "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD",
            INTEGER,
            "10485760",
            USED,
            "Size at which a chunk of a shape's log is closed, in bytes."),
    MAX_SHAPES(
            "ELECTRIC_MAX_SHAPES",
            INTEGER,
            "",
            USED,
            "How many shapes are kept; the least recently read go first. Any number when unset."),
    EXPERIMENTAL_MAX_SHAPES(
            "ELECTRIC_EXPERIMENTAL_MAX_SHAPES", INTEGER, "", USED, "Deprecated name of `ELECTRIC_MAX_SHAPES`."),
    CLEANUP_INTERVAL(
            "ELECTRIC_CLEANUP_INTERVAL_MS",
            DURATION,
            "10s",
            CHECKED,
            "How often deleted shapes are removed from disk."),
    SHAPE_HIBERNATE_AFTER(
            "ELECTRIC_SHAPE_HIBERNATE_AFTER",
            DURATION,
            "30s",
            CHECKED,
            "Idle time after which a shape releases memory."),
    SHAPE_SUSPEND_CONSUMER(
            "ELECTRIC_SHAPE_SUSPEND_CONSUMER", BOOLEAN, "false", CHECKED, "Release an idle shape's writer entirely."),
    SHAPE_SUSPEND_AFTER("ELECTRIC_SHAPE_SUSPEND_AFTER", DURATION, "10min", CHECKED, "Further idle time before that."),
    FLUSH_STALL_GRACE_PERIOD(
            "ELECTRIC_FLUSH_STALL_GRACE_PERIOD",
            DURATION,
            "1min",
            CHECKED,
            "A shape that cannot be written for this long is given up, so that Postgres may forget its log."),
    SHAPE_DB_EXCLUSIVE_MODE(
            "ELECTRIC_SHAPE_DB_EXCLUSIVE_MODE",
            BOOLEAN,
            "false",
            CHECKED,
            "Keep the shape registry to one process; needed on network file systems."),
    SHAPE_DB_STORAGE_DIR(
            "ELECTRIC_SHAPE_DB_STORAGE_DIR",
            PATH,
            "",
            CHECKED,
            "Folder of the shape registry; `ELECTRIC_STORAGE_DIR` when unset."),
    SHAPE_DB_SYNCHRONOUS(
            "ELECTRIC_SHAPE_DB_SYNCHRONOUS", TEXT, "OFF", CHECKED, "How carefully the shape registry is written."),
    SHAPE_DB_CACHE_SIZE("ELECTRIC_SHAPE_DB_CACHE_SIZE", SIZE, "4096KiB", CHECKED, "Cache of the shape registry."),

    LOG_LEVEL("ELECTRIC_LOG_LEVEL", CHOICE, "info", USED, "`error`, `warning`, `info` or `debug`."),
    LOG_COLORS(
            "ELECTRIC_LOG_COLORS",
            BOOLEAN,
            "true",
            USED,
            "Colour the lines of the text log. Unset, the launcher says `false` where there is no terminal."),
    LOG_FORMAT(
            "ELECTRIC_LOG_FORMAT",
            CHOICE,
            "text",
            USED,
            "`text`: one readable line per event; `json`: one JSON object per line."),
    PROMETHEUS_PORT("ELECTRIC_PROMETHEUS_PORT", INTEGER, "", USED, "Port of `/metrics`; off when unset."),
    STATSD_HOST("ELECTRIC_STATSD_HOST", TEXT, "", CHECKED, "Where StatsD metrics go."),
    OTLP_ENDPOINT("ELECTRIC_OTLP_ENDPOINT", TEXT, "", CHECKED, "Where OpenTelemetry data goes."),
    OTEL_DEBUG("ELECTRIC_OTEL_DEBUG", BOOLEAN, "false", CHECKED, "Print spans."),
    HNY_API_KEY("ELECTRIC_HNY_API_KEY", TEXT, "", CHECKED, "Honeycomb key sent with OpenTelemetry data."),
    HNY_DATASET("ELECTRIC_HNY_DATASET", TEXT, "", CHECKED, "Honeycomb dataset sent with OpenTelemetry data."),
    OTEL_SAMPLING_RATIO(
            "ELECTRIC_OTEL_SAMPLING_RATIO", FLOAT, "0.01", CHECKED, "Share of background traces that is kept."),
    METRICS_SAMPLING_RATIO("ELECTRIC_METRICS_SAMPLING_RATIO", FLOAT, "1", CHECKED, "Share of events that is measured."),
    OTEL_EXPORT_PERIOD("ELECTRIC_OTEL_EXPORT_PERIOD", DURATION, "30s", CHECKED, "How often metrics are exported."),
    SYSTEM_METRICS_POLL_INTERVAL(
            "ELECTRIC_SYSTEM_METRICS_POLL_INTERVAL",
            DURATION,
            "5s",
            USED,
            "How often the database is asked for what metrics show. Only with `ELECTRIC_PROMETHEUS_PORT`."),
    STACK_TELEMETRY_INIT_DELAY(
            "ELECTRIC_STACK_TELEMETRY_INIT_DELAY", DURATION, "30s", CHECKED, "Time before the first measurement."),
    DROP_EMPTY_RESPONSE_SPANS(
            "ELECTRIC_DROP_EMPTY_RESPONSE_SPANS", BOOLEAN, "false", CHECKED, "Do not export traces of empty answers."),
    EXCLUDE_SPANS("ELECTRIC_EXCLUDE_SPANS", LIST, "", CHECKED, "Spans that are never recorded."),
    OTEL_RESOURCE_ATTRIBUTES("OTEL_RESOURCE_ATTRIBUTES", LIST, "", CHECKED, "Attributes of all OpenTelemetry data."),
    SENTRY_DSN("SENTRY_DSN", TEXT, "", CHECKED, "Where errors are reported."),
    TOP_PROCESS_LIMIT(
            "ELECTRIC_TELEMETRY_TOP_PROCESS_LIMIT",
            TEXT,
            "count:5",
            CHECKED,
            "`count:<N>` or `mem_percent:<1..100>`: how many processes are measured one by one."),

    TRIAL_DATA(
            "ELECTRIC_TRIAL_DATA",
            PATH,
            "./electric-trial",
            USED,
            "Folder of the local trial's Postgres. Only without `DATABASE_URL`."),
    TRIAL_PORT(
            "ELECTRIC_TRIAL_PORT",
            INTEGER,
            "54321",
            USED,
            "Port of the local trial's Postgres. Only without `DATABASE_URL`."),

    HTTP_API_NUM_ACCEPTORS("ELECTRIC_TWEAKS_HTTP_API_NUM_ACCEPTORS"),
    HANDLER_FULLSWEEP_AFTER("ELECTRIC_TWEAKS_HANDLER_FULLSWEEP_AFTER"),
    CONSUMER_PARTITIONS("ELECTRIC_CONSUMER_PARTITIONS"),
    LOG_OTP_REPORTS("ELECTRIC_LOG_OTP_REPORTS"),
    LIVE_DASHBOARD_PORT("ELECTRIC_LIVE_DASHBOARD_PORT"),
    TOP_PROCESS_COUNT("ELECTRIC_TELEMETRY_TOP_PROCESS_COUNT"),
    LONG_GC_THRESHOLD("ELECTRIC_TELEMETRY_LONG_GC_THRESHOLD"),
    LONG_SCHEDULE_THRESHOLD("ELECTRIC_TELEMETRY_LONG_SCHEDULE_THRESHOLD"),
    LONG_MESSAGE_QUEUE_ENABLE_THRESHOLD("ELECTRIC_TELEMETRY_LONG_MESSAGE_QUEUE_ENABLE_THRESHOLD"),
    LONG_MESSAGE_QUEUE_DISABLE_THRESHOLD("ELECTRIC_TELEMETRY_LONG_MESSAGE_QUEUE_DISABLE_THRESHOLD"),
    PROCESS_REGISTRY_PARTITIONS("ELECTRIC_TWEAKS_PROCESS_REGISTRY_PARTITIONS"),
    PROCESS_SPAWN_OPTS("ELECTRIC_PROCESS_SPAWN_OPTS"),
    CONSUMER_GC_HEAP_THRESHOLD("ELECTRIC_CONSUMER_GC_HEAP_THRESHOLD"),
    USAGE_REPORTING("ELECTRIC_USAGE_REPORTING"),
    TELEMETRY_URL("ELECTRIC_TELEMETRY_URL"),
    SHAPE_DB_ENABLE_STATS("ELECTRIC_SHAPE_DB_ENABLE_STATS"),
    SHAPE_DB_ENABLE_MEMORY_STATS("ELECTRIC_SHAPE_DB_ENABLE_MEMORY_STATS");

    enum Type {
        URL,
        BOOLEAN,
        INTEGER,
        FLOAT,
        DURATION,
        SIZE,
        TEXT,
        PATH,
        CHOICE,
        JSON,
        LIST;

        String label() {
            return this == URL ? "postgres URL" : this == JSON ? "JSON" : name().toLowerCase(Locale.ROOT);
        }
    }

    enum Effect {
        /** Some part of this server behaves differently. */
        USED,
        /** Must be valid, but nothing behaves differently yet. */
        CHECKED,
        /** Speaks of something this server does not have; any value is fine. */
        ACCEPTED
    }

    /** As the environment calls it. */
    final String key;

    final Type type;
    final String unset;
    final Effect effect;
    final String meaning;

    Variable(String key, Type type, String unset, Effect effect, String meaning) {
        this.key = key;
        this.type = type;
        this.unset = unset;
        this.effect = effect;
        this.meaning = meaning;
    }

    Variable(String key) {
        this(key, TEXT, "", ACCEPTED, "");
    }
}
