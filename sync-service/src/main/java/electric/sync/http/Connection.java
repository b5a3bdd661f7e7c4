package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection, or one stream of an HTTP/2 connection: takes requests one after the other, and gives each its
 * answer before the next begins.
 *
 * <p>Pipelined requests wait here. At {@link #MAX_WAITING} of them, or when the body of one that waits piles up, reading
 * stops; it goes on when they have been taken. Writing stops while the client does not keep up, see {@link LogBody}.
 */
// What comes of closing and writing is told to the channel, and there we listen.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    static final int MAX_LINE_BYTES = 10_000;
    static final int MAX_HEADERS = 50;
    private static final int MAX_WAITING = 16;
    private static final int MAX_WAITING_BYTES = 64 * 1024;

    private final Channel channel;
    private final Endpoints endpoints;
    private final boolean http2;
    private final int maxRequests;
    private final Deadline silence;
    private final Deadline stall;

    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private int waitingRequests;
    private long waitingBytes;
    private boolean advancing;

    private int requests;
    private @Nullable Exchange exchange;
    private @Nullable RequestBody requestBody;
    private @Nullable StreamedBody streamedBody;
    private boolean http10;
    private boolean keepAlive = true;
    private int unfinishedWrites;

    /** Whether something has been written of which we are not told when it is out. */
    private boolean untold;

    private boolean ended;

    Connection(Channel channel, Endpoints endpoints, HttpSettings settings, boolean http2) {
        this.channel = channel;
        this.endpoints = endpoints;
        this.http2 = http2;
        this.maxRequests = http2 ? 0 : settings.maxRequestsPerConnection();
        this.silence = new Deadline(loop(), settings.readTimeout(), this::silent);
        this.stall = new Deadline(loop(), settings.sendTimeout(), () -> abort("the client has stopped reading"));
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    // Requests in.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        silence.restart();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended || !(message instanceof HttpObject || message instanceof RecentHeads.Recognized)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (isRequest(message)) {
            silence.stop();
            if (requests == 0) {
                endUpgrades(ctx);
            }
            waitingRequests++;
        }
        if (message instanceof HttpContent content) {
            waitingBytes += content.content().readableBytes();
        }
        waiting.add(message);
        advance();
    }

    private static boolean isRequest(Object part) {
        return part instanceof HttpRequest || part instanceof RecentHeads.Recognized;
    }

    /** Only the first request may change the protocol: a later one would overtake answers that are still to come. */
    private static void endUpgrades(ChannelHandlerContext ctx) {
        if (ctx.pipeline().get(HttpServerUpgradeHandler.class) != null) {
            ctx.pipeline().remove(HttpServerUpgradeHandler.class);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == FirstBytes.Http2Begins.EVENT || event instanceof HttpServerUpgradeHandler.UpgradeEvent) {
            // From here on every stream has a connection of its own.
            silence.cancel();
            ctx.pipeline().remove(this);
            ctx.pipeline().addLast(new Streams());
        }
        super.userEventTriggered(ctx, event);
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (!ended && takeNext()) {}
        } finally {
            advancing = false;
        }
        if (ended) {
            dropWaiting();
        }
        boolean roomForMore = ended || (waitingRequests < MAX_WAITING && waitingBytes < MAX_WAITING_BYTES);
        if (roomForMore != channel.config().isAutoRead()) {
            channel.config().setAutoRead(roomForMore);
        }
    }

    /** Whether there was something to take whose turn it was. */
    private boolean takeNext() {
        Object next = waiting.peek();
        if (next == null) {
            return false;
        }
        if (isRequest(next) && (exchange != null || (requestBody != null && !requestBody.ended()))) {
            return false;
        }
        waiting.remove();
        try {
            if (next instanceof RecentHeads.Recognized recognized) {
                waitingRequests--;
                begin(recognized);
            }
            // A stream of HTTP/2 gives a request without a body as one object that is both.
            if (next instanceof HttpRequest request) {
                waitingRequests--;
                begin(request);
            }
            if (next instanceof HttpContent content) {
                waitingBytes -= content.content().readableBytes();
                take(content);
            }
        } finally {
            ReferenceCountUtil.release(next);
        }
        return true;
    }

    private void begin(RecentHeads.Recognized recognized) {
        requests++;
        http10 = false;
        requestBody = null;
        keepAlive = recognized.keepAlive() && requests != maxRequests;
        Exchange begun = new Exchange(this, endpoints.replies(), endpoints.answered(), recognized.head());
        exchange = begun;
        begun.guard(() -> endpoints.readShape(begun, recognized.query()));
    }

    private void begin(HttpRequest request) {
        requests++;
        http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        HttpResponseStatus refusal = refusal(request, http2);
        if (refusal != null) {
            requestBody = null;
            sendBare(refusal);
            return;
        }
        RequestBody itsBody = new RequestBody(endpoints.bodies(), HttpUtil.getContentLength(request, -1L));
        requestBody = itsBody;
        boolean expectsContinue = HttpUtil.is100ContinueExpected(request);
        // Who waits for our consent before sending a body may never send it: the connection ends with the answer.
        keepAlive = HttpUtil.isKeepAlive(request) && !expectsContinue && !itsBody.tooLarge() && requests != maxRequests;
        Exchange begun = new Exchange(this, endpoints.replies(), endpoints.answered(), RequestHead.of(request));
        exchange = begun;
        begun.guard(() -> endpoints.begin(begun));
        if (expectsContinue && itsBody.isWanted()) {
            channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        if (itsBody.isWanted()) {
            // For all of it: a client that sends a byte now and then would hold a permit for ever.
            silence.restart();
        }
    }

    /** The limits below which nothing of a request is looked at. */
    static @Nullable HttpResponseStatus refusal(HttpRequest request, boolean http2) {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            if (cause instanceof TooLongHttpLineException) {
                return HttpResponseStatus.REQUEST_URI_TOO_LONG;
            }
            return cause instanceof TooLongHttpHeaderException
                    ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                    : HttpResponseStatus.BAD_REQUEST;
        }
        if (http2 && request.uri().length() > MAX_LINE_BYTES) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        if (request.headers().size() > MAX_HEADERS) {
            return HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        }
        for (Map.Entry<String, String> header : request.headers()) {
            if (header.getKey().length() + ": ".length() + header.getValue().length() > MAX_LINE_BYTES) {
                return HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            }
        }
        boolean http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (!http11 && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        return http11 && !http2 && !request.headers().contains(HttpHeaderNames.HOST)
                ? HttpResponseStatus.BAD_REQUEST
                : null;
    }

    private void take(HttpContent content) {
        if (requestBody == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            keepAlive = false;
            requestBody.breakOff();
            return;
        }
        requestBody.add(content.content(), content instanceof LastHttpContent);
        if (requestBody.tooLarge()) {
            keepAlive = false;
        }
        if (exchange == null) {
            // What is left of a body gets no more time than silence does.
            if (requestBody.ended() || !keepAlive) {
                answered();
            }
        } else if (!requestBody.isWanted()) {
            silence.stop();
        }
    }

    /** The body of the current request. */
    CompletableFuture<byte[]> requestBody() {
        return requestBody == null ? CompletableFuture.completedFuture(new byte[0]) : requestBody.want();
    }

    private void silent() {
        if (exchange != null && requestBody != null && requestBody.isWanted()) {
            keepAlive = false;
            requestBody.breakOff();
        } else if (exchange == null) {
            channel.close();
        }
    }

    // Answers out.

    /** Answers the current request. */
    void send(Reply reply) {
        boolean head = exchange != null && exchange.request().method().equals(HttpMethod.HEAD);
        HttpHeaders headers = reply.headers();
        keepAlive &= !endpoints.stopping();
        boolean streamed = reply.body() instanceof Reply.Body.Streamed || reply.body() instanceof Reply.Body.Events;
        if (http10 && streamed) {
            // Nothing but the end of the connection can end such a body.
            keepAlive = false;
        }
        if (http2) {
            headers.remove(HttpHeaderNames.CONNECTION);
        } else if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        HttpResponse response = head
                ? new Http1Codec.HeadOnly(reply.status(), headers)
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status(), headers);
        switch (reply.body()) {
            case Reply.Body.None none -> {
                write(response);
                writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            case Reply.Body.Whole whole -> {
                headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(ByteBufUtil.utf8Bytes(whole.text())));
                if (head) {
                    write(response);
                    writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
                } else {
                    writeLast(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            reply.status(),
                            ByteBufUtil.writeUtf8(channel.alloc(), whole.text()),
                            headers,
                            EmptyHttpHeaders.INSTANCE));
                }
            }
            case Reply.Body.Streamed array -> {
                chunked(headers);
                write(response);
                if (head) {
                    array.items().items().close();
                    writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
                } else {
                    LogBody begun = new LogBody(this, array);
                    streamedBody = begun;
                    begun.pump();
                }
            }
            case Reply.Body.Events events -> {
                chunked(headers);
                write(response);
                if (head) {
                    events.items().close();
                    writeLast(LastHttpContent.EMPTY_LAST_CONTENT);
                } else {
                    EventBody begun = new EventBody(this, events.items(), events.silence());
                    streamedBody = begun;
                    begun.begin();
                }
            }
        }
    }

    /** Whether answers go out as HTTP/1.1 writes them. */
    boolean takesBytes() {
        return !http2 && !http10;
    }

    /** Answers the current request with what others get too. */
    void send(SharedAnswer shared, String requestId, String origin, String cursor) {
        keepAlive &= !endpoints.stopping();
        write(shared.bytes(channel.alloc(), requestId, origin, cursor, !keepAlive));
        channel.flush();
        untold = false;
        if (isAllOut()) {
            exchangeEnded();
            answered();
        } else {
            writeLast(Unpooled.EMPTY_BUFFER);
        }
    }

    private void chunked(HttpHeaders headers) {
        if (!http2 && !http10) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    /** Answers a request that was never understood: a status line and nothing else, then the end. */
    void sendBare(HttpResponseStatus status) {
        keepAlive = false;
        DefaultFullHttpResponse bare = new DefaultFullHttpResponse(HttpVersion.HTTP_1_0, status);
        if (!http2) {
            bare.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        writeLast(bare);
    }

    ByteBuf buffer(int capacity) {
        return channel.alloc().buffer(capacity);
    }

    /** Between which marks what is queued for the client goes up and down. */
    void queues(WriteBufferWaterMark marks) {
        channel.config().setWriteBufferWaterMark(marks);
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void write(HttpObject part) {
        told(part);
    }

    /** Writes what is as it stands on the wire of HTTP/1.1. Mostly the system takes it at once, so that nobody asks to be told. */
    void write(ByteBuf bytes) {
        untold = true;
        channel.write(bytes, channel.voidPromise());
    }

    private void told(Object part) {
        unfinishedWrites++;
        channel.write(part).addListener(future -> written(future.isSuccess()));
    }

    private boolean isAllOut() {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        return queued != null && queued.isEmpty();
    }

    /** Ends the answer. */
    void writeLast(Object part) {
        unfinishedWrites++;
        channel.write(part).addListener(future -> {
            written(future.isSuccess());
            if (future.isSuccess()) {
                exchangeEnded();
                answered();
            }
        });
        flush();
    }

    void flush() {
        channel.flush();
        if (untold) {
            untold = false;
            if (!isAllOut()) {
                told(Unpooled.EMPTY_BUFFER);
                channel.flush();
            }
        }
        if (unfinishedWrites > 0) {
            stall.restart();
        }
    }

    private void written(boolean success) {
        unfinishedWrites--;
        if (!success) {
            channel.close();
        } else if (unfinishedWrites == 0) {
            stall.stop();
        } else {
            stall.restart();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (streamedBody != null && channel.isWritable()) {
            guard(streamedBody::pump);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** Runs a part of the current answer; what goes wrong in it ends the connection, for the answer has begun. */
    void guard(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.error("An answer failed while it was being written", e);
            abort("failed while writing");
        }
    }

    /** Frees what the exchange holds, once. */
    private void exchangeEnded() {
        streamedBody = null;
        Exchange done = exchange;
        exchange = null;
        if (done != null) {
            done.ended();
        }
    }

    /** The answer is out: goes on to the next request, or ends the connection. */
    private void answered() {
        if (!keepAlive || endpoints.stopping()) {
            end();
            return;
        }
        if (waitingRequests == 0) {
            silence.restart();
        }
        advance();
    }

    // The end.

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        silence.cancel();
        LastWords.said(channel);
        if (!advancing) {
            dropWaiting();
            channel.config().setAutoRead(true);
        }
    }

    /** Breaks the connection so that nobody takes what was sent for the whole answer. */
    void abort(String reason) {
        LOG.debug("Breaking off a connection: {}", reason);
        if (!channel.isActive()) {
            return;
        }
        if (http2) {
            // Closing alone says nothing once the end was written, be it only to memory, and would leave it there.
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        } else {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** The server is stopping: ends at once when idle, else after the current answer. */
    void stop() {
        if (exchange == null) {
            end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        silence.cancel();
        stall.cancel();
        if (streamedBody != null) {
            streamedBody.close();
        }
        if (requestBody != null) {
            requestBody.breakOff();
        }
        exchangeEnded();
        if (!advancing) {
            dropWaiting();
        }
        ctx.fireChannelInactive();
    }

    private void dropWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        waitingRequests = 0;
        waitingBytes = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof Http2Exception) {
            LOG.debug("A client's connection broke: {}", cause.getMessage());
        } else {
            LOG.error("A connection failed", cause);
        }
        channel.close();
    }
}
