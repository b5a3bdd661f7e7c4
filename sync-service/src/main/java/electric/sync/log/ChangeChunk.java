package electric.sync.log;

import java.util.Arrays;

/**
 * A run of entries of the change log: their bytes, comma-separated, and where each begins and ends. Written under the
 * ingest lock, read up to what a {@link LogTail} published.
 */
final class ChangeChunk {
    /** Between entries; on its own line so that a person can read the answer. */
    static final byte[] SEPARATOR = {',', '\n'};

    final Segments bytes;
    private long[] txs = new long[1];
    private int[] ops = new int[1];
    private int[] ends = new int[1];
    private int entries;

    ChangeChunk(LogStore store) {
        this.bytes = new Segments(store);
    }

    int entries() {
        return entries;
    }

    /** The sum of the entries' own lengths: what decides when the chunk is full. */
    int payloadBytes() {
        return entries == 0 ? 0 : ends[entries - 1] - (entries - 1) * SEPARATOR.length;
    }

    void beginEntry() {
        if (entries > 0) {
            bytes.append(SEPARATOR, 0, SEPARATOR.length);
        }
    }

    void endEntry(long tx, int op) {
        if (entries == ends.length) {
            int capacity = entries * 2;
            txs = Arrays.copyOf(txs, capacity);
            ops = Arrays.copyOf(ops, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        txs[entries] = tx;
        ops[entries] = op;
        ends[entries] = bytes.size();
        entries++;
    }

    void truncate(int keptEntries) {
        entries = keptEntries;
        bytes.truncate(keptEntries == 0 ? 0 : ends[keptEntries - 1]);
    }

    LogOffset offsetOf(int entry) {
        return new LogOffset(txs[entry], ops[entry]);
    }

    /** Whether an entry lies after an offset. */
    boolean isAfter(int entry, LogOffset offset) {
        int byTx = Long.compareUnsigned(txs[entry], offset.tx());
        return byTx != 0 ? byTx > 0 : ops[entry] > offset.op();
    }

    /** The first of the first {@code published} entries after an offset; {@code published} when there is none. */
    int firstAfter(LogOffset offset, int published) {
        int low = 0;
        int high = published;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isAfter(middle, offset)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    int startOf(int entry) {
        return entry == 0 ? 0 : ends[entry - 1] + SEPARATOR.length;
    }

    int endOf(int entry) {
        return ends[entry];
    }
}
