package electric.bench.beside;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** {@code pg_recvlogical}, which takes the changes of a table from Postgres and throws them away. */
public final class RecvLogical implements AutoCloseable {
    private static final String SLOT = "bench_baseline";

    private final Target target;
    private final Connection connection;
    private final double nothing;

    /** What is written to the table from now on is what it takes. */
    public RecvLogical(Target target, String table) throws SQLException, IOException, InterruptedException {
        this.target = target;
        this.connection = target.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE PUBLICATION " + SLOT + " FOR TABLE " + table);
            statement.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        }
        this.nothing = untilNow();
    }

    /**
     * How long it takes for all that has been written, without what it takes for nothing at all; not a number where the program
     * is not installed.
     */
    public double seconds() throws SQLException, IOException, InterruptedException {
        return untilNow() - nothing;
    }

    private double untilNow() throws SQLException, IOException, InterruptedException {
        String end;
        try (Statement statement = connection.createStatement();
                ResultSet now = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
            now.next();
            end = now.getString(1);
        }
        long from = System.nanoTime();
        Process process;
        try {
            process = Children.start(new ProcessBuilder(
                            "pg_recvlogical",
                            "--dbname=" + target.jdbcUrl().substring("jdbc:".length()),
                            "--slot=" + SLOT,
                            "--start",
                            "--no-loop",
                            "--endpos=" + end,
                            "--file=/dev/null",
                            "--option=proto_version=1",
                            "--option=publication_names=" + SLOT)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        } catch (IOException notInstalled) {
            System.err.println("No baseline: " + notInstalled.getMessage());
            return Double.NaN;
        }
        int code = process.waitFor();
        double seconds = (System.nanoTime() - from) / 1e9;
        Children.end(process);
        return code == 0 ? seconds : Double.NaN;
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_drop_replication_slot('" + SLOT + "')");
            statement.execute("DROP PUBLICATION " + SLOT);
        }
    }
}
