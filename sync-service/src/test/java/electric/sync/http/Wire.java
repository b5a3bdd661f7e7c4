package electric.sync.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An HTTP/1.1 client that sends exactly what it is told and shows exactly what came back. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;

    private final Socket socket = new Socket();
    private final BufferedInputStream in;

    public Wire(int port) throws IOException {
        this(port, 64 * 1024);
    }

    public Wire(int port, int receiveBuffer) throws IOException {
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream(), 1024);
    }

    public record Got(String version, int status, List<String> headerLines, String body) {
        /** The value of a header; fails when it is missing or there several times. */
        public String header(String name) {
            List<String> values = headers(name);
            if (values.size() != 1) {
                throw new AssertionError(name + " is there " + values.size() + " times in " + headerLines);
            }
            return values.getFirst();
        }

        public List<String> headers(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headerLines.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .toList();
        }

        public boolean has(String name) {
            return !headers(name).isEmpty();
        }
    }

    /** Sends text as it is, one byte per character. */
    public Wire send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** A request without a body. */
    public Wire request(String method, String target, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nhost: test\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return send(text + "\r\n");
    }

    public Got get(String target, String... headers) throws IOException {
        return request("GET", target, headers).read();
    }

    public Got head(String target, String... headers) throws IOException {
        request("HEAD", target, headers);
        return readHead();
    }

    public Got post(String target, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("content-length: " + bytes.length);
        request("POST", target, all.toArray(String[]::new));
        socket.getOutputStream().write(bytes);
        return read();
    }

    /** The status line and the headers. */
    public Got readHead() throws IOException {
        String[] status = line().split(" ", 3);
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        return new Got(status[0], Integer.parseInt(status[1]), headers, "");
    }

    /** A whole answer. */
    public Got read() throws IOException {
        Got head = readHead();
        String body = "";
        if (head.has("content-length")) {
            body = utf8(in.readNBytes(Integer.parseInt(head.header("content-length"))));
        } else if (head.has("transfer-encoding")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
                bytes.writeBytes(chunk);
            }
            body = utf8(bytes.toByteArray());
        }
        return new Got(head.version(), head.status(), head.headerLines(), body);
    }

    /** The next chunk of a chunked body; an empty one is the end. */
    public byte[] readChunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        byte[] chunk = in.readNBytes(length);
        if (chunk.length < length) {
            throw new EOFException("the chunk is cut short");
        }
        line();
        return chunk;
    }

    /** Whatever comes until the server ends the connection. */
    public String readToEnd() throws IOException {
        return utf8(in.readAllBytes());
    }

    public void skip(int count) throws IOException {
        in.skipNBytes(count);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
