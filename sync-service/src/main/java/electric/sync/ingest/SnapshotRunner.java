package electric.sync.ingest;

import electric.sync.change.Table;
import electric.sync.log.LogStoreFull;
import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.pg.Catalog;
import electric.sync.pg.DatabaseUnavailable;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings a new shape to life: its table is published, then it follows the stream, then its snapshot is taken and read. In
 * that order there is no moment whose changes are in neither (I3, PG-084).
 *
 * <p>Threads: {@link #start} never blocks; the steps run on the snapshot workers, of which there are as many as snapshot
 * connections. What goes wrong is the end of that one shape.
 */
public final class SnapshotRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRunner.class);
    private static final Duration READY_LIMIT = Duration.ofSeconds(5);
    private static final Duration RETAKE_PAUSE = Duration.ofMillis(50);
    private static final int RETAKES = 400;
    private static final StartOutcome RETRY =
            new StartOutcome.Unavailable("Failed to create shape, please retry", 1, false);

    private final Ingest ingest;
    private final Readiness readiness;
    private final Catalog catalog;
    private final BiFunction<Shape, Table, CompletableFuture<Void>> publish;
    private final Snapshots snapshots;
    private final Executor workers;
    private final LongSupplier nanoTime;
    private final Set<ShapeDefinition> brittle = Collections.synchronizedSet(Collections.newSetFromMap(new Oldest()));
    private final Counter taken;
    private final Counter failed;
    private final Counter rows;

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
            LongSupplier nanoTime,
            Meter meter) {
        this.ingest = ingest;
        this.readiness = readiness;
        this.catalog = catalog;
        this.publish = publish;
        this.snapshots = snapshots;
        this.workers = workers;
        this.nanoTime = nanoTime;
        this.taken = meter.counter(Metric.SNAPSHOTS_TAKEN);
        this.failed = meter.counter(Metric.SNAPSHOTS_FAILED);
        this.rows = meter.counter(Metric.SNAPSHOT_ROWS);
    }

    /** Everybody who waits for the shape hears how it went. */
    public void start(Shape shape) {
        CompletableFuture<Void> unused = readiness
                .reach(Readiness.Level.ACTIVE, READY_LIMIT)
                .thenComposeAsync(ready -> publish(shape), workers)
                .thenAcceptAsync(table -> take(shape, table, 0), workers)
                .exceptionally(failure -> {
                    fail(shape, failure instanceof CompletionException ? cause(failure) : failure);
                    return null;
                });
    }

    private static Throwable cause(Throwable wrapper) {
        return wrapper.getCause() == null ? wrapper : wrapper.getCause();
    }

    private CompletableFuture<Table> publish(Shape shape) {
        Table table = catalog.tableByOid(shape.definition().tableOid())
                .filter(now -> shape.definition().fits(now))
                .orElseThrow(() -> new CompletionException(new SchemaChanged()));
        return publish.apply(shape, table).thenApply(published -> table);
    }

    private void take(Shape shape, Table table, int attempt) {
        ShapeWriter writer = ingest.follow(shape, table);
        if (writer != null) {
            if (table.partitioned()) {
                ingest.followPartitions(writer, catalog.partitions(table.oid()));
            }
            take(writer, table, attempt);
        }
    }

    private void take(ShapeWriter writer, Table table, int attempt) {
        try (SnapshotQuery query = snapshots.begin()) {
            SnapshotBoundary boundary = SnapshotBoundary.of(query.identity());
            // Of a table that nobody follows no stream tells that it was altered, or is another one of the same name.
            if (!query.shows(table)) {
                throw new SchemaChanged();
            }
            switch (ingest.snapshotTaken(writer, boundary)) {
                case FITS -> read(writer, table, query, boundary);
                case TOO_EARLY -> again(writer, table, attempt);
                case GONE -> {}
            }
        } catch (TableProblem problem) {
            fail(writer.shape(), problem);
        } catch (RuntimeException unexpected) {
            fail(writer.shape(), unexpected);
        }
    }

    /** A transaction has been streamed but is not visible yet: it will be in a moment, or when its standby answers. */
    private void again(ShapeWriter writer, Table table, int attempt) {
        if (attempt == RETAKES) {
            String stalled = "A committed transaction has not become visible to snapshots for "
                    + RETAKE_PAUSE.multipliedBy(RETAKES).toSeconds()
                    + " s. Check whether it is waiting for a synchronous standby.";
            fail(writer.shape(), new StartOutcome.Unavailable(stalled, 10, true), stalled);
            return;
        }
        Executor later =
                CompletableFuture.delayedExecutor(RETAKE_PAUSE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {}, later)
                .thenRunAsync(() -> take(writer, table, attempt + 1), workers)
                .exceptionally(failure -> {
                    // The workers have no room: whoever waits must hear of it.
                    fail(writer.shape(), cause(failure));
                    return null;
                });
    }

    private void read(ShapeWriter writer, Table table, SnapshotQuery query, SnapshotBoundary boundary)
            throws TableProblem {
        Shape shape = writer.shape();
        SnapshotWriter snapshot = new SnapshotWriter(shape, writer.format(), boundary);
        // Where the filter has failed before, nobody is let in until it is known that it does not fail this time.
        boolean lettingIn = !brittle.contains(shape.definition());
        boolean whole = false;
        try {
            if (shape.definition().mode() == ShapeDefinition.LogMode.FULL) {
                Filter filter = shape.definition().filter();
                List<String> conditions = filter == null ? List.of() : List.of(filter.sql());
                query.rows(Selection.of(table.name(), writer.format().snapshotColumns(), conditions), row -> {
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
        rows.add(query.rowCount());
        LOG.debug("Snapshot of {} has {} rows", shape.handle(), query.rowCount());
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
