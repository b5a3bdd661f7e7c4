package electric.sync.http;

import electric.sync.log.ByteSource;
import electric.sync.log.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Bytes of a log as a test hands them out. */
final class Pieces implements ByteSource {
    private final Queue<String> pieces = new ArrayDeque<>();
    private State end = State.OPEN;
    private @Nullable Runnable wake;
    private int taken;
    private int closed;

    static Pieces of(String... texts) {
        Pieces pieces = new Pieces();
        for (String text : texts) {
            pieces.add(text);
        }
        return pieces.end(State.ENDED);
    }

    synchronized Pieces add(String text) {
        pieces.add(text);
        return moved();
    }

    synchronized Pieces end(State state) {
        end = state;
        return moved();
    }

    private Pieces moved() {
        if (wake != null) {
            Runnable waking = wake;
            wake = null;
            waking.run();
        }
        return this;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int closed() {
        return closed;
    }

    synchronized boolean isAwaited() {
        return wake != null;
    }

    @Override
    public synchronized long size() {
        return end == State.OPEN
                ? NOT_KNOWN
                : pieces.stream().mapToInt(String::length).sum();
    }

    @Override
    public @Nullable Extent extent() {
        return null;
    }

    @Override
    public synchronized @Nullable ByteBuf next() {
        String text = pieces.poll();
        if (text == null) {
            return null;
        }
        taken++;
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized State state() {
        return pieces.isEmpty() ? end : State.OPEN;
    }

    @Override
    public synchronized void whenMore(Runnable run) {
        if (!pieces.isEmpty() || end != State.OPEN) {
            run.run();
        } else {
            wake = run;
        }
    }

    @Override
    public synchronized void close() {
        closed++;
    }
}
