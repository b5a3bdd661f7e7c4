package electric.sync.serve;

import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import electric.sync.log.LogStoreFull;
import electric.sync.log.SnapshotLog;
import electric.sync.pg.Selection;
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
    private final LogStore store;
    private final Executor workers;

    /** @param workers where the database is waited for */
    public Subsets(Snapshots snapshots, LogStore store, Executor workers) {
        this.snapshots = snapshots;
        this.store = store;
        this.workers = workers;
    }

    /**
     * @param position what the client is told as its place in the log; must have been read before
     * @param reply called once, on a worker or at once
     */
    void read(Shape shape, Subset subset, LogOffset position, Consumer<Answer> reply) {
        try {
            workers.execute(() -> reply.accept(answer(shape, subset, position)));
        } catch (RejectedExecutionException tooMany) {
            reply.accept(unavailable("Too many snapshots are waiting for a database connection"));
        }
    }

    private Answer answer(Shape shape, Subset subset, LogOffset position) {
        SnapshotLog rows = store.newRows();
        boolean whole = false;
        try (SnapshotQuery query = snapshots.begin()) {
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
                case SCHEMA_CHANGED -> new Answer.MustRefetch(null);
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
