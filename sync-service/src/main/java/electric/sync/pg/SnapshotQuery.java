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
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables as they are at one moment, and says which moment. Holds a connection, in one read-only transaction, until it
 * is closed; after a failure nothing else can be read.
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
            SET LOCAL IntervalStyle = 'iso_8601';
            SAVEPOINT untouched""";

    private final Connection connection;
    private final FirstData firstData;
    private final SnapshotIdentity identity;
    private boolean touched;

    /** Takes a row; throwing ends the reading. */
    @FunctionalInterface
    public interface RowConsumer {
        void row(Row row);
    }

    private SnapshotQuery(Connection connection, FirstData firstData, SnapshotIdentity identity) {
        this.connection = connection;
        this.firstData = firstData;
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
                FirstData firstData = new FirstData(connection.unwrap(PGConnection.class), timer, firstDataLimit);
                return new SnapshotQuery(connection, firstData, identify(connection));
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

    /**
     * Whether the table looks at this moment as it is described. Lets go of other tables that have been read: who wants to
     * alter them need not wait until this one has been read too.
     */
    public boolean shows(Table table) throws TableProblem {
        try {
            return withinLimit(() -> {
                letGo();
                boolean shows = Catalog.shows(connection, table);
                firstData.come();
                return shows;
            });
        } catch (SQLException e) {
            throw TableProblem.of(e);
        }
    }

    private void letGo() throws SQLException {
        if (touched) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK TO SAVEPOINT untouched");
            }
            touched = false;
        }
    }

    /**
     * Reads the rows and hands each on as it comes.
     *
     * @return how many they were
     */
    public long rows(Selection selection, RowConsumer consumer) throws TableProblem {
        touched = true;
        try {
            return withinLimit(() -> copy(
                    "COPY (" + selection.sql() + ") TO STDOUT",
                    selection.columns().size(),
                    consumer));
        } catch (SQLException e) {
            throw selection.conditions().isEmpty() ? TableProblem.of(e) : TableProblem.ofCondition(e);
        }
    }

    private interface Query<T> {
        T ask() throws SQLException;
    }

    private <T> T withinLimit(Query<T> query) throws SQLException, TableProblem {
        firstData.await();
        try {
            return query.ask();
        } catch (SQLException e) {
            if (!firstData.givenUp()) {
                throw e;
            }
            abandon();
            throw TableProblem.noFirstData(firstData.limit);
        }
    }

    private long copy(String sql, int columns, RowConsumer consumer) throws SQLException {
        long rows = 0;
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            byte[] line = copy.readFromCopy();
            firstData.come();
            while (line != null) {
                rows++;
                consumer.row(CopiedRow.parse(line, columns));
                line = copy.readFromCopy();
            }
            return rows;
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
        firstData.close();
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

    /** The race between the first data of each query and the limit: exactly one of them wins. */
    private static final class FirstData {
        private enum State {
            NOT_ASKED,
            AWAITED,
            GIVEN_UP
        }

        private final PGConnection connection;
        private final ScheduledExecutorService timer;
        private final Duration limit;
        private State state = State.NOT_ASKED;
        private long sinceNanos;
        private @Nullable ScheduledFuture<?> watch;

        FirstData(PGConnection connection, ScheduledExecutorService timer, Duration limit) {
            this.connection = connection;
            this.timer = timer;
            this.limit = limit;
        }

        /** One timer watches over all queries of the transaction: most are over long before it looks. */
        synchronized void await() {
            if (state == State.NOT_ASKED) {
                state = State.AWAITED;
                sinceNanos = System.nanoTime();
                if (watch == null) {
                    lookIn(limit.toNanos());
                }
            }
        }

        synchronized void come() throws SQLException {
            if (state == State.GIVEN_UP) {
                throw new SQLException("the query was given up");
            }
            state = State.NOT_ASKED;
        }

        private void lookIn(long nanos) {
            watch = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        }

        private synchronized void look() {
            watch = null;
            if (state != State.AWAITED) {
                return;
            }
            long left = limit.toNanos() - (System.nanoTime() - sinceNanos);
            if (left > 0) {
                lookIn(left);
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

        synchronized void close() {
            state = State.NOT_ASKED;
            if (watch != null) {
                watch.cancel(false);
            }
        }
    }
}
