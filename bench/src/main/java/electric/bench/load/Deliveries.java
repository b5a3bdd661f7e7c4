package electric.bench.load;

import electric.bench.report.Quantiles;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** When each row arrived at each client. Rows have consecutive ids; each client must get each of them once, in order. */
public final class Deliveries {
    /** Ids begin here at the earliest, so that those of a measurement are equally long. */
    public static final int FIRST_ID = 100_000;

    private final int firstId;
    private final long[][] arrived;
    private final long[] sent;
    private final AtomicInteger outstanding;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    public Deliveries(int clients, int rows) {
        this(clients, rows, FIRST_ID);
    }

    public Deliveries(int clients, int rows, int firstId) {
        this.firstId = firstId;
        this.arrived = new long[clients][rows];
        this.sent = new long[rows];
        this.outstanding = new AtomicInteger(Math.multiplyExact(clients, rows));
    }

    int clients() {
        return arrived.length;
    }

    public void sent(int row, long nanos) {
        sent[row] = nanos;
    }

    /** @param expected what the client must get next */
    void arrived(int client, int expected, int id, long nanos) {
        if (id != firstId + expected || expected >= sent.length) {
            fail(new IllegalStateException(
                    "client " + client + " got row " + (id - firstId) + " where row " + expected + " is the next"));
            return;
        }
        arrived[client][expected] = nanos;
    }

    /** Some have arrived. */
    void count(int rows) {
        if (rows > 0) {
            outstanding.addAndGet(-rows);
        }
    }

    void oneMoreWaits() {
        waiting.incrementAndGet();
    }

    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Returns when all clients wait for what comes. */
    void awaitClients(int seconds) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (waiting.get() < arrived.length) {
            check();
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "only " + waiting.get() + " of " + arrived.length + " clients wait after " + seconds + " s");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Returns when every client has every row. */
    public void await(int seconds) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (outstanding.get() > 0) {
            check();
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(outstanding.get() + " of " + (long) arrived.length * sent.length
                        + " deliveries have not arrived " + seconds + " s after the last row");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        check();
    }

    public void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the rows did not arrive as they should: " + cause.getMessage(), cause);
        }
    }

    /** Milliseconds from sending to arriving. */
    public Quantiles latencies() {
        double[] all = new double[arrived.length * sent.length];
        int i = 0;
        for (long[] client : arrived) {
            for (int row = 0; row < sent.length; row++) {
                all[i++] = (client[row] - sent[row]) / 1e6;
            }
        }
        return new Quantiles(all);
    }

    /** Milliseconds until some rows that were sent together were all at the last client. */
    public Quantiles slowest(int rowsTogether) {
        double[] all = new double[sent.length / rowsTogether];
        Arrays.fill(all, Double.NEGATIVE_INFINITY);
        for (long[] client : arrived) {
            for (int row = 0; row < sent.length; row++) {
                int group = row / rowsTogether;
                all[group] = Math.max(all[group], (client[row] - sent[row]) / 1e6);
            }
        }
        return new Quantiles(all);
    }
}
