package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Arrays;

/** A client that waits for changes of a shape, and asks again as soon as it has got some. */
final class LivePoll implements HttpConnection.Reader {
    private static final byte[] LIVE = Subscription.ascii("&live=true");
    private static final byte[] NOT_YET_LIVE = {};
    private static final byte[] HANDLE = Subscription.ascii("&handle=");
    private static final byte[] OFFSET = Subscription.ascii("&offset=");
    private static final byte[] CURSOR = Subscription.ascii("&cursor=");
    private static final int POSITION_BYTES = 112;
    private static final int LONGEST_VALUE = 256;

    private final Crowd crowd;
    private final Subscription subscription;
    private final Rows rows;
    private byte[] position = new byte[POSITION_BYTES];
    private int handleLength;
    private int length;
    private boolean live;
    private boolean ended;

    private LivePoll(Crowd crowd, Subscription subscription, Rows rows) {
        this.crowd = crowd;
        this.subscription = subscription;
        this.rows = rows;
    }

    /** One that has read the shape already. */
    static LivePoll behind(Crowd crowd, Subscription subscription, ShapeRead.Whole read, Rows rows) {
        LivePoll poll = new LivePoll(crowd, subscription, rows);
        poll.handleLength = poll.append(HANDLE, 0);
        poll.handleLength = poll.append(Subscription.ascii(read.handle()), poll.handleLength);
        poll.length = poll.append(OFFSET, poll.handleLength);
        poll.length = poll.append(Subscription.ascii(read.offset()), poll.length);
        poll.live = true;
        return poll;
    }

    /** One that reads the shape first. */
    static LivePoll fromTheBeginning(Crowd crowd, Subscription subscription, Rows rows) {
        LivePoll poll = new LivePoll(crowd, subscription, rows);
        poll.length = poll.append(Subscription.ascii("&offset=-1"), 0);
        return poll;
    }

    private int append(byte[] bytes, int at) {
        if (position.length < at + bytes.length + LONGEST_VALUE / 4) {
            position = Arrays.copyOf(position, at + bytes.length + LONGEST_VALUE);
        }
        System.arraycopy(bytes, 0, position, at, bytes.length);
        return at + bytes.length;
    }

    @Override
    public boolean inWaves() {
        return true;
    }

    @Override
    public void connected(HttpConnection connection) {
        if (ended) {
            connection.close();
        } else {
            ask(connection);
        }
    }

    private void ask(HttpConnection connection) {
        subscription.ask(connection, live ? LIVE : NOT_YET_LIVE, position, length);
        if (live) {
            rows.waits();
        }
    }

    @Override
    public void head(HttpConnection connection, Head head) {
        if (ended) {
            return;
        }
        if (!head.isOk()) {
            fail(connection, new IOException("a request was answered with " + head.status()));
            return;
        }
        if (handleLength == 0) {
            handleLength = head.copy("electric-handle", position, append(HANDLE, 0));
        }
        int offset = append(OFFSET, handleLength);
        length = head.copy("electric-offset", position, offset);
        if (length == offset) {
            fail(connection, new IOException("an answer without electric-offset"));
            return;
        }
        int cursor = append(CURSOR, length);
        int behind = head.copy("electric-cursor", position, cursor);
        if (behind > cursor) {
            length = behind;
        }
        live |= head.has("electric-up-to-date");
    }

    @Override
    public void body(HttpConnection connection, ByteBuf part) {
        rows.look(connection, part);
    }

    @Override
    public void end(HttpConnection connection) {
        if (!ended && !connection.closes()) {
            ask(connection);
        }
    }

    @Override
    public void lost(HttpConnection connection, Throwable cause) {
        if (ended) {
            return;
        }
        if (connection.endedInOrder()) {
            var unused = crowd.connect(subscription.server(), this);
        } else {
            fail(connection, cause);
        }
    }

    private void fail(HttpConnection connection, Throwable cause) {
        ended = true;
        rows.deliveries().fail(cause);
        connection.close();
    }

    /** From now on the end of the connection is no loss. */
    void leave() {
        ended = true;
    }
}
