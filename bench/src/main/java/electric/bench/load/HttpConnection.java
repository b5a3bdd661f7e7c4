package electric.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection that reads answers with as little work as possible: tens of thousands of them must not cost more
 * than the server they measure.
 */
// A write that fails is told to exceptionCaught.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HttpConnection extends ChannelInboundHandlerAdapter {
    /** What is done with answers, on the event loop of the connection. */
    interface Reader {
        /** Whether it is one of many that get little each, so that all sockets are to be read before the answers are looked at. */
        boolean inWaves();

        /** The connection is there: the first request can be sent. */
        void connected(HttpConnection connection);

        /** An answer begins. The head is valid during this call only. */
        void head(HttpConnection connection, Head head);

        /** A part of its body, valid during this call only; framing has been taken off. */
        void body(HttpConnection connection, ByteBuf part);

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
    private @Nullable ChannelHandlerContext context;
    private @Nullable Loop loop;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private Part part = Part.HEAD;
    private long left;
    private long arrived;
    private int answers;
    private boolean closes;

    HttpConnection(Reader reader) {
        this.reader = reader;
    }

    /** For few and long requests. */
    void send(String request) {
        context().writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    /** Sends what was written into {@link Loop#request}. */
    void send(ByteBuf request) {
        ChannelHandlerContext there = context();
        there.writeAndFlush(request.retain(), there.voidPromise());
    }

    Loop loop() {
        if (loop == null) {
            throw new IllegalStateException("not connected");
        }
        return loop;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context;
    }

    void execute(Runnable task) {
        context().executor().execute(task);
    }

    /** When the part that is looked at was read from the socket. */
    long arrived() {
        return arrived;
    }

    /** Whether the server has said that it will close after the current answer. */
    boolean closes() {
        return closes;
    }

    /**
     * Whether the connection, which is gone, ended between two answers. Servers do so after a number of them, and not all say
     * it before.
     */
    boolean endedInOrder() {
        return answers > 0 && part == Part.HEAD && !pending.isReadable();
    }

    public void close() {
        if (context != null) {
            context.close();
        }
    }

    /** Before the connection is there, which is known to others before {@link #channelActive} is called. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        loop = Loop.ofThisThread();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        reader.connected(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (reader.inWaves()) {
            loop().gather(ctx.channel().eventLoop(), this, read);
        } else {
            received(read, System.nanoTime());
        }
    }

    /** @param read empty when the connection has ended */
    void received(ByteBuf read, long nanos) {
        if (!read.isReadable()) {
            read.release();
            reader.lost(this, new IOException("the server closed the connection"));
            pending.release();
            pending = Unpooled.EMPTY_BUFFER;
            return;
        }
        arrived = nanos;
        ByteBuf in = read;
        if (pending.isReadable()) {
            in = Unpooled.buffer(pending.readableBytes() + read.readableBytes());
            in.writeBytes(pending).writeBytes(read);
            read.release();
        }
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
        try {
            while (in.isReadable() && step(in)) {}
            if (in.isReadable()) {
                pending = Unpooled.buffer(in.readableBytes()).writeBytes(in);
            }
        } catch (IOException | RuntimeException broken) {
            reader.lost(this, broken);
            close();
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
                int behind = in.readerIndex() + n;
                int end = in.writerIndex();
                in.writerIndex(behind);
                reader.body(this, in);
                in.setIndex(behind, end);
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
                left = size(in, lineBreak);
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

    /** The hexadecimal number at the front. */
    private static long size(ByteBuf in, int length) throws IOException {
        long size = 0;
        for (int i = 0; i < length; i++) {
            int digit = Character.digit(in.getByte(in.readerIndex() + i), 16);
            if (digit < 0) {
                if (i == 0) {
                    throw new IOException("a chunk without a size");
                }
                break;
            }
            size = size * 16 + digit;
        }
        return size;
    }

    private boolean head(ByteBuf in) throws IOException {
        Head head = loop().head();
        int length = head.read(in);
        if (length < 0) {
            return false;
        }
        closes = head.is("connection", "close");
        boolean chunked = head.is("transfer-encoding", "chunked");
        left = chunked ? 0 : Math.max(0, head.number("content-length"));
        part = chunked ? Part.CHUNK_SIZE : Part.SIZED_BODY;
        reader.head(this, head);
        in.skipBytes(length);
        if (!chunked && left == 0) {
            end();
        }
        return true;
    }

    private void end() {
        part = Part.HEAD;
        answers++;
        reader.end(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (reader.inWaves()) {
            // Behind what has been read before.
            loop().gather(ctx.channel().eventLoop(), this, Unpooled.EMPTY_BUFFER);
        } else {
            received(Unpooled.EMPTY_BUFFER, System.nanoTime());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Is followed by the end of the connection, which is told to the reader.
        ctx.close();
    }
}
