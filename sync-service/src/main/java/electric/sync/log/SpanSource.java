package electric.sync.log;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;

/** Bytes between two positions that are both written. */
final class SpanSource implements ByteSource {
    private final Segments bytes;
    private final int start;
    private final int end;
    private final boolean chunk;
    private int position;
    private boolean broken;

    /** @param chunk whether that is all of a chunk that is closed */
    SpanSource(Segments bytes, int start, int end, boolean chunk) {
        this.bytes = bytes;
        this.start = start;
        this.position = start;
        this.end = end;
        this.chunk = chunk;
    }

    @Override
    public long size() {
        return (long) end - start;
    }

    @Override
    public Extent extent() {
        return new Extent(bytes, start, end, chunk);
    }

    @Override
    public @Nullable ByteBuf next() {
        if (position == end || broken) {
            return null;
        }
        try {
            ByteBuf piece = bytes.slice(position, end);
            position += piece.readableBytes();
            return piece;
        } catch (IllegalReferenceCountException freed) {
            broken = true;
            return null;
        }
    }

    @Override
    public State state() {
        if (broken) {
            return State.BROKEN;
        }
        return position == end ? State.ENDED : State.OPEN;
    }

    @Override
    public void whenMore(Runnable wake) {
        wake.run();
    }

    @Override
    public void close() {}
}
