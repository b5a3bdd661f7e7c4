package electric.sync.log;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Bytes that only grow, in pieces whose sizes double from {@value #FIRST} to {@value #LARGEST}: a small shape stays small,
 * a large one is written in pieces a socket likes, and nothing is ever copied to grow. Which piece holds a position follows
 * from the sizes alone.
 *
 * <p>One thread writes. Readers may slice what lies below a position that was published to them after it was written.
 */
final class Segments {
    private static final int FIRST = 512;
    private static final int LARGEST = 256 << 10;
    private static final int GROWING = Integer.numberOfTrailingZeros(LARGEST / FIRST) + 1;
    private static final int GROWN_BYTES = FIRST * ((1 << GROWING) - 1);

    private final LogStore store;
    private ByteBuf[] pieces = new ByteBuf[1];
    private int count;
    private int size;
    private volatile boolean freed;

    Segments(LogStore store) {
        this.store = store;
    }

    boolean isFreed() {
        return freed;
    }

    int size() {
        return size;
    }

    void append(byte[] bytes, int from, int length) {
        while (length > 0) {
            int piece = pieceAt(size);
            if (piece == count) {
                add(store.allocate(capacityOf(piece)));
            }
            int at = size - startOf(piece);
            int n = Math.min(length, capacityOf(piece) - at);
            pieces[piece].setBytes(at, bytes, from, n);
            size += n;
            from += n;
            length -= n;
        }
    }

    private void add(ByteBuf piece) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, count * 2);
        }
        pieces[count++] = piece;
    }

    /** Forgets everything from a position on. Only for bytes no reader was told about. */
    void truncate(int newSize) {
        int keep = newSize == 0 ? 0 : pieceAt(newSize - 1) + 1;
        while (count > keep) {
            store.free(pieces[--count]);
        }
        size = newSize;
    }

    void free() {
        freed = true;
        truncate(0);
    }

    /**
     * A retained slice from {@code from} to at most {@code to}: as much as lies in one piece.
     *
     * @throws io.netty.util.IllegalReferenceCountException when the log has been freed
     */
    ByteBuf slice(int from, int to) {
        int piece = pieceAt(from);
        int at = from - startOf(piece);
        return pieces[piece].retainedSlice(at, Math.min(to - from, capacityOf(piece) - at));
    }

    private static int pieceAt(int position) {
        return position < GROWN_BYTES
                ? 31 - Integer.numberOfLeadingZeros(position / FIRST + 1)
                : GROWING + (position - GROWN_BYTES) / LARGEST;
    }

    private static int startOf(int piece) {
        return piece <= GROWING ? FIRST * ((1 << piece) - 1) : GROWN_BYTES + (piece - GROWING) * LARGEST;
    }

    private static int capacityOf(int piece) {
        return piece < GROWING ? FIRST << piece : LARGEST;
    }
}
