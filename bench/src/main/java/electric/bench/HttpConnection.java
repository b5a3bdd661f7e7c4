package electric.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection that reads answers with as little work as possible: tens of thousands of them must not cost more
 * than the server they measure.
 */
// A write that fails closes the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final int FIRST_HEAD_BYTES = 2048;

    /** What is done with answers, on the event loop of the connection. */
    interface Reader {
        /** The connection is there: the first request can be sent. */
        void connected(HttpConnection connection);

        /** An answer begins. The head is valid during this call only. */
        void head(HttpConnection connection, Head head);

        /** A part of its body, valid during this call only; framing has been taken off. */
        void body(ByteBuf part);

        /** The answer was whole. */
        void end(HttpConnection connection);

        /** The connection is gone. */
        void lost(HttpConnection connection, Throwable cause);
    }

    private enum Part {
        HEAD,
        SIZED_BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private final Reader reader;
    private @Nullable Channel channel;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private Part part = Part.HEAD;
    private long left;
    private boolean closes;

    HttpConnection(Reader reader) {
        this.reader = reader;
    }

    void send(ByteBuf request) {
        channel().writeAndFlush(request);
    }

    Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    /** Whether the server has said that it will close after the current answer. */
    boolean closes() {
        return closes;
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        reader.connected(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
        ByteBuf received = (ByteBuf) message;
        ByteBuf in = received;
        if (pending.isReadable()) {
            in = ctx.alloc().buffer(pending.readableBytes() + received.readableBytes());
            in.writeBytes(pending).writeBytes(received);
            received.release();
        }
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
        try {
            while (in.isReadable() && step(in)) {}
            if (in.isReadable()) {
                pending = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
            }
        } finally {
            in.release();
        }
    }

    /** Whether something was taken off the front. */
    private boolean step(ByteBuf in) throws IOException {
        return switch (part) {
            case HEAD -> head(in);
            case SIZED_BODY, CHUNK -> {
                int n = (int) Math.min(left, in.readableBytes());
                reader.body(in.slice(in.readerIndex(), n));
                in.skipBytes(n);
                left -= n;
                if (left == 0) {
                    if (part == Part.CHUNK) {
                        part = Part.CHUNK_END;
                    } else {
                        end();
                    }
                }
                yield true;
            }
            case CHUNK_SIZE -> {
                int lineBreak = in.bytesBefore((byte) '\n');
                if (lineBreak < 0) {
                    yield false;
                }
                left = Long.parseLong(in.toString(in.readerIndex(), lineBreak - 1, StandardCharsets.US_ASCII), 16);
                in.skipBytes(lineBreak + 1);
                part = left == 0 ? Part.TRAILER : Part.CHUNK;
                yield true;
            }
            case CHUNK_END -> {
                if (in.readableBytes() < 2) {
                    yield false;
                }
                in.skipBytes(2);
                part = Part.CHUNK_SIZE;
                yield true;
            }
            case TRAILER -> {
                if (in.readableBytes() < 2) {
                    yield false;
                }
                in.skipBytes(2);
                end();
                yield true;
            }
        };
    }

    private boolean head(ByteBuf in) throws IOException {
        int end = Head.end(in);
        if (end < 0) {
            if (in.readableBytes() > FIRST_HEAD_BYTES * 64) {
                throw new IOException("the head of an answer does not end");
            }
            return false;
        }
        Head head = new Head(in, in.readerIndex(), end);
        closes = head.is("connection", "close");
        boolean chunked = head.is("transfer-encoding", "chunked");
        String length = chunked ? null : head.value("content-length");
        left = length == null ? 0 : Long.parseLong(length);
        reader.head(this, head);
        in.readerIndex(end);
        if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (left > 0) {
            part = Part.SIZED_BODY;
        } else {
            end();
        }
        return true;
    }

    private void end() {
        part = Part.HEAD;
        reader.end(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
        reader.lost(this, new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reader.lost(this, cause);
        ctx.close();
    }
}
