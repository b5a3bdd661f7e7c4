package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** A client that listens to changes of a shape as server-sent events, as long as a server lets it: a minute usually. */
final class LiveEvents implements HttpConnection.Reader {
    private static final byte[] EVENTS = Subscription.ascii("&live=true&live_sse=true");

    private final Subscription subscription;
    private final byte[] position;
    private final Rows rows;
    private boolean ended;

    LiveEvents(Subscription subscription, ShapeRead.Whole read, Rows rows) {
        this.subscription = subscription;
        this.position = Subscription.ascii("&handle=" + read.handle() + "&offset=" + read.offset());
        this.rows = rows;
    }

    @Override
    public boolean inWaves() {
        return true;
    }

    @Override
    public void connected(HttpConnection connection) {
        subscription.ask(connection, EVENTS, position, position.length);
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (head.isOk()) {
            rows.waits();
        } else {
            rows.deliveries().fail(new IOException("a request for events was answered with " + head.status()));
        }
    }

    @Override
    public void body(HttpConnection connection, ByteBuf part) {
        rows.look(connection, part);
    }

    @Override
    public void end(HttpConnection connection) {
        if (!ended) {
            rows.deliveries().fail(new IOException("the server has ended the events"));
        }
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        if (!ended) {
            rows.deliveries().fail(cause);
        }
    }

    void leave() {
        ended = true;
    }
}
