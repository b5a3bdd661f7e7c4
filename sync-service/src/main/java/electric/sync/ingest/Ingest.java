package electric.sync.ingest;

import electric.sync.change.Change;
import electric.sync.change.Lsn;
import electric.sync.change.Relation;
import electric.sync.change.Table;
import electric.sync.change.WalMessage;
import electric.sync.log.LogStoreFull;
import electric.sync.pg.SnapshotIdentity;
import electric.sync.route.Affected;
import electric.sync.route.Router;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.Membership;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.StartOutcome;
import electric.sync.shape.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the stream to the logs of all shapes that follow it.
 *
 * <p>The replication thread calls {@link #message}; snapshot workers and whoever removes a shape come from other threads.
 * All of them change shapes only under one lock, held for a single message or step, so that making a shape waits for
 * nobody's queue and an idle stream needs no thread to be woken. Each change is applied as it arrives: a transaction of any
 * size needs no more memory than its entries. Readers see it whole, at its commit (I2).
 */
public final class Ingest implements ChangeSink {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    private record SharedFormat(EntryFormat format, int users) {}

    /** What else has to know. Called on the thread it happens on, so it must only pass it on. */
    public interface Listener {
        /** The stream begins, or has broken off. */
        void streaming(boolean runs);

        /** A table was described: what is remembered of it may be out of date, also in what the stream does not say. */
        void described(Relation relation);

        /** A table turned out to be a new part of followed ones, which it must be published like. */
        void partitionAppeared(List<Integer> parents);

        /** A change came without its old row: the table's replica identity is not what it has to be. */
        void identityLost(Relation relation);

        /** A shape is over. */
        void retired(Shape shape, Ending ending);

        /** Everything derived from the database is void. */
        void purged();
    }

    private final ShapeRegistry registry;
    private final IntFunction<List<Integer>> ancestors;
    private final Listener listener;
    private final Stages stages;

    private final ReentrantLock lock = new ReentrantLock();
    private final Router router = new Router();
    private final RecentTransactions recent = new RecentTransactions();
    private int following;

    /** Of shapes whose snapshots are still to be taken, what had been streamed when they were followed. */
    private final Map<ShapeWriter, Long> marks = new HashMap<>();

    /** While nobody writes, one snapshot after the other has the same. */
    private @Nullable SnapshotBoundary lastBoundary;

    /** Shapes with the same columns share one, so that an entry is encoded once however many take it. */
    private final Map<EntryFormat.Id, SharedFormat> formats = new HashMap<>();

    private final List<ShapeWriter> touched = new ArrayList<>();

    /** During a commit only. */
    private final List<Shape> grown = new ArrayList<>();

    private @Nullable Transaction transaction;
    private boolean replayed;
    private int nextOp;
    private volatile Lsn applied = Lsn.ZERO;
    private volatile long lastSeenLsn;

    /** @param ancestors the partition parents of a table, nearest first; asks the database */
    public Ingest(ShapeRegistry registry, IntFunction<List<Integer>> ancestors, Listener listener, Stages stages) {
        this.registry = registry;
        this.ancestors = ancestors;
        this.listener = listener;
        this.stages = stages;
    }

    /** Up to here, everything has been applied to every shape it concerns, and Postgres has no more. */
    public long lastSeenLsn() {
        return lastSeenLsn;
    }

    /** The last transaction that has been applied: in memory, that is as safe as it gets. */
    public Lsn applied() {
        return applied;
    }

    @Override
    public void started(Lsn confirmed) {
        lock.lock();
        try {
            applied = Lsn.max(applied, confirmed);
            lastSeenLsn = Lsn.max(applied, new Lsn(lastSeenLsn)).value();
        } finally {
            lock.unlock();
        }
        listener.streaming(true);
    }

    @Override
    public void message(WalMessage message) {
        switch (message) {
            case WalMessage.Begin begin -> begin(begin);
            case WalMessage.Changed changed -> {
                lock.lock();
                try {
                    change(changed.change());
                } finally {
                    lock.unlock();
                }
            }
            case WalMessage.Described description -> describe(description.relation());
            case WalMessage.Commit commit -> commit();
            case WalMessage.Ignored ignored -> {}
        }
    }

    private void begin(WalMessage.Begin begin) {
        lock.lock();
        try {
            if (transaction != null) {
                throw new IllegalStateException("a transaction began inside another");
            }
            transaction = new Transaction(begin.finalLsn(), begin.xid());
            nextOp = 0;
            // After a reconnect Postgres sends again what it has not been told is safe.
            replayed = Long.compareUnsigned(begin.finalLsn(), applied.value()) <= 0;
            if (!replayed) {
                recent.add(begin.xid());
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(Change change) {
        Transaction open = openTransaction();
        if (change instanceof Change.Truncate truncate) {
            for (Relation relation : truncate.relations()) {
                offer(open, nextOp(), truncate, relation);
            }
        } else {
            offer(open, nextOp(), change, relationOf(change));
        }
    }

    private static Relation relationOf(Change change) {
        return switch (change) {
            case Change.Insert insert -> insert.relation();
            case Change.Update update -> update.relation();
            case Change.Delete delete -> delete.relation();
            case Change.Truncate truncate -> throw new IllegalArgumentException("a truncate has many relations");
        };
    }

    private int nextOp() {
        int op = nextOp;
        // Two apart: an update that moves a row to another key takes the place in between as well.
        nextOp = Math.addExact(op, 2);
        return op;
    }

    private void offer(Transaction open, int op, Change change, Relation relation) {
        if (replayed) {
            return;
        }
        long from = stages.now();
        Affected affected = router.route(relation, change);
        stages.routed(from);
        from = stages.now();
        for (int i = 0; i < affected.size(); i++) {
            ShapeWriter writer = affected.writer(i);
            if (writer.joins(open)) {
                touched.add(writer);
            }
            String failure = affected.failure(i);
            Membership membership = failure == null
                    ? Membership.of(affected.oldIn(i), affected.newIn(i))
                    : new Membership.Unknown(failure);
            String over = apply(writer, open, op, change, membership);
            if (over != null) {
                if (change instanceof Change.Truncate) {
                    LOG.warn(
                            "Truncate operation encountered while processing txn {} for {}",
                            Integer.toUnsignedString(open.xid()),
                            writer.shape().handle());
                }
                if (change instanceof Change.Update update && update.old() == null) {
                    listener.identityLost(relation);
                }
                Ending ending = change instanceof Change.Truncate ? Ending.TRUNCATE : Ending.CHANGE;
                retire(writer.shape(), ending, over, new StartOutcome.Gone());
            }
        }
        stages.appended(from);
    }

    private static @Nullable String apply(
            ShapeWriter writer, Transaction open, int op, Change change, Membership membership) {
        return harmless(writer, () -> writer.change(open, op, change, membership));
    }

    /** Runs a step of one shape. What goes wrong in it is the end of that shape and of nothing else (I9). */
    private static @Nullable String harmless(ShapeWriter writer, Supplier<@Nullable String> step) {
        try {
            return step.get();
        } catch (LogStoreFull full) {
            LOG.warn("{}; removing shape {}", full.getMessage(), writer.shape().handle());
            return full.getMessage();
        } catch (RuntimeException broken) {
            LOG.error("Shape {} failed to take a change", writer.shape().handle(), broken);
            return "it failed to take a change";
        }
    }

    private void commit() {
        long from = System.nanoTime();
        lock.lock();
        try {
            Transaction done = openTransaction();
            for (ShapeWriter writer : touched) {
                if (!writer.shape().isRetired()) {
                    String over = harmless(writer, () -> {
                        if (writer.commit(done)) {
                            grown.add(writer.shape());
                        }
                        return null;
                    });
                    if (over != null) {
                        retire(writer.shape(), Ending.CHANGE, over, new StartOutcome.Gone());
                    }
                }
            }
            touched.clear();
            transaction = null;
            if (!replayed) {
                applied = new Lsn(done.lsn());
                lastSeenLsn = done.lsn();
            }
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < grown.size(); i++) {
            grown.get(i).announce();
        }
        stages.published(from, grown.size());
        grown.clear();
    }

    private Transaction openTransaction() {
        if (transaction == null) {
            throw new IllegalStateException("a change or commit outside a transaction");
        }
        return transaction;
    }

    /** Clients of a quiet shape hear from here that nothing happened, however busy the database is elsewhere. */
    @Override
    public void quiet(Lsn position) {
        if (Long.compareUnsigned(position.value(), lastSeenLsn) > 0) {
            lastSeenLsn = position.value();
        }
    }

    @Override
    public void interrupted() {
        listener.streaming(false);
        lock.lock();
        try {
            if (transaction != null) {
                for (ShapeWriter writer : touched) {
                    if (!writer.shape().isRetired()) {
                        writer.interrupted(transaction);
                    }
                }
                touched.clear();
                transaction = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void describe(Relation relation) {
        LOG.info("Received relation {}", relation.name().quoted());
        listener.described(relation);
        // Asks the database, so not under the lock. Failing here fails the stream, which is then read again from
        // before.
        boolean placed = followsPartitions();
        List<Integer> parents = placed ? ancestors.apply(relation.oid()) : List.of();
        boolean joined;
        lock.lock();
        try {
            joined = placed && router.place(relation.oid(), parents);
            for (ShapeWriter writer : router.followers(relation.oid())) {
                String misfit = writer.described(relation);
                if (misfit != null) {
                    LOG.warn(
                            "Schema for the table {} changed - terminating shape {}: {}",
                            relation.name().quoted(),
                            writer.shape().handle(),
                            misfit);
                    retire(writer.shape(), Ending.SCHEMA, misfit, new StartOutcome.Gone());
                }
            }
        } finally {
            lock.unlock();
        }
        if (joined) {
            listener.partitionAppeared(parents);
        }
    }

    private boolean followsPartitions() {
        lock.lock();
        try {
            return router.followsPartitions();
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on the shape gets every change of its table. Must come before its snapshot is taken; a second time changes
     * nothing.
     *
     * @return {@code null} when the shape is over
     */
    @Nullable
    ShapeWriter follow(Shape shape, Table table) {
        lock.lock();
        try {
            if (shape.isRetired()) {
                return null;
            }
            ShapeWriter already = shape.writer();
            if (already != null) {
                return already;
            }
            EntryFormat.Id id = EntryFormat.Id.of(table, shape.definition());
            SharedFormat shared = formats.get(id);
            EntryFormat format = shared == null ? new EntryFormat(table, shape.definition()) : shared.format;
            formats.put(id, new SharedFormat(format, shared == null ? 1 : shared.users + 1));
            ShapeWriter writer = new ShapeWriter(shape, format);
            if (transaction != null) {
                // Its first changes went by: it is for the snapshot to show all of them.
                writer.ignore(transaction);
            }
            shape.writeBy(writer);
            following++;
            marks.put(writer, recent.mark());
            router.follow(writer, table, shape.definition().filter());
            return writer;
        } finally {
            lock.unlock();
        }
    }

    /** Says which tables are below a followed one: some may have come since it was looked up. */
    void followPartitions(ShapeWriter writer, List<Integer> partitions) {
        lock.lock();
        try {
            if (writer.shape().writer() == writer) {
                router.follow(writer, partitions);
            }
        } finally {
            lock.unlock();
        }
    }

    private void unfollow(ShapeWriter writer) {
        Shape shape = writer.shape();
        Table table = writer.format().table();
        shape.writeBy(null);
        following--;
        marks.remove(writer);
        router.unfollow(writer, table, shape.definition().filter());
        formats.computeIfPresent(
                EntryFormat.Id.of(table, shape.definition()),
                (id, shared) -> shared.users == 1 ? null : new SharedFormat(shared.format, shared.users - 1));
    }

    /** What became of a snapshot that was taken for a shape. */
    enum Taken {
        /** It joins the stream without gap or overlap. */
        FITS,
        /** It misses a transaction that went by before the shape was followed: take another. */
        TOO_EARLY,
        /** The shape is over. */
        GONE
    }

    Taken snapshotTaken(ShapeWriter writer, SnapshotBoundary boundary) {
        String over;
        lock.lock();
        try {
            Long mark = marks.get(writer);
            if (mark == null) {
                return Taken.GONE;
            }
            if (recent.anyMissedBy(boundary, mark)) {
                return Taken.TOO_EARLY;
            }
            marks.remove(writer);
            SnapshotBoundary last = lastBoundary;
            SnapshotBoundary shared = last != null && last.equals(boundary) ? last : boundary;
            lastBoundary = shared;
            over = harmless(writer, () -> writer.snapshotTaken(shared));
            if (over != null) {
                retire(writer.shape(), Ending.CHANGE, over, new StartOutcome.Gone());
            }
        } finally {
            lock.unlock();
        }
        writer.shape().announce();
        return over == null ? Taken.FITS : Taken.GONE;
    }

    /**
     * To be asked before a snapshot is taken. What comes back tells of the snapshot whether it sees every transaction that
     * had been streamed by then: one that has may not be visible yet.
     */
    public Predicate<SnapshotIdentity> allStreamed() {
        long mark;
        lock.lock();
        try {
            mark = recent.mark();
        } finally {
            lock.unlock();
        }
        return snapshot -> {
            lock.lock();
            try {
                return !recent.anyMissedBy(SnapshotBoundary.of(snapshot), mark);
            } finally {
                lock.unlock();
            }
        };
    }

    /** Ends a shape: its handle is over, those who wait hear of it, its memory is given back. */
    public void retire(Shape shape, Ending ending, String reason, StartOutcome outcome) {
        lock.lock();
        try {
            if (!registry.retire(shape, reason, outcome)) {
                return;
            }
            ShapeWriter writer = shape.writer();
            if (writer != null) {
                unfollow(writer);
            }
            shape.log().free();
        } finally {
            lock.unlock();
        }
        LOG.atInfo()
                .addKeyValue("shape_handle", shape.handle())
                .log("Removing shape \"{}\": {}", shape.handle(), reason);
        listener.retired(shape, ending);
    }

    /** The tables that shapes follow. */
    Set<Integer> followedTables() {
        lock.lock();
        try {
            return router.tables();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says what a table is by now: shapes that followed another end, by the same rule as when the stream describes it.
     *
     * @param now empty when the table is gone
     */
    void tableIs(int oid, Optional<Table> now) {
        List<ShapeWriter> followers;
        lock.lock();
        try {
            followers = router.followersOf(oid);
        } finally {
            lock.unlock();
        }
        for (ShapeWriter writer : followers) {
            Shape shape = writer.shape();
            Table before = writer.format().table();
            if (now.isPresent() && now.get().equals(before)) {
                continue;
            }
            String misfit =
                    now.isEmpty() ? "its table was dropped" : shape.definition().misfit(before, now.get());
            if (misfit != null) {
                retire(shape, Ending.SCHEMA, misfit, new StartOutcome.Gone());
            }
        }
    }

    /** How many shapes the stream is written to. */
    public int following() {
        lock.lock();
        try {
            return following;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void purge() {
        LOG.info("Purging all shapes.");
        // Before the shapes go: who asks anew is to be told what the database is like now.
        listener.purged();
        for (Shape shape : List.copyOf(registry.all())) {
            retire(shape, Ending.PURGE, "all shapes were purged", new StartOutcome.Gone());
        }
        lock.lock();
        try {
            applied = Lsn.ZERO;
            lastSeenLsn = 0;
            recent.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Gives all memory back. Nobody may be reading or writing any more. */
    public void close() {
        lock.lock();
        try {
            for (Shape shape : registry.all()) {
                shape.log().free();
            }
        } finally {
            lock.unlock();
        }
    }
}
