package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.pg.DatabaseError.Reaction;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class DatabaseErrorTest {
    private static final DatabaseUrl URL = DatabaseUrl.parse("postgres://me:secret@db.example:5433/app");

    @ParameterizedTest
    @DisplayName("classifies what Postgres, poolers and hosts say")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            28000 | no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption | - | FATAL | Connection refused: server requires SSL/TLS but the client connected without encryption
            28000 | no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL encryption | - | FATAL | Connection rejected: no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL encryption
            28000 | pg_hba.conf rejects connection for host "1.2.3.4" | - | RETRY | pg_hba.conf rejects connection for host "1.2.3.4"
            28000 | role "nobody" does not exist | - | RETRY | role "nobody" does not exist
            28000 | branch br-1 does not exist | - | RETRY | branch br-1 does not exist
            53400 | all replication slots are in use | - | RETRY | all replication slots are in use
            28P01 | password authentication failed for user "u" | - | FATAL | password authentication failed for user "u"
            XX000 | password authentication failed for user 'u' | - | FATAL | password authentication failed for user 'u'
            3D000 | database "x" does not exist | - | FATAL | database "x" does not exist
            XX000 | database "x" does not exist | - | FATAL | database "x" does not exist
            55000 | logical decoding requires wal_level >= logical | - | FATAL | Electric requires wal_level >= logical. See https://electric-sql.com/docs/guides/deployment#_1-running-postgres
            55000 | logical decoding requires "wal_level" >= "logical" | - | FATAL | Electric requires wal_level >= logical. See https://electric-sql.com/docs/guides/deployment#_1-running-postgres
            42501 | permission denied to start WAL sender | Only roles with the REPLICATION attribute may start a WAL sender process. | FATAL | User does not have the REPLICATION attribute. See https://electric-sql.com/docs/guides/deployment#_1-running-postgres
            42501 | must be superuser or replication role to start walsender | - | FATAL | User does not have the REPLICATION attribute. See https://electric-sql.com/docs/guides/deployment#_1-running-postgres
            42501 | must be owner of table t | - | RETRY | must be owner of table t
            55006 | replication slot "electric_slot_default" is active for PID 7 | - | RETRY | Replication slot already in use by another database connection, possibly external to Electric.
            57P01 | terminating connection due to administrator command | - | RETRY | terminating connection due to administrator command
            57P03 | the database system is starting up | - | RETRY | the database system is starting up
            53300 | sorry, too many clients already | - | RETRY | sorry, too many clients already
            XX000 | remaining connection slots are reserved for roles with the SUPERUSER attribute | - | RETRY | remaining connection slots are reserved for roles with the SUPERUSER attribute
            08006 | connection failure | - | RETRY | connection failure
            08P01 | server conn crashed? | - | RETRY | Server connection crashed
            57014 | canceling statement due to user request | - | RETRY | canceling statement due to user request
            53100 | could not extend file: No space left on device | - | RETRY | could not extend file: No space left on device
            58P02 | could not rename file "pg_replslot/x/state.tmp" to "pg_replslot/x/state" | - | RETRY | could not rename file "pg_replslot/x/state.tmp" to "pg_replslot/x/state"
            08P01 | server login has been failing, cached error: connect failed (server_login_retry) | - | RETRY | server login has been failing, cached error: connect failed (server_login_retry)
            - | Couldn't connect to compute node | - | RETRY | Couldn't connect to compute node
            - | The requested endpoint could not be found, or you don't have access to it. | - | FATAL | The requested endpoint could not be found, or you don't have access to it.
            - | Failed to identify your database: Your account has restrictions: planLimitReached. | - | FATAL | Failed to identify your database: Your account has restrictions: planLimitReached.
            XX000 | Your account or project has exceeded the compute time quota. | - | FATAL | Your account or project has exceeded the compute time quota.
            XX000 | Your project has exceeded the data transfer quota. Upgrade. | - | FATAL | Your project has exceeded the data transfer quota. Upgrade.
            42601 | syntax error at or near "IDENTIFY_SYSTEM" | - | FATAL | syntax error at or near "IDENTIFY_SYSTEM"
            22012 | division by zero | - | RETRY | division by zero
            """)
    void classifiesWhatPostgresSays(
            @Nullable String code, String message, @Nullable String detail, Reaction reaction, String shown) {
        DatabaseError error = DatabaseError.of(fromServer(code, message, detail));

        assertThat(error.reaction()).isEqualTo(reaction);
        assertThat(error.message()).isEqualTo(shown);
        assertThat(error.code().orElse(null)).isEqualTo(code);
    }

    @Test
    void tellsRecognisedTroubleFromAnythingElse() {
        assertThat(DatabaseError.of(fromServer("57014", "canceling statement due to user request", null))
                        .known())
                .isTrue();
        assertThat(DatabaseError.of(fromServer("22012", "division by zero", null))
                        .known())
                .isFalse();
        assertThat(DatabaseError.of(new IllegalStateException("boom"))).satisfies(error -> {
            assertThat(error.known()).isFalse();
            assertThat(error.message()).isEqualTo("boom");
        });
    }

    @Test
    void replacesAnInvalidatedSlot() {
        // Up to Postgres 17.
        DatabaseError size = DatabaseError.of(fromServer(
                "55000",
                "can no longer get changes from replication slot \"electric_slot_default\"",
                "This slot has been invalidated because it exceeded the maximum reserved size."));
        assertThat(size.reaction()).isEqualTo(Reaction.REPLACE_SLOT);
        assertThat(size.message())
                .startsWith(
                        "Couldn't start replication: slot has been invalidated because it exceeded the maximum reserved size.");

        // From Postgres 18 on.
        DatabaseError reason = DatabaseError.of(fromServer(
                "55000",
                "can no longer access replication slot \"electric_slot_default\"",
                "This replication slot has been invalidated due to \"idle_timeout\"."));
        assertThat(reason.reaction()).isEqualTo(Reaction.REPLACE_SLOT);
        assertThat(reason.message())
                .startsWith("Couldn't start replication: slot has been invalidated with reason \"idle_timeout\".");
    }

    @Test
    void explainsAMissingPublication() {
        DatabaseError error = DatabaseError.of(
                fromServer("42704", "publication \"electric_publication_default\" does not exist", null));

        assertThat(error.reaction()).isEqualTo(Reaction.RETRY);
        assertThat(error.message()).contains("should not be manually modified or deleted");
    }

    @Test
    void survivesAnErrorWithoutAnyField() {
        for (String raw : new String[] {"", "SERROR\0", "MPrisma says no\0", "C57P01\0"}) {
            DatabaseError error = DatabaseError.of(new PSQLException(new ServerErrorMessage(raw)));
            assertThat(error.message()).isNotBlank();
            assertThat(error.reaction()).isEqualTo(Reaction.RETRY);
        }
    }

    @Test
    void saysWhyItCouldNotConnect() {
        Map<Exception, String> expected = Map.of(
                new ConnectException("Connection refused"),
                "RETRY connection refused while trying to connect to db.example:5433",
                new SocketTimeoutException("Connect timed out"),
                "RETRY connection timed out while trying to connect to db.example:5433",
                new UnknownHostException("db.example"),
                "FATAL domain does not exist: db.example",
                new EOFException(),
                "RETRY connection closed while connecting to the database");

        expected.forEach((cause, shown) -> {
            DatabaseError error = DatabaseError.connecting(
                    new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause),
                    URL);
            assertThat(error.reaction() + " " + error.message()).isEqualTo(shown);
        });
    }

    @Test
    void saysWhyAConnectionEnded() {
        assertThat(DatabaseError.of(new PSQLException(
                                "An I/O error occurred while sending to the backend.",
                                PSQLState.CONNECTION_FAILURE,
                                new EOFException()))
                        .message())
                .isEqualTo("connection closed while talking to the database");
        assertThat(DatabaseError.of(new SQLTransientConnectionException("pool - Connection is not available"))
                        .message())
                .isEqualTo("timed out trying to acquire connection from pool");
        assertThat(DatabaseError.of(new SQLException("x", "08006", new SocketTimeoutException("Read timed out")))
                        .message())
                .isEqualTo("connection timed out");
    }

    @Test
    void showsCodeAndRoutineInTheLogButNeverTheDetail() {
        PSQLException failure = new PSQLException(new ServerErrorMessage(
                "SERROR\0C23505\0Mduplicate key\0DKey (a)=(secret) exists.\0R_bt_check_unique\0"));

        assertThat(DatabaseError.of(failure).described())
                .isEqualTo("duplicate key (PG code: 23505, PG routine: _bt_check_unique)");
    }

    private static PSQLException fromServer(@Nullable String code, String message, @Nullable String detail) {
        return new PSQLException(new ServerErrorMessage("SERROR\0"
                + (code == null ? "" : "C" + code + "\0")
                + "M"
                + message
                + "\0"
                + (detail == null ? "" : "D" + detail + "\0")));
    }
}
