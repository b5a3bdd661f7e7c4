package electric.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** The clients: any number of connections on as many threads as the machine has cores. */
// Whether a connection comes about is told to its reader.
@SuppressWarnings("FutureReturnValueIgnored")
final class Crowd implements AutoCloseable {
    /** How many connections may be on their way at once: fewer than a server's backlog. */
    private static final int CONNECTING = 256;

    /** What this process and a server have open besides the connections. */
    private static final int OTHER_FILES = 300;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("crowd", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    /**
     * Connects clients, and returns when all of them are connected.
     *
     * @param readers the client with a number
     */
    List<HttpConnection> connect(URI server, int count, IntFunction<HttpConnection.Reader> readers)
            throws IOException, InterruptedException {
        long files = OsProcess.self().openFiles();
        if (count > files - OTHER_FILES) {
            throw new IOException(count + " clients need more than the " + files
                    + " open files this process may have. Raise the limit first, as with: ulimit -n " + (count + 1000));
        }
        List<HttpConnection> connections = new ArrayList<>(count);
        Semaphore connecting = new Semaphore(CONNECTING);
        CountDownLatch connected = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            HttpConnection connection = new HttpConnection(readers.apply(i));
            connections.add(connection);
            if (!connecting.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IOException("the server does not accept connections; " + i + " are open");
            }
            connect(server, connection).addListener(done -> {
                connecting.release();
                if (done.isSuccess()) {
                    connected.countDown();
                }
            });
        }
        if (!connected.await(10, TimeUnit.SECONDS)) {
            throw new IOException(connected.getCount() + " of " + count + " connections did not come about");
        }
        return connections;
    }

    ChannelFuture connect(URI server, HttpConnection connection) {
        return new Bootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(InetSocketAddress.createUnresolved(server.getHost(), server.getPort()));
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
