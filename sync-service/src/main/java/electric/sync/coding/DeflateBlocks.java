package electric.sync.coding;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/** The blocks of a deflate stream, none of them its last. */
final class DeflateBlocks extends Encoder {
    /** Beyond it each percent of size costs several of time, which who asks first waits for. */
    private static final int LEVEL = 4;

    private final Deflater deflater = new Deflater(LEVEL, true);

    DeflateBlocks(Consumer<ByteBuf> out) {
        super(out);
    }

    @Override
    void compress(ByteBuffer piece) {
        deflater.setInput(piece);
        while (!deflater.needsInput()) {
            deflater.deflate(block, Deflater.NO_FLUSH);
            if (!block.hasRemaining()) {
                handOn();
            }
        }
    }

    @Override
    void flush() {
        boolean more = true;
        while (more) {
            deflater.deflate(block, Deflater.SYNC_FLUSH);
            more = !block.hasRemaining();
            handOn();
        }
    }

    @Override
    public void close() {
        deflater.end();
        super.close();
    }
}
