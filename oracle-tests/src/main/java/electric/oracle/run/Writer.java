package electric.oracle.run;

import electric.oracle.judge.Witness;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.Step.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/** One who writes: a connection, and one transaction after the other. */
final class Writer implements AutoCloseable {
    private final Database database;
    private Connection connection;
    private final String schema;
    private final AtomicInteger numbers;
    private final Tally tally;

    /** A transaction that has committed. */
    record Done(int number, long xid) {}

    Writer(Database database, String schema, AtomicInteger numbers, Tally tally) throws SQLException {
        this.database = database;
        this.schema = schema;
        this.numbers = numbers;
        this.tally = tally;
        this.connection = connect();
    }

    /** The process of Postgres that works for it. */
    int backend() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** After Postgres was restarted. */
    void reconnect() throws SQLException {
        connection = connect();
    }

    private Connection connect() throws SQLException {
        Connection fresh = database.connect();
        fresh.setAutoCommit(true);
        try (Statement statement = fresh.createStatement()) {
            statement.execute("SET search_path = " + schema + "; SET deadlock_timeout = '50ms'");
        }
        fresh.setAutoCommit(false);
        return fresh;
    }

    /** Nothing where it was rolled back, or Postgres refused a statement. */
    Optional<Done> write(Transaction transaction) throws SQLException {
        int number = numbers.getAndIncrement();
        try (Statement statement = connection.createStatement()) {
            long xid = Witness.sign(statement, number);
            for (String sql : transaction.sql()) {
                statement.execute(sql.replace(Scenario.SCHEMA, schema));
            }
            if (transaction.rollback()) {
                connection.rollback();
                return Optional.empty();
            }
            connection.commit();
            tally.commit();
            return Optional.of(new Done(number, xid));
        } catch (SQLException refused) {
            if (!connection.isValid(1)) {
                throw refused;
            }
            connection.rollback();
            tally.failedTransaction();
            return Optional.empty();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
