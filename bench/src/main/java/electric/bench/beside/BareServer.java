package electric.bench.beside;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The least that can be done: what clients send is read and thrown away, and when told so the same bytes are written to all
 * of them. Prints two ports when it is ready: that of the clients, and the one on which a frame (four bytes of
 * length, then the bytes) is what is to be written, and an empty one asks how many clients there are (four bytes).
 */
// A write that fails closes the connection: a client is missing then, which clients notice.
@SuppressWarnings("FutureReturnValueIgnored")
public final class BareServer {
    private static final int MAX_FRAME = 1 << 20;
    private static final int LENGTH_BYTES = 4;

    private final Map<EventLoop, List<Channel>> connected = new ConcurrentHashMap<>();

    private final AtomicInteger count = new AtomicInteger();

    private BareServer() {}

    public static void main(String[] args) throws Exception {
        new BareServer().run();
    }

    private void run() throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("bare"), io);
        Class<? extends ServerSocketChannel> type =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        int clients = listen(loops, type, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Client());
            }
        });
        int control = listen(loops, type, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                        .addLast(new Control());
            }
        });
        System.out.println(clients + " " + control);
    }

    private static int listen(EventLoopGroup loops, Class<? extends ServerSocketChannel> type, ChannelHandler handler)
            throws InterruptedException {
        Channel bound = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(handler)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((InetSocketAddress) bound.localAddress()).getPort();
    }

    private final class Client extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connected
                    .computeIfAbsent(ctx.channel().eventLoop(), loop -> new ArrayList<>())
                    .add(ctx.channel());
            count.incrementAndGet();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            count.decrementAndGet();
            connected.getOrDefault(ctx.channel().eventLoop(), List.of()).remove(ctx.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (!bytes.isReadable()) {
                bytes.release();
                ctx.writeAndFlush(ctx.alloc().buffer(Integer.BYTES).writeInt(count.get()));
                return;
            }
            connected.forEach((loop, channels) -> {
                ByteBuf same = bytes.retainedDuplicate();
                loop.execute(() -> {
                    for (Channel channel : channels) {
                        channel.writeAndFlush(same.retainedDuplicate(), channel.voidPromise());
                    }
                    same.release();
                });
            });
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            // Nobody is left who could tell it anything.
            System.exit(0);
        }
    }
}
