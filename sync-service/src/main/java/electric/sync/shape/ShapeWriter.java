package electric.sync.shape;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.ShapeLog;
import electric.sync.where.Expr;
import electric.sync.where.Filter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the stream means to one shape: drops what its snapshot already holds, turns the rest into entries of its log.
 *
 * <p>Until it is known what the snapshot holds, changes are held back, up to {@value #HELD_LIMIT_BYTES} bytes of rows.
 * Used under the ingest lock. Methods that can find the shape to be over return the reason, and {@code null} when all is
 * well; the caller then retires it.
 */
public final class ShapeWriter {
    private static final long HELD_LIMIT_BYTES = 64 << 20;

    /** Until it is known what the snapshot holds. */
    private static final class Holding {
        final ArrayDeque<Held> changes = new ArrayDeque<>();
        long bytes;
    }

    /** A change, or the end of its transaction where {@code change} is absent. */
    private record Held(
            Transaction transaction, int op, @Nullable Change change, Membership membership) {}

    private final Shape shape;
    private final EntryFormat format;
    private @Nullable Holding held = new Holding();

    /** Nothing once everything that comes lies behind it. */
    private @Nullable SnapshotBoundary boundary;

    private @Nullable Transaction current;
    private boolean inSnapshot;
    private boolean appended;
    private @Nullable Transaction joined;
    private @Nullable Transaction ignored;

    /** The last description of each relation: the filter was held against it. */
    private Map<Integer, Relation> fitting = Map.of();

    public ShapeWriter(Shape shape, EntryFormat format) {
        this.shape = shape;
        this.format = format;
    }

    public Shape shape() {
        return shape;
    }

    public EntryFormat format() {
        return format;
    }

    /** Leaves out a transaction whose first changes went by before the shape was followed. */
    public void ignore(Transaction begun) {
        ignored = begun;
    }

    /** Whether this is the first time the shape meets a transaction: its commit must then be told to it. */
    public boolean joins(Transaction transaction) {
        boolean first = transaction != joined;
        joined = transaction;
        return first;
    }

    /** The table was described anew: does the shape still fit? */
    public @Nullable String described(Relation relation) {
        String misfit = format.bind(relation, shape.definition().allColumns());
        Filter filter = shape.definition().filter();
        if (misfit == null && filter != null && !format.boundWhole() && fitting.get(relation.oid()) != relation) {
            misfit = misfit(filter, relation);
            if (fitting.isEmpty()) {
                fitting = new HashMap<>(2);
            }
            fitting.put(relation.oid(), relation);
        }
        return misfit;
    }

    private @Nullable String misfit(Filter filter, Relation relation) {
        for (Expr.Column asked : filter.columns()) {
            Table.Column column = format.table().column(asked.name());
            if (column == null
                    || relation.columns().stream()
                            .noneMatch(there ->
                                    there.name().equals(column.name()) && there.typeOid() == column.typeOid())) {
                return "column " + asked.name() + ", which its filter asks for, is gone or has another type";
            }
        }
        return null;
    }

    /** Says what the snapshot holds, and applies what was held back. */
    public @Nullable String snapshotTaken(SnapshotBoundary taken) {
        boundary = taken;
        ArrayDeque<Held> changes = held == null ? new ArrayDeque<>() : held.changes;
        held = null;
        for (Held next = changes.poll(); next != null; next = changes.poll()) {
            if (next.change == null) {
                commit(next.transaction);
            } else {
                String over = change(next.transaction, next.op, next.change, next.membership);
                if (over != null) {
                    return over;
                }
            }
        }
        return null;
    }

    /** Takes a change of one of the shape's relations. */
    public @Nullable String change(Transaction transaction, int op, Change change, Membership membership) {
        if (transaction == ignored) {
            return null;
        }
        if (held != null) {
            return hold(held, transaction, op, change, membership);
        }
        if (transaction != current) {
            current = transaction;
            if (boundary != null && boundary.isBehind(transaction.lsn())) {
                boundary = null;
            }
            inSnapshot = boundary != null && boundary.sees(transaction.xid());
        }
        if (inSnapshot) {
            return null;
        }
        return switch (membership) {
            case Membership.Unknown unknown -> unknown.why();
            case Membership.Known known -> change(transaction, op, change, known.before(), known.after());
        };
    }

    private @Nullable String change(Transaction transaction, int op, Change change, boolean before, boolean after) {
        return switch (change) {
            case Change.Insert insert -> {
                String misfit = described(insert.relation());
                if (misfit == null && after) {
                    append(format.insert(transaction, op, insert.row()), transaction, op);
                }
                yield misfit;
            }
            case Change.Update update -> update(transaction, op, update, before, after);
            case Change.Delete delete -> {
                if (!delete.wholeRow()) {
                    yield withoutOldRow(delete.relation());
                }
                String misfit = described(delete.relation());
                if (misfit == null && before) {
                    append(format.delete(transaction, op, delete.old()), transaction, op);
                }
                yield misfit;
            }
            case Change.Truncate truncate -> "the table was truncated";
        };
    }

    private @Nullable String update(
            Transaction transaction, int op, Change.Update update, boolean before, boolean after) {
        Row old = update.old();
        if (old == null) {
            return withoutOldRow(update.relation());
        }
        String misfit = described(update.relation());
        if (misfit != null) {
            return misfit;
        }
        Row row = update.row();
        if (!before || !after) {
            if (before) {
                append(format.delete(transaction, op, old), transaction, op);
            } else if (after) {
                append(format.insert(transaction, op, row), transaction, op);
            }
        } else if (!format.sameKey(old, row)) {
            append(format.deleteMoved(transaction, op, old, row), transaction, op);
            append(format.insertMoved(transaction, op + 1, old, row), transaction, op + 1);
        } else if (!format.sameValues(old, row)) {
            append(format.update(transaction, op, old, row), transaction, op);
        }
        return null;
    }

    private static String withoutOldRow(Relation relation) {
        return "Received a change from PG for " + relation.name()
                + " that did not have old data included in the message. Try executing `ALTER TABLE "
                + relation.name().quoted() + " REPLICA IDENTITY FULL` on Postgres.";
    }

    private void append(EntryFormat.Encoded entry, Transaction transaction, int op) {
        ShapeLog log = shape.log();
        if (log.entryOpen()) {
            log.end(EntryFormat.CLOSING);
        }
        log.begin(transaction.lsn(), op, entry.bytes.array(), entry.bytes.length());
        appended = true;
    }

    private static @Nullable String hold(
            Holding held, Transaction transaction, int op, Change change, Membership membership) {
        held.bytes += 128 + sizeOf(change);
        if (held.bytes > HELD_LIMIT_BYTES) {
            held.changes.clear();
            return "more than " + (HELD_LIMIT_BYTES >> 20) + " MiB of changes arrived before its snapshot could begin";
        }
        held.changes.add(new Held(transaction, op, change, membership));
        return null;
    }

    private static long sizeOf(Change change) {
        return switch (change) {
            case Change.Insert insert -> insert.row().textBytes();
            case Change.Update update ->
                update.row().textBytes()
                        + (update.old() == null ? 0 : update.old().textBytes());
            case Change.Delete delete -> delete.old().textBytes();
            case Change.Truncate truncate -> 0;
        };
    }

    /**
     * The transaction is complete: its entries become visible.
     *
     * @return whether the log has grown
     */
    public boolean commit(Transaction transaction) {
        if (held != null) {
            held.changes.add(new Held(transaction, 0, null, Membership.NEITHER));
            return false;
        }
        if (!appended) {
            return false;
        }
        appended = false;
        shape.log().end(EntryFormat.CLOSING_LAST);
        shape.log().publish();
        return true;
    }

    /** The transaction will come again from its beginning. */
    public void interrupted(Transaction transaction) {
        if (held != null) {
            held.changes.removeIf(h -> h.transaction == transaction);
        }
        if (appended) {
            shape.log().discard();
            appended = false;
        }
        current = null;
    }
}
