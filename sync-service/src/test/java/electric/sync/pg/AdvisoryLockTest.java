package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import electric.sync.TestPostgres;
import electric.sync.change.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PG-007, PG-008: whom the breaker ends, and whom never. */
class AdvisoryLockTest {
    private final TestPostgres postgres = TestPostgres.shared();
    private String database = "";

    @BeforeEach
    void makeDatabase() {
        database = postgres.freshDatabase();
    }

    @AfterEach
    void dropSlots() throws SQLException {
        postgres.sql(
                database,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active AND database = '"
                        + database + "'");
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private int hash(String name) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT hashtext('" + name + "')")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** A slot name of ours whose hash has this sign. */
    private String nameWithHash(boolean negative) throws SQLException {
        int number = 0;
        while (hash(database + "_" + number) < 0 != negative) {
            number++;
        }
        return database + "_" + number;
    }

    private void makeSlot(String name) throws SQLException {
        postgres.sql(database, "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    }

    private int breakFrom(String inDatabase, String name, int ownPid) throws SQLException {
        try (Connection admin = postgres.connect(inDatabase)) {
            return new AdvisoryLock(name).breakStuck(admin, ownPid);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAHolderWhoseSlotNobodyReads(boolean negativeHash) throws SQLException {
        String name = nameWithHash(negativeHash);
        makeSlot(name);
        Connection holder = postgres.connect(database);
        new AdvisoryLock(name).take(holder);
        assertThat(breakFrom(database, name, 0)).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10)).until(() -> !holder.isValid(1));
        assertThat(breakFrom(database, name, 0)).isZero();
    }

    @Test
    void leavesAHolderAloneThatHasNoSlotYet() throws SQLException {
        try (Connection holder = postgres.connect(database)) {
            new AdvisoryLock(database).take(holder);
            assertThat(breakFrom(database, database, 0)).isZero();
            assertThat(holder.isValid(1)).isTrue();
        }
    }

    @Test
    void leavesAHolderAloneWhoseSlotIsBeingRead() throws SQLException {
        makeSlot(database);
        postgres.sql(database, "CREATE PUBLICATION p");
        Connection replication = new Connector(
                        DatabaseUrl.parse(postgres.url(database)), Optional.empty(), false, TcpOptions.SYSTEM)
                .openReplication(50);
        new AdvisoryLock(database).take(replication);
        ReplicationStream stream =
                ReplicationStream.start(replication, database, "p", Lsn.ZERO, Duration.ofSeconds(10));
        assertThat(breakFrom(database, database, 0)).isZero();
        assertThatCode(stream::poll).doesNotThrowAnyException();
        stream.abort();
    }

    @Test
    void leavesHoldersInOtherDatabasesAlone() throws SQLException {
        String other = postgres.freshDatabase();
        makeSlot(database);
        try (Connection holder = postgres.connect(other)) {
            new AdvisoryLock(database).take(holder);
            assertThat(breakFrom(database, database, 0)).isZero();
            assertThat(breakFrom(other, database, 0)).isZero();
            assertThat(holder.isValid(1)).isTrue();
        }
    }

    @Test
    void neverEndsOurOwnWalsender() throws SQLException {
        makeSlot(database);
        try (Connection own = postgres.connect(database)) {
            new AdvisoryLock(database).take(own);
            assertThat(breakFrom(database, database, pid(own))).isZero();
            assertThat(own.isValid(1)).isTrue();
        }
    }

    @Test
    void leavesOtherLocksAlone() throws SQLException {
        makeSlot(database);
        try (Connection holder = postgres.connect(database);
                Statement statement = holder.createStatement()) {
            int hash = hash(database);
            // The same bits as a lock of two keys, and neighbours.
            statement.execute("SELECT pg_advisory_lock(" + (hash < 0 ? -1 : 0) + ", " + hash + ")");
            statement.execute("SELECT pg_advisory_lock(hashtext('" + database + "')::bigint + 1)");
            statement.execute("SELECT pg_advisory_lock(hashtext('" + database + "')::bigint + 4294967296)");
            assertThat(breakFrom(database, database, 0)).isZero();
        }
    }

    @Test
    void takesOddDatabaseNames() throws SQLException {
        String odd = database + "'\"; x";
        postgres.sql("postgres", "CREATE DATABASE \"" + odd.replace("\"", "\"\"") + "\"");
        try (Connection admin = new Connector(
                        new DatabaseUrl(
                                postgres.host(),
                                postgres.port(),
                                "postgres",
                                Optional.of(new Password("postgres")),
                                odd,
                                SslMode.DISABLE),
                        Optional.empty(),
                        false,
                        TcpOptions.SYSTEM)
                .open()) {
            assertThat(new AdvisoryLock("it's").breakStuck(admin, 0)).isZero();
        }
    }
}
