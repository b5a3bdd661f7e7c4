package electric.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** When each row arrived at each client. Rows have consecutive ids; each client must get each of them once, in order. */
final class Deliveries {
    /** Ids begin here, so that all are equally long. */
    static final int FIRST_ID = 100_000;

    private final long[][] arrived;
    private final long[] sent;
    private final AtomicInteger outstanding;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Deliveries(int clients, int rows) {
        this.arrived = new long[clients][rows];
        this.sent = new long[rows];
        this.outstanding = new AtomicInteger(clients * rows);
    }

    int rows() {
        return sent.length;
    }

    void sent(int row, long nanos) {
        sent[row] = nanos;
    }

    /** @param expected what the client must get next */
    void arrived(int client, int expected, int id, long nanos) {
        if (id != FIRST_ID + expected || expected >= sent.length) {
            fail(new IllegalStateException(
                    "client " + client + " got row " + (id - FIRST_ID) + " where row " + expected + " is the next"));
            return;
        }
        arrived[client][expected] = nanos;
        outstanding.decrementAndGet();
    }

    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Returns when every client has every row. */
    void await(int seconds) throws InterruptedException, TimeoutException {
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

    void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the rows did not arrive as they should", cause);
        }
    }

    /** Milliseconds from sending to arriving. */
    Quantiles latencies() {
        double[] all = new double[arrived.length * sent.length];
        int i = 0;
        for (long[] client : arrived) {
            for (int row = 0; row < sent.length; row++) {
                all[i++] = (client[row] - sent[row]) / 1e6;
            }
        }
        return new Quantiles(all);
    }

    /** Milliseconds until a row was at the last client. */
    Quantiles slowest() {
        double[] all = new double[sent.length];
        Arrays.fill(all, Double.NEGATIVE_INFINITY);
        for (long[] client : arrived) {
            for (int row = 0; row < sent.length; row++) {
                all[row] = Math.max(all[row], (client[row] - sent[row]) / 1e6);
            }
        }
        return new Quantiles(all);
    }
}
