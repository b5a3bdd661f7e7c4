package electric.sync.pg;

import electric.sync.change.Lsn;
import electric.sync.change.RelationName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The place where Postgres remembers how far we have read, and from which on it keeps its log for us.
 *
 * @param temporary whether it ends with the connection that made it
 */
public record ReplicationSlot(String name, boolean temporary) {
    private static final String ALREADY_EXISTS = "42710";
    private static final String DOES_NOT_EXIST = "42704";

    /**
     * @param position everything before it is done; the next transaction's commit record may start exactly here
     * @param created whether the slot is new, so that nothing is known about what happened before
     */
    public record Opened(Lsn position, boolean created) {}

    /**
     * @param retainedBytes of log that Postgres keeps for the slot
     * @param unconfirmedBytes of log that were written and not confirmed
     */
    public record Backlog(long retainedBytes, long unconfirmedBytes) {}

    /**
     * Makes the slot, or finds it. Making it waits, without limit, for every transaction that is running to end.
     *
     * @param replication a connection opened for replication
     */
    public Opened open(Connection replication) throws SQLException {
        try {
            return new Opened(create(replication), true);
        } catch (SQLException e) {
            if (!ALREADY_EXISTS.equals(e.getSQLState())) {
                throw e;
            }
            return new Opened(confirmed(replication), false);
        }
    }

    /** {@code null} when there is no such slot. */
    public @Nullable Backlog backlog(Connection connection, int limitSeconds) throws SQLException {
        String sql = "SELECT greatest(pg_wal_lsn_diff(now, restart_lsn), 0)::int8,"
                + " greatest(pg_wal_lsn_diff(now, confirmed_flush_lsn), 0)::int8"
                + " FROM pg_replication_slots, LATERAL (SELECT CASE WHEN pg_is_in_recovery()"
                + " THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS now) AS wal WHERE slot_name = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(limitSeconds);
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Backlog(row.getLong(1), row.getLong(2)) : null;
            }
        }
    }

    /** Drops the slot if there is one, and makes it anew. */
    public Opened replace(Connection replication) throws SQLException {
        drop(replication);
        return new Opened(create(replication), true);
    }

    private Lsn create(Connection replication) throws SQLException {
        // The exported snapshot is not used and would hold resources in the database.
        String sql = "CREATE_REPLICATION_SLOT " + RelationName.quote(name) + (temporary ? " TEMPORARY" : "")
                + " LOGICAL pgoutput NOEXPORT_SNAPSHOT";
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Lsn.parse(row.getString("consistent_point"));
        }
    }

    private Lsn confirmed(Connection replication) throws SQLException {
        String sql = "SELECT confirmed_flush_lsn, database = current_database(), database FROM pg_replication_slots"
                + " WHERE slot_name = ?";
        try (PreparedStatement statement = replication.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("replication slot \"" + name + "\" disappeared while it was being opened");
                }
                String position = row.getString(1);
                if (position == null) {
                    throw new SQLException("replication slot \"" + name
                            + "\" cannot be read from: it is still being created elsewhere, or is not a logical slot");
                }
                if (!row.getBoolean(2)) {
                    throw new SQLException("replication slot \"" + name + "\" belongs to the database \""
                            + row.getString(3)
                            + "\": give each database its own ELECTRIC_REPLICATION_STREAM_ID");
                }
                return Lsn.parse(position);
            }
        }
    }

    /** Drops the slot; that there is none is fine. Fails when somebody reads from it. */
    public void drop(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
            statement.setString(1, name);
            statement.execute();
        } catch (SQLException e) {
            if (!DOES_NOT_EXIST.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    /** Ends a backend of ours and waits for its end, so that slot and lock are free when this returns. */
    public static void terminate(Connection admin, int backendPid, int waitMillis) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement("SELECT pg_terminate_backend(?, ?)")) {
            statement.setInt(1, backendPid);
            statement.setInt(2, waitMillis);
            statement.execute();
        }
    }
}
