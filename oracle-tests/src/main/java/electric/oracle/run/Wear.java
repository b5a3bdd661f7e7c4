package electric.oracle.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server takes that must not become more as it goes on.
 *
 * @param resident bytes of memory that its process has
 * @param connections that it has to Postgres
 * @param retained bytes of write-ahead log that Postgres keeps for it
 */
record Wear(long resident, int connections, long retained) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final long MIB = 1 << 20;
    private static final long MORE_MEMORY = 96 * MIB;
    private static final int MORE_CONNECTIONS = 2;
    private static final long MOST_RETAINED = 64 * MIB;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Now that nothing happens. What Postgres keeps becomes less only with its next note of who is running: that is waited for. */
    static Wear of(Database database, long pid, Duration limit) throws SQLException, IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            long retained;
            do {
                statement.execute("CHECKPOINT");
                Thread.sleep(PAUSE);
                retained = number(
                        statement,
                        "SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))::bigint FROM pg_replication_slots"
                                + " WHERE slot_name LIKE 'electric\\_slot\\_%' AND database = current_database()");
            } while (retained > MOST_RETAINED && System.nanoTime() < deadline);
            long connections = number(
                    statement,
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'electric' AND datname ="
                            + " current_database()");
            return new Wear(resident(pid), (int) connections, retained);
        }
    }

    /** Where this is more than it was, in words; memory only where the system tells. */
    List<String> moreThan(Wear before) {
        List<String> more = new ArrayList<>();
        if (resident > before.resident * 5 / 4 + MORE_MEMORY) {
            more.add("memory grew from " + before.resident / MIB + " to " + resident / MIB + " MiB");
        }
        if (connections > before.connections + MORE_CONNECTIONS) {
            more.add("connections to Postgres grew from " + before.connections + " to " + connections);
        }
        if (retained > MOST_RETAINED) {
            more.add("Postgres keeps " + retained / MIB + " MiB of log for the server, although it has seen all of it");
        }
        return more;
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static long resident(long pid) throws IOException {
        Path status = PROCESSES.resolve(Long.toString(pid)).resolve("status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                << 10;
    }

    @Override
    public String toString() {
        return resident / MIB + " MiB of memory, " + connections + " connections, " + retained / MIB
                + " MiB of log kept for it";
    }
}
