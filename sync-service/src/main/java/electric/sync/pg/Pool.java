package electric.sync.pg;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of ordinary connections, all open from the start. A lost one is opened again by itself.
 *
 * <p>Threads: any.
 */
public final class Pool implements Connections, AutoCloseable {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(Pool.class);
    private static final long CHECKOUT_TIMEOUT_MILLIS = 5_000;

    private static final int OPENED_AT_ONCE = 4;
    private static final int VALID_WITHIN_SECONDS = 1;

    private final HikariDataSource connections;

    /** Opened at the start and not yet taken. */
    private final Queue<Connection> opened;

    /** How many connections of a total go where. */
    public record Split(int admin, int snapshot) {
        private static final int MINIMUM = 2;

        /** A quarter, but at most 4, for the catalog and the publication; the rest for snapshots. */
        public static Split of(int total) {
            if (total < MINIMUM) {
                log.warn("The configured connection pool size {} is below the minimum of {}", total, MINIMUM);
            }
            int admin = Math.clamp(total / 4, 1, 4);
            return new Split(admin, Math.max(total - admin, admin));
        }
    }

    private Pool(HikariDataSource connections, Queue<Connection> opened) {
        this.connections = connections;
        this.opened = opened;
    }

    /**
     * Opens all connections and returns when they are up.
     *
     * @param role what they are for, as the log calls it
     * @param onFailure told, on a thread of the pool, whenever a lost connection cannot be opened again
     * @throws ConnectFailure when one of them cannot be opened
     */
    public static Pool open(String role, Connector connector, int size, Consumer<DatabaseError> onFailure)
            throws SQLException {
        Queue<Connection> opened = openAll(connector, size);
        HikariConfig config = new HikariConfig();
        config.setPoolName("electric-" + role);
        config.setDataSource(new Source(role, connector, opened, onFailure));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        config.setConnectionTimeout(CHECKOUT_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1);
        HikariDataSource connections = new HikariDataSource(config);
        DatabaseUrl url = connector.url();
        log.info("Connection pool [{}: {}:{}] is ready with {} connections", role, url.host(), url.port(), size);
        return new Pool(connections, opened);
    }

    /** Waits up to 5 s for a free one. */
    @Override
    public Connection connection() throws SQLException {
        return connections.getConnection();
    }

    /** How many connections are in use. */
    public int busy() {
        return connections.getHikariPoolMXBean().getActiveConnections();
    }

    /** How many threads wait for one. */
    public int waiting() {
        return connections.getHikariPoolMXBean().getThreadsAwaitingConnection();
    }

    public int size() {
        return connections.getMaximumPoolSize();
    }

    @Override
    public void close() {
        connections.close();
        closeAll(opened);
    }

    /**
     * A few at a time, and before Hikari, which takes one after the other with a pause of 30 ms behind each. The first
     * alone: it finds out how this database wants to be connected to.
     */
    private static Queue<Connection> openAll(Connector connector, int size) throws SQLException {
        Queue<Connection> opened = new ConcurrentLinkedQueue<>();
        opened.add(connector.open());
        List<Future<Boolean>> others = new ArrayList<>();
        try (ExecutorService openers = Executors.newFixedThreadPool(
                OPENED_AT_ONCE,
                Thread.ofPlatform().daemon().name("pool-opener-", 0).factory())) {
            for (int i = 1; i < size; i++) {
                others.add(openers.submit(() -> opened.add(connector.open())));
            }
        }
        for (Future<Boolean> other : others) {
            if (other.state() == Future.State.FAILED) {
                closeAll(opened);
                throw other.exceptionNow() instanceof SQLException refused
                        ? refused
                        : new SQLException("could not open a connection", other.exceptionNow());
            }
        }
        return opened;
    }

    private static void closeAll(Queue<Connection> unused) {
        for (Connection connection = unused.poll(); connection != null; connection = unused.poll()) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("A connection that is not needed broke: {}", DatabaseError.text(e));
            }
        }
    }

    /** A connector in the shape Hikari asks for. */
    private record Source(String role, Connector connector, Queue<Connection> opened, Consumer<DatabaseError> onFailure)
            implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            for (Connection first = opened.poll(); first != null; first = opened.poll()) {
                // It may have been lost while it waited to be taken.
                if (first.isValid(VALID_WITHIN_SECONDS)) {
                    return first;
                }
                first.close();
            }
            try {
                return connector.open();
            } catch (ConnectFailure e) {
                log.warn(
                        "Pooled database connection [{}] encountered an error: {}",
                        role,
                        e.error().described());
                onFailure.accept(e.error());
                throw e;
            }
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        /** Hikari waits this long for a connection that is being opened while it closes. */
        @Override
        public int getLoginTimeout() {
            return 5;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not a wrapper for " + type.getName());
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
