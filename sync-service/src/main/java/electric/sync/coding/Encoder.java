package electric.sync.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Compresses one run, as a part of something larger: without head and tail, so that other parts can stand beside it. Used
 * by one thread at a time; must be closed.
 */
abstract sealed class Encoder implements AutoCloseable permits DeflateBlocks, ZstdBlocks {
    static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true);
    private static final int BLOCK = 64 * 1024;

    private final Consumer<ByteBuf> out;
    private final ByteBuf full = MEMORY.directBuffer(BLOCK, BLOCK);

    /** Where the coding writes: what it has not written is free. */
    final ByteBuffer block = full.nioBuffer(0, BLOCK);

    /** @param out takes what has been compressed, piece by piece, and must release it */
    Encoder(Consumer<ByteBuf> out) {
        this.out = out;
    }

    /** Takes all of a piece, which may be handed on now or later. */
    final void take(ByteBuf piece) {
        if (piece.isDirect() && piece.nioBufferCount() == 1) {
            compress(piece.nioBuffer());
            return;
        }
        ByteBuf copy = MEMORY.directBuffer(piece.readableBytes());
        try {
            copy.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
            compress(copy.nioBuffer());
        } finally {
            copy.release();
        }
    }

    abstract void compress(ByteBuffer piece);

    /** Hands on everything that was taken. What follows begins on a byte of its own. */
    abstract void flush();

    /** Hands on what has been written. */
    final void handOn() {
        block.flip();
        int head = headIn(block);
        block.position(head);
        if (block.hasRemaining()) {
            ByteBuf made = MEMORY.directBuffer(block.remaining(), block.remaining());
            made.writeBytes(block);
            out.accept(made);
        }
        block.clear();
    }

    /** How many bytes at the beginning of what was written belong to a head, which is left out. */
    int headIn(ByteBuffer written) {
        return 0;
    }

    @Override
    public void close() {
        full.release();
    }
}
