package electric.sync.ops;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the metrics on a port of their own: {@code GET /metrics}, one answer per connection, to anybody who can reach it. It
 * takes few connections, and each only for a moment: whoever asks and does not read is cut off.
 *
 * <p>Threads: one daemon.
 */
// Closing is waited for where it matters, in close.
@SuppressWarnings("FutureReturnValueIgnored")
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final int MAX_CONNECTIONS = 16;
    private static final int MAX_BODY_BYTES = 1024;
    private static final Duration LONGEST_CONNECTION = Duration.ofSeconds(30);

    private final int port;
    private final boolean ipv6;
    private final Supplier<String> metrics;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("metrics", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable ServerSocketChannel listener;

    /**
     * @param port 0 for any free one
     * @param metrics in Prometheus text exposition format; asked on the thread of this server
     */
    public MetricsServer(int port, boolean ipv6, Supplier<String> metrics) {
        this.port = port;
        this.ipv6 = ipv6;
        this.metrics = metrics;
    }

    /** Returns when it can be asked. */
    public void start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        ChannelFuture bound = bootstrap.bind(ipv6 ? "::" : "0.0.0.0", port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "Cannot show metrics on port " + port + ": "
                            + bound.cause().getMessage() + ". Is another server running there?"
                            + " ELECTRIC_PROMETHEUS_PORT names another port.",
                    bound.cause());
        }
        listener = (ServerSocketChannel) bound.channel();
        LOG.info("Showing metrics on port {}", port());
    }

    /** Where metrics are shown. */
    public int port() {
        ServerSocketChannel bound = listener;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return bound.localAddress().getPort();
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            LOG.debug("Refusing a connection for metrics: there are {} already", MAX_CONNECTIONS);
            channel.close();
            return;
        }
        connections.add(channel);
        var limit = channel.eventLoop()
                .schedule(() -> channel.close(), LONGEST_CONNECTION.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
        channel.pipeline()
                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY_BYTES, true), new Answers());
    }

    @Override
    public void close() {
        ServerSocketChannel bound = listener;
        if (bound != null) {
            bound.close().awaitUninterruptibly();
        }
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean known = request.method().equals(HttpMethod.GET)
                    && request.decoderResult().isSuccess()
                    && path(request.uri()).equals("/metrics");
            DefaultFullHttpResponse answer = known
                    ? answer(HttpResponseStatus.OK, metrics.get())
                    : answer(HttpResponseStatus.NOT_FOUND, "Not found");
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }

        private static String path(String target) {
            int mark = target.indexOf('?');
            return mark < 0 ? target : target.substring(0, mark);
        }

        private static DefaultFullHttpResponse answer(HttpResponseStatus status, String text) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return answer;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                LOG.error("Could not show metrics", cause);
            }
            context.close();
        }
    }
}
