package electric.sync.serve;

import electric.sync.log.LogOffset;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers requests. Never blocks: an answer that has to be waited for comes later. */
public final class ShapeServer implements Shapes {
    /** What became of a request to delete. */
    public enum Deletion {
        DELETED,
        /** No such shape. */
        UNKNOWN,
        /** Both a definition and a handle were given, and they are not the same shape's. */
        MISMATCH
    }

    /** How long requests are held. */
    public record Patience(Duration longPoll, Duration snapshotStart, Duration snapshotChunk, Duration stream) {
        /** The limits the protocol names, around a configured long poll and the life of a stream. */
        public static Patience withLongPoll(Duration longPoll, Duration stream) {
            return new Patience(longPoll, Duration.ofSeconds(45), Duration.ofSeconds(60), stream);
        }

        /** How long to wait for the log to reach an offset beyond its end. */
        Duration outOfBounds() {
            return longPoll.dividedBy(2);
        }
    }

    final ShapeRegistry registry;
    final LongSupplier lastSeenLsn;
    final LongSupplier nanoTime;
    final Patience patience;
    final Subsets subsets;
    private final Consumer<Shape> starter;
    private final BiConsumer<Shape, String> retirer;
    private final ConcurrentHashMap<ScheduledExecutorService, Waiters> waiters = new ConcurrentHashMap<>();
    private volatile boolean draining;

    /**
     * @param lastSeenLsn the last transaction that has been applied to every shape
     * @param starter begins the snapshot of a new shape, without blocking
     * @param retirer ends a shape, for a reason
     */
    public ShapeServer(
            ShapeRegistry registry,
            LongSupplier lastSeenLsn,
            Consumer<Shape> starter,
            BiConsumer<Shape, String> retirer,
            Subsets subsets,
            Patience patience,
            LongSupplier nanoTime) {
        this.registry = registry;
        this.lastSeenLsn = lastSeenLsn;
        this.starter = starter;
        this.retirer = retirer;
        this.subsets = subsets;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    @Override
    public Runnable answer(
            ShapeRequest request, ScheduledExecutorService loop, Runnable begun, Consumer<Answer> reply) {
        Asked asked = new Asked(this, request, loop, begun, reply);
        asked.begin();
        return asked::abandon;
    }

    /** The shape of a definition; begun when it is new. */
    Shape claim(ShapeDefinition definition) {
        ShapeRegistry.Claim claim = registry.claim(definition);
        if (claim.isNew()) {
            starter.accept(claim.shape());
        }
        return claim.shape();
    }

    Waiters waiters(ScheduledExecutorService loop) {
        return waiters.computeIfAbsent(loop, l -> new Waiters(this, l));
    }

    boolean isDraining() {
        return draining;
    }

    /** Answers everybody who waits, as if their time were up, and lets nobody wait from now on. */
    public void drain() {
        draining = true;
        waiters.values().forEach(Waiters::drain);
    }

    @Override
    public boolean knows(String handle) {
        return registry.byHandle(handle) != null;
    }

    @Override
    public boolean has(ShapeDefinition definition) {
        return registry.find(definition) != null;
    }

    @Override
    public Deletion delete(@Nullable ShapeDefinition definition, @Nullable String handle) {
        Shape shape = definition != null
                ? registry.find(definition)
                : registry.byHandle(java.util.Objects.requireNonNull(handle, "neither definition nor handle"));
        if (shape == null) {
            return Deletion.UNKNOWN;
        }
        if (handle != null && !handle.equals(shape.handle())) {
            return Deletion.MISMATCH;
        }
        retirer.accept(shape, "it was deleted by request");
        return Deletion.DELETED;
    }

    static boolean isBeyond(LogOffset asked, LogOffset end) {
        return !asked.isVirtual() && asked.compareTo(end) > 0;
    }
}
