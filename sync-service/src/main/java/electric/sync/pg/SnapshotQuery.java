package electric.sync.pg;

import electric.sync.change.Row;
import electric.sync.change.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table as it is at one moment, and says which moment. Holds a connection, in one read-only transaction, until it
 * is closed.
 *
 * <p>Threads: one at a time; only the timer cancels from beside.
 */
public final class SnapshotQuery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SnapshotQuery.class);

    public static final Duration FIRST_DATA_LIMIT = Duration.ofSeconds(30);

    /** In one round trip. The identity comes first: it is the statement that takes the snapshot. */
    private static final String BEGIN = """
            BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text;
            SET LOCAL bytea_output = 'hex';
            SET LOCAL DateStyle = 'ISO, DMY';
            SET LOCAL TimeZone = 'UTC';
            SET LOCAL extra_float_digits = 1;
            SET LOCAL IntervalStyle = 'iso_8601'""";

    private final Connection connection;
    private final ScheduledExecutorService timer;
    private final Duration firstDataLimit;
    private final SnapshotIdentity identity;
    private long rows;
    private long bytes;

    /** Takes a row; throwing ends the reading. */
    @FunctionalInterface
    public interface RowConsumer {
        void row(Row row);
    }

    private SnapshotQuery(
            Connection connection, ScheduledExecutorService timer, Duration firstDataLimit, SnapshotIdentity identity) {
        this.connection = connection;
        this.timer = timer;
        this.firstDataLimit = firstDataLimit;
        this.identity = identity;
    }

    /**
     * Takes the snapshot.
     *
     * @param timer where a query without data is cancelled
     * @param firstDataLimit how long a query may take to its first row, or its end
     */
    public static SnapshotQuery begin(Connections connections, ScheduledExecutorService timer, Duration firstDataLimit)
            throws TableProblem {
        try {
            Connection connection = connections.connection();
            try {
                return new SnapshotQuery(connection, timer, firstDataLimit, identify(connection));
            } catch (SQLException | RuntimeException e) {
                giveBack(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw TableProblem.of(e);
        }
    }

    public SnapshotIdentity identity() {
        return identity;
    }

    /** How many rows have been read. */
    public long rowCount() {
        return rows;
    }

    /** How many bytes they were. */
    public long byteCount() {
        return bytes;
    }

    /** Whether the table looks at this moment as it is described. */
    public boolean shows(Table table) throws TableProblem {
        try {
            return Catalog.shows(connection, table);
        } catch (SQLException e) {
            throw TableProblem.of(e);
        }
    }

    /** Reads the rows and hands each on as it comes. */
    public void rows(Selection selection, RowConsumer consumer) throws TableProblem {
        String sql = "COPY (" + selection.sql() + ") TO STDOUT";
        try {
            FirstData firstData = new FirstData(connection.unwrap(PGConnection.class));
            ScheduledFuture<?> cancellation =
                    timer.schedule(firstData::giveUp, firstDataLimit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                copy(sql, selection.columns().size(), firstData, consumer);
            } catch (SQLException e) {
                if (!firstData.givenUp()) {
                    throw e;
                }
                abandon();
                throw TableProblem.noFirstData(firstDataLimit);
            } finally {
                cancellation.cancel(false);
            }
        } catch (SQLException e) {
            throw selection.conditions().isEmpty() ? TableProblem.of(e) : TableProblem.ofCondition(e);
        }
    }

    private void copy(String sql, int columns, FirstData firstData, RowConsumer consumer) throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            byte[] line = copy.readFromCopy();
            firstData.come();
            while (line != null) {
                rows++;
                bytes += line.length;
                consumer.row(CopiedRow.parse(line, columns));
                line = copy.readFromCopy();
            }
        } finally {
            // A copy that is not read to its end blocks the next statement on the connection for ever.
            if (copy.isActive()) {
                abandon();
            }
        }
    }

    /**
     * Ends the query and the connection with it: the cancellation may arrive late, and must not hit whoever has the
     * connection next.
     */
    private void abandon() throws SQLException {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } finally {
            connection.abort(Runnable::run);
        }
    }

    /** Ends the transaction and gives the connection back. */
    @Override
    public void close() {
        giveBack(connection);
    }

    private static SnapshotIdentity identify(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return SnapshotIdentity.parse(row.getString(1), row.getString(2));
            }
        }
    }

    private static void giveBack(Connection connection) {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            log.debug("A snapshot's connection broke: {}", DatabaseError.text(e));
        }
    }

    /** The race between the first data and the limit: exactly one of them wins. */
    private static final class FirstData {
        private enum State {
            AWAITED,
            COME,
            GIVEN_UP
        }

        private final PGConnection connection;
        private State state = State.AWAITED;

        FirstData(PGConnection connection) {
            this.connection = connection;
        }

        synchronized void come() throws SQLException {
            if (state == State.GIVEN_UP) {
                throw new SQLException("the query was given up");
            }
            state = State.COME;
        }

        synchronized void giveUp() {
            if (state != State.AWAITED) {
                return;
            }
            state = State.GIVEN_UP;
            try {
                connection.cancelQuery();
            } catch (SQLException e) {
                log.warn("A snapshot query without data could not be cancelled: {}", DatabaseError.text(e));
            }
        }

        synchronized boolean givenUp() {
            return state == State.GIVEN_UP;
        }
    }
}
