package electric.sync.log;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a log handed out piece by piece, at the reader's pace. The pieces are the log's own memory, never copies. Used
 * by one reader, on one thread; must be closed.
 */
public interface ByteSource extends AutoCloseable {
    /** The {@link #size} of what is still being written. */
    int NOT_KNOWN = -1;

    /** How many bytes it hands out in all; {@link #NOT_KNOWN} as long as nobody can say. */
    long size();

    /** Which bytes of which log it hands out; {@code null} when nobody else will ever read them. */
    @Nullable
    Extent extent();

    /** The next piece, which the caller must release; {@code null} when there is none now, or none any more. */
    @Nullable
    ByteBuf next();

    /** What {@link #next} returning {@code null} means. */
    State state();

    /** Runs {@code wake} once, on any thread, when {@link #next} or {@link #state} may have something new to say. */
    void whenMore(Runnable wake);

    @Override
    void close();

    enum State {
        /** More bytes are there, or will come. */
        OPEN,
        /** Everything has been handed out. */
        ENDED,
        /** The log is gone or its writer failed: what was handed out is not whole and never will be. */
        BROKEN
    }
}
