package electric.bench.beside;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One answer of a server to somebody who waits, as one that does nothing else can write it again, in one chunk. */
public final class Recorded {
    private static final byte[] HEAD_END = ascii("\r\n\r\n");
    private static final byte[] EVENT_END = ascii("\n\n");
    private static final String UP_TO_DATE = "\"control\":\"up-to-date\"";
    private static final byte[] ID = ascii("\"id\":\"");
    private static final int PATIENCE_MILLIS = 10_000;

    /** What makes the server answer. */
    public interface Cause {
        void happen() throws Exception;
    }

    private final byte[] head;
    private final byte[] content;
    private final boolean events;

    private Recorded(byte[] head, byte[] content, boolean events) {
        this.head = head;
        this.content = content;
        this.events = events;
    }

    /** @param request the target of a live request */
    public static Recorded of(URI server, String request, Cause cause) throws Exception {
        try (Socket socket = new Socket(InetAddress.getAllByName(server.getHost())[0], server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(ascii("GET " + request + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n"));
            cause.happen();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            byte[] head = through(in, HEAD_END);
            boolean events = new String(head, StandardCharsets.US_ASCII).contains("text/event-stream");
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (!events || !isLast(content.toByteArray())) {
                String size = new String(through(in, ascii("\r\n")), StandardCharsets.US_ASCII).strip();
                if (size.equals("0")) {
                    break;
                }
                content.write(in.readNBytes(Integer.parseInt(size, 16)));
                in.skipNBytes(2);
            }
            return new Recorded(head, content.toByteArray(), events);
        }
    }

    private static boolean isLast(byte[] content) {
        return endsWith(content, content.length, EVENT_END)
                && new String(content, StandardCharsets.ISO_8859_1).contains(UP_TO_DATE);
    }

    private static byte[] through(InputStream in, byte[] end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!endsWith(read.toByteArray(), read.size(), end)) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("an answer broke off");
            }
            read.write(b);
        }
        return read.toByteArray();
    }

    private static boolean endsWith(byte[] bytes, int length, byte[] end) {
        return length >= end.length && Arrays.equals(bytes, length - end.length, length, end, 0, end.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What comes before any events. */
    public byte[] head() {
        return head.clone();
    }

    /** What is to be written for rows with these ids, which have as many digits as those that were recorded. */
    public byte[] bytes(int firstId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!events) {
            bytes.writeBytes(head);
        }
        bytes.writeBytes(ascii(Integer.toHexString(content.length) + "\r\n"));
        bytes.writeBytes(withIds(firstId));
        bytes.writeBytes(ascii(events ? "\r\n" : "\r\n0\r\n\r\n"));
        return bytes.toByteArray();
    }

    private byte[] withIds(int firstId) {
        byte[] copy = content.clone();
        int id = firstId;
        for (int at = ID.length; at < copy.length; at++) {
            if (endsWith(copy, at, ID)) {
                byte[] digits = ascii(Integer.toString(id));
                System.arraycopy(digits, 0, copy, at, digits.length);
                id++;
            }
        }
        return copy;
    }
}
