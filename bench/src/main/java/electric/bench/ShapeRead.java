package electric.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/** Reads a shape from its beginning until it is up to date, over one connection. */
final class ShapeRead implements HttpConnection.Reader {
    /**
     * What was read.
     *
     * @param checksum of all bodies but the last, one after the other
     * @param rows how many items had a key
     */
    record Whole(String handle, String offset, long bytes, long checksum, long rows, double seconds) {}

    private final URI server;
    private final String shape;
    private final Occurrences keys = new Occurrences("{\"key\":");
    private final boolean counting;
    private final CRC32C checksum = new CRC32C();
    private final CompletableFuture<Whole> whole = new CompletableFuture<>();
    private final boolean atOnce;
    private long begun;
    private long bytes;
    private String handle = "";
    private String offset = "-1";
    private boolean upToDate;

    /**
     * @param shape the parameters that define it
     * @param counting whether rows are to be counted, which takes longer than a server needs to send them
     * @param atOnce whether it begins as soon as it is connected, or when it is told to
     */
    ShapeRead(URI server, String shape, boolean counting, boolean atOnce) {
        this.server = server;
        this.shape = shape;
        this.counting = counting;
        this.atOnce = atOnce;
    }

    static CompletableFuture<Whole> begin(Crowd crowd, URI server, String shape, boolean counting) {
        ShapeRead read = new ShapeRead(server, shape, counting, true);
        read.begun = System.nanoTime();
        crowd.connect(server, new HttpConnection(read)).addListener(connected -> {
            if (!connected.isSuccess()) {
                read.whole.completeExceptionally(connected.cause());
            }
        });
        return read.whole;
    }

    CompletableFuture<Whole> whole() {
        return whole;
    }

    /** For one that was not to begin at once. */
    void begin(HttpConnection connection) {
        begun = System.nanoTime();
        ask(connection);
    }

    @Override
    public void connected(HttpConnection connection) {
        if (atOnce) {
            ask(connection);
        }
    }

    private void ask(HttpConnection connection) {
        String request = "GET /v1/shape?" + shape + "&offset=" + offset + (handle.isEmpty() ? "" : "&handle=" + handle)
                + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n";
        connection.send(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (!head.isOk()) {
            lost(connection, new IOException("a request for " + shape + " was answered with " + head.status()));
            connection.close();
            return;
        }
        handle = Objects.requireNonNull(head.value("electric-handle"), "no electric-handle");
        offset = Objects.requireNonNull(head.value("electric-offset"), "no electric-offset");
        upToDate = head.has("electric-up-to-date");
    }

    @Override
    public void body(ByteBuf part) {
        bytes += part.readableBytes();
        if (!upToDate) {
            // The last answer says how far the server has come, which is something else each time.
            checksum.update(part.nioBuffer());
        }
        if (counting) {
            keys.count(part);
        }
    }

    @Override
    public void end(HttpConnection connection) {
        if (upToDate) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            whole.complete(new Whole(handle, offset, bytes, checksum.getValue(), keys.seen(), seconds));
            connection.close();
        } else {
            ask(connection);
        }
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        whole.completeExceptionally(cause);
    }
}
