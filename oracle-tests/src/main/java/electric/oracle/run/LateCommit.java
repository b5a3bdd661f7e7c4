package electric.oracle.run;

import electric.oracle.run.Writer.Done;
import electric.oracle.scenario.Step.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A commit that is in Postgres's log and waits for a standby that does not come: streamed, but visible to nobody. */
final class LateCommit {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Site site;
    private final int backend;
    private final Future<Optional<Done>> done;

    private LateCommit(Site site, int backend, Future<Optional<Done>> done) {
        this.site = site;
        this.backend = backend;
        this.done = done;
    }

    /**
     * Returns when the commit waits, or has failed.
     *
     * @param writer for this transaction alone
     */
    static LateCommit of(Transaction transaction, Writer writer, Site site) throws SQLException, InterruptedException {
        List<String> sql = new ArrayList<>(beside(transaction).sql());
        sql.add("SET LOCAL synchronous_commit = on");
        Transaction waiting = transaction.withSql(sql);
        int backend = writer.backend();
        LateCommit late = new LateCommit(site, backend, site.threads().submit(() -> {
            try (writer) {
                return writer.write(waiting);
            }
        }));
        late.await();
        return late;
    }

    /** The same for one who must not wait for the rows that a late commit has locked. */
    static Transaction beside(Transaction transaction) {
        List<String> sql = new ArrayList<>(List.of("SET LOCAL lock_timeout = '50ms'"));
        sql.addAll(transaction.sql());
        return transaction.withSql(sql);
    }

    private void await() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!done.isDone() && !ask("SELECT count(*) > 0")) {
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "A commit neither ended nor waited for a standby within " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Everybody sees it when this returns; nothing where it was rolled back or refused. */
    Optional<Done> release() throws SQLException, InterruptedException {
        cancel();
        try {
            return done.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException("A writer failed", broken.getCause());
        }
    }

    /** Ends the waiting: Postgres warns that the standby may not have it, and the transaction is as committed as it was. */
    void cancel() throws SQLException {
        ask("SELECT bool_or(pg_cancel_backend(pid))");
    }

    private boolean ask(String what) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        what + " FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid = " + backend)) {
            result.next();
            return result.getBoolean(1);
        }
    }
}
