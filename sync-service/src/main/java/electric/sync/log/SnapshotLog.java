package electric.sync.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows a shape began with, in numbered chunks that can be read while they are written.
 *
 * <p>One thread writes, between {@link #startWriting} and {@link #complete} or {@link #fail}. What was appended becomes
 * readable in steps of {@value #WAKE_BYTES} bytes, or sooner when rows come slowly; a reader never sees half an item.
 */
public final class SnapshotLog {
    private static final int WAKE_BYTES = 64 << 10;
    private static final long WAKE_NANOS = 20_000_000;

    private enum Phase {
        WRITING,
        COMPLETE,
        FAILED
    }

    /** What readers see; replaced as a whole. */
    private static final class View {
        final Segments[] chunks;
        final int count;
        final int readableInLast;
        final boolean lastClosed;
        final Phase phase;

        View(Segments[] chunks, int count, int readableInLast, boolean lastClosed, Phase phase) {
            this.chunks = chunks;
            this.count = count;
            this.readableInLast = readableInLast;
            this.lastClosed = lastClosed;
            this.phase = phase;
        }

        int readable(int chunk) {
            return chunk == count - 1 ? readableInLast : chunks[chunk].size();
        }

        boolean closed(int chunk) {
            return chunk < count - 1 || lastClosed;
        }
    }

    private final LogStore store;
    private volatile View view = new View(new Segments[0], 0, 0, false, Phase.WRITING);

    // The writer's.
    private Segments[] chunks = new Segments[1];
    private int count;
    private long countedBytes;
    private boolean lastClosed;
    private int publishedBytes;
    private long publishedAtNanos;

    // Guarded by this.
    private final List<Runnable> wakes = new ArrayList<>();
    private boolean writing;
    private boolean freed;

    SnapshotLog(LogStore store) {
        this.store = store;
    }

    /** Must be called before the first append. */
    public synchronized void startWriting() {
        writing = true;
    }

    /**
     * Appends an item.
     *
     * @param nowNanos the time, to decide whether readers have waited long enough
     * @throws IllegalStateException when the log was freed meanwhile
     */
    public void append(byte[] item, int length, long nowNanos) {
        if (view.phase != Phase.WRITING) {
            throw new IllegalStateException("The shape was removed while its snapshot was being written");
        }
        if (count == 0 || lastClosed) {
            if (count == chunks.length) {
                chunks = Arrays.copyOf(chunks, count * 2);
            }
            chunks[count++] = new Segments(store);
            lastClosed = false;
            countedBytes = 0;
            publishedBytes = 0;
        }
        Segments chunk = chunks[count - 1];
        if (countedBytes > 0) {
            chunk.append(ChangeChunk.SEPARATOR, 0, ChangeChunk.SEPARATOR.length);
        }
        chunk.append(item, 0, length);
        countedBytes += length + 1;
        lastClosed = countedBytes >= store.chunkBytes();
        if (publishedBytes == 0
                || lastClosed
                || chunk.size() - publishedBytes >= WAKE_BYTES
                || nowNanos - publishedAtNanos >= WAKE_NANOS) {
            publishedAtNanos = nowNanos;
            publish(Phase.WRITING);
        }
    }

    /** Ends the snapshot with its closing item. */
    public void complete(byte[] closingItem) {
        append(closingItem, closingItem.length, publishedAtNanos);
        complete();
    }

    /** Ends it with the last item there is. */
    public void complete() {
        lastClosed = true;
        publish(Phase.COMPLETE);
        stopWriting();
    }

    /** Ends the snapshot where it is: it will never be whole. */
    public void fail() {
        publish(Phase.FAILED);
        stopWriting();
    }

    private void publish(Phase phase) {
        List<Runnable> toWake;
        synchronized (this) {
            if (freed && phase == Phase.WRITING) {
                phase = Phase.FAILED;
            }
            publishedBytes = count == 0 ? 0 : chunks[count - 1].size();
            view = new View(chunks, count, publishedBytes, lastClosed, phase);
            toWake = List.copyOf(wakes);
            wakes.clear();
        }
        toWake.forEach(Runnable::run);
    }

    private synchronized void stopWriting() {
        writing = false;
        if (freed) {
            freeChunks();
        }
    }

    /** Gives the memory back: now, or when the writer notices. */
    public void free() {
        List<Runnable> toWake;
        synchronized (this) {
            if (freed) {
                return;
            }
            freed = true;
            View last = view;
            view = new View(last.chunks, last.count, last.readableInLast, last.lastClosed, Phase.FAILED);
            toWake = List.copyOf(wakes);
            wakes.clear();
            if (!writing) {
                freeChunks();
            }
        }
        toWake.forEach(Runnable::run);
    }

    private void freeChunks() {
        for (int i = 0; i < count; i++) {
            chunks[i].free();
        }
    }

    public boolean isComplete() {
        return view.phase == Phase.COMPLETE;
    }

    public boolean isBroken() {
        return view.phase == Phase.FAILED;
    }

    /** How many chunks can be asked for; grows until the snapshot {@link #isComplete}. */
    public int chunkCount() {
        return view.count;
    }

    /** Runs {@code wake} once, on any thread, when something has been added or the snapshot has ended. */
    public void whenMore(Runnable wake) {
        synchronized (this) {
            if (view.phase == Phase.WRITING) {
                wakes.add(wake);
                return;
            }
        }
        wake.run();
    }

    /** Forgets a wake that is no longer wanted. */
    public synchronized void forget(Runnable wake) {
        wakes.remove(wake);
    }

    /** The items of a chunk, to be read while it may still be growing. */
    public ByteSource chunk(int number) {
        return new ChunkSource(number);
    }

    /** All items, of all chunks, once they are complete. Closing it gives the memory back. */
    public ByteSource whole() {
        if (!isComplete()) {
            throw new IllegalStateException("not all items are there yet");
        }
        return new WholeSource();
    }

    private final class WholeSource implements ByteSource {
        private int number;
        private ByteSource chunk = view.count == 0 ? Nothing.INSTANCE : chunk(0);

        @Override
        public long size() {
            View now = view;
            long size = 0;
            for (int i = 0; i < now.count; i++) {
                size += now.readable(i);
            }
            long separators = Math.max(0, now.count - 1);
            return size + separators * ChangeChunk.SEPARATOR.length;
        }

        @Override
        public @Nullable Extent extent() {
            return null;
        }

        @Override
        public @Nullable ByteBuf next() {
            ByteBuf piece = chunk.next();
            if (piece != null || chunk.state() == State.BROKEN || number + 1 >= view.count) {
                return piece;
            }
            chunk = chunk(++number);
            return Unpooled.wrappedBuffer(ChangeChunk.SEPARATOR);
        }

        @Override
        public State state() {
            State now = chunk.state();
            return now == State.ENDED && number + 1 < view.count ? State.OPEN : now;
        }

        @Override
        public void whenMore(Runnable wake) {
            wake.run();
        }

        @Override
        public void close() {
            free();
        }
    }

    private final class ChunkSource implements ByteSource {
        private final int number;
        private int position;
        private boolean broken;
        private @Nullable Runnable waiting;

        ChunkSource(int number) {
            this.number = number;
        }

        @Override
        public long size() {
            View now = view;
            return now.closed(number) ? now.readable(number) : NOT_KNOWN;
        }

        @Override
        public Extent extent() {
            return new Extent(view.chunks[number], 0, Integer.MAX_VALUE, true);
        }

        @Override
        public @Nullable ByteBuf next() {
            View now = view;
            int readable = now.readable(number);
            if (broken || now.phase == Phase.FAILED || position == readable) {
                return null;
            }
            try {
                ByteBuf piece = now.chunks[number].slice(position, readable);
                position += piece.readableBytes();
                return piece;
            } catch (IllegalReferenceCountException freedMeanwhile) {
                broken = true;
                return null;
            }
        }

        @Override
        public State state() {
            View now = view;
            if (broken || now.phase == Phase.FAILED) {
                return State.BROKEN;
            }
            return now.closed(number) && position == now.readable(number) ? State.ENDED : State.OPEN;
        }

        @Override
        public void whenMore(Runnable wake) {
            synchronized (SnapshotLog.this) {
                View now = view;
                if (now.phase == Phase.WRITING && !now.closed(number) && position == now.readable(number)) {
                    waiting = wake;
                    wakes.add(wake);
                    return;
                }
            }
            wake.run();
        }

        @Override
        public void close() {
            if (waiting != null) {
                forget(waiting);
            }
        }
    }
}
