package electric.sync.shape;

import electric.sync.log.ShapeLog;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** One incarnation of a shape: a handle, a log, a state, and those who want to know when one of the latter two changes. */
public final class Shape {
    /** Told that a log has grown or that its shape is over; called on the thread that did it, so it must only pass it on. */
    public interface Watcher {
        void changed(Shape shape);
    }

    private static final Watcher[] NONE = {};

    private final String handle;
    private final ShapeDefinition definition;
    private final ShapeLog log;
    private final CompletableFuture<StartOutcome> started = new CompletableFuture<>();
    private volatile ShapeState state = new ShapeState.Starting();
    private volatile long lastUsedNanos;
    private volatile Watcher[] watchers = NONE;

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
    public synchronized void follow() {
        if (state instanceof ShapeState.Starting) {
            state = new ShapeState.Following();
            started.complete(new StartOutcome.Started());
        }
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
        watchers = Arrays.copyOf(watchers, watchers.length + 1);
        watchers[watchers.length - 1] = watcher;
    }

    public synchronized void unwatch(Watcher watcher) {
        watchers = Arrays.stream(watchers).filter(w -> w != watcher).toArray(Watcher[]::new);
    }

    @Override
    public String toString() {
        return handle;
    }
}
