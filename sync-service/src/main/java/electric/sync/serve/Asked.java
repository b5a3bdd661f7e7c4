package electric.sync.serve;

import electric.sync.log.LogOffset;
import electric.sync.log.LogTail;
import electric.sync.log.Nothing;
import electric.sync.log.ShapeLog;
import electric.sync.log.SnapshotLog;
import electric.sync.shape.Shape;
import electric.sync.shape.StartOutcome;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its answer. Lives on one event loop. It looks at the shape; what it sees is either an answer
 * or something to wait for, after which it looks again.
 */
final class Asked extends Waiters.Waiting {
    private final ShapeServer server;
    private final ShapeRequest request;
    private final ScheduledExecutorService loop;
    private final Runnable begun;
    private final Consumer<Answer> reply;

    private @Nullable Shape shape;
    private boolean over;
    private boolean watching;
    private @Nullable Runnable snapshotWake;
    private @Nullable Future<?> timer;

    /** {@code null} for that nothing has happened. */
    private @Nullable Answer whenTimeIsUp;

    Asked(
            ShapeServer server,
            ShapeRequest request,
            ScheduledExecutorService loop,
            Runnable begun,
            Consumer<Answer> reply) {
        this.server = server;
        this.request = request;
        this.loop = loop;
        this.begun = begun;
        this.reply = reply;
    }

    void begin() {
        String handle = request.handle();
        if (handle == null) {
            shape = server.claim(request.definition());
        } else {
            shape = server.registry.byHandle(handle);
            if (shape == null || !shape.definition().equals(request.definition())) {
                finish(new Answer.MustRefetch(server.claim(request.definition()).handle()));
                return;
            }
        }
        Shape asked = shape;
        if (asked.started().isDone()) {
            started(asked.started().join());
        } else {
            waitUntil(
                    server.patience.snapshotStart(),
                    new Answer.Unavailable(
                            "Snapshot query took too long to start reading from the database", 10, true));
            var unused = asked.started().thenAcceptAsync(this::started, loop);
        }
    }

    private void started(StartOutcome outcome) {
        if (over) {
            return;
        }
        stopWaiting();
        switch (outcome) {
            case StartOutcome.Started started -> {
                begun.run();
                look();
            }
            case StartOutcome.Unavailable unavailable ->
                finish(new Answer.Unavailable(
                        unavailable.message(), unavailable.retryAfterSeconds(), unavailable.known()));
            case StartOutcome.Refused refused -> finish(new Answer.Refused(refused.message()));
            case StartOutcome.Failed failed -> finish(new Answer.Failed(failed.message()));
            case StartOutcome.Gone gone -> finish(new Answer.MustRefetch(null));
        }
    }

    @Override
    boolean look() {
        Shape asked = shape;
        if (!over && asked != null) {
            look(asked);
        }
        return watching;
    }

    private void look(Shape asked) {
        // Read first: whatever it covers is then already in the tail that is read next.
        long lastSeenLsn = server.lastSeenLsn.getAsLong();
        if (asked.isRetired()) {
            Shape successor = server.registry.find(asked.definition());
            finish(new Answer.MustRefetch(
                    watching || successor == null || successor.isRetired() ? null : successor.handle()));
            return;
        }
        asked.used(server.nanoTime.getAsLong());
        LogTail tail = asked.log().tail();
        LogOffset from = request.offset();
        if (request.subset() != null) {
            // The place in the log is the one before the rows are read: what comes meanwhile is in the log behind it.
            read(asked, request.subset(), placeFor(from, tail));
        } else if (request.streamed()) {
            finish(streamed(asked, from, tail));
        } else if (request.now()) {
            finish(new Answer.NoData(asked.handle(), from, true, tail.end(), lastSeenLsn));
        } else if (!lookAtSnapshot(asked, from)) {
            lookAtChanges(asked, from, tail, lastSeenLsn);
        }
    }

    private LogOffset placeFor(LogOffset from, LogTail tail) {
        if (request.now()) {
            return tail.end();
        }
        return from.equals(LogOffset.BEFORE_ALL)
                ? LogOffset.snapshotChunk(0)
                : ShapeServer.isBeyond(from, tail.end()) ? tail.end() : from;
    }

    private void read(Shape asked, Subset subset, LogOffset place) {
        server.subsets.read(
                asked,
                subset,
                place,
                answer -> loop.execute(() -> {
                    if (!over) {
                        finish(answer);
                    } else if (answer instanceof Answer.Subset late) {
                        late.items().close();
                    }
                }));
    }

    private Answer streamed(Shape asked, LogOffset from, LogTail tail) {
        boolean beyond = ShapeServer.isBeyond(from, tail.end());
        Duration lifetime =
                beyond ? server.patience.outOfBounds() : server.isDraining() ? Duration.ZERO : server.patience.stream();
        ItemStream items = new ItemStream(server, asked, from, beyond, lifetime, loop);
        // A client takes the position it is told as delivered, so it is told where it stands, not where it will.
        return beyond
                ? new Answer.Streamed(asked.handle(), from, tail.end(), true, items)
                : new Answer.Streamed(asked.handle(), from, from, isAtEnd(asked, from, tail), items);
    }

