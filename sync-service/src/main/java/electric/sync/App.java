package electric.sync;

import electric.sync.change.Collation;
import electric.sync.change.Relation;
import electric.sync.coding.Compression;
import electric.sync.http.Filters;
import electric.sync.http.HttpServer;
import electric.sync.http.HttpSettings;
import electric.sync.ingest.Ending;
import electric.sync.ingest.Ingest;
import electric.sync.ingest.Readiness;
import electric.sync.ingest.ReceivedTransactions;
import electric.sync.ingest.RememberedIdentity;
import electric.sync.ingest.Replication;
import electric.sync.ingest.SlotMeasurement;
import electric.sync.ingest.SnapshotRunner;
import electric.sync.ingest.Stages;
import electric.sync.ingest.Upkeep;
import electric.sync.log.LogStore;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import electric.sync.ops.MetricsServer;
import electric.sync.ops.Secret;
import electric.sync.ops.Settings;
import electric.sync.pg.CaseMappings;
import electric.sync.pg.Catalog;
import electric.sync.pg.Connector;
import electric.sync.pg.DatabaseError;
import electric.sync.pg.DatabaseUrl;
import electric.sync.pg.Pool;
import electric.sync.pg.Publication;
import electric.sync.pg.PublishedTables;
import electric.sync.pg.ReplicationSlot;
import electric.sync.pg.ServerZones;
import electric.sync.pg.SnapshotQuery;
import electric.sync.pg.TableProblem;
import electric.sync.pg.TableSchema;
import electric.sync.serve.ShapeServer;
import electric.sync.serve.Subsets;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.StartOutcome;
import electric.sync.value.CaseMapping;
import electric.sync.value.TimeZones;
import electric.sync.where.DatabaseLocale;
import electric.sync.where.Filter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The service as a whole: makes its parts in order, starts them, and stops them in reverse. */
public final class App implements AutoCloseable {
    /** The version of the protocol's product line that clients are told. */
    static final String PROTOCOL_VERSION = "1.7.12";

    private static final Duration READINESS_LIMIT = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** Shapes that may wait for a snapshot worker; beyond it new ones are told to come again. */
    private static final int MAX_WAITING_SNAPSHOTS = 10_000;

    private final Readiness readiness = new Readiness();
    private final ShapeRegistry registry;
    private final Ingest ingest;
    private final Catalog catalog;
    private final PublishedTables published;
    private final Replication replication;
    private final ShapeServer shapes;
    private final Upkeep upkeep;
    private final Compression compression;
    private final HttpServer http;
    private final ExecutorService lookups;
    private final ExecutorService snapshotWorkers;
    private final ScheduledExecutorService publishing;
    private final ScheduledExecutorService snapshotTimer;
    private final Meter meter;
    private final Optional<SlotMeasurement> slotMeasurement;
    private final Optional<MetricsServer> metrics;

