package electric.sync.ingest;

import electric.sync.change.Lsn;
import electric.sync.ingest.Readiness.Condition;
import electric.sync.ingest.RememberedIdentity.Timeline;
import electric.sync.pg.AdvisoryLock;
import electric.sync.pg.Connector;
import electric.sync.pg.DatabaseError;
import electric.sync.pg.Pool;
import electric.sync.pg.ReplicationSlot;
import electric.sync.pg.ReplicationStream;
import electric.sync.pg.ServerIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between this server and its database, from the first connection to the running stream, and again after every
 * loss. It never gives up on a database that may come back, and never spins.
 *
 * <p>Threads: one of its own runs the phases and feeds the sink; a timer watches the steps that may block for ever. The
 * public methods may be called from any.
 */
public final class Replication implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Replication.class);

    /** An idle stream wakes up twenty times a second; data is seen at once. */
    private static final int PEEK_MILLIS = 50;

    private static final int END_OF_WALSENDER_MILLIS = 5_000;
    private static final int STANDBY_SNAPSHOT_LIMIT_SECONDS = 5;
    private static final int FIRST_VERSION_WITH_STANDBY_SNAPSHOT = 160_000;

    private static final Set<Condition> OF_THE_CONNECTION = EnumSet.of(
            Condition.LOCK_HELD,
            Condition.REPLICATION_CONNECTION,
            Condition.ADMIN_POOL,
            Condition.SNAPSHOT_POOL,
            Condition.INTEGRITY,
            Condition.STREAMING);

    /** What is ours in the database. */
    public record Names(ReplicationSlot slot, String publication, boolean manualPublishing) {}

    /** How long things take that pass by themselves. */
    public record Pace(Duration betweenChecks, Duration untilStable, Duration backoffUnit) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(1));
    }

    /** The publication, as far as starting needs it. */
    public interface PublicationSteps {
        /** Makes sure there is one; whether it had to be created. */
        boolean create(Connection admin) throws SQLException;

        void drop(Connection admin) throws SQLException;
    }

    private enum Step {
        ADMIN_POOL("connection_pool"),
        CONNECTION("replication"),
        LOCK("replication"),
        PUBLICATION("replication"),
        SLOT("replication"),
        SNAPSHOT_POOL("connection_pool"),
        INTEGRITY("replication"),
        STREAM("replication");

        private final String mode;

        Step(String mode) {
            this.mode = mode;
        }
    }

    private sealed interface Phase {
        record Connecting() implements Phase {}

        record Locked() implements Phase {}

        record Published() implements Phase {}

        record Slotted(ReplicationSlot.Opened slot) implements Phase {}

        record Streaming(ReplicationStream stream, Acknowledgement acknowledgement) implements Phase {}

        record Lost(Throwable cause) implements Phase {}

        record Ended() implements Phase {}
    }

    /** What is open in the database while the lock is held or waited for. */
    private record Link(Connection replication, ServerIdentity server, AdvisoryLock lock) {}

    private final Connector direct;
    private final Connector pooled;
    private final Pool.Split poolSizes;
    private final Names names;
    private final PublicationSteps publication;
    private final RememberedIdentity remembered;
    private final ChangeSink sink;
    private final Supplier<Lsn> safe;
    private final long maxTransactionBytes;
    private final ReceivedTransactions received;
    private final Readiness readiness;
    private final Consumer<String> onFatal;
    private final Pace pace;

    private final Backoff backoff;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("replication-timer").factory());
    private final Thread thread =
            Thread.ofPlatform().daemon().name("replication").unstarted(this::run);

    private volatile @Nullable Pool admin;
    private volatile @Nullable Pool snapshots;
    private volatile @Nullable Link link;
    private volatile @Nullable DatabaseError failure;
    private volatile boolean streaming;

    /** The step that runs, or failed last. */
    private Step step = Step.ADMIN_POOL;

    /** A step that has failed and has not succeeded since, and when it first did. */
    private @Nullable Step failing;

    private long failingSinceNanos;

    /**
     * A slot older than its publication cannot decode what was written before that, and missed what was not published. It
     * stays so until it is replaced, however often that fails.
     */
    private boolean slotOutdated;

    private boolean warnedOfStandbySnapshot;

    /**
     * @param direct to the database itself: the stream, the lock and the catalog
     * @param pooled for snapshots; may lead to a pooler
     * @param safe the transaction up to which everything that went to the sink is safe; asked on the replication thread
     *     after every transaction and whenever the stream is quiet, so it must be cheap
     * @param onFatal told, in words for people, what only an operator can mend; nothing is tried any more then
     */
    public Replication(
            Connector direct,
            Connector pooled,
            Pool.Split poolSizes,
            Names names,
            PublicationSteps publication,
            RememberedIdentity remembered,
            ChangeSink sink,
            Supplier<Lsn> safe,
            long maxTransactionBytes,
            ReceivedTransactions received,
            Readiness readiness,
            Consumer<String> onFatal,
            Pace pace) {
        this.direct = direct;
        this.pooled = pooled;
        this.poolSizes = poolSizes;
        this.names = names;
        this.publication = publication;
        this.remembered = remembered;
        this.sink = sink;
        this.safe = safe;
        this.maxTransactionBytes = maxTransactionBytes;
        this.received = received;
        this.readiness = readiness;
        this.onFatal = onFatal;
        this.pace = pace;
        this.backoff = new Backoff(pace.backoffUnit);
    }

    public void start() {
        thread.start();
    }

    /** A connection for catalog and publication. To be closed soon: there are few. */
    public Connection adminConnection() throws SQLException {
        return borrow(admin, "metadata");
    }

    /** A connection for a snapshot. */
    public Connection snapshotConnection() throws SQLException {
        return borrow(snapshots, "snapshot");
    }

    /** Gives up a running stream and begins anew, because something it needs turned out to be missing. */
    public void reconnect(DatabaseError why) {
        failure = why;
    }

    /**
     * Ends the stream in order: Postgres knows what is done, and slot and lock are free when this returns. The sink has to
     * be flushed before, and is told nothing any more afterwards.
     */
    @Override
    public void close() {
        stopping.countDown();
        if (streaming) {
            join(Duration.ofSeconds(2));
        }
        if (thread.isAlive()) {
            // It waits for something in the database.
            terminateWalsender();
            abortConnection();
            join(Duration.ofSeconds(5));
        }
        release();
        timer.shutdownNow();
    }

    private void run() {
        Phase phase = new Phase.Connecting();
        while (!(phase instanceof Phase.Ended)) {
            try {
                phase = stopped() ? new Phase.Ended() : recorded(phase);
            } catch (SQLException | RuntimeException | Error e) {
                phase = new Phase.Lost(e);
            }
        }
        terminateWalsender();
        release();
    }

    private Phase recorded(Phase phase) throws SQLException {
        ConnectionPhase event = new ConnectionPhase();
        event.begin();
        event.phase = phase.getClass().getSimpleName();
        event.outcome = Phase.Lost.class.getSimpleName();
        try {
            Phase next = next(phase);
            event.outcome = next.getClass().getSimpleName();
            return next;
        } finally {
            event.commit();
        }
    }

    private Phase next(Phase phase) throws SQLException {
        return switch (phase) {
            case Phase.Connecting connecting -> connect();
            case Phase.Locked locked -> publish();
            case Phase.Published published -> openSlot();
            case Phase.Slotted slotted -> startStream(slotted.slot);
            case Phase.Streaming streaming -> follow(streaming.stream, streaming.acknowledgement);
            case Phase.Lost lost -> recover(lost.cause);
            case Phase.Ended ended -> ended;
        };
    }

    private Phase connect() throws SQLException {
        step = Step.ADMIN_POOL;
        failure = null;
        admin = Pool.open("admin", direct, poolSizes.admin(), error -> failure = error);
        succeeded(Condition.ADMIN_POOL);

        step = Step.CONNECTION;
        Connection replication = direct.openReplication(PEEK_MILLIS);
        AdvisoryLock lock = new AdvisoryLock(names.slot.name());
        ServerIdentity server;
        try {
            server = ServerIdentity.of(replication);
        } catch (SQLException e) {
            replication.abort(Runnable::run);
            throw e;
        }
        link = new Link(replication, server, lock);
        log.info(
                "Postgres server version = {}, system identifier = {}, timeline_id = {}",
                server.version(),
                server.systemId(),
                server.timeline());
        succeeded();

        step = Step.LOCK;
        if (!stopped()) {
            Future<?> waiting = every(pace.betweenChecks, this::breakLock);
            try {
                lock.take(replication);
            } finally {
                waiting.cancel(false);
            }
        }
        succeeded(Condition.LOCK_HELD);
        return new Phase.Locked();
    }

    private Phase publish() throws SQLException {
        step = Step.PUBLICATION;
        try (Connection connection = adminConnection()) {
            if (publication.create(connection)) {
                slotOutdated = true;
                if (remembered.timeline().isPresent()) {
                    remembered.forgetHistory();
                }
            }
        }
        succeeded();
        return new Phase.Published();
    }

    private Phase openSlot() throws SQLException {
        step = Step.SLOT;
        ReplicationSlot.Opened slot;
        Future<?> waiting = every(pace.betweenChecks, this::unblockSlot);
        try {
            Connection replication = link().replication;
            boolean replace =
                    slotOutdated || remembered.timeline().map(Timeline::broken).orElse(false);
            slot = replace ? names.slot.replace(replication) : names.slot.open(replication);
            slotOutdated = false;
        } finally {
            waiting.cancel(false);
        }
        if (slot.created()) {
            log.debug("Created new slot at lsn={}", slot.position());
        }
        succeeded(Condition.REPLICATION_CONNECTION);
        return new Phase.Slotted(slot);
    }

    private Phase startStream(ReplicationSlot.Opened slot) throws SQLException {
        step = Step.SNAPSHOT_POOL;
        snapshots = Pool.open("snapshot", pooled, poolSizes.snapshot(), error -> failure = error);
        succeeded(Condition.SNAPSHOT_POOL);

        step = Step.INTEGRITY;
        checkIntegrity(slot.created());
        succeeded(Condition.INTEGRITY);

        step = Step.STREAM;
        log.info("Starting replication from postgres");
        Acknowledgement acknowledgement = new Acknowledgement(slot.position());
        sink.started(acknowledgement.flushed());
        readiness.met(Condition.LOG_PROCESSING);
        ReplicationStream stream = ReplicationStream.start(
                link().replication,
                names.slot.name(),
                names.publication,
                acknowledgement.flushed(),
                link().server.statusInterval());
        return new Phase.Streaming(stream, acknowledgement);
    }

    private void checkIntegrity(boolean slotCreated) {
        ServerIdentity server = link().server;
        Timeline now = new Timeline(server.systemId(), server.timeline());
        Integrity integrity = Integrity.of(remembered.timeline(), now, slotCreated);
        if (integrity instanceof Integrity.FirstStart) {
            log.info("No previous timeline detected.");
        }
        log.info("Connected to Postgres {} and timeline {}", now.systemId(), now.timeline());
        if (integrity instanceof Integrity.Broken broken) {
            broken.warning().ifPresent(log::warn);
            sink.purge();
        }
        // Last: a crash before it purges again.
        remembered.remember(now);
    }

    private Phase follow(ReplicationStream stream, Acknowledgement acknowledgement) throws SQLException {
        StreamReader reader = new StreamReader(
                stream, sink, safe, acknowledgement, new TransactionSize(maxTransactionBytes), received);
        long stableAtNanos = System.nanoTime() + pace.untilStable.toNanos();
        boolean stable = false;
        streaming = true;
        Future<?> stalled = every(link().server.statusInterval().dividedBy(4), () -> keepAlive(stream));
        try {
            readiness.met(Condition.STREAMING);
            while (!stopped()) {
                reader.read();
                if (!stable && System.nanoTime() - stableAtNanos >= 0) {
                    backoff.stable();
                    stable = true;
                }
                if (failure != null) {
                    return new Phase.Lost(new GivenUp(failure));
                }
            }
            reader.finish();
            return new Phase.Ended();
        } finally {
            stalled.cancel(false);
            streaming = false;
        }
    }

    /** The stream still runs, but something beside it is broken. */
    private static final class GivenUp extends SQLException {
        private static final long serialVersionUID = 1L;
        private final transient DatabaseError error;

        GivenUp(DatabaseError error) {
            super(error.message());
            this.error = error;
        }
    }

    private Phase recover(Throwable cause) {
        boolean running = step == Step.STREAM;
        DatabaseError error = explain(cause);
        String mode = cause instanceof GivenUp ? Step.ADMIN_POOL.mode : step.mode;
        boolean afterLock = step.compareTo(Step.LOCK) > 0 && !running;
        OF_THE_CONNECTION.forEach(condition ->
                readiness.lost(condition, condition == Condition.LOCK_HELD && !afterLock ? null : error.message()));
        if (failing == null && !running) {
            failing = step;
            failingSinceNanos = System.nanoTime();
        }
        try {
            if (running) {
                sink.interrupted();
            }
            if (error.reaction() == DatabaseError.Reaction.REPLACE_SLOT) {
                log.warn(error.message());
                replaceSlot();
            }
        } catch (RuntimeException | SQLException e) {
            log.error("Could not clean up after the loss of the replication stream", e);
        }
        release();
        return switch (error.reaction()) {
            case FATAL -> {
                onFatal.accept(error.message());
                yield new Phase.Ended();
            }
            case REPLACE_SLOT -> {
                reconnectAfter(backoff.afterLostStream());
                yield new Phase.Connecting();
            }
            case RETRY -> {
                if (running) {
                    log.warn(
                            "Electric.Connection.Manager is restarting after it has encountered an error in {} mode: {}",
                            mode,
                            error.message());
                } else {
                    log.warn("Database connection in {} mode failed: {}. Retrying...", mode, error.described());
                }
                reconnectAfter(running ? backoff.afterLostStream() : backoff.afterFailedStep());
                yield new Phase.Connecting();
            }
        };
    }

    private DatabaseError explain(Throwable cause) {
        return switch (cause) {
            case GivenUp lost -> lost.error;
            case UnrecoverableStream unrecoverable ->
                new DatabaseError(
                        DatabaseError.Reaction.REPLACE_SLOT,
                        true,
                        String.valueOf(unrecoverable.getMessage()),
                        Optional.empty(),
                        Optional.empty());
            case SQLException failure -> {
                DatabaseError error = DatabaseError.of(failure);
                if (!error.known() && !stopped()) {
                    log.error(
                            "Database connection in {} mode failed with an unknown error: {}",
                            step.mode,
                            error.described());
                }
                yield error;
            }
            default -> {
                log.error(
                        "Processing the replication stream failed; it will be sent again from where it was safe",
                        cause);
                yield new DatabaseError(
                        DatabaseError.Reaction.RETRY,
                        true,
                        "processing the replication stream failed: " + cause,
                        Optional.empty(),
                        Optional.empty());
            }
        };
    }

    /** So that what cannot be taken is never sent again. Whatever of it fails: the next start knows that all must go. */
    private void replaceSlot() throws SQLException {
        remembered.forgetHistory();
        try (Connection connection = adminConnection()) {
            if (!names.manualPublishing) {
                publication.drop(connection);
            }
            Link current = link;
            if (current != null) {
                ReplicationSlot.terminate(connection, current.server.backendPid(), END_OF_WALSENDER_MILLIS);
            }
            names.slot.drop(connection);
        }
    }

    private void reconnectAfter(Duration delay) {
        if (delay.isPositive()) {
            log.info("Reconnecting in {}ms", delay.toMillis());
        }
        try {
            if (stopping.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                log.debug("Not reconnecting: stopping");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the replication thread", e);
        }
    }

    private void succeeded(Condition condition) {
        readiness.met(condition);
        succeeded();
    }

    private void succeeded() {
        if (failing == step) {
            failing = null;
            log.info(
                    "Reconnection succeeded after {}ms",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - failingSinceNanos));
        }
    }

    /** On the timer, while the lock is waited for. */
    private void breakLock() {
        log.warn(
                "Waiting for postgres lock to be acquired... Another server follows this database as {}; this one takes over"
                        + " when that one ends. ELECTRIC_REPLICATION_STREAM_ID names another stream.",
                names.slot.name());
        Link waiting = link();
        try (Connection connection = adminConnection()) {
            waiting.lock.breakStuck(connection, waiting.server.backendPid());
        } catch (SQLException e) {
            log.warn(
                    "Could not look for a stuck holder of the lock: {}",
                    DatabaseError.of(e).described());
        }
    }

    /** On the timer, while the creation of the slot waits for running transactions. */
    private void unblockSlot() {
        log.warn("Waiting for the replication connection setup to complete... Check that you don't have pending"
                + " transactions in the database. Electric has to wait for all pending transactions to commit or rollback"
                + " before it can create the replication slot.");
        if (link().server.version() < FIRST_VERSION_WITH_STANDBY_SNAPSHOT) {
            cannotUnblockSlot("pg_log_standby_snapshot() is undefined");
            return;
        }
        try (Connection connection = adminConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(STANDBY_SNAPSHOT_LIMIT_SECONDS);
            statement.execute("SELECT pg_log_standby_snapshot()");
            log.debug("Forced a standby snapshot to unblock replication slot creation");
        } catch (SQLException e) {
            cannotUnblockSlot(
                    "42883".equals(e.getSQLState())
                            ? "pg_log_standby_snapshot() is undefined"
                            : DatabaseError.of(e).message());
        }
    }

    private void cannotUnblockSlot(String reason) {
        if (!warnedOfStandbySnapshot) {
            warnedOfStandbySnapshot = true;
            log.warn(
                    "Replication slot creation is blocked by a pending transaction. Electric might not be able to"
                            + " automatically unblock it as soon as the transaction commits/rolls back because {}. Manually"
                            + " restarting the source may be needed once the offending transaction is no longer active",
                    reason);
        }
    }

    /** On the timer, in case the sink keeps the replication thread for long: a stall must not cost the connection. */
    private static void keepAlive(ReplicationStream stream) {
        try {
            stream.keepAlive();
        } catch (SQLException e) {
            // The replication thread meets the same failure, and says so.
            log.debug(
                    "Could not tell Postgres that we are there: {}",
                    DatabaseError.of(e).described());
        }
    }

    private Future<?> every(Duration period, Runnable action) {
        return timer.scheduleAtFixedRate(action, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Link link() {
        Link current = link;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    private static Connection borrow(@Nullable Pool pool, String what) throws SQLException {
        if (pool == null) {
            throw new SQLTransientConnectionException("the database connection pool (" + what + ") is not ready");
        }
        return pool.connection();
    }

    /** One thread at a time: who stops and who is stopped both come here, and the one must not close what the other asks. */
    private synchronized void terminateWalsender() {
        Link current = link;
        if (current == null || admin == null) {
            return;
        }
        try (Connection connection = adminConnection()) {
            ReplicationSlot.terminate(connection, current.server.backendPid(), END_OF_WALSENDER_MILLIS);
        } catch (SQLException e) {
            log.warn(
                    "Could not end the replication connection in the database, slot and lock become free when it notices:"
                            + " {}",
                    DatabaseError.of(e).described());
        }
    }

    private void abortConnection() {
        Link current = link;
        if (current == null) {
            return;
        }
        try {
            current.replication.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("Could not abort the replication connection: {}", e.getMessage());
        }
    }

    /** Everything of the connection: a start from the beginning finds nothing left. */
    private synchronized void release() {
        abortConnection();
        link = null;
        Pool snapshotPool = snapshots;
        snapshots = null;
        if (snapshotPool != null) {
            snapshotPool.close();
        }
        Pool adminPool = admin;
        admin = null;
        if (adminPool != null) {
            adminPool.close();
        }
        direct.forget();
        pooled.forget();
        OF_THE_CONNECTION.stream().filter(readiness::holds).forEach(condition -> readiness.lost(condition, null));
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }

    private void join(Duration limit) {
        try {
            if (Thread.currentThread() != thread && thread.isAlive() && !thread.join(limit)) {
                log.debug("The replication thread is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
