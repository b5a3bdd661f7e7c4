package electric.sync.ingest;

import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.pg.Connections;
import electric.sync.pg.DatabaseError;
import electric.sync.pg.ReplicationSlot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Postgres now and then how much log it keeps for our slot. While the service is not active nobody is asked, and
 * nothing is known.
 *
 * <p>Threads: one of its own, so that a database that does not answer keeps nobody else.
 */
public final class SlotMeasurement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotMeasurement.class);
    private static final int LIMIT_SECONDS = 3;

    private final ReplicationSlot slot;
    private final Connections admin;
    private final Readiness readiness;
    private final Duration period;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slot-measurement").factory());
    private volatile ReplicationSlot.@Nullable Backlog last;
    private boolean failing;

    public SlotMeasurement(ReplicationSlot slot, Connections admin, Readiness readiness, Duration period, Meter meter) {
        this.slot = slot;
        this.admin = admin;
        this.readiness = readiness;
        this.period = period;
        meter.shows(Metric.RETAINED_WAL, () -> {
            ReplicationSlot.Backlog known = last;
            return known == null ? Double.NaN : known.retainedBytes();
        });
        meter.shows(Metric.CONFIRMED_FLUSH_LAG, () -> {
            ReplicationSlot.Backlog known = last;
            return known == null ? Double.NaN : known.unconfirmedBytes();
        });
    }

    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::measure, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    void measure() {
        try {
            last = readiness.status() == Readiness.Status.ACTIVE ? ask() : null;
            failing = false;
        } catch (SQLException failure) {
            failed(DatabaseError.of(failure).described());
        } catch (RuntimeException failure) {
            failed(failure.toString());
        }
    }

    private ReplicationSlot.@Nullable Backlog ask() throws SQLException {
        try (Connection connection = admin.connection()) {
            return slot.backlog(connection, LIMIT_SECONDS);
        }
    }

    private void failed(String reason) {
        last = null;
        if (!failing && !thread.isShutdown()) {
            failing = true;
            LOG.warn("Cannot measure how much log Postgres keeps for the replication slot: {}", reason);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
