package electric.sync.log;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;

/** Bytes between two positions that are both written. */
final class SpanSource implements ByteSource {
    /** Bytes once published at a position never change. */
    private record Identity(Segments bytes, int start, int end) {}

    private final Segments bytes;
    private final int start;
    private final int end;
    private int position;
    private boolean broken;

    SpanSource(Segments bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.position = start;
        this.end = end;
    }

    @Override
    public long size() {
        return (long) end - start;
    }

    @Override
    public Object identity() {
        return new Identity(bytes, start, end);
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
