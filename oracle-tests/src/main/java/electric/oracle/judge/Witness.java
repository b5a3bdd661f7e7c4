package electric.oracle.judge;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Postgres's own word on which transactions committed, where and in which order: a replication slot beside the server's, on
 * a table that every transaction of a run puts a line into.
 */
public final class Witness implements AutoCloseable {
    private static final String NAME = "oracle_witness";
    private static final String TABLE = NAME + ".transactions";
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final boolean lasting;
    private Connection connection;
    private final Map<Long, Long> lsns = new HashMap<>();

    /** @param connection of a role that may replicate, for this alone; without it, nothing remains */
    public Witness(Connection connection) throws SQLException {
        this(connection, false);
    }

    /** @param lasting whether it remembers even if Postgres is restarted */
    public Witness(Connection connection, boolean lasting) throws SQLException {
        this.connection = connection;
        this.lasting = lasting;
        sql("DROP PUBLICATION IF EXISTS " + NAME);
        sql("DROP SCHEMA IF EXISTS " + NAME + " CASCADE");
        sql("CREATE SCHEMA " + NAME);
        sql("CREATE TABLE " + TABLE + " (number bigint)");
        sql("CREATE PUBLICATION " + NAME + " FOR TABLE " + TABLE + " WITH (publish = 'insert')");
        sql("SELECT pg_create_logical_replication_slot('" + NAME + "_"
                + ProcessHandle.current().pid() + "', 'pgoutput', " + !lasting + ")");
    }

    /** After Postgres was restarted. */
    public void reconnect(Connection another) {
        if (!lasting) {
            throw new IllegalStateException("What the witness has seen is gone with its connection");
        }
        connection = another;
    }

    /** Belongs into a transaction as its first statement. Returns the low 32 bits of its id. */
    public static long sign(Statement statement, int number) throws SQLException {
        try (ResultSet id = statement.executeQuery(
                "INSERT INTO " + TABLE + " VALUES (" + number + ") RETURNING pg_current_xact_id()::text")) {
            id.next();
            return Long.parseUnsignedLong(id.getString(1)) & 0xFFFF_FFFFL;
        }
    }

    /** Where a transaction that has committed did so; each is asked about once. */
    public long lsn(long xid, Duration limit) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Long lsn = lsns.remove(xid);
        while (lsn == null) {
            read();
            lsn = lsns.remove(xid);
            if (lsn == null) {
                if (System.nanoTime() > deadline) {
                    throw new SQLException("Postgres's replication does not know of transaction " + xid + " after "
                            + limit.toSeconds() + " s. Does something hold it up?");
                }
                // Without synchronous_commit it is not on disk yet.
                Thread.sleep(PAUSE);
            }
        }
        return lsn;
    }

    private void read() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT data FROM pg_logical_slot_get_binary_changes('" + NAME
                        + "_" + ProcessHandle.current().pid()
                        + "', NULL, NULL, 'proto_version', '1', 'publication_names', '" + NAME + "')")) {
            while (result.next()) {
                ByteBuffer message = ByteBuffer.wrap(result.getBytes(1));
                if (message.get() == 'B') {
                    long lsn = message.getLong();
                    message.getLong();
                    lsns.put(Integer.toUnsignedLong(message.getInt()), lsn);
                }
            }
        }
    }

    private void sql(String statement) throws SQLException {
        try (Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            sql("SELECT pg_drop_replication_slot('" + NAME + "_"
                    + ProcessHandle.current().pid() + "')");
            sql("DROP PUBLICATION " + NAME);
            sql("DROP SCHEMA " + NAME + " CASCADE");
        } finally {
            connection.close();
        }
    }
}
