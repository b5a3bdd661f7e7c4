package electric.sync.serve;

import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.log.LogTail;
import electric.sync.log.ShapeLog;
import electric.sync.log.SnapshotLog;
import electric.sync.shape.Shape;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A shape as it goes on, for one reader: run after run of items, and after each that reached the end of the log as it was
 * then, that it did. What has come since is the next batch: a reader who is slower than the writers would otherwise never
 * hear of an end. A stream whose time is up finishes its batch, because a client throws away items after which it was not
 * told that it is up to date, and begins no other; begun in a snapshot that is still being written, it goes to the end of that.
 *
 * <p>Lives on one event loop; must be closed.
 */
public final class ItemStream extends Waiters.Waiting {
    /** What comes next. */
    public sealed interface Next {
        /** Items, to be read to their end and closed before the next question. */
        record Items(ByteSource items) implements Next {}

        /** Everything has been handed out; the next request may begin behind this transaction. */
        record UpToDate(long lsn) implements Next {}

        /** Nothing now; the reader will be woken. */
        record Nothing() implements Next {}

        /** Nothing any more. */
        record Over() implements Next {}
    }

    private final ShapeServer server;
    private final Shape shape;
    private final ScheduledExecutorService loop;
    private final boolean silent;
    private final Future<?> timer;
    private LogOffset position;
    private boolean owesUpToDate;
    private boolean atEnd;
    private boolean hasToldABatch;
    private boolean timeIsUp;
    private boolean closed;
    private Runnable wake = () -> {};
    private @Nullable Runnable snapshotWake;

    /** @param silent whether it only waits for its time to be up, because the reader stands where the log is not yet */
    ItemStream(
            ShapeServer server,
            Shape shape,
            LogOffset from,
            boolean silent,
            Duration lifetime,
            ScheduledExecutorService loop) {
        this.server = server;
        this.shape = shape;
        this.position = from;
        this.silent = silent;
        this.loop = loop;
        this.timer = loop.schedule(this::timeIsUp, lifetime.toNanos(), TimeUnit.NANOSECONDS);
        // Watched from here on: whatever is added after the first question wakes the reader.
        server.waiters(loop).add(shape, this);
    }

    /** @param reader run on the loop when {@link #next} may have something else to say than {@link Next.Nothing} */
    public void wakes(Runnable reader) {
        wake = reader;
    }

    public Next next() {
        if (closed || shape.isRetired()) {
            return new Next.Over();
        }
        shape.used(server.nanoTime.getAsLong());
        if (timeIsUp && hasToldABatch && !owesUpToDate) {
            return new Next.Over();
        }
        if (!silent) {
            Next more = fromSnapshot();
            if (more == null) {
                more = fromChanges();
            }
            if (more != null) {
                return more;
            }
        }
        return timeIsUp ? new Next.Over() : new Next.Nothing();
    }

    private @Nullable Next fromSnapshot() {
        if (!position.isBeforeSnapshotEnd()) {
            return null;
        }
        SnapshotLog snapshot = shape.log().snapshot();
        boolean complete = snapshot.isComplete();
        if (position.op() < snapshot.chunkCount() - 1) {
            int chunk = (int) position.op() + 1;
            position = LogOffset.snapshotChunk(chunk);
            owesUpToDate = true;
            return new Next.Items(snapshot.chunk(chunk));
        }
        if (complete) {
            return null;
        }
        if (snapshot.isBroken()) {
            return new Next.Over();
        }
        if (snapshotWake == null) {
            snapshotWake = () -> loop.execute(() -> {
                snapshotWake = null;
                wake.run();
            });
            snapshot.whenMore(snapshotWake);
        }
        return new Next.Nothing();
    }

    private @Nullable Next fromChanges() {
        LogTail tail = shape.log().tail();
        if (!atEnd && tail.hasAfter(position)) {
            ShapeLog.Span span = shape.log().after(position, tail);
            position = span.end();
            owesUpToDate = true;
            atEnd = position.equals(tail.end());
            return new Next.Items(span.items());
        }
        atEnd = false;
        if (owesUpToDate) {
            owesUpToDate = false;
            hasToldABatch = true;
            return new Next.UpToDate(position.tx());
        }
        return null;
    }

    @Override
    boolean look() {
        wake.run();
        return !closed;
    }

    @Override
    void timeIsUp() {
        timeIsUp = true;
        wake.run();
    }

    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        timer.cancel(false);
        server.waiters(loop).remove(shape, this);
        if (snapshotWake != null) {
            shape.log().snapshot().forget(snapshotWake);
        }
    }
}
