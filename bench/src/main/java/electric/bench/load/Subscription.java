package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A shape of a server as clients ask for it: the bytes of their requests around what differs. */
public final class Subscription {
    private final URI server;
    private final byte[] opening;
    private final byte[] closing;

    /** @param shape the parameters that define it */
    public Subscription(URI server, String shape) {
        this.server = server;
        this.opening = ascii("GET /v1/shape?" + shape);
        this.closing = ascii(" HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    URI server() {
        return server;
    }

    /** Asks for what is behind a position. */
    void ask(HttpConnection connection, byte[] kind, byte[] position, int length) {
        ByteBuf request = connection.loop().request();
        request.writeBytes(opening).writeBytes(kind).writeBytes(position, 0, length);
        connection.send(request.writeBytes(closing));
    }
}