    private static boolean isAtEnd(Shape asked, LogOffset from, LogTail tail) {
        if (tail.hasAfter(from)) {
            return false;
        }
        SnapshotLog snapshot = asked.log().snapshot();
        return !from.isBeforeSnapshotEnd() || (snapshot.isComplete() && from.op() >= snapshot.chunkCount() - 1);
    }

    /** @return whether the offset stands before the end of the snapshot */
    private boolean lookAtSnapshot(Shape asked, LogOffset from) {
        if (!from.isBeforeSnapshotEnd()) {
            return false;
        }
        SnapshotLog snapshot = asked.log().snapshot();
        boolean complete = snapshot.isComplete();
        int count = snapshot.chunkCount();
        if (from.op() < count - 1) {
            int next = (int) from.op() + 1;
            LogOffset end = LogOffset.snapshotChunk(next);
            if (!alreadyKnown(asked, from, end, false)) {
                finish(new Answer.Log(asked.handle(), from, end, false, 0, snapshot.chunk(next)));
            }
            return true;
        }
        if (complete) {
            return false;
        }
        if (snapshot.isBroken()) {
            finish(new Answer.MustRefetch(null));
            return true;
        }
        waitUntil(
                server.patience.snapshotChunk(),
                new Answer.Unavailable("Snapshot query took too long to return more data", 10, true));
        if (snapshotWake == null) {
            snapshotWake = () -> loop.execute(() -> {
                snapshotWake = null;
                look();
            });
            snapshot.whenMore(snapshotWake);
        }
        return true;
    }

    private void lookAtChanges(Shape asked, LogOffset from, LogTail tail, long lastSeenLsn) {
        LogOffset end = tail.end();
        if (tail.hasAfter(from)) {
            ShapeLog.Span span = asked.log().after(from, tail);
            boolean upToDate = span.end().equals(end);
            long covered = span.end().tx();
            if (!request.live() && Long.compareUnsigned(lastSeenLsn, covered) > 0) {
                covered = lastSeenLsn;
            }
            if (!alreadyKnown(asked, from, span.end(), upToDate)) {
                finish(new Answer.Log(asked.handle(), from, span.end(), upToDate, covered, span.items()));
            }
        } else if (ShapeServer.isBeyond(from, end)) {
            waitForChange(asked, new Answer.OutOfBounds());
        } else if (alreadyKnown(asked, from, end, true)) {
            return;
        } else if (request.live()) {
            waitForChange(asked, null);
        } else {
            long covered = Long.compareUnsigned(lastSeenLsn, end.tx()) > 0 ? lastSeenLsn : end.tx();
            finish(new Answer.Log(asked.handle(), from, end, true, covered, Nothing.INSTANCE));
        }
    }

    private boolean alreadyKnown(Shape asked, LogOffset from, LogOffset end, boolean upToDate) {
        if (request.knownTags().isEmpty() || !request.knownTags().contains(Tag.of(asked.handle(), from, end))) {
            return false;
        }
        finish(new Answer.NotModified(asked.handle(), from, end, upToDate));
        return true;
    }

    private void waitForChange(Shape asked, @Nullable Answer onTimeout) {
        whenTimeIsUp = onTimeout;
        if (server.isDraining()) {
            timeIsUp();
            return;
        }
        if (watching) {
            return;
        }
        watching = true;
        Waiters waiters = server.waiters(loop);
        waiters.add(asked, this);
        if (onTimeout == null) {
            waiters.addLongPoll(this);
        } else {
            waitUntil(server.patience.outOfBounds(), onTimeout);
        }
        // It may have changed between the look and the watch.
        look(asked);
    }

    private void waitUntil(Duration limit, Answer onTimeout) {
        whenTimeIsUp = onTimeout;
        if (timer == null) {
            timer = loop.schedule(this::timeIsUp, limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    void timeIsUp() {
        Shape asked = shape;
        if (over || asked == null) {
            return;
        }
        if (whenTimeIsUp != null) {
            finish(whenTimeIsUp);
            return;
        }
        long lastSeenLsn = server.lastSeenLsn.getAsLong();
        LogTail tail = asked.log().tail();
        if (tail.hasAfter(request.offset())) {
            look(asked);
        } else {
            finish(new Answer.NoData(asked.handle(), request.offset(), false, tail.end(), lastSeenLsn));
        }
    }

    private void stopWaiting() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        whenTimeIsUp = null;
        Shape asked = shape;
        if (asked == null) {
            return;
        }
        if (watching) {
            watching = false;
            server.waiters(loop).remove(asked, this);
        }
        if (snapshotWake != null) {
            asked.log().snapshot().forget(snapshotWake);
            snapshotWake = null;
        }
    }

    private void finish(Answer answer) {
        over = true;
        stopWaiting();
        reply.accept(answer);
    }

    /** The client has gone. */
    void abandon() {
        if (!over) {
            over = true;
            stopWaiting();
        }
    }
}
