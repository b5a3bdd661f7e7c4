package electric.sync.log;

/**
 * The end of a change log as readers may see it: published once per commit, never changed. All chunks but the last are
 * closed.
 */
public final class LogTail {
    static final LogTail EMPTY = new LogTail(new ChangeChunk[0], 0, 0, LogOffset.SNAPSHOT_END);

    final ChangeChunk[] chunks;
    final int chunkCount;
    final int entriesInLast;
    private final LogOffset end;

    LogTail(ChangeChunk[] chunks, int chunkCount, int entriesInLast, LogOffset end) {
        this.chunks = chunks;
        this.chunkCount = chunkCount;
        this.entriesInLast = entriesInLast;
        this.end = end;
    }

    /** The offset of the last entry; {@link LogOffset#SNAPSHOT_END} while there is none. */
    public LogOffset end() {
        return end;
    }

    /** Whether there is an entry after an offset. */
    public boolean hasAfter(LogOffset offset) {
        return chunkCount > 0 && end.compareTo(offset) > 0;
    }

    int publishedEntries(int chunk) {
        return chunk == chunkCount - 1 ? entriesInLast : chunks[chunk].entries();
    }
}
