package electric.sync.http;

import electric.sync.log.ByteSource;
import electric.sync.serve.ItemStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes the items of a log as server-sent events, as they come and at the pace of the client.
 *
 * <p>Items have no line breaks within them and one behind the comma between two: an event is made of an item by putting
 * something else in the place of comma and break.
 */
final class EventBody implements StreamedBody {
    private static final byte[] OPENING = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSING = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int WRITE = 8 * 1024;
    private static final int FEW = 512;

    /** Room before the events for the length of a chunk in hexadecimal digits, and a line break. */
    private static final int CHUNK_SIZE = 10;

    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Less than for logs, which are not copied: what is queued here is this client's alone. */
    private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    /** After so many full buffers for one client the others on the same loop have their turn. */
    private static final int TURN = 32;

    private final Connection connection;
    private final ItemStream stream;
    private final Deadline silence;
    /** Nothing while there is nothing to say, which is most of the time. */
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

    private @Nullable ByteSource items;

    /** What has been taken from the items and is not an event yet. */
    private ByteBuf piece = Unpooled.EMPTY_BUFFER;

    private boolean withinItem;
    private boolean afterComma;
    private boolean pumping;
    private boolean waiting;
    private boolean closed;

    /** @param silence after how long without an event the client is told that we are still there */
    EventBody(Connection connection, ItemStream stream, Duration silence) {
        this.connection = connection;
        this.stream = stream;
        this.silence = new Deadline(connection.loop(), silence, this::reassure);
    }

    /** The head goes out before there is anything to say. */
    void begin() {
        connection.queues(QUEUE);
        connection.flush();
        silence.restart();
        stream.wakes(() -> connection.guard(this::pump));
        pump();
    }

    @Override
    public void pump() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            for (int fills = 0; fill(); fills++) {
                if (fills == TURN) {
                    connection.loop().execute(() -> connection.guard(this::pump));
                    return;
                }
            }
        } finally {
            pumping = false;
        }
    }

    /** Writes until the connection has enough for now, then flushes. Whether there is more to write at once. */
    private boolean fill() {
        boolean more = true;
        while (more && !closed && connection.isWritable()) {
            more = items == null ? ask() : take(items);
        }
        if (!closed) {
            flush();
        }
        return more && !closed && connection.isWritable();
    }

    /** Asks for what comes next; false when that is nothing for now. */
    private boolean ask() {
        return switch (stream.next()) {
            case ItemStream.Next.Items next -> {
                items = next.items();
                yield true;
            }
            case ItemStream.Next.UpToDate upToDate -> {
                buffer().writeBytes(OPENING);
                ByteBufUtil.writeAscii(buffer, LogReplies.upToDate(upToDate.lsn()));
                buffer.writeBytes(CLOSING);
                yield true;
            }
            case ItemStream.Next.Nothing nothing -> false;
            case ItemStream.Next.Over over -> {
                end();
                yield false;
            }
        };
    }

    /** Takes of the items what the client takes; false when the log has no more for now. */
    private boolean take(ByteSource source) {
        if (!piece.isReadable()) {
            piece.release();
            ByteBuf next = source.next();
            piece = next == null ? Unpooled.EMPTY_BUFFER : next;
        }
        if (piece.isReadable()) {
            events();
            return true;
        }
        return switch (source.state()) {
            case OPEN -> {
                if (!waiting) {
                    waiting = true;
                    source.whenMore(() -> connection.loop().execute(this::more));
                }
                yield false;
            }
            case ENDED -> {
                if (withinItem) {
                    buffer().writeBytes(CLOSING);
                    withinItem = false;
                }
                source.close();
                items = null;
                yield true;
            }
            case BROKEN -> {
                connection.abort("the log broke off while it was being read");
                yield false;
            }
        };
    }

    private void more() {
        waiting = false;
        connection.guard(this::pump);
    }

    private void events() {
        while (piece.isReadable() && connection.isWritable()) {
            if (afterComma) {
                afterComma = false;
                if (piece.getByte(piece.readerIndex()) == '\n') {
                    piece.skipBytes(1);
                    buffer().writeBytes(CLOSING);
                    withinItem = false;
                } else {
                    buffer().writeByte(',');
                }
                continue;
            }
            if (!withinItem) {
                buffer().writeBytes(OPENING);
                withinItem = true;
            }
            int most = Math.min(piece.readableBytes(), Math.max(1, WRITE - buffer.readableBytes()));
            int lineBreak = piece.bytesBefore(most, (byte) '\n');
            int run = lineBreak < 0 ? most : lineBreak;
            // The comma is kept back until it is seen what follows it.
            afterComma = piece.getByte(piece.readerIndex() + run - 1) == ',';
            buffer().writeBytes(piece, afterComma ? run - 1 : run);
            if (afterComma) {
                piece.skipBytes(1);
            }
            if (buffer.readableBytes() >= WRITE) {
                hand();
            }
        }
    }

    private ByteBuf buffer() {
        if (buffer == Unpooled.EMPTY_BUFFER) {
            boolean few = piece.readableBytes() < FEW;
            int capacity = CHUNK_SIZE + OPENING.length + (few ? 2 * FEW : WRITE) + CLOSING.length + LINE_END.length;
            buffer = connection.buffer(capacity).setIndex(CHUNK_SIZE, CHUNK_SIZE);
        }
        return buffer;
    }

    private void hand() {
        if (buffer.isReadable()) {
            ByteBuf full = buffer;
            buffer = Unpooled.EMPTY_BUFFER;
            if (connection.takesBytes()) {
                connection.write(chunk(full));
            } else {
                connection.write(new DefaultHttpContent(full));
            }
            silence.restart();
        }
    }

    /** The same bytes, framed where they are: one piece for the system to send instead of three. */
    private static ByteBuf chunk(ByteBuf bytes) {
        int at = CHUNK_SIZE;
        bytes.setByte(--at, '\n').setByte(--at, '\r');
        for (int left = bytes.readableBytes(); left > 0; left >>>= 4) {
            bytes.setByte(--at, HEX_DIGITS[left & 0xf]);
        }
        return bytes.readerIndex(at).writeBytes(LINE_END);
    }

    private void flush() {
        hand();
        connection.flush();
    }

    private void reassure() {
        if (!closed && connection.isWritable()) {
            ByteBufUtil.writeAscii(buffer(), ": keep-alive\n\n");
            flush();
        }
        silence.restart();
    }

    private void end() {
        hand();
        close();
        connection.writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        connection.queues(HttpServer.WRITE_BUFFER);
        silence.cancel();
        buffer.release();
        buffer = Unpooled.EMPTY_BUFFER;
        piece.release();
        piece = Unpooled.EMPTY_BUFFER;
        if (items != null) {
            items.close();
        }
        stream.close();
    }
}
