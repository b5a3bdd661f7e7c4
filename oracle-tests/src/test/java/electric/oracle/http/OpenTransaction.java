package electric.oracle.http;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction that goes on: snapshots name it, and Postgres makes no slot before it has ended, so that a server which
 * begins meanwhile has the lock and cannot go on.
 */
final class OpenTransaction implements AutoCloseable {
    private final Connection connection;
    private final String id;

    OpenTransaction(TestPostgres postgres, String database) throws SQLException {
        connection = postgres.connect(database);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet current = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
            current.next();
            id = current.getString(1);
        }
    }

    static OpenTransaction beside(RunningServer server) throws SQLException {
        return new OpenTransaction(server.postgres(), server.database());
    }

    String id() {
        return id;
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
