package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class PoolTest {
    private final TestPostgres postgres = TestPostgres.shared();

    @Test
    void opensAllItsConnectionsBeforeItIsReady() throws SQLException {
        String database = postgres.freshDatabase();
        try (Pool pool = Pool.open("admin", to(postgres, database), 4, e -> {});
                Connection connection = pool.connection()) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'electric'")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(4);
            }
            assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
            assertThat(pool.busy()).isEqualTo(1);
        }
    }

    @Test
    void saysAtOnceWhyItCannotOpen() {
        assertThatThrownBy(() -> Pool.open("admin", to(postgres, "nowhere"), 4, e -> {}))
                .isInstanceOf(ConnectFailure.class)
                .hasMessage("database \"nowhere\" does not exist");
    }

    @Test
    void neverHandsOutMoreThanItsSize() throws SQLException {
        try (Pool pool = Pool.open("snapshot", to(postgres, postgres.freshDatabase()), 1, e -> {});
                Connection only = pool.connection()) {
            assertThat(only.isValid(1)).isTrue();
            assertThatThrownBy(pool::connection).isInstanceOfSatisfying(SQLTransientConnectionException.class, e -> {
                assertThat(DatabaseError.of(e).message()).isEqualTo("timed out trying to acquire connection from pool");
            });
        }
    }

    @Test
    void isNeverHalfOpen() throws Exception {
        try (TestPostgres small = TestPostgres.start(
                        Map.of("max_connections", "8", "superuser_reserved_connections", "0", "max_wal_senders", "2"));
                Pool first = Pool.open("admin", to(small, "postgres"), 5, e -> {})) {
            assertThat(first.size()).isEqualTo(5);
            assertThatThrownBy(() -> Pool.open("snapshot", to(small, "postgres"), 5, e -> {}))
                    .satisfies(e -> assertThat(DatabaseError.of(e).message()).contains("sorry, too many clients"));
        }
    }

    @Test
    void opensLostConnectionsAgainAndReportsWhenItCannot() throws Exception {
        try (TestPostgres own = TestPostgres.start(Map.of())) {
            List<DatabaseError> failures = new CopyOnWriteArrayList<>();
            try (Pool pool = Pool.open("admin", to(own, "postgres"), 2, failures::add)) {
                own.sql(
                        "postgres",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'electric'");
                await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertUsable(pool));
                assertThat(failures).isEmpty();

                own.stop();
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    try (Connection connection = pool.connection()) {
                        return !connection.isValid(1) || !failures.isEmpty();
                    } catch (SQLException e) {
                        return !failures.isEmpty();
                    }
                });

                own.start();
                await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertUsable(pool));
            }
        }
    }

    @Test
    void splitsATotal() {
        // PG: 20 → 4 + 16; 8 → 2 + 6; 4 → 1 + 3; 2 → 1 + 1; less → 1 + 1
        assertThat(List.of(20, 8, 4, 2, 1, 0, -3))
                .extracting(Pool.Split::of)
                .containsExactly(
                        new Pool.Split(4, 16),
                        new Pool.Split(2, 6),
                        new Pool.Split(1, 3),
                        new Pool.Split(1, 1),
                        new Pool.Split(1, 1),
                        new Pool.Split(1, 1),
                        new Pool.Split(1, 1));
    }

    private static void assertUsable(Pool pool) throws SQLException {
        try (Connection connection = pool.connection();
                var statement = connection.createStatement()) {
            assertThat(statement.execute("SELECT 1")).isTrue();
        }
    }

    private static Connector to(TestPostgres postgres, String database) {
        return new Connector(DatabaseUrl.parse(postgres.url(database)), Optional.empty(), false, TcpOptions.SYSTEM);
    }
}
