package electric.oracle.http;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A database in which snapshots stop in the middle for as long as a test likes: the server connects as the owner of the
 * tables, who is held to a policy that waits at one row for a lock.
 */
final class GatedDatabase {
    /** The row that is waited at; the ones before it are read. */
    static final int GATE = 3_000;

    private GatedDatabase() {}

    static RunningServer start(Map<String, String> more) {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        String role = owner(database);
        RunningServer.sql(
                postgres,
                database,
                "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT CREATE ON DATABASE " + database + " TO " + role,
                "CREATE FUNCTION gate(id int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN IF id = " + GATE + " THEN"
                        + " PERFORM pg_advisory_xact_lock_shared(4711); END IF; RETURN true; END'");
        Map<String, String> settings = new HashMap<>(more);
        settings.put(
                "DATABASE_URL",
                "postgres://" + role + ":p@" + postgres.host() + ":" + postgres.port() + "/" + database
                        + "?sslmode=disable");
        return RunningServer.startOn(postgres, database, settings);
    }

    static String owner(String database) {
        return "owner_of_" + database;
    }

    /** Rows 1, 2, … of a hundred letters each. */
    static void makeTable(RunningServer server, String table, int rows) {
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
                "ALTER TABLE " + table + " OWNER TO " + owner(server.database()),
                "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY",
                "CREATE POLICY gate ON " + table + " USING (gate(id))",
                "INSERT INTO " + table + " SELECT i, repeat('v', 100) FROM generate_series(1, " + rows + ") i");
    }

    /** Snapshots stop from now on until it is opened. */
    static final class Gate implements AutoCloseable {
        private final Connection holder;

        Gate(RunningServer server) throws SQLException {
            holder = server.postgres().connect(server.database());
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(4711)");
            }
        }

        void open() throws SQLException {
            holder.close();
        }

        @Override
        public void close() throws SQLException {
            open();
        }
    }
}
