package electric.sync.coding;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One gzip member around a run of deflated bytes that was made without it. Browsers stop after the first member, so the
 * texts before and behind are not members of their own: they are stored blocks of the same stream, which any deflated run
 * that ends on a byte may follow, and the checksum of the whole is calculated from those of its parts.
 */
final class GzipAnswer implements Coded {
    /** Deflate, no name, no time, made on an unknown system. */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int LARGEST_BLOCK = 0xffff;

    private final CompressedRun.Reader items;
    private final CRC32 opening = new CRC32();
    private long openingLength;

    GzipAnswer(CompressedRun.Reader items) {
        this.items = items;
    }

    @Override
    public Coding coding() {
        return Coding.GZIP;
    }

    @Override
    public CompressedRun.Reader items() {
        return items;
    }

    @Override
    public void begin(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        opening.update(bytes);
        openingLength = bytes.length;
        out.writeBytes(HEAD);
        stored(out, bytes, false);
    }

    @Override
    public void end(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        stored(out, bytes, true);
        CRC32 closing = new CRC32();
        closing.update(bytes);
        CompressedRun.Content content = items.content();
        int crc = Checksums.ofBoth((int) opening.getValue(), content.crc(), content.length());
        out.writeIntLE(Checksums.ofBoth(crc, (int) closing.getValue(), bytes.length));
        out.writeIntLE((int) (openingLength + content.length() + bytes.length));
    }

    private static void stored(ByteBuf out, byte[] bytes, boolean last) {
        int at = 0;
        do {
            int length = Math.min(LARGEST_BLOCK, bytes.length - at);
            out.writeByte(last && at + length == bytes.length ? 1 : 0);
            out.writeShortLE(length);
            out.writeShortLE(~length);
            out.writeBytes(bytes, at, length);
            at += length;
        } while (at < bytes.length);
    }
}
