package electric.bench.load;

import electric.bench.beside.OsProcess;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The clients: any number of connections on as many threads as the machine has cores. */
// Whether a connection comes about is told to its reader.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Crowd implements AutoCloseable {
    /** Clients that have connected, and go when this is closed. */
    public static final class Clients implements AutoCloseable {
        private final Deliveries deliveries;
        private final List<HttpConnection> connections;
        private final Runnable leave;

        private Clients(Deliveries deliveries, List<HttpConnection> connections, Runnable leave) {
            this.deliveries = deliveries;
            this.connections = connections;
            this.leave = leave;
        }

        /** Returns when all of them wait for what comes. */
        public void awaitWaiting() throws InterruptedException, TimeoutException {
            deliveries.awaitClients(WAITING_SECONDS);
        }

        @Override
        public void close() {
            leave.run();
            connections.forEach(HttpConnection::close);
        }
    }

    /** How many connections may be on their way at once: fewer than a server's backlog. */
    private static final int CONNECTING = 256;

    /** What this process and a server have open besides the connections. */
    private static final int OTHER_FILES = 300;

    private static final int PATIENCE_SECONDS = 10;
    private static final int WAITING_SECONDS = 120;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("crowd", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    /** One client for each of these subscriptions, which reads the shape and then waits. */
    public Clients follow(List<Subscription> subscriptions, Deliveries deliveries)
            throws IOException, InterruptedException {
        List<LivePoll> polls = new ArrayList<>();
        for (int client = 0; client < subscriptions.size(); client++) {
            polls.add(LivePoll.fromTheBeginning(this, subscriptions.get(client), new Rows(deliveries, client)));
        }
        List<HttpConnection> connections = connect(subscriptions.getFirst().server(), polls.size(), polls::get);
        return new Clients(deliveries, connections, () -> polls.forEach(LivePoll::leave));
    }

    /** Clients that wait for what comes behind what has been read. */
    public Clients poll(Subscription subscription, ShapeRead.Whole read, Deliveries deliveries)
            throws IOException, InterruptedException {
        List<LivePoll> polls = new ArrayList<>();
        for (int client = 0; client < deliveries.clients(); client++) {
            polls.add(LivePoll.behind(this, subscription, read, new Rows(deliveries, client)));
        }
        List<HttpConnection> connections = connect(subscription.server(), polls.size(), polls::get);
        return new Clients(deliveries, connections, () -> polls.forEach(LivePoll::leave));
    }

    /** The same by server-sent events. */
    public Clients listen(Subscription subscription, ShapeRead.Whole read, Deliveries deliveries)
            throws IOException, InterruptedException {
        List<LiveEvents> listeners = new ArrayList<>();
        for (int client = 0; client < deliveries.clients(); client++) {
            listeners.add(new LiveEvents(subscription, read, new Rows(deliveries, client)));
        }
        List<HttpConnection> connections = connect(subscription.server(), listeners.size(), listeners::get);
        return new Clients(deliveries, connections, () -> listeners.forEach(LiveEvents::leave));
    }

    /**
     * Sends numbered requests by some clients, each its next one when it has its answer.
     *
     * @return how long it took, in seconds
     */
    public double ask(URI server, int clients, int from, int end, IntFunction<String> targets)
            throws IOException, InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger(from);
        List<Asker> askers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            askers.add(new Asker(this, server, next, end, targets));
        }
        List<HttpConnection> unused = connect(server, clients, askers::get);
        for (Asker asker : askers) {
            asker.done().get();
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Connects clients that begin when they are told to. */
    public List<HttpConnection> connect(URI server, List<ShapeRead> reads) throws IOException, InterruptedException {
        return connect(server, reads.size(), reads::get);
    }

    /** Returns when all are connected. */
    private List<HttpConnection> connect(URI server, int count, IntFunction<HttpConnection.Reader> readers)
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
            if (!connecting.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the server does not accept connections; " + i + " are open");
            }
            connect(server, connection).addListener(done -> {
                connecting.release();
                if (done.isSuccess()) {
                    connected.countDown();
                }
            });
        }
        if (!connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(connected.getCount() + " of " + count + " connections did not come about");
        }
        return connections;
    }

    ChannelFuture connect(URI server, HttpConnection.Reader reader) {
        return connect(server, new HttpConnection(reader));
    }

    private ChannelFuture connect(URI server, HttpConnection connection) {
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
