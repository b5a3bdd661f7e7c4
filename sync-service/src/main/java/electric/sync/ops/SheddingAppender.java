package electric.sync.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Writes lines on a thread of its own, so that nobody who logs ever waits. When lines come faster than they can be written,
 * those that find no room are dropped and counted, and a line says how many. The last quarter of the room is kept for
 * warnings and errors.
 */
final class SheddingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int BATCH = 256;
    private static final long STOP_MILLIS = 2_000;

    private final BlockingQueue<ILoggingEvent> queue;
    private final int reserved;
    private final AtomicLong dropped = new AtomicLong();

    /** How many of the dropped lines have been spoken of; the writer's own. */
    private long said;

    private final Function<ILoggingEvent, String> line;
    private final OutputStream out;
    private final Thread writer = new Thread(this::run, "log");

    SheddingAppender(int capacity, Function<ILoggingEvent, String> line, OutputStream out) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.reserved = capacity / 4;
        this.line = line;
        this.out = out;
        writer.setDaemon(true);
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    /** Writes what is waiting, but not for longer than two seconds. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        writer.interrupt();
        try {
            writer.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many lines have been dropped so far. */
    long droppedLines() {
        return dropped.get();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        boolean important = event.getLevel().isGreaterOrEqual(Level.WARN);
        boolean room = important || queue.remainingCapacity() > reserved;
        if (!room || !queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    private void run() {
        List<ILoggingEvent> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // Stopping: nothing comes any more.
            queue.drainTo(batch);
            write(batch);
        }
    }

    private void write(List<ILoggingEvent> batch) {
        batch.forEach(this::write);
        long lost = dropped.get() - said;
        if (lost > 0) {
            said += lost;
            write(droppedLines(lost));
        }
        try {
            out.flush();
        } catch (IOException e) {
            addError("cannot write log lines", e);
        }
    }

    /** An event that cannot be written must not take the others with it; only logback's own status is left to say so. */
    private void write(ILoggingEvent event) {
        try {
            out.write(line.apply(event).getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            addError("cannot write a log line", e);
        }
    }

    private static ILoggingEvent droppedLines(long count) {
        LoggingEvent event = new LoggingEvent();
        event.setInstant(Instant.now());
        event.setLevel(Level.WARN);
        event.setLoggerName(SheddingAppender.class.getName());
        event.setMessage("Dropped " + count + " log lines that came faster than they could be written");
        event.setMDCPropertyMap(Map.of());
        return event;
    }
}
