package electric.sync.ingest;

import static electric.sync.ingest.FollowedDatabase.soon;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import electric.sync.change.WalMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that goes away and comes back, and one that is impatient. */
class ReplicationAcrossOutagesTest {
    private static TestPostgres postgres;

    private final RememberedIdentity remembered = RememberedIdentity.inMemory("test");
    private String database = "";

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = TestPostgres.start(Map.of("wal_sender_timeout", "3s"));
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void makeDatabase() throws Exception {
        database = postgres.freshDatabase();
        postgres.sql(
                database, "CREATE TABLE items (id int PRIMARY KEY, v text)", "ALTER TABLE items REPLICA IDENTITY FULL");
    }

    private FollowedDatabase follow() {
        return new FollowedDatabase(postgres, database, remembered);
    }

    @Test
    void streamsOnAfterARestartOfTheDatabase() throws Exception {
        // AC-14. That it stops in order also shows that we let it: a walsender waits for the last acknowledgement.
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.size() == 1);
            postgres.stop();
            soon().until(() -> followed.log.has("Database connection in connection_pool mode failed: connection refused"
                    + " while trying to connect to " + postgres.host() + ":" + postgres.port()));
            assertThat(followed.readiness.status()).isEqualTo(Readiness.Status.STARTING);
            assertThat(followed.readiness.reason()).isEqualTo("Timeout waiting for Postgres lock acquisition");
            soon().until(() -> followed.log.has("Reconnecting in"));
            postgres.start();
            followed.awaitActive();
            followed.sql("INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> followed.sink.changes.contains("insert 2,b"));
            // Servers before 17 forget the last acknowledgements when they stop, and send again what the sink then
            // drops.
            assertThat(List.copyOf(new LinkedHashSet<>(followed.sink.changes)))
                    .containsExactly("insert 1,a", "insert 2,b");
            assertThat(followed.sink.purges).hasValue(0);
            assertThat(followed.fatal).isEmpty();
        }
    }

    @Test
    void streamsOnAfterACrashOfTheDatabase() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.sink.changes.size() == 1);
            postgres.kill9();
            soon().until(() -> followed.log.has("Reconnecting in"));
            postgres.start();
            followed.awaitActive();
            followed.sql("INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> followed.sink.changes.contains("insert 2,b"));
            assertThat(followed.sink.purges).hasValue(0);
        }
    }

    @Test
    void waitsForADatabaseThatIsDownAtTheStart() throws Exception {
        postgres.stop();
        try (FollowedDatabase followed = follow().start()) {
            soon().until(() -> followed.log.has("Reconnecting in 800ms"));
            assertThat(followed.readiness.status()).isEqualTo(Readiness.Status.WAITING);
            postgres.start();
            followed.awaitActive();
        }
    }

    @Test
    void keepsAnIdleConnectionAliveAndQuiet() throws Exception {
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            int pid = followed.walsenderPid();
            long cpuBefore = cpuMillis();
            // Longer than the database waits for a sign of life.
            soon().until(() -> followed.ask(
                            "SELECT now() - backend_start > '6s' FROM pg_stat_replication WHERE pid = " + pid)
                    .equals("t"));
            assertThat(followed.walsenderPid()).isEqualTo(pid);
            assertThat(followed.sink.starts).hasSize(1);
            assertThat(cpuMillis() - cpuBefore).isLessThan(600);
        }
    }

    /** Of the replication thread. */
    private static long cpuMillis() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("replication"))
                .mapToLong(thread -> TimeUnit.NANOSECONDS.toMillis(
                        ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId())))
                .sum();
    }

    @Test
    void keepsTheConnectionWhileTheSinkIsStalled() throws Exception {
        // AC-16, PG-061
        try (FollowedDatabase followed = follow().startAndAwaitActive()) {
            int pid = followed.walsenderPid();
            CountDownLatch resumed = new CountDownLatch(1);
            followed.sink.before = message -> {
                if (message instanceof WalMessage.Changed) {
                    await(resumed);
                }
            };
            followed.sql("INSERT INTO items VALUES (1, 'a')");
            soon().until(() -> followed.ask(
                            "SELECT now() - backend_start > '9s' FROM pg_stat_replication WHERE pid = " + pid)
                    .equals("t"));
            assertThat(followed.sink.changes).isEmpty();
            resumed.countDown();
            followed.sql("INSERT INTO items VALUES (2, 'b')");
            soon().until(() -> followed.sink.changes.size() == 2);
            assertThat(followed.walsenderPid()).isEqualTo(pid);
            assertThat(followed.readiness.status()).isEqualTo(Readiness.Status.ACTIVE);
            assertThat(followed.sink.starts).hasSize(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsWithAClearMessageWhenTheWalLevelIsNotLogical() throws Exception {
        try (TestPostgres replica = TestPostgres.start(Map.of("wal_level", "replica"));
                FollowedDatabase followed =
                        new FollowedDatabase(replica, replica.freshDatabase(), remembered).start()) {
            soon().until(() -> followed.fatal.size() == 1);
            assertThat(followed.fatal.getFirst()).startsWith("Electric requires wal_level >= logical.");
        }
    }
}
