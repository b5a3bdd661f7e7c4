package electric.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client that waits for changes of a shape, and asks again as soon as it has got some. */
final class LivePoll implements HttpConnection.Reader {
    /** Where they wait, and what is noted of what they get. */
    static final class Place {
        private final Crowd crowd;
        private final URI server;
        private final Deliveries deliveries;
        private final byte[] opening;
        private final byte[] closing;
        private final byte[] first;

        /** @param read where the waiting begins */
        Place(Crowd crowd, URI server, Deliveries deliveries, String shape, ShapeRead.Whole read) {
            this.crowd = crowd;
            this.server = server;
            this.deliveries = deliveries;
            String before = "GET /v1/shape?" + shape + "&live=true&handle=" + read.handle() + "&offset=";
            String behind = " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\n\r\n";
            this.opening = bytes(before);
            this.closing = bytes(behind);
            this.first = bytes(before + read.offset() + behind);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final byte[] ID = "\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CURSOR = "&cursor=".getBytes(StandardCharsets.US_ASCII);
    private static final int REQUEST_BYTES = 256;

    private final Place place;
    private final int number;
    private @Nullable ByteBuf next;
    private int rows;
    private int matched;
    private int id;
    private boolean ended;

    LivePoll(Place place, int number) {
        this.place = place;
        this.number = number;
    }

    @Override
    public void connected(HttpConnection connection) {
        ByteBuf request = next;
        next = null;
        connection.send(request == null ? Unpooled.wrappedBuffer(place.first) : request);
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (!head.isOk()) {
            place.deliveries.fail(new IOException("a live request was answered with " + head.status()));
            ended = true;
            connection.close();
            return;
        }
        ByteBuf request = ByteBufAllocator.DEFAULT.buffer(REQUEST_BYTES).writeBytes(place.opening);
        if (!head.copy("electric-offset", request)) {
            place.deliveries.fail(new IOException("an answer without electric-offset"));
        }
        request.writeBytes(CURSOR);
        head.copy("electric-cursor", request);
        next = request.writeBytes(place.closing);
    }

    @Override
    public void body(ByteBuf part) {
        for (int at = part.readerIndex(); at < part.writerIndex(); at++) {
            byte b = part.getByte(at);
            if (matched < ID.length) {
                matched = b == ID[matched] ? matched + 1 : b == ID[0] ? 1 : 0;
            } else if (b == '"') {
                place.deliveries.arrived(number, rows, id, System.nanoTime());
                rows++;
                id = 0;
                matched = 0;
            } else {
                id = id * 10 + b - '0';
            }
        }
    }

    @Override
    public void end(HttpConnection connection) {
        ByteBuf request = next;
        if (request != null && !connection.closes()) {
            next = null;
            connection.send(request);
        }
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        if (ended) {
            return;
        }
        if (connection.closes() && next != null) {
            var unused = place.crowd.connect(place.server, new HttpConnection(this));
        } else {
            place.deliveries.fail(cause);
        }
    }

    /** From now on the end of the connection is no loss. */
    void leave() {
        ended = true;
    }
}
