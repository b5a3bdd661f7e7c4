package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.meter.Meter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReceivedTransactionsTest {
    private static final Instant NOW = Instant.parse("2026-08-01T00:00:07Z");

    /** OPS-035: the database's clock may be ahead of ours. */
    @Test
    void theLagIsNeverNegative() {
        try (Meter meter = Meter.on()) {
            ReceivedTransactions received = new ReceivedTransactions(meter, () -> NOW, new Stages(meter));
            TransactionSize nothing = new TransactionSize(1);
            long nowMicros = NOW.getEpochSecond() * 1_000_000;
            received.applied(nowMicros + 5_000_000, nothing);
            assertThat(meter.scrape()).contains("receive_lag_sum 0.0\n", "receive_lag_count 1\n");
            received.applied(nowMicros - 2_500, nothing);
            assertThat(meter.scrape()).contains("receive_lag_sum 2.5\n", "receive_lag_count 2\n");
        }
    }
}
