package electric.sync.pg;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets pgjdbc connects with. Public only because pgjdbc makes it, by name, from the connection's properties. */
public final class DatabaseSockets extends SocketFactory {
    private static final Logger log = LoggerFactory.getLogger(DatabaseSockets.class);
    private static final AtomicBoolean warned = new AtomicBoolean();

    private static final String IPV6 = "electric.ipv6";
    private static final String IDLE = "electric.keepalive.idle";
    private static final String INTERVAL = "electric.keepalive.interval";
    private static final String COUNT = "electric.keepalive.count";
    private static final String PEEK = "electric.peek";
    private static final int LONGEST_PEEK_MILLIS = 1000;

    private final Properties settings;

    public DatabaseSockets(Properties settings) {
        this.settings = settings;
    }

    /** Makes pgjdbc use these sockets. */
    static void configure(Properties properties, TcpOptions tcp, boolean ipv6) {
        PGProperty.SOCKET_FACTORY.set(properties, DatabaseSockets.class.getName());
        properties.setProperty(IPV6, Boolean.toString(ipv6));
        if (tcp.keepAlive()) {
            PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        }
        tcp.idleSeconds().ifPresent(value -> properties.setProperty(IDLE, Integer.toString(value)));
        tcp.intervalSeconds().ifPresent(value -> properties.setProperty(INTERVAL, Integer.toString(value)));
        tcp.count().ifPresent(value -> properties.setProperty(COUNT, Integer.toString(value)));
        if (tcp.userTimeoutMillis().isPresent()) {
            warnOnce("TCP_USER_TIMEOUT", "Java has no such socket option");
        }
    }

    /**
     * pgjdbc looks for pending replication messages with a socket timeout of 1 ms, which wakes an idle process a thousand
     * times a second. With this it waits up to {@code millis}, the longer nothing comes the longer, up to
     * {@value #LONGEST_PEEK_MILLIS}; and still returns at once when data comes.
     */
    static void peekFor(Properties properties, int millis) {
        properties.setProperty(PEEK, Integer.toString(millis));
    }

    @Override
    public Socket createSocket() {
        return new DatabaseSocket(settings);
    }

    /** pgjdbc connects its sockets itself. */
    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }

    private static void warnOnce(String option, String reason) {
        if (warned.compareAndSet(false, true)) {
            log.warn("TCP socket option {} is not supported on this platform and is ignored: {}", option, reason);
        }
    }

    private static final class DatabaseSocket extends Socket {
        private static final int PGJDBC_PEEK_MILLIS = 1;

        /** How much of the silence so far a look may add to it. */
        private static final int SHARE_OF_SILENCE = 16;

        private final Properties settings;
        private final int peekMillis;
        private @Nullable Ahead ahead;

        DatabaseSocket(Properties settings) {
            this.settings = settings;
            this.peekMillis = Integer.parseInt(settings.getProperty(PEEK, Integer.toString(PGJDBC_PEEK_MILLIS)));
        }

        @Override
        public void connect(SocketAddress address, int timeout) throws IOException {
            boolean ipv6 = Boolean.parseBoolean(settings.getProperty(IPV6));
            super.connect(ipv6 ? ipv6Of((InetSocketAddress) address) : address, timeout);
            tune(IDLE, ExtendedSocketOptions.TCP_KEEPIDLE);
            tune(INTERVAL, ExtendedSocketOptions.TCP_KEEPINTERVAL);
            tune(COUNT, ExtendedSocketOptions.TCP_KEEPCOUNT);
        }

        @Override
        public void setSoTimeout(int millis) throws SocketException {
            super.setSoTimeout(millis == PGJDBC_PEEK_MILLIS ? nextPeekMillis() : millis);
        }

        private int nextPeekMillis() {
            if (ahead == null) {
                return peekMillis;
            }
            long silence = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ahead.filledNanos);
            return Math.toIntExact(Math.clamp(silence / SHARE_OF_SILENCE, peekMillis, LONGEST_PEEK_MILLIS));
        }

        @Override
        public InputStream getInputStream() throws IOException {
            if (peekMillis == PGJDBC_PEEK_MILLIS) {
                return super.getInputStream();
            }
            // One for everybody who asks: TLS does again, and what was read ahead is in it.
            Ahead known = ahead;
            if (known == null) {
                known = new Ahead(super.getInputStream());
                ahead = known;
            }
            return known;
        }

        private static InetSocketAddress ipv6Of(InetSocketAddress address) throws UnknownHostException {
            for (InetAddress candidate : InetAddress.getAllByName(address.getHostString())) {
                if (candidate instanceof Inet6Address) {
                    return new InetSocketAddress(candidate, address.getPort());
                }
            }
            throw new UnknownHostException(address.getHostString() + ": no IPv6 address");
        }

        private void tune(String setting, SocketOption<Integer> option) throws IOException {
            String value = settings.getProperty(setting);
            if (value == null) {
                return;
            }
            try {
                setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                setOption(option, Integer.valueOf(value));
            } catch (UnsupportedOperationException e) {
                warnOnce(option.name(), String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * What a replication stream is read from. A burst of messages is taken from the system in large pieces, while pgjdbc asks
     * for a few thousand bytes at a time, and asks before each message whether there is one. In a burst Postgres sends them one
     * by one, and we would be woken for each; so from the {@value #BURST}th time on there is a pause first, for several to come.
     *
     * <p>To pgjdbc's look for pending messages, an end without a word looks like a database that has nothing to say: here it is
     * an error.
     */
    private static final class Ahead extends InputStream {
        private static final int BYTES = 64 << 10;
        private static final int BURST = 16;

        /** After so long without a message the burst is over. */
        private static final long QUICK_NANOS = 500_000;

        private static final long PAUSE_NANOS = 50_000;

        private final InputStream socket;
        private final byte[] buffer = new byte[BYTES];
        private int at;
        private int end;
        private int quick;
        private long filledNanos = System.nanoTime();

        Ahead(InputStream socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            fill();
            return buffer[at++] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            fill();
            int taken = Math.min(length, end - at);
            System.arraycopy(buffer, at, target, offset, taken);
            at += taken;
            return taken;
        }

        private void fill() throws IOException {
            if (at < end) {
                return;
            }
            if (quick >= BURST) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            int count = socket.read(buffer);
            if (count < 0) {
                throw new EOFException("the database closed the connection");
            }
            long now = System.nanoTime();
            quick = count < BYTES && now - filledNanos < QUICK_NANOS ? quick + 1 : 0;
            filledNanos = now;
            at = 0;
            end = count;
        }

        @Override
        public int available() throws IOException {
            return at < end ? end - at : socket.available();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
