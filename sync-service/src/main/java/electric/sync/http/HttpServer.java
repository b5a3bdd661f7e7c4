package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.coding.Compression;
import electric.sync.ingest.Readiness;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.serve.Shapes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for clients: HTTP/1.1, and HTTP/2 in the clear by prior knowledge or upgrade, on one port. Each connection lives
 * on one event loop; a stream of HTTP/2 is handled as an HTTP/1.1 connection with a single request.
 */
// Closing is waited for where it matters, in stop.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Connections the system holds while we are busy: enough for all clients of a proxy coming back at once. */
    private static final int BACKLOG = 1024;

    /** What may be queued for one client: writing stops above the second and goes on below the first. */
    static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    /** What the system may hold of it that is not yet on its way, which for a client that has stopped reading is all. */
    private static final long UNSENT = 32 * 1024;

    private static final int MAX_STREAMS = 1_000;

    /** Of all lines together: each waiting request keeps its own. */
    private static final int MAX_HEADER_BYTES = 128 * 1024;

    /**
     * Streams given up before they are answered, by either side: many where a proxy brings the clients of a whole page, and
     * still far fewer than somebody who opens streams only to give them up.
     */
    private static final int MAX_RESETS = 2 * MAX_STREAMS;

    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MAX_UPGRADE_BODY_BYTES = 64 * 1024;

    private final HttpSettings settings;
    private final Endpoints endpoints;
    private final ConnectionLimit limit;
    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable ServerSocketChannel listener;

    /**
     * @param tables describes a table that can be followed; empty when there is none of that name; fails when the database
     *     cannot be asked
     * @param schemaJson what clients are told about the named columns of a table
     * @param generatedColumnsReplicated whether the database replicates columns whose values it computes and stores
     */
    public HttpServer(
            HttpSettings settings,
            Readiness readiness,
            Shapes shapes,
            Function<RelationName, CompletableFuture<Optional<Table>>> tables,
            BiFunction<Table, List<String>, String> schemaJson,
            BooleanSupplier generatedColumnsReplicated,
            Filters filters,
            Compression compression,
            InstantSource clock,
            Meter meter) {
        this.settings = settings;
        this.endpoints = new Endpoints(
                settings,
                readiness,
                shapes,
                tables,
                schemaJson,
                generatedColumnsReplicated,
                filters,
                ForkJoinPool.commonPool(),
                compression,
                clock,
                meter);
        meter.shows(Metric.CONNECTIONS, connections::size);
        this.limit = new ConnectionLimit(settings.maxConnections(), meter);
        meter.shows(Metric.QUEUED, this::queuedBytes);
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("http"), io);
    }

    /** Returns when clients can connect. */
    public void start() throws IOException {
        // A loop that has nothing to wait for until some time looks every second whether it has.
        loops.forEach(loop -> loop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS));
        String address = settings.ipv6() ? "::" : "0.0.0.0";
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= limit.most()) {
                            limit.refuse(channel);
                            return;
                        }
                        connections.add(channel);
                        accept(channel);
                    }
                });
        if (Epoll.isAvailable()) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT);
        }
        ChannelFuture bound = bootstrap.bind(address, settings.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    "Cannot listen on port " + settings.port() + " of " + address + ": "
                            + bound.cause().getMessage() + ". Is another server running there? ELECTRIC_PORT names"
                            + " another port.",
                    bound.cause());
        }
        listener = (ServerSocketChannel) bound.channel();
        LOG.info("Listening on {} port {}", address, port());
    }

    /** The port clients connect to. */
    public int port() {
        ServerSocketChannel bound = listener;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        InetSocketAddress address = bound.localAddress();
        return address.getPort();
    }

    /**
     * Stops listening at once, lets the requests under way come to their end, then closes what is left.
     *
     * @param drain makes requests that wait for news answer now
     * @param atMost how long to wait for them
     */
    public void stop(Runnable drain, Duration atMost) {
        ServerSocketChannel bound = listener;
        if (bound != null) {
            bound.close().awaitUninterruptibly();
        }
        endpoints.stop();
        drain.run();
        for (Channel channel : connections) {
            channel.eventLoop().execute(() -> stop(channel));
        }
        if (!connections.newCloseFuture().awaitUninterruptibly(atMost.toMillis())) {
            LOG.warn("Closing {} connections whose requests did not end within {}", connections.size(), atMost);
            connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void stop(Channel channel) {
        Connection connection = channel.pipeline().get(Connection.class);
        if (connection == null) {
            // HTTP/2 announces the end and closes after the last stream.
            channel.close();
        } else {
            connection.stop();
        }
    }

    /** How many connections are open. */
    int connectionCount() {
        return connections.size();
    }

    /** How many bytes of answers wait until clients take what was sent before. */
    long queuedBytes() {
        long queued = 0;
        for (Channel channel : connections) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            if (buffer != null) {
                queued += buffer.totalPendingWriteBytes();
            }
        }
        return queued;
    }

    /** How many requests for shapes are being answered or wait for something to answer. */
    public int openRequests() {
        int open = 0;
        for (Admission.Kind kind : Admission.Kind.values()) {
            open += admission().admitted(kind);
        }
        return open;
    }

    Admission admission() {
        return endpoints.admission();
    }

    private void accept(Channel channel) {
        Http1Codec codec = new Http1Codec(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(Connection.MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES),
                endpoints.recentHeads());
        HttpServerUpgradeHandler upgrade = new HttpServerUpgradeHandler(
                codec,
                protocol -> AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                        ? new Http2ServerUpgradeCodec(frames(), idleStreams(), streams())
                        : null,
                MAX_UPGRADE_BODY_BYTES);
        ChannelInitializer<Channel> priorKnowledge = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel known) {
                known.pipeline().addLast(frames(), idleStreams(), streams());
            }
        };
        channel.pipeline()
                .addLast(new FirstBytes(codec, upgrade, priorKnowledge))
                .addLast(new Connection(channel, endpoints, settings, false));
    }

    private static Http2FrameCodec frames() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MAX_STREAMS)
                        .maxHeaderListSize(MAX_HEADER_BYTES))
                .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .build();
    }

    /** Ends an HTTP/2 connection on which nothing happens and nobody waits. */
    private IdleStateHandler idleStreams() {
        return new IdleStateHandler(0, 0, settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS) {
            @Override
            protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
                Http2FrameCodec codec = context.pipeline().get(Http2FrameCodec.class);
                if (codec.connection().numActiveStreams() == 0) {
                    context.close();
                }
            }
        };
    }

    private Http2MultiplexHandler streams() {
        return new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setWriteBufferWaterMark(WRITE_BUFFER);
                stream.pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                        .addLast(new Connection(stream, endpoints, settings, true));
            }
        });
    }
}
