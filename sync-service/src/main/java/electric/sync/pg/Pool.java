package electric.sync.pg;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final HikariDataSource connections;

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

    private Pool(HikariDataSource connections) {
        this.connections = connections;
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
        // The first failure is wanted at once, not after the pool has tried for a while.
        connector.open().close();
        AtomicBoolean ready = new AtomicBoolean();
        HikariConfig config = new HikariConfig();
        config.setPoolName("electric-" + role);
        config.setDataSource(new Source(role, connector, ready, onFailure));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        config.setConnectionTimeout(CHECKOUT_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1);
        HikariDataSource connections = new HikariDataSource(config);
        try {
            fill(connections, size);
        } catch (SQLException e) {
            connections.close();
            throw e;
        }
        ready.set(true);
        DatabaseUrl url = connector.url();
        log.info("Connection pool [{}: {}:{}] is ready with {} connections", role, url.host(), url.port(), size);
        return new Pool(connections);
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
    }

    private static void fill(HikariDataSource connections, int size) throws SQLException {
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < size; i++) {
                all.add(connections.getConnection());
            }
        } catch (SQLException e) {
            ConnectFailure cause = DatabaseError.find(e, ConnectFailure.class);
            throw cause == null ? e : cause;
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    /** A connector in the shape Hikari asks for. */
    private record Source(String role, Connector connector, AtomicBoolean ready, Consumer<DatabaseError> onFailure)
            implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            try {
                return connector.open();
            } catch (ConnectFailure e) {
                if (ready.get()) {
                    log.warn(
                            "Pooled database connection [{}] encountered an error: {}",
                            role,
                            e.error().described());
                    onFailure.accept(e.error());
                }
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
