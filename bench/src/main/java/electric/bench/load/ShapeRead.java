package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/** Reads a shape from its beginning until it is up to date, over one connection. */
public final class ShapeRead implements HttpConnection.Reader {
    /**
     * What was read.
     *
     * @param checksum of all bodies but the last, one after the other
     * @param rows how many items had a key
     */
    public record Whole(String handle, String offset, long bytes, long checksum, long rows, double seconds) {}

    private static final String KEY = "{\"key\":";

    /** How often a shape may be over before it was read. */
    private static final int MOST_REFETCHES = 5;

    private final Crowd crowd;
    private final URI server;
    private final String shape;
    private Occurrences keys = new Occurrences(KEY);
    private final boolean counting;
    private final CRC32C checksum = new CRC32C();
    private final CompletableFuture<Whole> whole = new CompletableFuture<>();
    private boolean begins;
    private long begun;
    private long bytes;
    private String handle = "";
    private String offset = "-1";
    private boolean upToDate;
    private int refetches;
    private boolean again;

    /**
     * One that begins when it is told to.
     *
     * @param shape the parameters that define it
     * @param counting whether rows are to be counted, which takes longer than a server needs to send them
     */
    public ShapeRead(Crowd crowd, URI server, String shape, boolean counting) {
        this.crowd = crowd;
        this.server = server;
        this.shape = shape;
        this.counting = counting;
    }

    /** Begins to read on a connection of its own. */
    public static CompletableFuture<Whole> begin(Crowd crowd, URI server, String shape, boolean counting) {
        ShapeRead read = new ShapeRead(crowd, server, shape, counting);
        read.begins = true;
        read.begun = System.nanoTime();
        read.connect();
        return read.whole;
    }

    private void connect() {
        crowd.connect(server, this).addListener(connected -> {
            if (!connected.isSuccess()) {
                whole.completeExceptionally(connected.cause());
            }
        });
    }

    public CompletableFuture<Whole> whole() {
        return whole;
    }

    /** For one that was not to begin at once. */
    public void begin(HttpConnection connection) {
        connection.execute(() -> {
            begins = true;
            begun = System.nanoTime();
            ask(connection);
        });
    }

    @Override
    public boolean inWaves() {
        return false;
    }

    @Override
    public void connected(HttpConnection connection) {
        if (begins) {
            ask(connection);
        }
    }

    private void ask(HttpConnection connection) {
        connection.send("GET /v1/shape?" + shape + "&offset=" + offset + (handle.isEmpty() ? "" : "&handle=" + handle)
                + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n");
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (head.status() == 409 && refetches < MOST_REFETCHES) {
            again = true;
            return;
        }
        if (!head.isOk()) {
            whole.completeExceptionally(
                    new IOException("a request for " + shape + " was answered with " + head.status()));
            connection.close();
            return;
        }
        handle = Objects.requireNonNull(head.value("electric-handle"), "no electric-handle");
        offset = Objects.requireNonNull(head.value("electric-offset"), "no electric-offset");
        upToDate = head.has("electric-up-to-date");
    }

    @Override
    public void body(HttpConnection connection, ByteBuf part) {
        if (again) {
            return;
        }
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
        if (whole.isDone()) {
            return;
        }
        if (again) {
            beginAgain();
        }
        if (upToDate) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            whole.complete(new Whole(handle, offset, bytes, checksum.getValue(), keys.seen(), seconds));
            connection.close();
        } else if (!connection.closes()) {
            ask(connection);
        }
    }

    /** As all clients do when a shape is over, for example because its table was made anew. */
    private void beginAgain() {
        again = false;
        refetches++;
        handle = "";
        offset = "-1";
        upToDate = false;
        bytes = 0;
        checksum.reset();
        keys = new Occurrences(KEY);
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        if (!whole.isDone() && connection.endedInOrder()) {
            connect();
        } else {
            whole.completeExceptionally(cause);
        }
    }
}
