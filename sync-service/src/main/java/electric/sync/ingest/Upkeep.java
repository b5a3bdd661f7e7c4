package electric.sync.ingest;

import electric.sync.pg.Catalog;
import electric.sync.pg.DatabaseUnavailable;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.StartOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done now and then: shapes beyond the maximum are ended, and tables that changed while nobody wrote to them are
 * noticed. A round that fails is said and the next one comes all the same.
 *
 * <p>Threads: one of its own.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration EXPIRY_PERIOD = Duration.ofSeconds(60);

    private final ShapeRegistry registry;
    private final Ingest ingest;
    private final Catalog catalog;
    private final Readiness readiness;
    private final Optional<Integer> maxShapes;
    private final int roomForShapes;
    private final Duration reconcilePeriod;
    private final AtomicBoolean makingRoom = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("upkeep").factory());

    /**
     * @param maxShapes empty for as many as there is room for
     * @param roomForShapes how many shapes the heap has room for
     */
    public Upkeep(
            ShapeRegistry registry,
            Ingest ingest,
            Catalog catalog,
            Readiness readiness,
            Optional<Integer> maxShapes,
            int roomForShapes,
            Duration reconcilePeriod) {
        this.registry = registry;
        this.ingest = ingest;
        this.catalog = catalog;
        this.readiness = readiness;
        this.maxShapes = maxShapes;
        this.roomForShapes = roomForShapes;
        this.reconcilePeriod = reconcilePeriod;
    }

    public void start() {
        maxShapes.ifPresent(max -> every(EXPIRY_PERIOD, () -> expire(max)));
        every(reconcilePeriod, this::reconcile);
    }

    private void every(Duration period, Runnable round) {
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        round.run();
                    } catch (RuntimeException e) {
                        LOG.error("A round of upkeep failed", e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Does now what would be done in time. Returns when it is done. */
    public void now() {
        CompletableFuture.runAsync(
                        () -> {
                            maxShapes.ifPresent(this::expire);
                            reconcile();
                        },
                        thread)
                .join();
    }

    /** Has a followed table compared soon, because it may have changed in ways that the stream does not tell. */
    public void look(int oid) {
        thread.execute(() -> {
            if (ingest.followedTables().contains(oid)) {
                withDatabase(() -> ingest.tableIs(oid, catalog.tableByOid(oid)));
            }
        });
    }

    /**
     * Asked of every new shape. Beyond what there is room for it ends before it begins, and the least recently used go:
     * who asks again in a moment finds room.
     *
     * @return whether the shape may begin
     */
    public boolean admit(Shape shape) {
        if (registry.size() <= roomForShapes) {
            return true;
        }
        String full = "This server has memory for " + roomForShapes
                + " shapes. Those that nobody has read for longest are being removed; a larger heap has room for more.";
        ingest.retire(shape, Ending.EXPIRED, "there is no room for it", new StartOutcome.Unavailable(full, 10, true));
        if (makingRoom.compareAndSet(false, true)) {
            thread.execute(() -> {
                makingRoom.set(false);
                expire(roomForShapes - Math.ceilDiv(roomForShapes, 10));
            });
        }
        return false;
    }

    private void expire(int max) {
        List<Shape> excess = registry.excess(max);
        if (!excess.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("shape.expiry.number_to_expire", excess.size())
                    .addKeyValue("shape.expiry.max_shapes", max)
                    .log("Expiring shapes as the number of shapes has exceeded the limit");
            excess.forEach(shape -> ingest.retire(
                    shape,
                    Ending.EXPIRED,
                    "it was the least recently used of more than " + max,
                    new StartOutcome.Gone()));
        }
    }

    private void reconcile() {
        withDatabase(() -> {
            for (Catalog.Drift drift : catalog.drift()) {
                LOG.warn(
                        "Schema for the table {} changed{}",
                        drift.before().name().quoted(),
                        drift.now().isEmpty() ? ": it is gone" : "");
            }
            // Not only what drifted in the catalog: its memory may have been renewed since a shape began.
            for (int oid : ingest.followedTables()) {
                ingest.tableIs(oid, catalog.tableByOid(oid));
            }
        });
    }

    private void withDatabase(Runnable comparison) {
        if (!readiness.holds(Readiness.Condition.ADMIN_POOL)) {
            return;
        }
        try {
            comparison.run();
        } catch (DatabaseUnavailable unavailable) {
            LOG.warn("Could not compare the tables with the database: {}", unavailable.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
