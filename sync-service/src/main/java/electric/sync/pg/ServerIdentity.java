package electric.sync.pg;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Which server answered on a replication connection, and what its walsender is like.
 *
 * @param systemId identifies the database cluster; copies of it share the number
 * @param timeline changes with every failover and point-in-time recovery
 * @param version as {@code server_version_num} has it: 160004
 * @param backendPid the walsender's process
 * @param walSenderTimeout zero when switched off
 */
public record ServerIdentity(String systemId, int timeline, int version, int backendPid, Duration walSenderTimeout) {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

    /** Asks on a connection opened for replication. */
    public static ServerIdentity of(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement()) {
            String systemId;
            int timeline;
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                row.next();
                systemId = row.getString("systemid");
                timeline = row.getInt("timeline");
            }
            // pg_settings and not SHOW: a plain number of milliseconds.
            String facts = "SELECT current_setting('server_version_num')::int, pg_backend_pid(),"
                    + " (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_sender_timeout')";
            try (ResultSet row = statement.executeQuery(facts)) {
                row.next();
                return new ServerIdentity(
                        systemId, timeline, row.getInt(1), row.getInt(2), Duration.ofMillis(row.getLong(3)));
            }
        }
    }

    /** How often the server must hear from us. */
    public Duration statusInterval() {
        Duration third = walSenderTimeout.dividedBy(3);
        return third.isZero() || third.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : third;
    }
}
