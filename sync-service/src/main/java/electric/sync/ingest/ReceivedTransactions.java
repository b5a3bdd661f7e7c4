package electric.sync.ingest;

import electric.sync.meter.Counter;
import electric.sync.meter.Histogram;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Counts what the stream brought, a transaction at a time. */
public final class ReceivedTransactions {
    private final Counter transactions;
    private final Counter operations;
    private final Counter bytes;
    private final Histogram lag;
    private final InstantSource clock;
    private final Stages stages;

    public ReceivedTransactions(Meter meter, InstantSource clock, Stages stages) {
        this.transactions = meter.counter(Metric.TRANSACTIONS);
        this.operations = meter.counter(Metric.TRANSACTION_OPERATIONS);
        this.bytes = meter.counter(Metric.TRANSACTION_BYTES);
        this.lag = meter.histogram(Metric.RECEIVE_LAG);
        this.clock = clock;
        this.stages = stages;
    }

    Stages stages() {
        return stages;
    }

    void applied(long commitTimeMicros, TransactionSize size) {
        transactions.increment();
        operations.add(size.changes());
        bytes.add(size.bytes());
        // The database's clock may be ahead of ours.
        long micros = Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()) - commitTimeMicros);
        lag.record(micros / 1000.0);
        stages.applied(size);
    }
}
