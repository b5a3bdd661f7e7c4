package electric.sync.ingest;

import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import java.util.SplittableRandom;

/**
 * Where the time of the stream goes. Looking at the clock costs as much as some stages do, so one message of {@value #EVERY},
 * chosen by chance, is timed and counts for all of them; while a flight recording wants to know it of single transactions,
 * every message is.
 *
 * <p>Threads: the replication thread. Hot.
 */
public final class Stages {
    private static final int EVERY = 64;

    private final Counter decoding;
    private final Counter routing;
    private final Counter appending;
    private final Counter publishing;
    private final SplittableRandom random = new SplittableRandom();
    private int untilTimed = EVERY;
    private boolean timed;
    private boolean recording;

    /** That of the open transaction while it is recorded. */
    private TransactionApplied transaction = new TransactionApplied();

    public Stages(Meter meter) {
        this.decoding = meter.seconds(Metric.STAGES, "decode");
        this.routing = meter.seconds(Metric.STAGES, "route");
        this.appending = meter.seconds(Metric.STAGES, "append");
        this.publishing = meter.seconds(Metric.STAGES, "publish");
    }

    /** Before a message is decoded. */
    void next() {
        timed = recording || --untilTimed == 0;
        if (untilTimed <= 0) {
            untilTimed = 1 + random.nextInt(2 * EVERY - 1);
        }
    }

    void begin(int xid) {
        recording = transaction.isEnabled();
        if (recording) {
            transaction = new TransactionApplied();
            transaction.xid = Integer.toUnsignedLong(xid);
            transaction.begin();
        }
    }

    /** To be handed to the stage that ends next; without meaning where the message is not timed. */
    long now() {
        return timed ? System.nanoTime() : 0;
    }

    private long since(long from, Counter stage) {
        long nanos = System.nanoTime() - from;
        stage.add(recording ? nanos : nanos * EVERY);
        return nanos;
    }

    void decoded(long from) {
        if (timed) {
            transaction.decoding += since(from, decoding);
        }
    }

    void routed(long from) {
        if (timed) {
            transaction.routing += since(from, routing);
        }
    }

    void appended(long from) {
        if (timed) {
            transaction.appending += since(from, appending);
        }
    }

    /** Of every commit, with a time that is always taken: there are few, and some have much to do. */
    void published(long from, int shapes) {
        long nanos = System.nanoTime() - from;
        publishing.add(nanos);
        transaction.publishing = nanos;
        transaction.shapes = shapes;
    }

    /** The transaction is everywhere. */
    void applied(TransactionSize size) {
        if (recording) {
            transaction.changes = size.changes();
            transaction.bytes = size.bytes();
            transaction.commit();
            recording = false;
        }
    }
}
