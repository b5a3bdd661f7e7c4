package electric.sync.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time by which something must have happened, put off again and again. Putting off writes a field: a timer that rings
 * too early is set again, so a busy connection costs one timer per timeout, not one per request.
 */
final class Deadline {
    private final EventLoop loop;
    private final long timeoutNanos;
    private final Runnable missed;
    private long since;
    private boolean running;
    private @Nullable ScheduledFuture<?> timer;

    Deadline(EventLoop loop, Duration timeout, Runnable missed) {
        this.loop = loop;
        this.timeoutNanos = timeout.toNanos();
        this.missed = missed;
    }

    /** The whole time from now. */
    void restart() {
        since = System.nanoTime();
        running = true;
        if (timer == null) {
            schedule(timeoutNanos);
        }
    }

    void stop() {
        running = false;
    }

    /** Lets go of the timer too: nothing is remembered of a connection that is gone. */
    void cancel() {
        running = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule(long nanos) {
        timer = loop.schedule(this::ring, nanos, TimeUnit.NANOSECONDS);
    }

    private void ring() {
        timer = null;
        if (!running) {
            return;
        }
        long left = timeoutNanos - (System.nanoTime() - since);
        if (left > 0) {
            schedule(left);
        } else {
            running = false;
            missed.run();
        }
    }
}
