package electric.sync.coding;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads what was compressed as the strictest client does: one gzip member or one zstd frame, and nothing behind it. */
public final class Decoded {
    private static final int GZIP_HEAD = 10;

    private Decoded() {}

    public static byte[] of(Coding coding, byte[] bytes) throws DataFormatException {
        return switch (coding) {
            case IDENTITY -> bytes;
            case GZIP -> gzip(bytes);
            case ZSTD -> zstd(bytes);
        };
    }

    private static byte[] gzip(byte[] bytes) throws DataFormatException {
        assertThat(bytes).startsWith(0x1f, 0x8b, 8, 0);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        int rest;
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(bytes, GZIP_HEAD, bytes.length - GZIP_HEAD);
            while (!inflater.finished()) {
                int n = inflater.inflate(buffer);
                assertThat(n > 0 || inflater.finished())
                        .as("the stream has an end")
                        .isTrue();
                plain.write(buffer, 0, n);
            }
            rest = inflater.getRemaining();
        }
        assertThat(rest).as("checksum and length, and nothing else").isEqualTo(8);
        ByteBuffer trailer = ByteBuffer.wrap(bytes, bytes.length - 8, 8).order(ByteOrder.LITTLE_ENDIAN);
        CRC32 crc = new CRC32();
        crc.update(plain.toByteArray());
        assertThat(trailer.getInt()).isEqualTo((int) crc.getValue());
        assertThat(trailer.getInt()).isEqualTo(plain.size());
        return plain.toByteArray();
    }

    private static byte[] zstd(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer out = ByteBuffer.allocateDirect(64 * 1024);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (ZstdDecompressCtx frame = new ZstdDecompressCtx()) {
            boolean ended = false;
            while (!ended) {
                assertThat(in.hasRemaining() || out.position() == out.capacity())
                        .as("the frame has an end")
                        .isTrue();
                out.clear();
                ended = frame.decompressDirectByteBufferStream(out, in);
                out.flip();
                byte[] part = new byte[out.remaining()];
                out.get(part);
                plain.writeBytes(part);
                out.position(out.limit());
                if (!ended && !in.hasRemaining() && part.length < out.capacity()) {
                    throw new AssertionError("the frame is cut short");
                }
            }
        }
        assertThat(in.remaining()).as("bytes behind the frame").isZero();
        return plain.toByteArray();
    }
}
