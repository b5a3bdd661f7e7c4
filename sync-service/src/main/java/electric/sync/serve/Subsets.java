package electric.sync.serve;

import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import electric.sync.log.LogStoreFull;
import electric.sync.log.SnapshotLog;
import electric.sync.pg.Retakes;
import electric.sync.pg.Selection;
import electric.sync.pg.SnapshotIdentity;
import electric.sync.pg.SnapshotQuery;
import electric.sync.pg.Snapshots;
import electric.sync.pg.TableProblem;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.SnapshotWriter;
import electric.sync.where.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads subsets of shapes from the database. A subset is read to its end before anything of it is told, so that what goes
 * wrong on the way can still be said; meanwhile its rows lie where the logs lie, within the same bound.
 *
 * <p>Threads: any; {@link #read} never blocks.
 */
public final class Subsets {
    private static final Logger LOG = LoggerFactory.getLogger(Subsets.class);

    private final Snapshots snapshots;
    private final Supplier<Predicate<SnapshotIdentity>> allStreamed;
    private final Consumer<Shape> misfit;
    private final LogStore store;
    private final Executor workers;

    /**
     * @param allStreamed asked before a snapshot is taken: whether that sees all that had been streamed by then
     * @param misfit ends a shape whose table turns out to be another than it was
     * @param workers where the database is waited for
     */
    public Subsets(
            Snapshots snapshots,
            Supplier<Predicate<SnapshotIdentity>> allStreamed,
            Consumer<Shape> misfit,
            LogStore store,
            Executor workers) {
        this.snapshots = snapshots;
        this.allStreamed = allStreamed;
        this.misfit = misfit;
        this.store = store;
        this.workers = workers;
    }

    /**
     * @param position what the client is told as its place in the log; must have been read before
     * @param reply called once, on a worker or at once
     */
    void read(Shape shape, Subset subset, LogOffset position, Consumer<Answer> reply) {
        read(shape, subset, position, reply, new Retakes());
    }

    private void read(Shape shape, Subset subset, LogOffset position, Consumer<Answer> reply, Retakes retakes) {
        try {
            workers.execute(() -> {
                Answer answer = answer(shape, subset, position);
                if (answer != null) {
                    reply.accept(answer);
                } else if (!retakes.again(() -> read(shape, subset, position, reply, retakes))) {
                    reply.accept(unavailable(Retakes.STALLED));
                }
            });
        } catch (RejectedExecutionException tooMany) {
            reply.accept(unavailable("Too many snapshots are waiting for a database connection"));
        }
    }

    /**
     * Returns {@code null} where the log is ahead of the snapshot: what has been streamed is visible a moment later, or
     * when its standby answers, and must not be missing from the rows of somebody who stands behind it.
     */
    private @Nullable Answer answer(Shape shape, Subset subset, LogOffset position) {
        Predicate<SnapshotIdentity> seesAll = allStreamed.get();
        SnapshotLog rows = store.newRows();
        boolean whole = false;
        try (SnapshotQuery query = snapshots.begin()) {
            if (!seesAll.test(query.identity())) {
                return null;
            }
            int mark = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
            EntryFormat format = new EntryFormat(subset.table(), shape.definition());
            SnapshotWriter writer = new SnapshotWriter(rows, format, mark);
            try {
                query.rows(selection(shape.definition(), subset, format), row -> writer.row(row, 0));
                writer.complete();
                whole = true;
            } finally {
                if (!whole) {
                    writer.fail();
                }
            }
            return new Answer.Subset(shape.handle(), position, query.identity(), mark, rows.whole());
        } catch (TableProblem problem) {
            return switch (problem.kind()) {
                case CONDITION -> new Answer.SubsetRefused(problem.message());
                case KNOWN, CONNECTION -> unavailable(problem.message());
                case SCHEMA_CHANGED -> {
                    // Whoever fetches again must not get the handle that is over for them.
                    misfit.accept(shape);
                    yield new Answer.MustRefetch(null);
                }
                case UNEXPECTED -> new Answer.Failed(problem.message());
            };
        } catch (LogStoreFull full) {
            return unavailable(String.valueOf(full.getMessage()));
        } catch (RuntimeException unexpected) {
            LOG.atError()
                    .addKeyValue("shape_handle", shape.handle())
                    .setCause(unexpected)
                    .log("A subset could not be read");
            return new Answer.Failed("The subset could not be read");
        } finally {
            if (!whole) {
                rows.free();
            }
        }
    }

    private static Answer unavailable(String message) {
        return new Answer.Unavailable(message, 10, true);
    }

    private static Selection selection(ShapeDefinition definition, Subset subset, EntryFormat format) {
        List<String> conditions = new ArrayList<>();
        Filter shapes = definition.filter();
        if (shapes != null) {
            conditions.add(shapes.sql());
        }
        if (subset.filter() != null) {
            conditions.add(subset.filter().sql());
        }
        return new Selection(
                definition.table(),
                format.snapshotColumns(),
                conditions,
                subset.order() == null ? "" : subset.order().sql(),
                subset.limit(),
                subset.offset());
    }
}
