package electric.oracle.run;

import electric.oracle.scenario.Fault;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** Lets happen what breaks. */
final class Trouble {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String SLOTS =
            " FROM pg_replication_slots WHERE slot_name LIKE 'electric\\_slot\\_%' AND database = current_database()";

    private Trouble() {}

    /**
     * Returns when it has happened and what was stopped runs again.
     *
     * @param line where clients and server have one that can break
     */
    static void let(Fault fault, Site site, Optional<Line> line) throws SQLException, InterruptedException {
        switch (fault) {
            case SERVER_RESTARTED, SERVER_KILLED -> site.target().restart(fault);
            case DATABASE_RESTARTED, DATABASE_KILLED -> {
                restart(fault, site.database());
                site.witness().reconnect(site.database().connect());
            }
            case REPLICATION_CUT ->
                sql(site.database(), "SELECT pg_terminate_backend(active_pid)" + SLOTS + " AND active");
            case CONNECTIONS_CUT ->
                sql(
                        site.database(),
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'electric' AND"
                                + " backend_type = 'client backend' AND datname = current_database()");
            case SLOT_DROPPED -> dropSlot(site.database());
            case ANSWERS_DELAYED, ANSWERS_CUT -> line.orElseThrow().breaks(fault);
            case REQUESTS_REPEATED -> {
                // The clients do it themselves.
            }
        }
    }

    private static void restart(Fault fault, Database database) throws SQLException {
        TestPostgres postgres = database.own()
                .orElseThrow(() -> new IllegalArgumentException(
                        "A scenario that restarts Postgres needs one of the oracle's own: leave DATABASE_URL out"));
        // What committed without synchronous_commit would be lost, and nobody could say whether it had ever been.
        sql(database, "SELECT pg_logical_emit_message(true, 'oracle', '')");
        try {
            if (fault == Fault.DATABASE_KILLED) {
                postgres.kill9();
            } else {
                postgres.stop();
            }
            postgres.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Until the server has another one: what it forgets, it has forgotten then. */
    private static void dropSlot(Database database) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        boolean dropped = false;
        while (true) {
            try {
                if (!dropped) {
                    // The server is back within a moment: the slot has to go in the same breath.
                    sql(
                            database,
                            "DO $$ BEGIN PERFORM pg_terminate_backend(active_pid, 5000)" + SLOTS
                                    + " AND active; PERFORM pg_drop_replication_slot(slot_name)" + SLOTS + "; END $$");
                    dropped = true;
                }
                if (isStreaming(database)) {
                    return;
                }
            } catch (SQLException inUse) {
                if (System.nanoTime() > deadline) {
                    throw inUse;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "The server has no replication slot " + LIMIT.toSeconds() + " s after it was" + " dropped");
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean isStreaming(Database database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet slots = statement.executeQuery("SELECT count(*)" + SLOTS + " AND active")) {
            slots.next();
            return slots.getInt(1) > 0;
        }
    }

    private static void sql(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