    /**
     * @param database where to connect: the one of the settings, or that of the local trial
     * @param logBytes how much memory the logs of all shapes may take together
     * @param onFatal told what only an operator can mend; the process is then to end
     */
    public App(
            Settings settings,
            DatabaseUrl database,
            DatabaseUrl pooledDatabase,
            long logBytes,
            Consumer<String> onFatal) {
        this.meter = settings.metrics().isPresent() ? Meter.on() : Meter.off();
        Pool.Split poolSizes = Pool.Split.of(settings.database().poolSize());
        this.lookups = pool("catalog", poolSizes.admin());
        this.snapshotWorkers = pool("snapshot", poolSizes.snapshot());
        this.publishing = timer("publication");
        this.snapshotTimer = timer("snapshot-timer");

        LogStore store = new LogStore(logBytes, settings.shapes().chunkBytes());
        this.registry = new ShapeRegistry(store, InstantSource.system(), System::nanoTime);
        this.catalog = new Catalog(this::adminConnection, lookups);
        Stages stages = new Stages(meter);
        this.ingest = new Ingest(registry, catalog::ancestors, new Surroundings(), stages);

        Publication publication = new Publication(
                settings.replication().publicationName(), settings.replication().manualPublishing());
        this.published = new PublishedTables(
                publication,
                this::adminConnection,
                publishing,
                settings.replication().publicationAlterDebounce(),
                settings.replication().publicationRefreshPeriod(),
                new PublicationTrouble());
        ReplicationSlot slot = new ReplicationSlot(
                settings.replication().slotName(), settings.replication().temporarySlot());
        this.replication = new Replication(
                connector(settings, database),
                connector(settings, pooledDatabase),
                poolSizes,
                new Replication.Names(slot, publication.name(), publication.manual()),
                steps(publication),
                remembered(settings),
                ingest,
                ingest::applied,
                settings.replication().maxTransactionBytes(),
                new ReceivedTransactions(meter, InstantSource.system(), stages),
                readiness,
                onFatal,
                Replication.Pace.STANDARD);

        SnapshotRunner snapshots = new SnapshotRunner(
                ingest,
                readiness,
                catalog,
                (shape, table) ->
                        published.add(shape.handle(), table, shape.definition().neededColumns()),
                this::snapshot,
                snapshotWorkers,
                snapshotTimer,
                System::nanoTime,
                meter);
        this.upkeep = new Upkeep(
                registry,
                ingest,
                catalog,
                readiness,
                settings.shapes().maxShapes(),
                roomForShapes(Runtime.getRuntime().maxMemory()),
                settings.replication().schemaReconcilerPeriod());
        this.shapes = new ShapeServer(
                registry,
                ingest::lastSeenLsn,
                shape -> {
                    if (upkeep.admit(shape)) {
                        snapshots.start(shape);
                    }
                },
                (shape, reason) -> ingest.retire(shape, Ending.DELETED, reason, new StartOutcome.Gone()),
                new Subsets(this::snapshot, ingest::allStreamed, this::tableChanged, store, snapshotWorkers),
                ShapeServer.Patience.withLongPoll(
                        settings.http().longPollTimeout(), HttpSettings.EventStreams.USUAL.lifetime()),
                System::nanoTime);
        this.compression = new Compression(compressedBytes(logBytes), meter);
        this.http = new HttpServer(
                httpSettings(settings),
                readiness,
                shapes,
                catalog::table,
                TableSchema::json,
                catalog::generatedColumnsReplicated,
                new Filters(catalog::refreshed, locale(), lookups, meter),
                compression,
                InstantSource.system(),
                meter);

        meter.shows(Metric.SHAPES, registry::size);
        meter.shows(Metric.ACTIVE_SHAPES, ingest::following);
        meter.showsThreads("replication");
        meter.showsThreads("http");
        meter.shows(Metric.STORAGE_USED, store::usedBytes);
        meter.shows(Metric.STORAGE_LIMIT, store::limitBytes);
        for (Ending ending : Ending.values()) {
            meter.counter(Metric.SHAPES_RETIRED, ending.word());
        }
        this.slotMeasurement = settings.metrics()
                .map(wanted ->
                        new SlotMeasurement(slot, this::adminConnection, readiness, wanted.pollInterval(), meter));
        this.metrics = settings.metrics()
                .map(wanted -> new MetricsServer(wanted.port(), settings.http().ipv6(), meter::scrape));
    }

    /** Half of the heap is for shapes, of which each has about 1 KiB, and of its log up to another. */
    static int roomForShapes(long heapBytes) {
        return (int) Math.min(Integer.MAX_VALUE, heapBytes / 2 / (2 << 10));
    }

    /** How much memory the compressed forms of logs may take, beside the logs: about what they need when all are read. */
    static long compressedBytes(long logBytes) {
        return logBytes / 8;
    }

    /** Returns when clients can connect; the database is then still being reached for. */
    public void start() throws IOException {
        readiness.met(Readiness.Condition.SHAPE_METADATA);
        if (metrics.isPresent()) {
            metrics.get().start();
        }
        http.start();
        replication.start();
        upkeep.start();
        slotMeasurement.ifPresent(SlotMeasurement::start);
    }

    public Readiness readiness() {
        return readiness;
    }

    /** How many requests for shapes are being answered or wait for something to answer. */
    public int openRequests() {
        return http.openRequests();
    }

    public Upkeep upkeep() {
        return upkeep;
    }

    public int port() {
        return http.port();
    }

    /** The port that shows metrics, if there is one. */
    public Optional<Integer> metricsPort() {
        return metrics.map(MetricsServer::port);
    }

    Meter meter() {
        return meter;
    }

    /** Lets go of clients first, then of the database; slot and lock are free when this returns. */
    @Override
    public void close() {
        http.stop(shapes::drain, STOP_LIMIT);
        slotMeasurement.ifPresent(SlotMeasurement::close);
        published.close();
        snapshotWorkers.shutdownNow();
        replication.close();
        upkeep.close();
        publishing.shutdownNow();
        snapshotTimer.shutdownNow();
        lookups.shutdownNow();
        ingest.close();
        compression.close();
        // Last, so that the end can be watched too.
        metrics.ifPresent(MetricsServer::close);
        meter.close();
    }

