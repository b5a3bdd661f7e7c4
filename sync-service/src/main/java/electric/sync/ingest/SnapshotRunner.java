package electric.sync.ingest;

import electric.sync.change.Table;
import electric.sync.log.LogStoreFull;
import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.pg.Catalog;
import electric.sync.pg.DatabaseUnavailable;
import electric.sync.pg.Retakes;
import electric.sync.pg.Selection;
import electric.sync.pg.SnapshotQuery;
import electric.sync.pg.Snapshots;
import electric.sync.pg.TableProblem;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.SnapshotWriter;
import electric.sync.shape.StartOutcome;
import electric.sync.where.Filter;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings a new shape to life: its table is published, then it follows the stream, then its snapshot is taken and read. In
 * that order there is no moment whose changes are in neither (I3, PG-084).
 *
 * <p>Threads: {@link #start} never blocks; the steps run on the snapshot workers, of which there are as many as snapshot
 * connections. Under pressure shapes share transactions ({@link Turns}). What goes wrong is the end of that one shape.
 */
public final class SnapshotRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRunner.class);
    private static final Duration READY_LIMIT = Duration.ofSeconds(5);

    /** Shapes that may wait for their snapshots; beyond it new ones are told to come again. */
    private static final int MOST_WAITING = 10_000;

    private static final StartOutcome RETRY =
            new StartOutcome.Unavailable("Failed to create shape, please retry", 1, false);

    private final Ingest ingest;
    private final Readiness readiness;
    private final Catalog catalog;
    private final BiFunction<Shape, Table, CompletableFuture<Void>> publish;
    private final Snapshots snapshots;
    private final Executor workers;
    private final LongSupplier nanoTime;
    private final Turns<Start> turns;
    private final Set<ShapeDefinition> brittle = Collections.synchronizedSet(Collections.newSetFromMap(new Oldest()));
    private final Counter taken;
    private final Counter failed;
    private final Counter rows;
    private final Counter waiting;
    private final Counter reading;

    /**
     * So many transactions at once are enough to keep both sides at work while all of them are short.
     */
    private static final int ABREAST = 2;

    private static final Duration PATIENCE = Duration.ofMillis(20);

    /** A shape whose table is published. */
    private record Start(Shape shape, Table table, Retakes retakes, long askedNanos) {}

    /**
     * @param publish makes sure that a table's changes arrive on the stream; completes when they will
     */
    public SnapshotRunner(
            Ingest ingest,
            Readiness readiness,
            Catalog catalog,
            BiFunction<Shape, Table, CompletableFuture<Void>> publish,
            Snapshots snapshots,
            Executor workers,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            Meter meter) {
        this.ingest = ingest;
        this.readiness = readiness;
        this.catalog = catalog;
        this.publish = publish;
        this.snapshots = snapshots;
        this.workers = workers;
        this.nanoTime = nanoTime;
        this.turns = new Turns<>(ABREAST, MOST_WAITING, PATIENCE, workers, timer, this::take);
        this.taken = meter.counter(Metric.SNAPSHOTS_TAKEN);
        this.failed = meter.counter(Metric.SNAPSHOTS_FAILED);
        this.rows = meter.counter(Metric.SNAPSHOT_ROWS);
        this.waiting = meter.seconds(Metric.STAGES, "snapshot_wait");
        this.reading = meter.seconds(Metric.STAGES, "snapshot_read");
    }

    /** Everybody who waits for the shape hears how it went. */
    public void start(Shape shape) {
        long now = nanoTime.getAsLong();
        CompletableFuture<Void> ready = readiness.reach(Readiness.Level.ACTIVE, READY_LIMIT);
        Table known = catalog.remembered(shape.definition().tableOid());
        CompletableFuture<Table> published = known != null && ready.isDone()
                ? publish(shape, Optional.of(known))
                : ready.thenComposeAsync(
                        active -> publish(
                                shape, catalog.tableByOid(shape.definition().tableOid())),
                        workers);
        CompletableFuture<Void> unused = published
                .thenAccept(table -> enqueue(new Start(shape, table, new Retakes(), now)))
                .exceptionally(failure -> {
                    fail(shape, failure instanceof CompletionException ? cause(failure) : failure);
                    return null;
                });
    }

    private static Throwable cause(Throwable wrapper) {
        return wrapper.getCause() == null ? wrapper : wrapper.getCause();
    }

    private CompletableFuture<Table> publish(Shape shape, Optional<Table> now) {
        return now.filter(table -> shape.definition().fits(table))
                .map(table -> publish.apply(shape, table).thenApply(published -> table))
                .orElseGet(() -> CompletableFuture.failedFuture(new SchemaChanged()));
    }

    /** Serves shapes in one transaction until something goes wrong: who is left then gets another. */
    private void take(Turns<Start>.Turn turn) {
        Map<Shape, ShapeWriter> writers = follow(turn);
        Start start = turn.next(any -> true);
        if (start == null) {
            return;
        }
        SnapshotQuery begun;
        try {
            begun = snapshots.begin();
        } catch (TableProblem | RuntimeException failure) {
            for (; start != null; start = turn.next(any -> true)) {
                fail(start.shape, failure);
            }
            return;
        }
        try (SnapshotQuery query = begun) {
            SnapshotBoundary boundary = SnapshotBoundary.of(query.identity());
            Table shown = null;
            while (start != null && take(start, writers.get(start.shape), query, boundary, start.table == shown)) {
                Table same = start.table;
                shown = same;
                start = turn.next(other -> other.table == same);
            }
        }
    }

    /** From now on they get every change, before the snapshot is taken. */
    private Map<Shape, ShapeWriter> follow(Turns<Start>.Turn turn) {
        Map<Shape, ShapeWriter> writers = new HashMap<>();
        each(turn, start -> {
            ShapeWriter writer = ingest.follow(start.shape, start.table);
            if (writer == null) {
                turn.remove(start);
            } else {
                writers.put(start.shape, writer);
            }
        });
        // Behind all that follow: what appears from now on, the stream tells.
        Map<Integer, List<Integer>> partitions = new HashMap<>();
        each(turn, start -> {
            ShapeWriter writer = writers.get(start.shape);
            if (writer != null && start.table.partitioned()) {
                ingest.followPartitions(writer, partitions.computeIfAbsent(start.table.oid(), catalog::partitions));
            }
        });
        return writers;
    }

    private void each(Turns<Start>.Turn turn, Consumer<Start> step) {
        for (Start start : turn.rest()) {
            try {
                step.accept(start);
            } catch (RuntimeException failure) {
                if (turn.remove(start)) {
                    fail(start.shape, failure);
                }
            }
        }
    }

    /** @return whether the transaction can go on */
    private boolean take(
            Start start, @Nullable ShapeWriter writer, SnapshotQuery query, SnapshotBoundary boundary, boolean shown) {
        try {
            // Of a table that nobody follows no stream tells that it was altered, or is another one of the same name.
            if (!shown && !query.shows(start.table)) {
                throw new SchemaChanged();
            }
            if (writer != null) {
                switch (ingest.snapshotTaken(writer, boundary)) {
                    case FITS -> read(start, writer, query, boundary);
                    case TOO_EARLY -> again(start);
                    case GONE -> {}
                }
            }
            return true;
        } catch (TableProblem | RuntimeException failure) {
            fail(start.shape, failure);
            return false;
        }
    }

    /** A transaction has been streamed but is not visible yet. */
    private void again(Start start) {
        if (!start.retakes.again(() -> enqueue(start))) {
            fail(start.shape, new StartOutcome.Unavailable(Retakes.STALLED, 10, true), Retakes.STALLED);
        }
    }

    private void enqueue(Start start) {
        try {
            turns.add(start);
        } catch (RejectedExecutionException tooMany) {
            fail(start.shape, tooMany);
        }
    }

    private void read(Start start, ShapeWriter writer, SnapshotQuery query, SnapshotBoundary boundary)
            throws TableProblem {
        Shape shape = start.shape;
        long from = nanoTime.getAsLong();
        SnapshotTaken event = new SnapshotTaken();
        event.begin();
        SnapshotWriter snapshot = new SnapshotWriter(shape, writer.format(), boundary);
        // Where the filter has failed before, nobody is let in until it is known that it does not fail this time.
        boolean lettingIn = !brittle.contains(shape.definition());
        boolean whole = false;
        long count = 0;
        try {
            if (shape.definition().mode() == ShapeDefinition.LogMode.FULL) {
                Filter filter = shape.definition().filter();
                List<String> conditions = filter == null ? List.of() : List.of(filter.sql());
                count = query.rows(
                        Selection.of(start.table.name(), writer.format().snapshotColumns(), conditions), row -> {
                            snapshot.row(row, nanoTime.getAsLong());
                            if (lettingIn) {
                                shape.follow();
                            }
                        });
            }
            snapshot.complete();
            whole = true;
        } catch (TableProblem | RuntimeException failure) {
            // Before its readers are broken off: one who comes again at once must not find the same.
            fail(shape, failure);
            throw failure;
        } finally {
            if (!whole) {
                snapshot.fail();
            }
        }
        brittle.remove(shape.definition());
        shape.follow();
        taken.increment();
        rows.add(count);
        waiting.add(from - start.askedNanos);
        reading.add(nanoTime.getAsLong() - from);
        if (event.shouldCommit()) {
            event.shape = shape.handle();
            event.table = start.table.name().toString();
            event.rows = count;
            event.waiting = from - start.askedNanos;
            event.commit();
        }
        LOG.debug("Snapshot of {} has {} rows", shape.handle(), count);
    }

    private void fail(Shape shape, Throwable failure) {
        fail(shape, outcomeOf(shape, failure), String.valueOf(failure.getMessage()));
    }

    private void fail(Shape shape, StartOutcome outcome, String detail) {
        if (shape.isRetired()) {
            return;
        }
        if (outcome instanceof StartOutcome.Gone || outcome instanceof StartOutcome.Refused) {
            // Who asks again is to be told what there is, not what was remembered.
            catalog.forget(shape.definition().tableOid());
            catalog.forget(shape.definition().table());
        }
        switch (outcome) {
            case StartOutcome.Started started -> throw new IllegalStateException("a failure is no start");
            case StartOutcome.Unavailable unavailable ->
                log(shape, Level.WARN).log("Failed to create snapshot for shape: {}", unavailable.message());
            case StartOutcome.Gone gone ->
                log(shape, Level.WARN).log("Schema changed while creating snapshot for shape: {}", detail);
            case StartOutcome.Refused refused -> {
                brittle.add(shape.definition());
                // What Postgres says of it may quote a row.
                log(shape, Level.INFO).log("The filter of a shape cannot be calculated for the rows of its table");
            }
            case StartOutcome.Failed failed ->
                log(shape, Level.ERROR).log("Failed to create snapshot for shape: {}", failed.message());
        }
        failed.increment();
        ingest.retire(shape, Ending.SNAPSHOT, "its snapshot failed", outcome);
    }

    private StartOutcome outcomeOf(Shape shape, Throwable failure) {
        return switch (failure) {
            case TimeoutException notReady -> new StartOutcome.Unavailable(readiness.reason(), 5, false);
            case TableProblem problem ->
                switch (problem.kind()) {
                    case KNOWN, CONNECTION ->
                        new StartOutcome.Unavailable(String.valueOf(problem.getMessage()), 10, true);
                    case CONDITION -> new StartOutcome.Refused(problem.message());
                    case SCHEMA_CHANGED -> new StartOutcome.Gone();
                    case UNEXPECTED -> new StartOutcome.Failed(String.valueOf(problem.getMessage()));
                };
            case SchemaChanged changed -> new StartOutcome.Gone();
            case DatabaseUnavailable unavailable ->
                new StartOutcome.Unavailable("Database connection not available", 10, true);
            case LogStoreFull full -> new StartOutcome.Unavailable(String.valueOf(full.getMessage()), 10, true);
            case RejectedExecutionException tooMany -> RETRY;
            default -> {
                if (!shape.isRetired()) {
                    log(shape, Level.ERROR).setCause(failure).log("Unexpected failure while creating a shape");
                }
                yield RETRY;
            }
        };
    }

    private static LoggingEventBuilder log(Shape shape, Level level) {
        return LOG.atLevel(level).addKeyValue("shape_handle", shape.handle());
    }

    /** Of definitions whose filters failed, the last few: forgetting one costs whoever asks a second request. */
    private static final class Oldest extends LinkedHashMap<ShapeDefinition, Boolean> {
        private static final long serialVersionUID = 1L;

        private static final int MOST = 1_000;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ShapeDefinition, Boolean> eldest) {
            return size() > MOST;
        }
    }

    /** The table is not what it was when the request was checked. */
    private static final class SchemaChanged extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SchemaChanged() {
            super("the table is not what it was when the request was checked");
        }
    }
}
