package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * An answer in the bytes of HTTP/1.1 that many clients get: all but the lines of the head that are each client's own, which
 * stand at its end.
 */
final class SharedAnswer {
    private static final String REQUEST_ID = "x-request-id";
    private static final String ORIGIN = HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN.toString();
    private static final String CURSOR = "electric-cursor";
    private static final Set<String> OWN_LINES = Set.of(REQUEST_ID, ORIGIN, CURSOR);
    private static final byte[] REQUEST_ID_IS = ascii(REQUEST_ID + ": ");
    private static final byte[] ORIGIN_IS = ascii(ORIGIN + ": ");
    private static final byte[] CURSOR_IS = ascii(CURSOR + ": ");
    private static final int OWN_BYTES = 160;

    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] LINE_END = ascii("\r\n");

    private final byte[] head;
    private final byte[] body;

    /**
     * @param headers as one of the clients gets them
     * @param content what the body says
     */
    SharedAnswer(HttpResponseStatus status, HttpHeaders headers, ByteBuf content) {
        StringBuilder lines = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        for (Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence(); all.hasNext(); ) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            if (!OWN_LINES.contains(header.getKey().toString())) {
                lines.append(header.getKey())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n");
            }
        }
        this.head = lines.append("transfer-encoding: chunked\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] opening = ascii("\r\n" + Integer.toHexString(content.readableBytes()) + "\r\n");
        byte[] closing = ascii("\r\n0\r\n\r\n");
        this.body = new byte[opening.length + content.readableBytes() + closing.length];
        System.arraycopy(opening, 0, body, 0, opening.length);
        content.getBytes(content.readerIndex(), body, opening.length, content.readableBytes());
        System.arraycopy(closing, 0, body, body.length - closing.length, closing.length);
    }

    /**
     * The whole answer for one client.
     *
     * @param last whether the connection ends with it
     */
    ByteBuf bytes(ByteBufAllocator allocator, String requestId, String origin, String cursor, boolean last) {
        ByteBuf bytes = allocator.buffer(head.length + body.length + OWN_BYTES);
        bytes.writeBytes(head);
        line(bytes, REQUEST_ID_IS, requestId);
        line(bytes, ORIGIN_IS, origin);
        line(bytes, CURSOR_IS, cursor);
        if (last) {
            bytes.writeBytes(CLOSE);
        }
        return bytes.writeBytes(body);
    }

    private static void line(ByteBuf bytes, byte[] nameIs, String value) {
        bytes.writeBytes(nameIs)
                .writeBytes(value.getBytes(StandardCharsets.ISO_8859_1))
                .writeBytes(LINE_END);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
