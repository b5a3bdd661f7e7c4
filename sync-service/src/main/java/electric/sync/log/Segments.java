package electric.sync.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.Arrays;

/**
 * Bytes that only grow, in pieces whose sizes double from {@value #FIRST} to {@value #LARGEST}: a large shape is written in
 * pieces a socket likes, and nothing but the first piece is ever copied to grow. That one lies in the heap and is as long
 * as it must be, because most shapes never need another: outside, each costs more in objects than it holds. Which piece
 * holds a position follows from the sizes alone.
 *
 * <p>One thread writes. Readers may slice what lies below a position that was published to them after it was written.
 */
final class Segments {
    private static final int FIRST = 1024;
    private static final int LARGEST = 256 << 10;
    private static final int GROWING = Integer.numberOfTrailingZeros(LARGEST / FIRST) + 1;
    private static final int GROWN_BYTES = FIRST * ((1 << GROWING) - 1);
    private static final byte[] EMPTY = {};
    private static final ByteBuf[] NONE = {};

    private final LogStore store;

    /** Replaced while readers have the one before, so what was written to it must be seen with it. */
    private volatile byte[] first = EMPTY;

    /** Those behind the first. */
    private volatile ByteBuf[] others = NONE;

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
        if (size < FIRST && length > 0) {
            int n = Math.min(length, FIRST - size);
            beginWith(bytes, from, n);
            from += n;
            length -= n;
        }
        while (length > 0) {
            int piece = pieceAt(size);
            if (piece > count) {
                add(store.allocate(capacityOf(piece)));
            }
            int at = size - startOf(piece);
            int n = Math.min(length, capacityOf(piece) - at);
            others[piece - 1].setBytes(at, bytes, from, n);
            size += n;
            from += n;
            length -= n;
        }
    }

    private void beginWith(byte[] bytes, int from, int length) {
        int needed = size + length;
        if (needed > first.length) {
            // Exactly, where nothing was: it may be all there ever is.
            resizeFirst(size == 0 ? needed : Math.min(FIRST, needed + needed / 2));
        }
        System.arraycopy(bytes, from, first, size, length);
        size = needed;
    }

    private void resizeFirst(int length) {
        store.take(length - first.length);
        first = Arrays.copyOf(first, length);
    }

    /** Nothing more will be appended. */
    void trim() {
        if (size < first.length) {
            resizeFirst(size);
        }
    }

    private void add(ByteBuf piece) {
        if (count == others.length) {
            others = Arrays.copyOf(others, Math.max(1, count * 2));
        }
        others[count++] = piece;
    }

    /** Forgets everything from a position on. Only for bytes no reader was told about. */
    void truncate(int newSize) {
        int keep = newSize == 0 ? 0 : pieceAt(newSize - 1);
        while (count > keep) {
            store.free(others[--count]);
        }
        size = newSize;
    }

    void free() {
        freed = true;
        truncate(0);
        trim();
    }

    /**
     * A retained slice from {@code from} to at most {@code to}: as much as lies in one piece.
     *
     * @throws IllegalReferenceCountException when the log has been freed
     */
    ByteBuf slice(int from, int to) {
        int piece = pieceAt(from);
        int at = from - startOf(piece);
        int length = Math.min(to - from, capacityOf(piece) - at);
        if (piece > 0) {
            return others[piece - 1].retainedSlice(at, length);
        }
        byte[] bytes = first;
        if (freed) {
            throw new IllegalReferenceCountException(0);
        }
        return Unpooled.wrappedBuffer(bytes, at, length);
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
