package electric.sync.ingest;

import static electric.sync.ingest.FollowedDatabase.soon;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import electric.sync.change.Lsn;
import electric.sync.change.WalMessage;
import electric.sync.pg.DatabaseError;
import electric.sync.pg.ReplicationStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    private final TestPostgres postgres = TestPostgres.shared();
    private final RememberedIdentity remembered = RememberedIdentity.inMemory("test");
    private String database = "";

    @BeforeEach
    void makeDatabase() throws Exception {
        database = postgres.freshDatabase();
        postgres.sql(
                database,
                "CREATE TABLE items (id int PRIMARY KEY, v text)",
                "ALTER TABLE items REPLICA IDENTITY FULL",
                "ALTER TABLE items ALTER COLUMN v SET STORAGE EXTERNAL");
    }

    private FollowedDatabase follow() {
        return new FollowedDatabase(postgres, database, remembered);
    }

    @Test
    void streamsEveryKindOfChangeInOrder() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            String large = "x".repeat(20_000);
            followed.sql(
                    "INSERT INTO items VALUES (1, '" + large + "'), (2, NULL)",
                    "UPDATE items SET id = 3 WHERE id = 1",
                    "DELETE FROM items WHERE id = 2",
                    "SELECT pg_logical_emit_message(true, 'a', 'b'), pg_logical_emit_message(false, 'a', 'b')",
                    "TRUNCATE items",
                    "ALTER TABLE items ADD COLUMN w timestamptz DEFAULT '2020-01-02 03:04:05+06'",
                    "INSERT INTO items VALUES (4, 'é')");
            soon().until(() -> followed.sink.changes.size() == 6);
            assertThat(followed.sink.changes)
                    .containsExactly(
                            "insert 1," + large,
                            "insert 2,NULL",
                            "update 1," + large + " to 3," + large,
                            "delete 2,NULL",
                            "truncate items",
                            // PG-019: times in UTC.
                            "insert 4,é,2020-01-01 21:04:05+00");
            // PG-020
            assertThat(followed.sink.purges).hasValue(0);
        }
    }

    @Test
    void saysWhatItDoesInOrder() throws Exception {
        // PG-001, PG-002, PG-013
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            assertThat(followed.log.lines().stream()
                            .filter(line -> !line.contains("Hikari") && !line.contains("HikariPool")))
                    .containsSubsequence(
                            "Connection pool [admin: " + postgres.host() + ":" + postgres.port()
                                    + "] is ready with 1 connections",
                            "Acquiring lock from postgres with name " + followed.slot,
                            "Lock acquired from postgres with name " + followed.slot,
                            "Connection pool [snapshot: " + postgres.host() + ":" + postgres.port()
                                    + "] is ready with 1 connections",
                            "No previous timeline detected.",
                            "Starting replication from postgres");
            assertThat(followed.log.with("Postgres server version = ")).hasSize(1);
            assertThat(followed.log.with("Created new slot at lsn=")).hasSize(1);
            assertThat(followed.ask("SELECT plugin || temporary FROM pg_replication_slots WHERE slot_name = '"
                            + followed.slot + "'"))
                    .isEqualTo("pgoutputfalse");
        }
    }

    @Test
    void doesNotSendTheLastTransactionAgainAfterACleanRestart() throws Exception {
        // PG-067, PG-026
        Lsn last;
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.commits.size() == 1);
            last = followed.sink.commits.getFirst();
            followed.replication.close();
            assertThat(followed.slotActive()).isFalse();
            assertThat(followed.confirmed()).isGreaterThan(last);
        }
        try (FollowedDatabase again = follow().startAndAwaitActive()) {
            again.sql("INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> again.sink.changes.size() >= 1);
            assertThat(again.sink.changes).containsExactly("insert 2,b");
            assertThat(again.sink.starts.getFirst()).isGreaterThanOrEqualTo(last);
            assertThat(again.sink.purges).hasValue(0);
        }
    }

    @Test
    void sendsAgainWhatWasNotSafe() throws Exception {
        // PG-068
        try (FollowedDatabase followed = follow()) {
            followed.sink.everythingIsSafe = false;
            followed.startAndAwaitActive();
            followed.sql("INSERT INTO items VALUES (1, 'a')", "INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> followed.sink.commits.size() == 2);
            followed.sink.safe = followed.sink.commits.getFirst();
            soon().until(() -> followed.confirmed().value() == followed.sink.safe.value() + 1);
        }
        try (FollowedDatabase again = follow().startAndAwaitActive()) {
            soon().until(() -> again.sink.commits.size() == 1);
            assertThat(again.sink.changes).containsExactly("insert 2,b");
        }
    }

    @Test
    void letsPostgresForgetTrafficThatIsNotPublished() throws Exception {
        // PG-071
        String other = postgres.freshDatabase();
        postgres.sql(other, "CREATE TABLE noise (id int)");
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            Lsn before = Lsn.parse(followed.ask("SELECT pg_current_wal_lsn()"));
            postgres.sql(other, "INSERT INTO noise SELECT generate_series(1, 10000)");
            Lsn after = Lsn.parse(followed.ask("SELECT pg_current_wal_lsn()"));
            assertThat(after).isGreaterThan(before);
            soon().until(() -> followed.confirmed().compareTo(after) >= 0);
            assertThat(followed.sink.commits).isEmpty();
        }
    }

    @Test
    void losesNoTransactionWhoseCommitStartsWhereAKeepaliveWasAcknowledged() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive();
                Connection writer = postgres.connect(database);
                Statement statement = writer.createStatement()) {
            for (int id = 0; id < 5; id++) {
                writer.setAutoCommit(false);
                statement.execute("INSERT INTO items VALUES (" + id + ", 'a')");
                // Another commit writes the insert out, so that Postgres reads it before its own commit exists.
                followed.sql("SELECT pg_logical_emit_message(true, 'flush', '')");
                Lsn written = Lsn.parse(followed.ask("SELECT pg_current_wal_insert_lsn()"));
                soon().until(() -> followed.confirmed().compareTo(written) >= 0);
                followed.replication.reconnect(DatabaseError.of(new SQLException("test")));
                int starts = followed.sink.starts.size();
                writer.commit();
                soon().until(() -> followed.sink.starts.size() > starts);
                int expected = id + 1;
                soon().until(() -> followed.sink.changes.size() == expected);
            }
        }
    }

    @Test
    void streamsAgainAtOnceWhenItsConnectionIsTerminated() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.size() == 1);
            followed.ask("SELECT pg_terminate_backend(" + followed.walsenderPid() + ")");
            soon().until(() -> followed.sink.starts.size() == 2);
            followed.awaitActive();
            followed.sql("INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> followed.sink.changes.contains("insert 2,b"));
            assertThat(followed.sink.purges).hasValue(0);
            assertThat(followed.sink.interruptions).hasValue(1);
            assertThat(followed.log.has("Electric.Connection.Manager is restarting after it has encountered an error in"
                            + " replication mode: "))
                    .isTrue();
            assertThat(followed.log.has("Reconnecting in")).isFalse();
        }
    }

    @Test
    void leavesAloneAndWaitsForASlotThatSomebodyElseReads() throws Exception {
        // OPS-008
        follow().startAndAwaitActive().close();
        try (FollowedDatabase followed = follow()) {
            Connection other = followed.connector.openReplication(50);
            ReplicationStream held = ReplicationStream.start(
                    other, followed.slot, followed.publicationName, Lsn.ZERO, Duration.ofSeconds(10));
            followed.start();
            soon().until(() -> followed.log.has("Reconnecting in 800ms"));
            assertThat(followed.readiness.status()).isNotEqualTo(Readiness.Status.ACTIVE);
            // Once without delay, then slower each time.
            assertThat(followed.log.lines().stream()
                            .takeWhile(line -> !line.contains("Reconnecting in 800ms"))
                            .filter(line ->
                                    line.contains("Replication slot already in use by another database connection,"
                                            + " possibly external to Electric.")))
                    .hasSize(3);
            assertThat(followed.slotActive()).isTrue();
            held.abort();
            followed.awaitActive();
            assertThat(followed.fatal).isEmpty();
            assertThat(followed.sink.purges).hasValue(0);
        }
    }

    @Test
    void makesTheSlotAnewAndPurgesWhenItWasDroppedWhileStopped() throws Exception {
        // PG-023
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.replication.close();
            followed.sql("SELECT pg_drop_replication_slot('" + followed.slot + "')");
        }
        try (FollowedDatabase again = follow().startAndAwaitActive()) {
            assertThat(again.sink.purges).hasValue(1);
            assertThat(again.slotActive()).isTrue();
        }
    }

    @Test
    void makesSlotAndPublicationAnewWhenThePublicationIsGone() throws Exception {
        // PG-010
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.replication.close();
            followed.sql("DROP PUBLICATION " + followed.publicationName);
        }
        try (FollowedDatabase again = follow().startAndAwaitActive()) {
            assertThat(again.sink.purges).hasValue(1);
            again.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> again.sink.changes.contains("insert 1,a"));
        }
    }

    @Test
    void aTemporarySlotEndsWithItsConnectionAndEverythingKeptWithIt() throws Exception {
        FollowedDatabase.Options temporary = FollowedDatabase.Options.USUAL.temporarySlot();
        try (FollowedDatabase followed =
                new FollowedDatabase(postgres, database, remembered, temporary).startAndAwaitActive()) {
            assertThat(followed.sink.purges).hasValue(0);
            followed.ask("SELECT pg_terminate_backend(" + followed.walsenderPid() + ")");
            soon().until(() -> followed.sink.purges.get() == 1);
            followed.awaitActive();
            followed.replication.close();
            assertThat(followed.ask("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + followed.slot + "'"))
                    .isEqualTo("nothing");
        }
    }

    @Test
    void replacesTheSlotOfATransactionThatIsTooLarge() throws Exception {
        // PG-075
        FollowedDatabase.Options limited = FollowedDatabase.Options.USUAL.limit(5_000);
        try (FollowedDatabase followed =
                new FollowedDatabase(postgres, database, remembered, limited).startAndAwaitActive()) {
            followed.sql("INSERT INTO items VALUES (1, repeat('x', 61000))");
            soon().until(() -> followed.sink.purges.get() == 1);
            followed.awaitActive();
            followed.sql("INSERT INTO items VALUES (2, 'small')");
            soon().until(() -> followed.sink.changes.contains("insert 2,small"));
            assertThat(followed.log.with("Collected transaction exceeds limit of 5000 bytes."))
                    .hasSize(1);
            assertThat(followed.sink.changes).containsExactly("insert 2,small");
            assertThat(followed.fatal).isEmpty();
        }
    }

    @Test
    void sendsATransactionAgainThatTheSinkCouldNotTake() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            AtomicInteger failures = new AtomicInteger();
            followed.sink.before = message -> {
                if (message instanceof WalMessage.Changed && failures.incrementAndGet() <= 3) {
                    throw new IllegalStateException("made to fail");
                }
            };
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.size() == 1);
            followed.awaitActive();
            assertThat(followed.sink.interruptions).hasValue(3);
            assertThat(followed.sink.commits).hasSize(1);
            assertThat(followed.sink.purges).hasValue(0);
            // At once, then slower each time.
            assertThat(followed.log.with("Reconnecting in"))
                    .containsExactly("Reconnecting in 400ms", "Reconnecting in 800ms");
        }
    }

    @Test
    void oneOfTwoStreamsAndTheOtherTakesOver() throws Exception {
        // PG-005, PG-006, AC-24
        try (FollowedDatabase one = follow().startAndAwaitActive();
                FollowedDatabase two = follow().start()) {
            soon().until(() -> two.log.has("Waiting for postgres lock to be acquired..."));
            assertThat(two.readiness.status()).isEqualTo(Readiness.Status.WAITING);
            assertThat(two.replication.adminConnection().isValid(1)).isTrue();
            assertThat(one.readiness.status()).isEqualTo(Readiness.Status.ACTIVE);
            try (Connection blocker = postgres.connect(database);
                    Statement statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("INSERT INTO items VALUES (9, 'open')");
                one.replication.close();
                two.awaitActive();
            }
            assertThat(two.sink.purges).hasValue(0);
        }
    }

    @Test
    void waitsForOpenTransactionsBeforeTheFirstSlotAndUnblocksItself() throws Exception {
        // PG-015, PG-016, AC-22
        try (FollowedDatabase followed = follow();
                Connection blocker = postgres.connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (9, 'open')");
            followed.start();
            soon().until(() -> followed.log.has("Waiting for the replication connection setup to complete... Check that"
                    + " you don't have pending transactions in the database."));
            assertThat(followed.readiness.status()).isEqualTo(Readiness.Status.STARTING);
            assertThat(followed.readiness.reason())
                    .isEqualTo("Timeout waiting for replication client to be ready. Check that you don't have pending"
                            + " transactions in the database. Electric has to wait for all pending transactions to"
                            + " commit or rollback before it can create the replication slot.");
            blocker.commit();
            followed.awaitActive();
        }
    }

    @Test
    void saysOnceThatItCannotUnblockTheSlotItself() throws Exception {
        // PG-017: an older server has no such function, this role may not call it.
        String role = "modest_" + database;
        postgres.sql(database, "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'");
        try (FollowedDatabase followed = new FollowedDatabase(
                        postgres, database, remembered, FollowedDatabase.Options.USUAL.user(role, "p"));
                Connection blocker = postgres.connect(database);
                Statement statement = blocker.createStatement()) {
            followed.sql("CREATE PUBLICATION " + followed.publicationName + " FOR ALL TABLES");
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (9, 'open')");
            followed.start();
            soon().until(() -> followed.log
                            .with("Waiting for the replication connection setup to complete...")
                            .size()
                    >= 3);
            assertThat(followed.log.with("Electric might not be able to automatically unblock it as soon as the"
                            + " transaction commits/rolls back because "))
                    .hasSize(1);
            blocker.commit();
            postgres.sql(database, "SELECT pg_switch_wal()", "CHECKPOINT");
            followed.awaitActive();
        }
    }

    @Test
    void makesTheSlotAnewAndPurgesWhenItIsDroppedWhileStreaming() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            int before = followed.walsenderPid();
            // It reconnects at once, so the drop may need more than one attempt to come between.
            soon().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
                followed.ask(
                        "SELECT pg_terminate_backend(active_pid, 1000) FROM pg_replication_slots WHERE slot_name = '"
                                + followed.slot + "'");
                followed.ask("SELECT pg_drop_replication_slot('" + followed.slot + "')");
                return true;
            });
            soon().until(() -> followed.sink.purges.get() == 1);
            followed.awaitActive();
            assertThat(followed.walsenderPid()).isNotEqualTo(before);
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.contains("insert 1,a"));
        }
    }

    @Test
    void beginsAnewWhenToldThatSomethingItNeedsIsGone() throws Exception {
        // Postgres 18 streams on without a word when the publication is dropped.
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.sql("DROP PUBLICATION " + followed.publicationName);
            followed.replication.reconnect(DatabaseError.of(new SQLException("publication is gone")));
            soon().until(() -> followed.sink.purges.get() == 1);
            followed.awaitActive();
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.contains("insert 1,a"));
        }
    }

    @Test
    void stopsAtOnceWhileItWaitsForTheSlotOrTheLock() throws Exception {
        // AC-18
        try (FollowedDatabase one = follow();
                FollowedDatabase two = follow();
                Connection blocker = postgres.connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (9, 'open')");
            one.start();
            soon().until(() -> one.log.has("Waiting for the replication connection setup"));
            two.start();
            soon().until(() -> two.log.has("Waiting for postgres lock to be acquired..."));
            two.replication.close();
            one.replication.close();
            assertThat(one.log.has("Could not end the replication connection")).isFalse();
            assertThat(two.log.has("Could not end the replication connection")).isFalse();
            assertThat(one.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid"
                            + " FROM pg_database WHERE datname = current_database())"))
                    .isEqualTo("0");
            try (FollowedDatabase three = follow().start()) {
                soon().until(() -> three.log.has("Lock acquired from postgres with name " + three.slot));
                blocker.rollback();
                three.awaitActive();
            }
        }
    }

    @Test
    void reissuesALockRequestThatAStatementTimeoutEnded() throws Exception {
        // PG-004
        String role = "impatient_" + database;
        postgres.sql(
                database,
                "CREATE ROLE " + role + " LOGIN REPLICATION SUPERUSER PASSWORD 'p'",
                "ALTER ROLE " + role + " SET statement_timeout = '300ms'");
        try (FollowedDatabase one = follow().startAndAwaitActive();
                FollowedDatabase two = new FollowedDatabase(
                                postgres, database, remembered, FollowedDatabase.Options.USUAL.user(role, "p"))
                        .start()) {
            soon().until(() -> two.log
                            .with("Retrying lock acquisition for " + two.slot
                                    + " due to canceling statement due to statement timeout")
                            .size()
                    >= 2);
            one.replication.close();
            two.awaitActive();
        }
    }

    @Test
    void endsWithAClearMessageWhenThePasswordIsWrong() {
        try (FollowedDatabase followed = new FollowedDatabase(
                        postgres, database, remembered, FollowedDatabase.Options.USUAL.user("postgres", "wrong"))
                .start()) {
            soon().until(() -> followed.fatal.size() == 1);
            assertThat(followed.fatal).containsExactly("password authentication failed for user \"postgres\"");
            assertThat(followed.log.lines()).noneMatch(line -> line.contains("wrong"));
        }
    }

    @Test
    void endsWithAClearMessageWhenTheRoleMayNotReplicate() throws Exception {
        String role = "plain_" + database;
        postgres.sql(database, "CREATE ROLE " + role + " LOGIN PASSWORD 'p'");
        try (FollowedDatabase followed = new FollowedDatabase(
                        postgres, database, remembered, FollowedDatabase.Options.USUAL.user(role, "p"))
                .start()) {
            soon().until(() -> followed.fatal.size() == 1);
            assertThat(followed.fatal.getFirst()).startsWith("User does not have the REPLICATION attribute.");
        }
    }

    @Test
    void triesAgainSlowerEachTimeAndSaysWhenItSucceeded() throws Exception {
        String role = "later_" + database;
        postgres.sql(database, "CREATE ROLE " + role + " LOGIN SUPERUSER REPLICATION PASSWORD 'p'");
        postgres.sql("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        try (FollowedDatabase followed = new FollowedDatabase(
                        postgres, database, remembered, FollowedDatabase.Options.USUAL.user(role, "p"))
                .start()) {
            soon().until(() -> followed.log.has("Reconnecting in 800ms"));
            assertThat(followed.log.with("Database connection in connection_pool mode failed: "))
                    .isNotEmpty();
            postgres.sql("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
            followed.awaitActive();
            assertThat(followed.log.with("Reconnection succeeded after ")).hasSize(1);
            assertThat(followed.fatal).isEmpty();
        }
    }
}
