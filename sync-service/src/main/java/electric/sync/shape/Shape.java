package electric.sync.shape;

import electric.sync.log.ShapeLog;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One incarnation of a shape: a handle, a log, a state, and those who want to know when one of the latter two changes. */
public final class Shape {
    /** Told that a log has grown or that its shape is over; called on the thread that did it, so it must only pass it on. */
    public interface Watcher {
        void changed(Shape shape);
    }

    private static final Watcher[] NONE = {};
    private static final ShapeState STARTING = new ShapeState.Starting();
    private static final ShapeState FOLLOWING = new ShapeState.Following();

    /** The same for all: most shapes have begun, and keep nothing of how. */
    private static final CompletableFuture<StartOutcome> BEGUN =
            CompletableFuture.completedFuture(new StartOutcome.Started());

    private final String handle;
    private final ShapeDefinition definition;
    private final ShapeLog log;
    private volatile CompletableFuture<StartOutcome> started = new CompletableFuture<>();
    private volatile ShapeState state = STARTING;
    private volatile long lastUsedNanos;
    private volatile Watcher[] watchers = NONE;

    /** Under the ingest lock. */
    private @Nullable ShapeWriter writer;

    Shape(String handle, ShapeDefinition definition, ShapeLog log, long nowNanos) {
        this.handle = handle;
        this.definition = definition;
        this.log = log;
        this.lastUsedNanos = nowNanos;
    }

    public String handle() {
        return handle;
    }

    public ShapeDefinition definition() {
        return definition;
    }

    public ShapeLog log() {
        return log;
    }

    public ShapeState state() {
        return state;
    }

    public boolean isRetired() {
        return state instanceof ShapeState.Retired;
    }

    /** Completes, never exceptionally, when the snapshot has begun to return or has failed to. */
    public CompletableFuture<StartOutcome> started() {
        return started;
    }

    /** Lets waiting readers in. */
    public void follow() {
        CompletableFuture<StartOutcome> awaited;
        synchronized (this) {
            if (state != STARTING) {
                return;
            }
            state = FOLLOWING;
            awaited = started;
            started = BEGUN;
        }
        awaited.complete(BEGUN.join());
    }

    /** Ends the shape. What its log held is freed by whoever calls this, afterwards. */
    void retire(String reason, StartOutcome outcome) {
        synchronized (this) {
            if (isRetired()) {
                return;
            }
            state = new ShapeState.Retired(reason);
        }
        started.complete(outcome);
        announce();
    }

    /** Who writes to it, while the stream is followed for it. */
    public @Nullable ShapeWriter writer() {
        return writer;
    }

    public void writeBy(@Nullable ShapeWriter whoever) {
        writer = whoever;
    }

    public void used(long nowNanos) {
        lastUsedNanos = nowNanos;
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    /** Tells everybody who watches. */
    public void announce() {
        for (Watcher watcher : watchers) {
            watcher.changed(this);
        }
    }

    public synchronized void watch(Watcher watcher) {
        Watcher[] more = Arrays.copyOf(watchers, watchers.length + 1);
        more[more.length - 1] = watcher;
        // Whole before it is seen: nobody who announces takes the lock.
        watchers = more;
    }

    public synchronized void unwatch(Watcher watcher) {
        watchers = Arrays.stream(watchers).filter(w -> w != watcher).toArray(Watcher[]::new);
    }

    @Override
    public String toString() {
        return handle;
    }
}
