package electric.sync.log;

import org.jspecify.annotations.Nullable;

/**
 * Some bytes of a log, and which: two that are equal are the same bytes, now and for ever, because what was published at a
 * position never changes.
 */
public final class Extent {
    private final Segments bytes;
    private final int start;
    private final int end;
    private final boolean chunk;

    /** @param chunk whether it is a chunk, from its beginning to where it closes */
    Extent(Segments bytes, int start, int end, boolean chunk) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.chunk = chunk;
    }

    /** Whether it is a whole chunk, which everyone who reads the log comes by; others are asked for in one moment only. */
    public boolean isChunk() {
        return chunk;
    }

    /** Whether the log has given its memory back: nobody will ask for it again. */
    public boolean isGone() {
        return bytes.isFreed();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Extent that && bytes == that.bytes && start == that.start && end == that.end;
    }

    @Override
    public int hashCode() {
        return (System.identityHashCode(bytes) * 31 + start) * 31 + end;
    }
}
