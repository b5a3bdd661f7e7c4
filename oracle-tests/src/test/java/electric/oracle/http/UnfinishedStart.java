package electric.oracle.http;

import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/** A server that has the lock and cannot go on: Postgres makes no slot before all transactions have ended. */
final class UnfinishedStart {
    private UnfinishedStart() {}

    /** To be had before the server begins, and to be ended before it can be active. */
    static Connection pendingTransaction(TestPostgres postgres, String database) throws SQLException {
        Connection pending = postgres.connect(database);
        pending.setAutoCommit(false);
        try (var statement = pending.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
        }
        return pending;
    }
}
