package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.TestPostgres;
import electric.sync.pg.DatabaseError.Reaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ConnectorTest {
    private static final Logger log = LoggerFactory.getLogger(ConnectorTest.class);

    private final TestPostgres postgres = TestPostgres.shared();

    @Test
    void fallsBackToPlainTextWhereTheServerHasNoTls() throws SQLException {
        try (Connection connection = to(url("postgres", "")).open()) {
            assertThat(value(connection, "SELECT current_setting('application_name')"))
                    .isEqualTo("electric");
            assertThat(value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .isEqualTo("f");
        }
    }

    @Test
    void refusesAServerWithoutTlsWhenTlsIsRequired() {
        assertFailure(to(url("postgres", "?sslmode=require")), Reaction.FATAL, DatabaseError.TLS_NOT_OFFERED);
    }

    @Test
    void readsTheCaFileOnlyWhenTheServerHasTls() {
        Connector connector = new Connector(
                DatabaseUrl.parse(url("postgres", "")), Optional.of(Path.of("no-such-file")), false, TcpOptions.SYSTEM);
        assertFailure(connector, Reaction.FATAL, DatabaseError.TLS_NOT_OFFERED);
    }

    @Test
    void fallsBackToPlainTextWhenTheServerHangsUpDuringTheTlsHello() throws Exception {
        try (FakeServer server = new FakeServer(ConnectorTest::hangUpAtTheTlsHello)) {
            Connector connector = to("postgres://u:p@127.0.0.1:" + server.port() + "/db");
            assertFailure(connector, Reaction.FATAL, "password authentication failed for user \"u\"");
            assertThat(server.hellos()).containsExactly("ssl", "plain");
        }
    }

    @Test
    void saysThatAPasswordIsWrongWithoutShowingIt() {
        assertThatThrownBy(() -> to("postgres://postgres:wr0ng@127.0.0.1:" + postgres.port() + "/postgres")
                        .open())
                .isInstanceOfSatisfying(ConnectFailure.class, failure -> {
                    assertThat(failure.error().reaction()).isEqualTo(Reaction.FATAL);
                    assertThat(failure.error().message())
                            .isEqualTo("password authentication failed for user \"postgres\"");
                    assertThat(failure.error().code()).contains("28P01");
                })
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void saysThatADatabaseOrAHostDoesNotExist() {
        assertFailure(to(url("nowhere", "")), Reaction.FATAL, "database \"nowhere\" does not exist");
        assertFailure(
                to("postgres://u:p@no-such-host.invalid/db"),
                Reaction.FATAL,
                "domain does not exist: no-such-host.invalid");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertFailure(
                to("postgres://u:p@127.0.0.1:" + port + "/db"),
                Reaction.RETRY,
                "connection refused while trying to connect to 127.0.0.1:" + port);
    }

    @Test
    void fallsBackToIpv4() throws SQLException {
        Connector connector = new Connector(
                DatabaseUrl.parse(url("postgres", "?sslmode=disable")), Optional.empty(), true, TcpOptions.SYSTEM);
        try (Connection connection = connector.open()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void keepsConnectionsAliveAsConfigured() throws SQLException {
        TcpOptions tcp = new TcpOptions(OptionalInt.of(7), OptionalInt.of(3), OptionalInt.of(2), Optional.of(1000L));
        Connector connector =
                new Connector(DatabaseUrl.parse(url("postgres", "?sslmode=disable")), Optional.empty(), false, tcp);
        try (Connection connection = connector.open()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void findsADatabaseWithAnyName() throws SQLException {
        postgres.sql("postgres", "CREATE DATABASE \"we/ird &+% näme?\"");
        try (Connection connection =
                to(url("we%2Fird%20%26%2B%25%20n%C3%A4me%3F", "")).open()) {
            assertThat(value(connection, "SELECT current_database()")).isEqualTo("we/ird &+% näme?");
        }
    }

    @Test
    void keepsNothingInTheSession() throws SQLException {
        try (Connection connection = to(url("postgres", "")).open();
                var statement = connection.prepareStatement("SELECT relname FROM pg_class WHERE relname = ?")) {
            for (int i = 0; i < 10; i++) {
                statement.setString(1, "pg_class' OR '1'='1");
                try (ResultSet rows = statement.executeQuery()) {
                    assertThat(rows.next()).isFalse();
                }
            }
            assertThat(value(connection, "SELECT count(*) FROM pg_prepared_statements"))
                    .isEqualTo("0");
        }
    }

    @Test
    void verifiesTheServerWithACaFile(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, "localhost");
        TestCertificate other = TestCertificate.of(Files.createDirectory(folder.resolve("other")), "localhost");
        Path empty = Files.createFile(folder.resolve("empty.crt"));
        try (TestPostgres tls = TestPostgres.start(certificate.serverSettings())) {
            String byName = "postgres://postgres:postgres@localhost:" + tls.port() + "/postgres";
            String byAddress = "postgres://postgres:postgres@127.0.0.1:" + tls.port() + "/postgres";

            try (Connection connection = verifying(byName, certificate.file()).open()) {
                assertThat(value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("t");
            }
            try (Connection connection = to(byAddress + "?sslmode=require").open()) {
                assertThat(value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("t");
            }
            try (Connection connection = to(byAddress).open()) {
                assertThat(value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("t");
            }
            String failed = "SSL connection failed to verify server certificate: ";
            assertFailure(verifying(byAddress, certificate.file()), Reaction.FATAL, failed);
            assertFailure(verifying(byName, other.file()), Reaction.FATAL, failed);
            assertFailure(verifying(byName, empty), Reaction.FATAL, failed + "Invalid CA certificate file");
            assertFailure(
                    verifying(byName, folder.resolve("missing")),
                    Reaction.FATAL,
                    failed + "Invalid CA certificate file");

            readsPendingMessagesAtOnceAndWaitsOtherwise(to(byAddress), tls, "postgres");
        }
    }

    @Test
    void readsPendingMessagesAtOnceAndWaitsOtherwise() throws Exception {
        String database = postgres.freshDatabase();
        readsPendingMessagesAtOnceAndWaitsOtherwise(to(url(database, "")), postgres, database);
    }

    /** The wait is told from pgjdbc's own millisecond by how often it wakes in a stretch of time. */
    private static void readsPendingMessagesAtOnceAndWaitsOtherwise(
            Connector connector, TestPostgres postgres, String database) throws Exception {
        int peekMillis = 200;
        postgres.sql(database, "CREATE TABLE peeked (id int PRIMARY KEY)", "CREATE PUBLICATION p FOR TABLE peeked");
        try (Connection connection = connector.openReplication(peekMillis)) {
            PGConnection pg = connection.unwrap(PGConnection.class);
            pg.getReplicationAPI()
                    .createReplicationSlot()
                    .logical()
                    .withSlotName("peek_" + database)
                    .withOutputPlugin("pgoutput")
                    .withTemporaryOption()
                    .make();
            PGReplicationStream stream = pg.getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName("peek_" + database)
                    .withStartPosition(LogSequenceNumber.valueOf(0))
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", "p")
                    .withStatusInterval(10, TimeUnit.SECONDS)
                    .start();

            int wakes = 0;
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5L * peekMillis);
            while (System.nanoTime() < end) {
                stream.readPending();
                wakes++;
            }
            assertThat(wakes).as("wakes while idle").isLessThan(50);

            // Three messages of a transaction, at the cost of at most one wait each, though a wait is far longer.
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                postgres.sql(database, "INSERT INTO peeked VALUES (" + i + ")");
                int messages = 0;
                while (messages < 3) {
                    if (stream.readPending() != null) {
                        messages++;
                    }
                }
            }
            log.info(
                    "10 commits delivered in {} ms, with waits of {} ms",
                    (System.nanoTime() - start) / 1_000_000,
                    peekMillis);
        }
    }

    private static void hangUpAtTheTlsHello(Socket socket, boolean ssl) throws IOException {
        if (ssl) {
            return;
        }
        socket.getOutputStream().write(FakeServer.error("28P01", "password authentication failed for user \"u\""));
        socket.getOutputStream().flush();
    }

    private String url(String database, String query) {
        return "postgres://postgres:postgres@127.0.0.1:" + postgres.port() + "/" + database + query;
    }

    private static Connector to(String url) {
        return new Connector(DatabaseUrl.parse(url), Optional.empty(), false, TcpOptions.SYSTEM);
    }

    private static Connector verifying(String url, Path caFile) {
        return new Connector(DatabaseUrl.parse(url), Optional.of(caFile), false, TcpOptions.SYSTEM);
    }

    private static void assertFailure(Connector connector, Reaction reaction, String message) {
        assertThatThrownBy(connector::open).isInstanceOfSatisfying(ConnectFailure.class, failure -> {
            assertThat(failure.error().message()).startsWith(message);
            assertThat(failure.error().reaction()).isEqualTo(reaction);
        });
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
