package electric.sync.pg;

import electric.sync.value.NotExact;
import electric.sync.value.ObservedZone;
import electric.sync.value.TimeZones;
import electric.sync.value.TimeZones.Zone;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What clocks in a zone show, as the server says: laws change, and its copy of the time zone database is of another day than
 * ours. The server is asked once per zone, for every change from 1970 to 2100.
 *
 * <p>Threads: any; blocks while the database is asked.
 */
public final class ServerZones {
    private static final int LIMIT_SECONDS = 10;

    /** More zones than filters use; then all are asked for anew. */
    private static final int MAX_REMEMBERED = 64;

    private static final long DAY = 86_400;
    private static final long FROM = 0;
    private static final long TO = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();

    private static final String OFFSET = "extract(epoch FROM to_timestamp(s) AT TIME ZONE ?)::bigint - s";

    /** The first of each run of days with the same offset. */
    private static final String CHANGES = "SELECT s, o FROM (SELECT s, o, lag(o) OVER (ORDER BY s) AS before"
            + " FROM (SELECT s, " + OFFSET + " AS o FROM generate_series(?::bigint, ?, ?) AS s) AS days) AS changes"
            + " WHERE before IS DISTINCT FROM o ORDER BY s";

    private static final String OFFSETS =
            "SELECT " + OFFSET + " FROM unnest(?::bigint[]) WITH ORDINALITY AS instants(s, n) ORDER BY n";

    private final Connections connections;
    private final Map<String, Zone> remembered = new HashMap<>();

    public ServerZones(Connections connections) {
        this.connections = connections;
    }

    /** Fails with {@link NotExact} where there is no such zone, and with {@link DatabaseUnavailable}. */
    public synchronized Zone of(String name) {
        if (!TimeZones.isNamed(name)) {
            return TimeZones.zone(name);
        }
        String key = name.toLowerCase(Locale.ROOT);
        Zone known = remembered.get(key);
        if (known == null) {
            known = ask(name);
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(key, known);
        }
        return known;
    }

    private Zone ask(String name) {
        try (Connection connection = connections.connection()) {
            connection.setNetworkTimeout(Runnable::run, 2 * LIMIT_SECONDS * 1000);
            return observe(connection, name);
        } catch (SQLException e) {
            if ("22023".equals(e.getSQLState())) {
                throw new NotExact("a time zone that the server does not know");
            }
            throw new DatabaseUnavailable(e);
        }
    }

    private static Zone observe(Connection connection, String name) throws SQLException {
        List<Long> days = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(CHANGES)) {
            query.setQueryTimeout(LIMIT_SECONDS);
            query.setString(1, name);
            query.setLong(2, FROM);
            query.setLong(3, TO);
            query.setLong(4, DAY);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    days.add(row.getLong(1));
                    offsets.add(row.getInt(2));
                }
            }
        }
        // The first is where it was before any change.
        long[] changes = days.stream().skip(1).mapToLong(Long::longValue).toArray();
        narrow(connection, name, changes, offsets);
        return new ObservedZone(
                FROM, TO, changes, offsets.stream().mapToInt(Integer::intValue).toArray());
    }

    /** From the day after a change to its second: halves the day until it is one. */
    private static void narrow(Connection connection, String name, long[] changes, List<Integer> offsets)
            throws SQLException {
        for (long step = 1 << 16; step > 0; step >>= 1) {
            Long[] earlier = new Long[changes.length];
            for (int i = 0; i < changes.length; i++) {
                earlier[i] = changes[i] - step;
            }
            try (PreparedStatement query = connection.prepareStatement(OFFSETS)) {
                query.setQueryTimeout(LIMIT_SECONDS);
                query.setString(1, name);
                query.setArray(2, connection.createArrayOf("bigint", earlier));
                try (ResultSet row = query.executeQuery()) {
                    for (int i = 0; row.next(); i++) {
                        int offset = row.getInt(1);
                        if (offset == offsets.get(i + 1)) {
                            changes[i] = earlier[i];
                        } else if (offset != offsets.get(i)) {
                            throw new NotExact("a time zone whose clocks changed twice in a day");
                        }
                    }
                }
            }
        }
    }
}
