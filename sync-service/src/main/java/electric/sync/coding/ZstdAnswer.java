package electric.sync.coding;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * One zstd frame around a run of blocks that was made without it. Some clients stop after the first frame, so the texts
 * before and behind are not frames of their own but raw blocks of the same frame. Raw blocks change nothing that a later
 * block builds upon; that is why there can be one before a run that was compressed as if it were the beginning.
 */
final class ZstdAnswer implements Coded {
    private static final int LARGEST_BLOCK = 128 * 1024;

    private final CompressedRun.Reader items;

    ZstdAnswer(CompressedRun.Reader items) {
        this.items = items;
    }

    @Override
    public Coding coding() {
        return Coding.ZSTD;
    }

    @Override
    public CompressedRun.Reader items() {
        return items;
    }

    @Override
    public void begin(ByteBuf out, String text) {
        out.writeBytes(ZstdBlocks.FRAME_HEAD);
        raw(out, text.getBytes(StandardCharsets.US_ASCII), false);
    }

    @Override
    public void end(ByteBuf out, String text) {
        raw(out, text.getBytes(StandardCharsets.US_ASCII), true);
    }

    private static void raw(ByteBuf out, byte[] bytes, boolean last) {
        int at = 0;
        do {
            int length = Math.min(LARGEST_BLOCK, bytes.length - at);
            out.writeMediumLE(length << 3 | (last && at + length == bytes.length ? 1 : 0));
            out.writeBytes(bytes, at, length);
            at += length;
        } while (at < bytes.length);
    }
}
