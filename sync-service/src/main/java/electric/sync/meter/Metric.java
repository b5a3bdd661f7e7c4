package electric.sync.meter;

import static electric.sync.meter.Metric.Kind.COUNTER;
import static electric.sync.meter.Metric.Kind.GAUGE;
import static electric.sync.meter.Metric.Kind.HISTOGRAM;

/** Everything this server measures: the one place for its name, as operators see it, and for what it says. */
public enum Metric {
    SHAPES("electric_shapes_total_shapes_count", GAUGE, "Shapes that exist."),
    ACTIVE_SHAPES("electric_shapes_active_shapes_count", GAUGE, "Shapes with a writer in memory."),
    SHAPES_RETIRED("electric_shapes_retired_total", COUNTER, "reason", "Shapes that ended, by the kind of reason."),

    SNAPSHOTS_TAKEN("electric_snapshots_taken_total", COUNTER, "Initial snapshots that were read to their end."),
    SNAPSHOTS_FAILED("electric_snapshots_failed_total", COUNTER, "Shapes that ended because their snapshot failed."),
    SNAPSHOT_ROWS("electric_snapshots_rows_total", COUNTER, "Rows of the initial snapshots that were read."),

    TRANSACTIONS(
            "electric_postgres_replication_transaction_received_count",
            COUNTER,
            "Transactions received from Postgres and applied."),
    TRANSACTION_OPERATIONS(
            "electric_postgres_replication_transaction_received_operations", COUNTER, "Changes in those transactions."),
    TRANSACTION_BYTES(
            "electric_postgres_replication_transaction_received_bytes",
            COUNTER,
            "Bytes of row data in those transactions."),
    RECEIVE_LAG(
            "electric_postgres_replication_transaction_received_receive_lag",
            HISTOGRAM,
            "Milliseconds from the commit of a transaction until it was applied here, by the two clocks; never negative."),
    RETAINED_WAL(
            "electric_postgres_replication_slot_retained_wal_size",
            GAUGE,
            "Bytes of its log that Postgres keeps for our slot; NaN while not known."),
    CONFIRMED_FLUSH_LAG(
            "electric_postgres_replication_slot_confirmed_flush_lsn_lag",
            GAUGE,
            "Bytes of its log that Postgres has written and we have not confirmed; NaN while not known."),

    STAGES(
            "electric_stage_seconds_total",
            COUNTER,
            "stage",
            "Seconds that a stage of the work took: decode, route, append, publish of the stream, by a sample of its"
                    + " changes; snapshot_wait and snapshot_read of new shapes; compress."),
    THREADS_CPU(
            "electric_threads_cpu_seconds_total",
            COUNTER,
            "threads",
            "Processor time of threads: replication follows the stream, http serves clients."),

    STORAGE_USED("electric_storage_used_bytes", GAUGE, "Memory outside the heap that the logs of all shapes take."),
    STORAGE_LIMIT("electric_storage_limit_bytes", GAUGE, "Memory that the logs of all shapes may take."),

    COMPRESSED(
            "electric_compression_answers_total",
            COUNTER,
            "outcome",
            "Answers wanted in compressed form, by whether it had to be made, was found already made, or was refused"
                    + " and sent as they are for want of memory or workers."),
    COMPRESSED_USED("electric_compression_used_bytes", GAUGE, "Memory outside the heap that compressed bytes take."),
    COMPRESSED_LIMIT("electric_compression_limit_bytes", GAUGE, "Memory that compressed bytes may take."),

    REQUESTS(
            "electric_plug_serve_shape_requests_count",
            COUNTER,
            "status",
            "Answers to requests for shapes, by status."),
    FILTERS_ASKED_FOR(
            "electric_filters_asked_for_total",
            COUNTER,
            "remembered",
            "Filters that queries brought, but for those just read, by whether their text was remembered."),
    FILTERS_REMEMBERED("electric_filters_remembered_count", GAUGE, "Filters whose text is remembered."),
    FILTERS_FORGOTTEN(
            "electric_filters_forgotten_total", COUNTER, "Filters that were forgotten to make room for others."),
    CONNECTIONS("electric_http_connections_count", GAUGE, "Open connections of clients."),
    CONNECTIONS_LIMIT("electric_http_connections_limit", GAUGE, "Connections of clients that may be open."),
    CONNECTIONS_REFUSED(
            "electric_http_connections_refused_total",
            COUNTER,
            "Connections of clients turned away because too many were open."),
    QUEUED(
            "electric_http_queued_bytes",
            GAUGE,
            "Bytes of answers that wait until slow clients have taken what was sent before."),
    ADMITTED(
            "electric_admission_control_acquire_current",
            GAUGE,
            "kind",
            "Requests for shapes under way, by whether the shape may have to be made or exists."),
    REJECTED(
            "electric_admission_control_reject_count",
            COUNTER,
            "kind",
            "Requests for shapes turned away because too many were under way."),

    LOG_LINES_DROPPED(
            "electric_log_lines_dropped_total", COUNTER, "Log lines that came faster than they could be written."),

    CPU_CORES("system_cpu_core_count", GAUGE, "Processors this process may use."),
    CPU_UTILIZATION(
            "system_cpu_utilization_total",
            GAUGE,
            "Percent of the machine's processor time in use since this was last asked."),
    /** The number of the core is the end of the name. */
    CPU_UTILIZATION_OF_CORE(
            "system_cpu_utilization_core_", GAUGE, "Percent of one core's time in use since this was last asked."),
    LOAD_1("system_load_percent_avg1", GAUGE, "Load of the last minute, in percent of the processors."),
    LOAD_5("system_load_percent_avg5", GAUGE, "Load of the last five minutes, in percent of the processors."),
    LOAD_15("system_load_percent_avg15", GAUGE, "Load of the last fifteen minutes, in percent of the processors."),
    FREE_MEMORY("system_memory_percent_free_memory", GAUGE, "Percent of the machine's memory that nobody uses."),
    AVAILABLE_MEMORY(
            "system_memory_percent_available_memory", GAUGE, "Percent of the machine's memory that could be had."),
    USED_MEMORY("system_memory_percent_used_memory", GAUGE, "Percent of the machine's memory that could not be had."),
    VM_MEMORY("vm_memory_total", GAUGE, "Bytes used by heap, code, classes and the JVM's own buffers."),
    GC_RUNS("vm_garbage_collection_total_runs", COUNTER, "Garbage collections."),
    GC_RECLAIMED("vm_garbage_collection_total_bytes_reclaimed", COUNTER, "Bytes that garbage collections freed."),
    UPTIME("vm_uptime_total", GAUGE, "Seconds since this process started."),
    THREADS("vm_system_counts_process_count", GAUGE, "Live threads.");

    enum Kind {
        /** Only grows. */
        COUNTER,
        /** What is, now. */
        GAUGE,
        /** How values are distributed. */
        HISTOGRAM
    }

    final String key;
    final Kind kind;

    /** What distinguishes the series of this name; empty for a single one. */
    final String label;

    final String sentence;

    Metric(String key, Kind kind, String sentence) {
        this(key, kind, "", sentence);
    }

    Metric(String key, Kind kind, String label, String sentence) {
        this.key = key;
        this.kind = kind;
        this.label = label;
        this.sentence = sentence;
    }
}