    private DatabaseLocale locale() {
        CaseMappings casings = new CaseMappings(this::adminConnection);
        ServerZones zones = new ServerZones(this::adminConnection);
        return new DatabaseLocale() {
            @Override
            public CaseMapping casing(Collation collation) {
                return casings.of(collation);
            }

            @Override
            public TimeZones.Zone zone(String name) {
                return zones.of(name);
            }
        };
    }

    private Connection adminConnection() throws SQLException {
        return replication.adminConnection();
    }

    /** Found by asking for rows, before any change told of it. */
    private void tableChanged(Shape shape) {
        catalog.forget(shape.definition().tableOid());
        catalog.forget(shape.definition().table());
        ingest.retire(shape, Ending.SCHEMA, "its table is not what it was", new StartOutcome.Gone());
    }

    private SnapshotQuery snapshot() throws TableProblem {
        return SnapshotQuery.begin(replication::snapshotConnection, snapshotTimer, SnapshotQuery.FIRST_DATA_LIMIT);
    }

    /** What the stream means to the catalog and the publication. */
    private final class Surroundings implements Ingest.Listener {
        @Override
        public void streaming(boolean runs) {
            if (runs) {
                published.resume();
                threads("first-filter").newThread(Filter::readFirst).start();
            } else {
                published.pause();
            }
        }

        @Override
        public void described(Relation relation) {
            catalog.forget(relation.oid());
            catalog.forget(relation.name());
            upkeep.look(relation.oid());
        }

        @Override
        public void partitionAppeared(List<Integer> parents) {
            parents.forEach(catalog::forget);
            published.refresh();
        }

        @Override
        public void identityLost(Relation relation) {
            published.refresh();
        }

        @Override
        public void retired(Shape shape, Ending ending) {
            meter.counter(Metric.SHAPES_RETIRED, ending.word()).increment();
            if (ending == Ending.CHANGE && shape.definition().filter() != null) {
                // The filter may have met what its table was not known to have, as a new label of an enum.
                catalog.forget(shape.definition().tableOid());
            }
            published.remove(shape.definition().tableOid(), shape.handle());
        }

        @Override
        public void purged() {
            catalog.clear();
        }
    }

    /** What the publication's owner cannot mend by itself. */
    private final class PublicationTrouble implements PublishedTables.Listener {
        @Override
        public void lost(int tableOid, Set<String> handles, TableProblem why) {
            catalog.forget(tableOid);
            for (String handle : handles) {
                Shape shape = registry.byHandle(handle);
                if (shape != null) {
                    ingest.retire(shape, Ending.PUBLICATION, String.valueOf(why.getMessage()), new StartOutcome.Gone());
                }
            }
        }

        @Override
        public void publicationMissing() {
            replication.reconnect(DatabaseError.of(new SQLException("the publication is missing")));
        }

        @Override
        public void operationsWereMissing() {
            ingest.purge();
        }
    }

    private static Replication.PublicationSteps steps(Publication publication) {
        return new Replication.PublicationSteps() {
            @Override
            public boolean create(Connection admin) throws SQLException {
                return publication.create(admin);
            }

            @Override
            public void drop(Connection admin) throws SQLException {
                publication.drop(admin);
            }
        };
    }

    private static Connector connector(Settings settings, DatabaseUrl url) {
        return new Connector(
                url,
                settings.database().caCertificateFile(),
                settings.database().ipv6First(),
                settings.database().tcp());
    }

    private static RememberedIdentity remembered(Settings settings) {
        return switch (settings.shapes().persistentState()) {
            case MEMORY -> RememberedIdentity.inMemory(settings.instanceId());
            case FILE ->
                RememberedIdentity.in(settings.shapes().folder(), settings.databaseId(), settings.instanceId());
        };
    }

    private static HttpSettings httpSettings(Settings settings) {
        Settings.Http http = settings.http();
        return new HttpSettings(
                http.port(),
                http.ipv6(),
                settings.secret().map(Secret::reveal),
                http.deleteAllowed(),
                http.longPollTimeout(),
                (int) http.cacheMaxAge().toSeconds(),
                (int) http.cacheStaleAge().toSeconds(),
                http.limits().initial(),
                http.limits().existing(),
                READINESS_LIMIT,
                http.readTimeout(),
                http.sendTimeout(),
                http.maxRequestsPerConnection(),
                HttpSettings.EventStreams.USUAL,
                PROTOCOL_VERSION);
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING_SNAPSHOTS),
                threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ScheduledExecutorService timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads(name));
        // Almost everything that is to be watched is over before it has to be.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadFactory threads(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }
}
