package electric.sync.coding;

import electric.sync.log.ByteSource;
import electric.sync.log.ByteSource.State;
import electric.sync.log.Extent;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of bytes in a coding: made once, from beginning to end, by one worker at a time; read meanwhile and afterwards by
 * any number of readers.
 */
final class CompressedRun {
    private static final Logger LOG = LoggerFactory.getLogger(CompressedRun.class);

    /** What the run is when it is not compressed. */
    record Content(int crc, long length) {}

    private final Compression owner;
    private final Coding coding;
    private final ByteSource source;

    // The worker's.
    private @Nullable Encoder encoder;
    private final CRC32 crc = new CRC32();
    private long length;
    private boolean unflushed;
    private final RunCompressed event = new RunCompressed();

    // Guarded by this.
    private final List<ByteBuf> pieces = new ArrayList<>(1);
    private final Set<Runnable> wakes = new LinkedHashSet<>();
    private State state = State.OPEN;
    private @Nullable Content content;

    // Guarded by the owner.
    int readers;
    boolean kept;
    boolean making = true;
    long askedAtNanos;
    long bytes;

    CompressedRun(Compression owner, Coding coding, ByteSource source) {
        this.owner = owner;
        this.coding = coding;
        this.source = source;
        event.begin();
    }

    /** Goes on until there is no more, or no more now. */
    void work() {
        long from = System.nanoTime();
        try {
            make();
        } catch (RuntimeException | Error e) {
            // Whoever reads it sees it broken off; nobody must wait for more of it.
            LOG.error("Compressing a part of a log failed", e);
            finish(State.BROKEN);
        }
        owner.worked(System.nanoTime() - from);
    }

    private void make() {
        Encoder making = encoder;
        if (making == null) {
            making = begun();
            encoder = making;
        }
        while (owner.wants(this)) {
            ByteBuf piece = source.next();
            if (piece == null) {
                noMore(making);
                return;
            }
            try {
                crc.update(piece.nioBuffer());
                length += piece.readableBytes();
                making.take(piece);
                unflushed = true;
            } finally {
                piece.release();
            }
        }
        finish(State.BROKEN);
    }

    private Encoder begun() {
        return switch (coding) {
            case GZIP -> new DeflateBlocks(this::add);
            case ZSTD -> new ZstdBlocks(this::add);
            case IDENTITY -> throw new IllegalStateException("there is nothing to compress");
        };
    }

    private void noMore(Encoder making) {
        State end = source.state();
        if (end != State.BROKEN && unflushed) {
            making.flush();
            unflushed = false;
        }
        switch (end) {
            case OPEN -> {
                owner.rests();
                source.whenMore(() -> owner.goOn(this));
            }
            case ENDED, BROKEN -> finish(end);
        }
    }

    private void add(ByteBuf piece) {
        event.to += piece.readableBytes();
        owner.grew(this, piece.readableBytes());
        List<Runnable> toWake;
        synchronized (this) {
            pieces.add(piece);
            toWake = taken();
        }
        toWake.forEach(Runnable::run);
    }

    private void finish(State end) {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
        source.close();
        if (event.shouldCommit()) {
            event.coding = coding.name().toLowerCase(Locale.ROOT);
            event.from = length;
            event.whole = end == State.ENDED;
            event.commit();
        }
        List<Runnable> toWake;
        synchronized (this) {
            state = end;
            content = new Content((int) crc.getValue(), length);
            toWake = taken();
        }
        owner.finished(this, end);
        toWake.forEach(Runnable::run);
    }

    private List<Runnable> taken() {
        List<Runnable> taken = List.copyOf(wakes);
        wakes.clear();
        return taken;
    }

    /** Gives the memory back. Nobody reads or makes it any more. */
    synchronized void free() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }

    /** Reads the run from its beginning. */
    final class Reader implements ByteSource {
        private int at;
        private @Nullable Runnable waiting;
        private boolean closed;

        @Override
        public long size() {
            return NOT_KNOWN;
        }

        @Override
        public @Nullable Extent extent() {
            return null;
        }

        @Override
        public @Nullable ByteBuf next() {
            synchronized (CompressedRun.this) {
                return at == pieces.size() ? null : pieces.get(at++).retainedDuplicate();
            }
        }

        @Override
        public State state() {
            synchronized (CompressedRun.this) {
                return at < pieces.size() ? State.OPEN : state;
            }
        }

        @Override
        public void whenMore(Runnable wake) {
            synchronized (CompressedRun.this) {
                if (at == pieces.size() && state == State.OPEN) {
                    waiting = wake;
                    wakes.add(wake);
                    return;
                }
            }
            wake.run();
        }

        /** What the whole run says, once it has ended. */
        Content content() {
            synchronized (CompressedRun.this) {
                if (content == null) {
                    throw new IllegalStateException("the run has not ended yet");
                }
                return content;
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (waiting != null) {
                synchronized (CompressedRun.this) {
                    wakes.remove(waiting);
                }
            }
            owner.left(CompressedRun.this);
        }
    }
}
