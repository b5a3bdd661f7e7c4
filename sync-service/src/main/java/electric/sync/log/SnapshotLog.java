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
        static final View EMPTY = new View(new Segments[0], 0, false, Phase.WRITING);

        final Segments[] chunks;
        final int readableInLast;
        final boolean lastClosed;
        final Phase phase;

        View(Segments[] chunks, int readableInLast, boolean lastClosed, Phase phase) {
            this.chunks = chunks;
            this.readableInLast = readableInLast;
            this.lastClosed = lastClosed;
            this.phase = phase;
        }

        int count() {
            return chunks.length;
        }

        int readable(int chunk) {
            return chunk == chunks.length - 1 ? readableInLast : chunks[chunk].size();
        }

        boolean closed(int chunk) {
            return chunk < chunks.length - 1 || lastClosed;
        }
    }

    /** What only matters until the end is written: most shapes have it behind them, so it is apart. */
    private static final class Writing {
        Segments[] chunks = {};
        long countedBytes;
        boolean lastClosed;
        int publishedBytes;
        long publishedAtNanos;

        // Guarded by the log.
        final List<Runnable> wakes = new ArrayList<>();
        boolean begun;
    }

    private final LogStore store;
    private volatile View view = View.EMPTY;

    // Guarded by this, what is in it but for its last two fields by there being one writer.
    private @Nullable Writing writing = new Writing();
    private boolean freed;

    SnapshotLog(LogStore store) {
        this.store = store;
    }

    LogStore store() {
        return store;
    }

    /** Must be called before the first append. */
    public synchronized void startWriting() {
        if (writing != null) {
            writing.begun = true;
        }
    }

    /**
     * Appends an item.
     *
     * @param nowNanos the time, to decide whether readers have waited long enough
     * @throws IllegalStateException when the log was freed meanwhile
     */
    public void append(byte[] item, int length, long nowNanos) {
        Writing to = writing;
        if (to == null || view.phase != Phase.WRITING) {
            throw new IllegalStateException("The shape was removed while its snapshot was being written");
        }
        if (to.chunks.length == 0 || to.lastClosed) {
            to.chunks = Arrays.copyOf(to.chunks, to.chunks.length + 1);
            to.chunks[to.chunks.length - 1] = new Segments(store);
            to.lastClosed = false;
            to.countedBytes = 0;
            to.publishedBytes = 0;
        }
        Segments chunk = to.chunks[to.chunks.length - 1];
        if (to.countedBytes > 0) {
            chunk.append(ChangeChunk.SEPARATOR, 0, ChangeChunk.SEPARATOR.length);
        }
        chunk.append(item, 0, length);
        to.countedBytes += length + 1;
        to.lastClosed = to.countedBytes >= store.chunkBytes();
        if (to.publishedBytes == 0
                || to.lastClosed
                || chunk.size() - to.publishedBytes >= WAKE_BYTES
                || nowNanos - to.publishedAtNanos >= WAKE_NANOS) {
            to.publishedAtNanos = nowNanos;
            publish(to, Phase.WRITING);
        }
    }

    /** Ends the snapshot with its closing item. */
    public void complete(byte[] closingItem) {
        Writing to = writing;
        append(closingItem, closingItem.length, to == null ? 0 : to.publishedAtNanos);
        complete();
    }

    /** Ends it with the last item there is. */
    public void complete() {
        end(Phase.COMPLETE);
    }

    /** Ends the snapshot where it is: it will never be whole. */
    public void fail() {
        end(Phase.FAILED);
    }

    private void end(Phase phase) {
        Writing ended = writing;
        if (ended == null) {
            return;
        }
        if (phase == Phase.COMPLETE) {
            ended.lastClosed = true;
            for (Segments chunk : ended.chunks) {
                chunk.trim();
            }
        }
        publish(ended, phase);
        synchronized (this) {
            writing = null;
            if (freed) {
                freeChunks();
            }
        }
    }

    private void publish(Writing to, Phase phase) {
        List<Runnable> toWake;
        synchronized (this) {
            if (freed) {
                phase = Phase.FAILED;
            }
            int count = to.chunks.length;
            to.publishedBytes = count == 0 ? 0 : to.chunks[count - 1].size();
            view = new View(to.chunks, to.publishedBytes, to.lastClosed, phase);
            toWake = List.copyOf(to.wakes);
            to.wakes.clear();
        }
        toWake.forEach(Runnable::run);
    }

    /** Gives the memory back: now, or when the writer notices. */
    public void free() {
        List<Runnable> toWake = List.of();
        synchronized (this) {
            if (freed) {
                return;
            }
            freed = true;
            View last = view;
            view = new View(last.chunks, last.readableInLast, last.lastClosed, Phase.FAILED);
            if (writing != null) {
                toWake = List.copyOf(writing.wakes);
                writing.wakes.clear();
            }
            if (writing == null || !writing.begun) {
                freeChunks();
            }
        }
        toWake.forEach(Runnable::run);
    }

    private void freeChunks() {
        for (Segments chunk : view.chunks) {
            chunk.free();
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
        return view.count();
    }

    /** Runs {@code wake} once, on any thread, when something has been added or the snapshot has ended. */
    public void whenMore(Runnable wake) {
        synchronized (this) {
            if (writing != null && view.phase == Phase.WRITING) {
                writing.wakes.add(wake);
                return;
            }
        }
        wake.run();
    }

    /** Forgets a wake that is no longer wanted. */
    public synchronized void forget(Runnable wake) {
        if (writing != null) {
            writing.wakes.remove(wake);
        }
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
        private ByteSource chunk = view.count() == 0 ? Nothing.INSTANCE : chunk(0);

        @Override
        public long size() {
            View now = view;
            long size = 0;
            for (int i = 0; i < now.count(); i++) {
                size += now.readable(i);
            }
            long separators = Math.max(0, now.count() - 1);
            return size + separators * ChangeChunk.SEPARATOR.length;
        }

        @Override
        public @Nullable Extent extent() {
            return null;
        }

        @Override
        public @Nullable ByteBuf next() {
            ByteBuf piece = chunk.next();
            if (piece != null || chunk.state() == State.BROKEN || number + 1 >= view.count()) {
                return piece;
            }
            chunk = chunk(++number);
            return Unpooled.wrappedBuffer(ChangeChunk.SEPARATOR);
        }

        @Override
        public State state() {
            State now = chunk.state();
            return now == State.ENDED && number + 1 < view.count() ? State.OPEN : now;
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
                if (writing != null
                        && now.phase == Phase.WRITING
                        && !now.closed(number)
                        && position == now.readable(number)) {
                    waiting = wake;
                    writing.wakes.add(wake);
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
