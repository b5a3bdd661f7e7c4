package electric.sync.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** The blocks of a zstd frame, none of them its last. */
final class ZstdBlocks extends Encoder {
    private static final int WINDOW_LOG = 19;

    /** A frame of unknown size with a window of half a megabyte, without checksum. */
    static final byte[] FRAME_HEAD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (WINDOW_LOG - 10) << 3};

    /** Rows of JSON do not get smaller with more, only slower. */
    private static final int LEVEL = 1;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx stream = new ZstdCompressCtx()
            .setLevel(LEVEL)
            .setWindowLog(WINDOW_LOG)
            .setContentSize(false)
            .setChecksum(false);

    private boolean headWritten;

    ZstdBlocks(Consumer<ByteBuf> out) {
        super(out);
    }

    @Override
    void compress(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            stream.compressDirectByteBufferStream(block, piece, EndDirective.CONTINUE);
            if (!block.hasRemaining()) {
                handOn();
            }
        }
    }

    @Override
    void flush() {
        boolean done = false;
        while (!done) {
            done = stream.compressDirectByteBufferStream(block, NOTHING.duplicate(), EndDirective.FLUSH);
            handOn();
        }
    }

    @Override
    int headIn(ByteBuffer written) {
        if (headWritten || !written.hasRemaining()) {
            return 0;
        }
        headWritten = true;
        byte[] head = new byte[FRAME_HEAD.length];
        written.get(written.position(), head);
        if (!Arrays.equals(head, FRAME_HEAD)) {
            throw new IllegalStateException("zstd began a frame in another way than expected");
        }
        return head.length;
    }

    @Override
    public void close() {
        stream.close();
        super.close();
    }
}
