package electric.sync.log;

import java.util.Arrays;

/**
 * The log of one shape: its snapshot, then its changes in commit order.
 *
 * <p>Changes are appended under the ingest lock and become visible at {@link #publish}, a whole transaction at a time (I2).
 * An entry stays open until the next one begins or the transaction ends, because only then is it known whether it is the
 * last. A chunk closes at the entry that fills it; its bytes and its end never change afterwards (I4).
 */
public final class ShapeLog {
    private final SnapshotLog snapshot;

    private ChangeChunk[] chunks = LogTail.EMPTY.chunks;
    private int chunkCount;
    private long openTx;
    private int openOp;
    private boolean entryOpen;

    private volatile LogTail tail = LogTail.EMPTY;

    ShapeLog(LogStore store) {
        this.snapshot = new SnapshotLog(store);
    }

    public SnapshotLog snapshot() {
        return snapshot;
    }

    public LogTail tail() {
        return tail;
    }

    /**
     * Begins an entry with all of its bytes but the closing ones. The one before it, if still open, must have been ended.
     */
    public void begin(long tx, int op, byte[] bytes, int length) {
        if (entryOpen) {
            throw new IllegalStateException("an entry is still open");
        }
        ChangeChunk chunk = chunkForAppend();
        chunk.beginEntry();
        chunk.bytes.append(bytes, 0, length);
        openTx = tx;
        openOp = op;
        entryOpen = true;
    }

    public boolean entryOpen() {
        return entryOpen;
    }

    public void end(byte[] closing) {
        ChangeChunk chunk = chunks[chunkCount - 1];
        chunk.bytes.append(closing, 0, closing.length);
        chunk.endEntry(openTx, openOp);
        entryOpen = false;
    }

    private ChangeChunk chunkForAppend() {
        LogStore store = snapshot.store();
        if (chunkCount > 0 && chunks[chunkCount - 1].payloadBytes() < store.chunkBytes()) {
            return chunks[chunkCount - 1];
        }
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(1, chunkCount * 2));
        }
        ChangeChunk chunk = new ChangeChunk(store);
        chunks[chunkCount++] = chunk;
        return chunk;
    }

    /** Makes everything appended visible. Every entry must be ended. */
    public void publish() {
        if (entryOpen) {
            throw new IllegalStateException("an entry is still open");
        }
        if (chunkCount == 0) {
            return;
        }
        ChangeChunk last = chunks[chunkCount - 1];
        tail = new LogTail(chunks, chunkCount, last.entries(), last.offsetOf(last.entries() - 1));
    }

    /** Forgets what was appended since the last {@link #publish}: its transaction will come again. */
    public void discard() {
        LogTail kept = tail;
        while (chunkCount > kept.chunkCount) {
            chunks[--chunkCount].bytes.free();
            // The array may be the one a tail holds; beyond its count nobody looks.
        }
        if (chunkCount > 0) {
            chunks[chunkCount - 1].truncate(kept.entriesInLast);
        }
        entryOpen = false;
    }

    /**
     * The entries after an offset, up to the end of the chunk that holds the first of them.
     *
     * @param from some offset with {@link LogTail#hasAfter}
     */
    public Span after(LogOffset from, LogTail published) {
        int low = 0;
        int high = published.chunkCount - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            ChangeChunk candidate = published.chunks[middle];
            if (candidate.isAfter(published.publishedEntries(middle) - 1, from)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        ChangeChunk chunk = published.chunks[low];
        int entries = published.publishedEntries(low);
        int first = chunk.firstAfter(from, entries);
        return new Span(
                chunk.offsetOf(entries - 1),
                new SpanSource(
                        chunk.bytes,
                        chunk.startOf(first),
                        chunk.endOf(entries - 1),
                        first == 0 && low < published.chunkCount - 1));
    }

    /** Gives all memory back. Readers in the middle of it find it {@link ByteSource.State#BROKEN}. */
    public void free() {
        for (int i = 0; i < chunkCount; i++) {
            chunks[i].bytes.free();
        }
        snapshot.free();
    }

    /** @param end the offset of the last entry of the run */
    public record Span(LogOffset end, ByteSource items) {}
}
