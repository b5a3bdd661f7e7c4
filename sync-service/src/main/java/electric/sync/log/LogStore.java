package electric.sync.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that logs live in: outside the heap but for their beginnings, so that the collector never copies it, and
 * bounded. At the bound an append fails with {@link LogStoreFull}; whoever appends gives up that one log.
 */
public final class LogStore {
    /** Not a pool: a pool would hand a freed buffer object to another log while a late reader still holds it. */
    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    private final long limitBytes;
    private final int chunkBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * @param limitBytes how much all logs together may take
     * @param chunkBytes how many bytes of items close a chunk
     */
    public LogStore(long limitBytes, int chunkBytes) {
        this.limitBytes = limitBytes;
        this.chunkBytes = chunkBytes;
    }

    public ShapeLog newLog() {
        return new ShapeLog(this);
    }

    /** Rows that belong to no shape, for one reader. */
    public SnapshotLog newRows() {
        return new SnapshotLog(this);
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    int chunkBytes() {
        return chunkBytes;
    }

    ByteBuf allocate(int bytes) {
        take(bytes);
        return allocator.directBuffer(bytes, bytes);
    }

    /** @param bytes less than zero to give them back */
    void take(int bytes) {
        if (usedBytes.addAndGet(bytes) > limitBytes && bytes > 0) {
            usedBytes.addAndGet(-bytes);
            throw new LogStoreFull(limitBytes);
        }
    }

    void free(ByteBuf segment) {
        usedBytes.addAndGet(-segment.capacity());
        segment.release();
    }
}
