package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TestPostgresTest {
    @Test
    void sharedSpeaksLogicalReplicationAndWaitsForCommits() throws Exception {
        TestPostgres postgres = TestPostgres.shared();
        assertThat(ask(postgres, "postgres", "SHOW wal_level")).isEqualTo("logical");
        assertThat(ask(postgres, "postgres", "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(ask(postgres, "postgres", "SHOW max_replication_slots")).isEqualTo("50");
        assertThat(ask(postgres, "postgres", "SELECT lower('É')")).isEqualTo("é");
    }

    @Test
    void everyFreshDatabaseIsNewAndEmpty() throws Exception {
        TestPostgres postgres = TestPostgres.shared();
        String one = postgres.freshDatabase();
        String two = postgres.freshDatabase();
        postgres.sql(one, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        assertThat(ask(postgres, one, "SELECT count(*) FROM t")).isEqualTo("1");
        assertThat(ask(postgres, two, "SELECT to_regclass('t')")).isNull();
    }

    @Test
    void refusesAWrongPassword() {
        TestPostgres postgres = TestPostgres.shared();
        String url = "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/postgres";
        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void keepsPortAndDataAcrossAStopAndACrash() throws Exception {
        try (TestPostgres postgres = TestPostgres.start(Map.of("fsync", "on"))) {
            String database = postgres.freshDatabase();
            postgres.sql(database, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
            int port = postgres.port();
            postgres.stop();
            assertThatThrownBy(() -> postgres.connect(database)).isInstanceOf(SQLException.class);
            postgres.start();
            postgres.sql(database, "INSERT INTO t VALUES (2)");
            postgres.kill9();
            postgres.start();
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(ask(postgres, database, "SELECT count(*) FROM t")).isEqualTo("2");
        }
    }

    private static @Nullable String ask(TestPostgres postgres, String database, String query) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
