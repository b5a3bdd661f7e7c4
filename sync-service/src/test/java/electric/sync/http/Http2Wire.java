package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** An HTTP/2 client that knows it speaks to such a server, and sends exactly the frames it is told. */
final class Http2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int PATIENCE_MS = 10_000;

    record Frame(int type, int stream, ByteBuffer payload) {
        /** The code that a reset carries. */
        int code() {
            return payload.getInt(0);
        }

        String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

    /** @param window how many bytes of a stream the server may send before it is told that they were taken */
    Http2Wire(int port, int window) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
    }

    Http2Wire send(int type, int flags, int stream, byte[] payload) throws IOException {
        socket.getOutputStream().write(frame(type, flags, stream, payload));
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Many frames at once. */
    Http2Wire sendAll(byte[] frames) throws IOException {
        socket.getOutputStream().write(frames);
        return this;
    }

    static byte[] reset(int stream) {
        return frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** A whole request without a body. */
    Http2Wire get(int stream, String target, String... more) throws IOException {
        return send(HEADERS, END_STREAM | END_HEADERS, stream, request("GET", target, more));
    }

    /** Names and values as they are, none of them indexed. */
    static byte[] request(String method, String target, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", method);
        header(block, ":scheme", "http");
        header(block, ":authority", "test");
        header(block, ":path", target);
        for (String line : more) {
            String[] halves = line.split(": ", 2);
            header(block, halves[0], halves[1]);
        }
        return block.toByteArray();
    }

    private static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame; settings and pings are answered on the way. */
    Frame next() throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            boolean acknowledges = (flags & ACK) != 0;
            if ((type == SETTINGS || type == PING) && !acknowledges) {
                send(type, ACK, 0, type == PING ? payload : new byte[0]);
            } else if (type != SETTINGS && type != PING && type != WINDOW_UPDATE) {
                return new Frame(type, stream, ByteBuffer.wrap(payload));
            }
        }
    }

    Frame next(Predicate<Frame> wanted) throws IOException {
        Frame frame = next();
        while (!wanted.test(frame)) {
            frame = next();
        }
        return frame;
    }

    /** Frames must be read in their order, those with headers all. */
    Http2Headers headers(Frame frame) throws Http2Exception {
        ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
        return headers.decodeHeaders(frame.stream(), block);
    }

    String status(int stream) throws IOException, Http2Exception {
        while (true) {
            Frame frame = next(any -> any.type() == HEADERS);
            Http2Headers got = headers(frame);
            if (frame.stream() == stream) {
                return got.status().toString();
            }
        }
    }

    /** Whatever is still there until the server ends the connection. */
    void readToEnd() throws IOException {
        in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
