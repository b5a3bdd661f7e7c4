package electric.sync.ingest;

import electric.sync.change.Lsn;
import electric.sync.change.WalMessage;
import electric.sync.pg.PgOutputDecoder;
import electric.sync.pg.ReplicationStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one stream message by message: decodes, hands on, and tells Postgres what is done.
 *
 * <p>Threads: the replication thread. Hot: {@link #read} runs once per change.
 */
final class StreamReader {
    private static final Logger log = LoggerFactory.getLogger(StreamReader.class);

    /** Telling Postgres costs a message each way, so a burst of transactions is told about together. */
    private static final long BETWEEN_STATUSES_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PgOutputDecoder decoder = new PgOutputDecoder();
    private final ReplicationStream stream;
    private final ChangeSink sink;
    private final Supplier<Lsn> safe;
    private final Acknowledgement acknowledgement;
    private final TransactionSize size;
    private final ReceivedTransactions received;
    private final Stages stages;
    private boolean insideTransaction;
    private long finalLsn;
    private long commitTimeMicros;
    private Lsn told;
    private long toldNanos = System.nanoTime();

    StreamReader(
            ReplicationStream stream,
            ChangeSink sink,
            Supplier<Lsn> safe,
            Acknowledgement acknowledgement,
            TransactionSize size,
            ReceivedTransactions received) {
        this.stream = stream;
        this.sink = sink;
        this.safe = safe;
        this.acknowledgement = acknowledgement;
        this.size = size;
        this.received = received;
        this.stages = received.stages();
        this.told = acknowledgement.flushed();
    }

    /** Reads one message, or waits a moment for one. */
    void read() throws SQLException {
        ByteBuffer frame = stream.poll();
        if (frame != null) {
            stages.next();
            long from = stages.now();
            WalMessage message = decoder.decode(frame);
            stages.decoded(from);
            take(message);
        } else {
            acknowledgement.flushBoundary(safe.get());
            acknowledgement.keepAlive(stream.serverPosition(), insideTransaction);
            if (!insideTransaction) {
                sink.quiet(acknowledgement.received());
            }
        }
        tell();
    }

    /** Tells Postgres what is done, and gives it a moment to hear it before the connection ends. */
    void finish() throws SQLException {
        acknowledgement.flushBoundary(safe.get());
        stream.acknowledge(acknowledgement.flushed());
        stream.sendStatus();
        // The answer, if it comes. What else comes was not acknowledged and is sent again next time.
        stream.poll();
    }

    private void take(WalMessage message) {
        if (message instanceof WalMessage.Begin begin) {
            insideTransaction = true;
            finalLsn = begin.finalLsn();
            commitTimeMicros = begin.commitTimeMicros();
            stages.begin(begin.xid());
        }
        size.count(message);
        sink.message(message);
        if (message instanceof WalMessage.Commit) {
            insideTransaction = false;
            acknowledgement.transactionApplied(new Lsn(finalLsn));
            acknowledgement.flushBoundary(safe.get());
            received.applied(commitTimeMicros, size);
        } else if (message instanceof WalMessage.Ignored ignored && ignored.tag() == 'M') {
            log.info("Ignoring a logical message that an application wrote to the replication stream");
        }
    }

    private void tell() throws SQLException {
        Lsn flushed = acknowledgement.flushed();
        if (flushed.compareTo(told) <= 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - toldNanos >= BETWEEN_STATUSES_NANOS) {
            stream.acknowledge(flushed);
            stream.sendStatus();
            told = flushed;
            toldNanos = now;
        }
    }
}
