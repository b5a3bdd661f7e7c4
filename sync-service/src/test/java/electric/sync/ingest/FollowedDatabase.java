package electric.sync.ingest;

import static org.awaitility.Awaitility.await;

import electric.sync.ServerLog;
import electric.sync.TestPostgres;
import electric.sync.change.Change;
import electric.sync.change.Lsn;
import electric.sync.change.Row;
import electric.sync.change.WalMessage;
import electric.sync.meter.Meter;
import electric.sync.pg.Connector;
import electric.sync.pg.DatabaseUrl;
import electric.sync.pg.Pool;
import electric.sync.pg.ReplicationSlot;
import electric.sync.pg.TcpOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;

/** One server following one database: the real connecting and streaming, with a sink that writes down what it gets. */
final class FollowedDatabase implements AutoCloseable {
    static final Replication.Pace QUICK =
            new Replication.Pace(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMillis(200));

    final TestPostgres postgres;
    final String database;
    final String slot;
    final String publicationName;
    final Readiness readiness = new Readiness();
    final ServerLog log = new ServerLog();
    final List<String> fatal = new CopyOnWriteArrayList<>();
    final Recorded sink = new Recorded(readiness);
    final Connector connector;
    final Replication replication;

    /** What a test may have otherwise. */
    record Options(String user, String password, long maxTransactionBytes, boolean temporary, Replication.Pace pace) {
        static final Options USUAL = new Options("postgres", "postgres", Long.MAX_VALUE, false, QUICK);

        Options user(String name, String secret) {
            return new Options(name, secret, maxTransactionBytes, temporary, pace);
        }

        Options limit(long bytes) {
            return new Options(user, password, bytes, temporary, pace);
        }

        Options temporarySlot() {
            return new Options(user, password, maxTransactionBytes, true, pace);
        }
    }

    FollowedDatabase(TestPostgres postgres, String database, RememberedIdentity remembered) {
        this(postgres, database, remembered, Options.USUAL);
    }

    FollowedDatabase(TestPostgres postgres, String database, RememberedIdentity remembered, Options options) {
        this.postgres = postgres;
        this.database = database;
        this.slot = "electric_slot_" + database;
        this.publicationName = "electric_publication_" + database;
        String url = "postgres://" + options.user + ":" + options.password + "@" + postgres.host() + ":"
                + postgres.port() + "/" + database + "?sslmode=disable";
        connector = new Connector(DatabaseUrl.parse(url), Optional.empty(), false, TcpOptions.SYSTEM);
        readiness.met(Readiness.Condition.SHAPE_METADATA);
        replication = new Replication(
                connector,
                connector,
                new Pool.Split(1, 1),
                new Replication.Names(new ReplicationSlot(slot, options.temporary), publicationName, false),
                new AllTables(publicationName),
                remembered,
                sink,
                () -> sink.safe,
                options.maxTransactionBytes,
                new ReceivedTransactions(Meter.off(), InstantSource.system(), new Stages(Meter.off())),
                readiness,
                fatal::add,
                options.pace);
    }

    FollowedDatabase start() {
        replication.start();
        return this;
    }

    FollowedDatabase startAndAwaitActive() {
        start();
        awaitActive();
        return this;
    }

    void awaitActive() {
        soon().until(() -> readiness.status() == Readiness.Status.ACTIVE);
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }

    void sql(String... statements) throws SQLException {
        postgres.sql(database, statements);
    }

    String ask(String query) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "nothing";
        }
    }

    /** The position up to which Postgres believes us to be done. */
    Lsn confirmed() throws SQLException {
        return Lsn.parse(ask("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
    }

    boolean slotActive() throws SQLException {
        return ask("SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                .equals("t");
    }

    int walsenderPid() throws SQLException {
        return Integer.parseInt(ask("SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
    }

    @Override
    public void close() {
        replication.close();
        log.close();
    }

    private record AllTables(String name) implements Replication.PublicationSteps {
        @Override
        public boolean create(Connection admin) throws SQLException {
            try (Statement statement = admin.createStatement()) {
                statement.execute("CREATE PUBLICATION " + name + " FOR ALL TABLES");
                return true;
            } catch (SQLException e) {
                // Somebody made it, or had to make it for a role that may not.
                if (!"42710".equals(e.getSQLState()) && !"42501".equals(e.getSQLState())) {
                    throw e;
                }
                return false;
            }
        }

        @Override
        public void drop(Connection admin) throws SQLException {
            try (Statement statement = admin.createStatement()) {
                statement.execute("DROP PUBLICATION IF EXISTS " + name);
            }
        }
    }

    /** Everything is safe at once, unless a test says otherwise. */
    static final class Recorded implements ChangeSink {
        final List<String> changes = new CopyOnWriteArrayList<>();
        final List<Lsn> commits = new CopyOnWriteArrayList<>();
        final List<Lsn> starts = new CopyOnWriteArrayList<>();
        final AtomicInteger interruptions = new AtomicInteger();
        final AtomicInteger purges = new AtomicInteger();
        volatile Lsn safe = Lsn.ZERO;
        volatile boolean everythingIsSafe = true;
        volatile Consumer<WalMessage> before = message -> {};
        private final Readiness readiness;
        private long finalLsn;

        Recorded(Readiness readiness) {
            this.readiness = readiness;
        }

        @Override
        public void started(Lsn consumed) {
            starts.add(consumed);
            readiness.met(Readiness.Condition.LOG_PROCESSING);
        }

        @Override
        public void message(WalMessage message) {
            before.accept(message);
            switch (message) {
                case WalMessage.Begin begin -> finalLsn = begin.finalLsn();
                case WalMessage.Commit commit -> {
                    commits.add(new Lsn(finalLsn));
                    if (everythingIsSafe) {
                        safe = new Lsn(finalLsn);
                    }
                }
                case WalMessage.Changed changed -> changes.add(shown(changed.change()));
                case WalMessage.Described described -> {}
                case WalMessage.Ignored ignored -> {}
            }
        }

        @Override
        public void quiet(Lsn position) {}

        @Override
        public void interrupted() {
            interruptions.incrementAndGet();
        }

        @Override
        public void purge() {
            purges.incrementAndGet();
        }

        private static String shown(Change change) {
            return switch (change) {
                case Change.Insert insert -> "insert " + texts(insert.row());
                case Change.Update update ->
                    "update " + (update.old() == null ? "?" : texts(update.old())) + " to " + texts(update.row());
                case Change.Delete delete -> "delete " + texts(delete.old()) + (delete.wholeRow() ? "" : " key");
                case Change.Truncate truncate ->
                    "truncate "
                            + truncate.relations().stream()
                                    .map(relation -> relation.name().name())
                                    .collect(Collectors.joining(","));
            };
        }

        private static String texts(Row row) {
            return IntStream.range(0, row.columnCount())
                    .mapToObj(i -> row.isNull(i) ? "NULL" : String.valueOf(row.text(i)))
                    .collect(Collectors.joining(","));
        }
    }
}
