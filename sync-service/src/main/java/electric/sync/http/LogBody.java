package electric.sync.http;

import electric.sync.coding.Coded;
import electric.sync.log.ByteSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;

/**
 * Writes the items of a log as one JSON array, at the pace of the client.
 *
 * <p>The client pauses us: while its connection is not writable nothing is taken from the log. The log pauses us: while it
 * has nothing more yet, we wait to be woken. Between the two, what one client pins is one write buffer.
 */
final class LogBody implements StreamedBody {
    /** Between two items. */
    static final String SEPARATOR = ",\n";

    /** Pieces up to here are copied together, to be one chunk on the wire; larger ones go out as they are. */
    private static final int SMALL = 4 * 1024;

    /** A client that takes this much within the send timeout is slow, not stalled. */
    private static final int LARGEST_WRITE = 32 * 1024;

    /** After so much for one client the others on the same loop have their turn. */
    private static final int TURN = 1024 * 1024;

    private final Connection connection;
    private final Coded coded;
    private final ByteSource items;
    private final String lastItem;
    private final String closing;
    private ByteBuf small;

    /** What has been taken from the log and not been written yet. */
    private ByteBuf large = Unpooled.EMPTY_BUFFER;

    private boolean empty = true;
    private boolean pumping;
    private boolean waiting;
    private boolean closed;
    private final AnswerStreamed event = new AnswerStreamed();

    LogBody(Connection connection, Reply.Body.Streamed array) {
        this.connection = connection;
        this.coded = array.items();
        this.items = coded.items();
        this.lastItem = array.lastItem();
        this.closing = array.closing();
        this.small = connection.buffer(SMALL);
        coded.begin(small, array.opening());
        event.begin();
    }

    @Override
    public void pump() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            int turn = 0;
            while (!closed && connection.isWritable()) {
                if (turn >= TURN) {
                    connection.loop().execute(() -> connection.guard(this::pump));
                    return;
                }
                int written = fill();
                if (written == 0) {
                    return;
                }
                turn += written;
            }
        } finally {
            pumping = false;
        }
    }

    /** Writes until the connection has enough for now, then flushes. Zero when the log has no more for now. */
    private int fill() {
        int written = 0;
        while (connection.isWritable()) {
            if (large.isReadable()) {
                written += writeLarge();
                continue;
            }
            ByteBuf piece = items.next();
            if (piece == null) {
                return noMore();
            }
            append(piece);
        }
        connection.flush();
        return Math.max(written, 1);
    }

    private int noMore() {
        switch (items.state()) {
            case OPEN -> {
                writeSmall();
                connection.flush();
                if (!waiting) {
                    waiting = true;
                    items.whenMore(() -> connection.loop().execute(this::more));
                }
            }
            case ENDED -> end();
            case BROKEN -> connection.abort("the log broke off while it was being read");
        }
        return 0;
    }

    private void more() {
        waiting = false;
        connection.guard(this::pump);
    }

    private void append(ByteBuf piece) {
        empty &= !piece.isReadable();
        if (piece.readableBytes() <= SMALL - small.writerIndex()) {
            small.writeBytes(piece);
            piece.release();
            return;
        }
        writeSmall();
        large = piece;
    }

    /** How many bytes. */
    private int writeLarge() {
        ByteBuf part = large;
        if (part.readableBytes() > LARGEST_WRITE) {
            part = large.readRetainedSlice(LARGEST_WRITE);
        } else {
            large = Unpooled.EMPTY_BUFFER;
        }
        int bytes = part.readableBytes();
        event.bytes += bytes;
        connection.write(new DefaultHttpContent(part));
        return bytes;
    }

    private void writeSmall() {
        if (small.isReadable()) {
            ByteBuf full = small;
            event.bytes += full.readableBytes();
            small = connection.buffer(SMALL);
            connection.write(new DefaultHttpContent(full));
        }
    }

    private void end() {
        ByteBuf rest = small;
        String separator = empty || lastItem.isEmpty() ? "" : SEPARATOR;
        coded.end(rest, separator + lastItem + closing);
        small = Unpooled.EMPTY_BUFFER;
        event.bytes += rest.readableBytes();
        event.whole = true;
        close();
        connection.writeLast(new DefaultLastHttpContent(rest));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            small.release();
            large.release();
            large = Unpooled.EMPTY_BUFFER;
            items.close();
            event.commit();
        }
    }
}
