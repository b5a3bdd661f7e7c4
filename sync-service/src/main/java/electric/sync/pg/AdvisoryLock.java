package electric.sync.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes sure that one server at a time follows a slot: a session lock in the database, named like the slot and held by
 * the walsender itself, so that it dies with it.
 */
public record AdvisoryLock(String name) {
    private static final Logger log = LoggerFactory.getLogger(AdvisoryLock.class);
    private static final String QUERY_CANCELED = "57014";
    private static final int BREAKER_LIMIT_SECONDS = 5;

    /**
     * Backends that hold the lock although nobody reads from the slot: left over from a server that is gone. A holder that
     * streams has an active slot, one that has just started has none, and both are left alone, as are other databases'.
     */
    private static final String TERMINATE_STUCK_HOLDERS = """
            SELECT pg_terminate_backend(held.pid)
            FROM pg_locks held
            WHERE held.locktype = 'advisory'
              AND held.objsubid = 1
              AND held.granted
              AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND ((held.classid::bigint << 32) | held.objid::bigint) = hashtext(?)::bigint
              AND held.pid <> ?
              AND EXISTS (
                SELECT FROM pg_replication_slots slot
                WHERE slot.slot_name = ? AND slot.database = current_database() AND NOT slot.active)
            """;

    /** Waits for the lock, without limit. It is held until the connection ends. */
    public void take(Connection replication) throws SQLException {
        while (true) {
            log.info("Acquiring lock from postgres with name {}", name);
            try (PreparedStatement statement = replication.prepareStatement("SELECT pg_advisory_lock(hashtext(?))")) {
                statement.setString(1, name);
                statement.execute();
                log.info("Lock acquired from postgres with name {}", name);
                return;
            } catch (SQLException e) {
                if (!timedOut(e)) {
                    throw e;
                }
                log.warn("Retrying lock acquisition for {} due to {}", name, DatabaseError.text(e));
            }
        }
    }

    /**
     * Ends backends that hold the lock without using the slot.
     *
     * @param ownPid our own walsender, never ended
     * @return how many were ended
     */
    public int breakStuck(Connection admin, int ownPid) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(TERMINATE_STUCK_HOLDERS)) {
            statement.setQueryTimeout(BREAKER_LIMIT_SECONDS);
            statement.setString(1, name);
            statement.setInt(2, ownPid);
            statement.setString(3, name);
            int terminated = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    terminated += rows.getBoolean(1) ? 1 : 0;
                }
            }
            if (terminated > 0) {
                log.info(
                        "Terminated a stuck backend to free the lock {} because slot with same name was inactive",
                        name);
            }
            return terminated;
        }
    }

    /** A role's statement_timeout ended the wait; somebody's cancel request is another matter. */
    private static boolean timedOut(SQLException e) {
        return QUERY_CANCELED.equals(e.getSQLState()) && DatabaseError.text(e).contains("statement timeout");
    }
}
