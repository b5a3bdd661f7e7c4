package electric.sync.pg;

import electric.sync.change.Lsn;
import electric.sync.change.RelationName;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The stream of changes of one slot. It reads and answers keepalives; what it tells Postgres to forget is decided
 * elsewhere.
 *
 * <p>Threads: one polls and acknowledges; {@link #keepAlive} may be called from another while that one is busy elsewhere.
 */
public final class ReplicationStream {
    /** A message that stopped half way for so long will not be completed: the connection is dead. */
    private static final Duration LONGEST_PAUSE_IN_A_MESSAGE = Duration.ofSeconds(60);

    /**
     * A database that shuts down ends the stream with a message that the driver leaves where it is: from then on it finds
     * nothing, and without waiting for it.
     */
    private static final int END_OF_STREAM = 10;

    private static final long IMMEDIATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Connection connection;
    private final PGReplicationStream stream;
    private final long statusIntervalNanos;
    private volatile long lastUsedNanos = System.nanoTime();
    private int immediateNothings;

    private ReplicationStream(Connection connection, PGReplicationStream stream, Duration statusInterval) {
        this.connection = connection;
        this.stream = stream;
        this.statusIntervalNanos = statusInterval.toNanos();
    }

    /**
     * Starts where the slot was last acknowledged.
     *
     * @param replication a connection opened for replication, from here on this stream's
     * @param consumed what the slot already knows to be done
     * @param statusInterval how often Postgres hears from us without need
     */
    public static ReplicationStream start(
            Connection replication, String slot, String publication, Lsn consumed, Duration statusInterval)
            throws SQLException {
        textAsOurClientsReadIt(replication);
        PGReplicationStream stream = replication
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(RelationName.quote(slot))
                .withStartPosition(LogSequenceNumber.valueOf(0))
                .withSlotOption("proto_version", 1)
                // The driver puts the value between single quotes as it is.
                .withSlotOption(
                        "publication_names", RelationName.quote(publication).replace("'", "''"))
                .withStatusInterval(Math.toIntExact(statusInterval.toMillis()), TimeUnit.MILLISECONDS)
                // Otherwise the driver acknowledges keepalives by itself, also those inside a transaction.
                .withAutomaticFlush(false)
                .start();
        // The driver would give up on a message in the middle after one status interval, and lose its place.
        replication.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_PAUSE_IN_A_MESSAGE.toMillis()));
        ReplicationStream started = new ReplicationStream(replication, stream, statusInterval);
        started.acknowledge(consumed);
        return started;
    }

    private static void textAsOurClientsReadIt(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement()) {
            statement.execute("SET bytea_output = 'hex'");
            statement.execute("SET DateStyle = 'ISO, DMY'");
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET extra_float_digits = 1");
            statement.execute("SET IntervalStyle = 'iso_8601'");
        }
    }

    /** The next message, or {@code null} when none came within the connection's peek time. */
    public @Nullable ByteBuffer poll() throws SQLException {
        long before = System.nanoTime();
        lastUsedNanos = before;
        ByteBuffer message = stream.readPending();
        if (message == null) {
            long after = System.nanoTime();
            lastUsedNanos = after;
            if (after - before >= LONGEST_PAUSE_IN_A_MESSAGE.toNanos()) {
                throw new SQLException("connection timed out in the middle of a message");
            }
            immediateNothings = after - before < IMMEDIATE_NANOS ? immediateNothings + 1 : 0;
            if (stream.isClosed() || immediateNothings == END_OF_STREAM) {
                throw new SQLException(
                        "connection closed while talking to the database", new EOFException("the stream ended"));
            }
        } else {
            immediateNothings = 0;
        }
        return message;
    }

    /**
     * How far Postgres has read its log for us: every transaction whose commit record starts before this position has been
     * sent and was returned by {@link #poll}. Meaningful only outside a transaction.
     */
    public Lsn serverPosition() {
        return new Lsn(stream.getLastReceiveLSN().asLong());
    }

    /**
     * Decides what the next status says: that everything up to and including this position is done. Postgres wants to hear
     * the first position that is not, hence the one.
     */
    public void acknowledge(Lsn consumed) {
        LogSequenceNumber next = LogSequenceNumber.valueOf(consumed.value() + 1);
        stream.setFlushedLSN(next);
        stream.setAppliedLSN(next);
    }

    /** Tells Postgres now. It answers with a keepalive. */
    public void sendStatus() throws SQLException {
        stream.forceUpdateStatus();
    }

    /** Tells Postgres that we are there, if the polling thread has been away for a status interval. */
    public void keepAlive() throws SQLException {
        long now = System.nanoTime();
        if (now - lastUsedNanos >= statusIntervalNanos) {
            lastUsedNanos = now;
            stream.forceUpdateStatus();
        }
    }

    /** At once, from any thread, whatever another one is waiting for. */
    public void abort() throws SQLException {
        connection.abort(Runnable::run);
    }
}
