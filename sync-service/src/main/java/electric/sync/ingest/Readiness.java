package electric.sync.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What must hold before a request can be served, who says so, and what is wrong while it does not hold. Each condition is
 * met and lost by the part of the service that owns it.
 */
public final class Readiness {
    /** In the order in which the first unmet one is named to clients. */
    public enum Condition {
        LOCK_HELD("Timeout waiting for Postgres lock acquisition"),
        REPLICATION_CONNECTION(
                "Timeout waiting for replication client to be ready",
                ". Check that you don't have pending transactions in the database. Electric has to wait for all pending"
                        + " transactions to commit or rollback before it can create the replication slot."),
        ADMIN_POOL("Timeout waiting for database connection pool (metadata) to be ready"),
        SNAPSHOT_POOL("Timeout waiting for database connection pool (snapshot) to be ready"),
        SHAPE_METADATA("Timeout waiting for shape metadata to be loaded"),
        LOG_PROCESSING("Timeout waiting for shape data to be loaded"),
        INTEGRITY("Timeout waiting for integrety checks"),
        /** Replication is really flowing: the stream was accepted. */
        STREAMING("Timeout waiting for stack restart");

        private final String message;
        private final String adviceWithoutError;

        Condition(String message) {
            this(message, "");
        }

        Condition(String message, String adviceWithoutError) {
            this.message = message;
            this.adviceWithoutError = adviceWithoutError;
        }

        String reason(@Nullable String error) {
            return error == null ? message + adviceWithoutError : message + ": " + error;
        }
    }

    public enum Status {
        /** Everything works. */
        ACTIVE,
        /** Another instance holds the lock, or the database has been unreachable since start. */
        WAITING,
        /** Neither of the two. */
        STARTING
    }

    /** How much of the service a request needs. */
    public enum Level {
        /** Existing shapes can be read. */
        READ_ONLY,
        /** New shapes can be made. */
        ACTIVE
    }

    private record Waiting(Level level, CompletableFuture<Void> done) {}

    private final Set<Condition> met = EnumSet.noneOf(Condition.class);
    private final Map<Condition, String> errors = new EnumMap<>(Condition.class);
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile Status status = Status.STARTING;

    /** Whether the logs of existing shapes can be read: also when the database has been lost after all was well. */
    private volatile boolean readable;

    public void met(Condition condition) {
        List<Waiting> released = new ArrayList<>();
        synchronized (this) {
            met.add(condition);
            errors.remove(condition);
            derive();
            waiting.removeIf(w -> w.done.isDone() || (satisfies(w.level) && released.add(w)));
        }
        released.forEach(w -> w.done.complete(null));
    }

    /** @param error what went wrong, fit for clients; {@code null} when nothing did */
    public synchronized void lost(Condition condition, @Nullable String error) {
        met.remove(condition);
        if (error == null) {
            errors.remove(condition);
        } else {
            errors.put(condition, error);
        }
        derive();
    }

    /** Reads one volatile field: safe to ask at any rate. */
    public Status status() {
        return status;
    }

    public boolean satisfies(Level level) {
        Status now = status;
        return now == Status.ACTIVE || (level == Level.READ_ONLY && (now == Status.WAITING || readable));
    }

    public synchronized boolean holds(Condition condition) {
        return met.contains(condition);
    }

    /** Completes when the level is reached; fails with a {@code TimeoutException} when it was not reached in time. */
    public CompletableFuture<Void> reach(Level level, Duration timeout) {
        if (satisfies(level)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (satisfies(level)) {
                return CompletableFuture.completedFuture(null);
            }
            waiting.removeIf(w -> w.done.isDone());
            waiting.add(new Waiting(level, done));
        }
        return done.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Names the first unmet condition, for a client that waited in vain. */
    public synchronized String reason() {
        for (Condition condition : Condition.values()) {
            if (!met.contains(condition)) {
                return condition.reason(errors.get(condition));
            }
        }
        return Condition.STREAMING.reason(null);
    }

    private void derive() {
        boolean shapesKnown = met.contains(Condition.SHAPE_METADATA);
        boolean processing = met.contains(Condition.LOG_PROCESSING);
        readable = shapesKnown && processing;
        if (met.size() == Condition.values().length) {
            status = Status.ACTIVE;
        } else if (!met.contains(Condition.LOCK_HELD) && shapesKnown && !processing) {
            // A server that was active and lost its database still processes logs: it is starting again, not waiting.
            status = Status.WAITING;
        } else {
            status = Status.STARTING;
        }
    }
}
