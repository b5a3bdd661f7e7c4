package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.ServerLog;
import electric.sync.TestPostgres;
import electric.sync.meter.Meter;
import electric.sync.pg.Connections;
import electric.sync.pg.ReplicationSlot;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OPS-034, OPS-036. */
class SlotMeasurementTest {
    private static final TestPostgres POSTGRES = TestPostgres.shared();
    private static final String RETAINED = "electric_postgres_replication_slot_retained_wal_size ";
    private static final String UNCONFIRMED = "electric_postgres_replication_slot_confirmed_flush_lsn_lag ";

    private final String database = POSTGRES.freshDatabase();
    private final ReplicationSlot slot = new ReplicationSlot("measured_" + database, false);
    private final Meter meter = Meter.on();
    private final Readiness readiness = new Readiness();
    private final AtomicInteger asked = new AtomicInteger();
    private boolean unreachable;

    private final Connections connections = () -> {
        asked.incrementAndGet();
        if (unreachable) {
            throw new SQLException("the database is away", "08006");
        }
        return connect();
    };

    private final SlotMeasurement measurement =
            new SlotMeasurement(slot, connections, readiness, Duration.ofHours(1), meter);

    @AfterEach
    void close() throws SQLException {
        measurement.close();
        meter.close();
        try (Connection connection = connect()) {
            slot.drop(connection);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(POSTGRES.jdbcUrl(database));
    }

    private void activate() {
        for (Readiness.Condition condition : Readiness.Condition.values()) {
            readiness.met(condition);
        }
    }

    private double shown(String name) {
        return meter.scrape()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void asksNobodyWhileTheServiceIsNotActive() {
        measurement.measure();
        assertThat(asked).hasValue(0);
        assertThat(shown(RETAINED)).isNaN();
    }

    @Test
    void showsWhatPostgresKeepsAndWhatWeHaveNotConfirmed() throws SQLException {
        POSTGRES.sql(
                database,
                "SELECT pg_create_logical_replication_slot('" + slot.name() + "', 'pgoutput')",
                "CREATE TABLE filler AS SELECT n, repeat('x', 100) FROM generate_series(1, 2000) AS n");
        activate();
        measurement.measure();
        assertThat(shown(UNCONFIRMED)).isGreaterThan(100_000);
        assertThat(shown(RETAINED)).isGreaterThanOrEqualTo(shown(UNCONFIRMED));
    }

    @Test
    void knowsNothingOfASlotThatIsGone() {
        activate();
        measurement.measure();
        assertThat(asked).hasValue(1);
        assertThat(shown(RETAINED)).isNaN();
    }

    @Test
    void aFailureIsSaidOnceAndTheNextRoundAsksAgain() {
        activate();
        unreachable = true;
        try (ServerLog log = new ServerLog()) {
            measurement.measure();
            measurement.measure();
            assertThat(log.with("Cannot measure")).hasSize(1);
            assertThat(shown(RETAINED)).isNaN();
        }
        assertThat(asked).hasValue(2);
    }
}
