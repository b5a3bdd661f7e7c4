package electric.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One keep-alive connection that reads answers as fast as a client can and counts them rather than keeping them. */
final class HttpReader implements AutoCloseable {
    private static final byte[] END_OF_LINE = {'\r', '\n'};

    /**
     * @param bodyBytes of the body as it was framed, chunk sizes left out
     * @param tail the last bytes of the body, enough to see its end
     */
    record Response(int status, Map<String, String> headers, long bodyBytes, String tail) {
        String header(String name) {
            String value = headers.get(name);
            if (value == null) {
                throw new IllegalStateException("no " + name + " in an answer with status " + status + ": " + tail);
            }
            return value;
        }
    }

    private final URI base;
    private final byte[] buffer = new byte[1 << 18];
    private final byte[] tail = new byte[4096];
    private Socket socket;
    private InputStream in;

    HttpReader(URI base) throws IOException {
        this.base = base;
        this.socket = new Socket(base.getHost(), base.getPort());
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 18);
    }

    private void reconnect() throws IOException {
        socket.close();
        socket = new Socket(base.getHost(), base.getPort());
        in = new BufferedInputStream(socket.getInputStream(), 1 << 18);
    }

    Response get(String pathAndQuery) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("GET " + pathAndQuery + " HTTP/1.1\r\nhost: " + base.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        String statusLine = line();
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        long total = 0;
        int kept = 0;
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                kept = body(size, kept);
                total += size;
                line();
            }
            line();
        } else {
            int size = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            kept = body(size, kept);
            total = size;
        }
        if ("close".equalsIgnoreCase(headers.get("connection"))) {
            reconnect();
        }
        return new Response(
                Integer.parseInt(statusLine, 9, 12, 10),
                headers,
                total,
                new String(tail, 0, kept, StandardCharsets.UTF_8));
    }

    private int body(int size, int keptBefore) throws IOException {
        int kept = keptBefore;
        for (int left = size; left > 0; ) {
            int n = in.read(buffer, 0, Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("the answer broke off");
            }
            left -= n;
            int take = Math.min(n, tail.length);
            if (kept + take > tail.length) {
                int keep = tail.length - take;
                System.arraycopy(tail, kept - keep, tail, 0, keep);
                kept = keep;
            }
            System.arraycopy(buffer, n - take, tail, kept, take);
            kept += take;
        }
        return kept;
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        int matched = 0;
        while (matched < END_OF_LINE.length) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended inside an answer's head");
            }
            matched = b == END_OF_LINE[matched] ? matched + 1 : 0;
            text.append((char) b);
        }
        return text.substring(0, text.length() - END_OF_LINE.length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
