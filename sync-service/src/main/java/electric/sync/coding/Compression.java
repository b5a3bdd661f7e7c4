package electric.sync.coding;

import com.github.luben.zstd.util.Native;
import electric.sync.log.ByteSource;
import electric.sync.log.Extent;
import electric.sync.meter.Counter;
import electric.sync.meter.Meter;
import electric.sync.meter.Metric;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses the bytes of logs, each run of them once however many ask, and keeps what it made in bounded memory. What has
 * not been asked for the longest goes first, but nothing that is being read. Where there is no room or no worker left,
 * answers go out as they are.
 */
public final class Compression implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compression.class);

    /** Runs that wait for a worker: beyond it, sending everything is sooner done than waiting. */
    private static final int MOST_BUSY = 16;

    private static final int IDLE_SECONDS = 10;

    /** After so long those who waited for the same change have asked for it; and what is gone is looked for so often. */
    private static final long PASSING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Key(Extent extent, Coding coding) {}

    private final long limitBytes;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor workers;
    private final Counter made;
    private final Counter found;
    private final Counter refused;
    private final Counter working;
    private volatile boolean zstd;

    // Guarded by this. In the order in which they were last asked for.
    private final Map<Key, CompressedRun> runs = new LinkedHashMap<>(16, 0.75f, true);
    private long usedBytes;
    private int busy;
    private boolean closed;
    private long forgotAtNanos;

    /** @param limitBytes how much memory what was compressed may take */
    public Compression(long limitBytes, Meter meter) {
        this(limitBytes, meter, System::nanoTime);
    }

    Compression(long limitBytes, Meter meter, LongSupplier nanoTime) {
        this.limitBytes = limitBytes;
        this.nanoTime = nanoTime;
        this.forgotAtNanos = nanoTime.getAsLong();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        AtomicInteger numbers = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "compress-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        this.made = meter.counter(Metric.COMPRESSED, "made");
        this.found = meter.counter(Metric.COMPRESSED, "found");
        this.refused = meter.counter(Metric.COMPRESSED, "refused");
        this.working = meter.seconds(Metric.STAGES, "compress");
        meter.shows(Metric.COMPRESSED_USED, this::usedBytes);
        meter.shows(Metric.COMPRESSED_LIMIT, () -> limitBytes);
        workers.execute(this::loadZstd);
    }

    private void loadZstd() {
        try {
            Native.load();
            zstd = true;
        } catch (LinkageError | RuntimeException e) {
            LOG.warn("zstd cannot be used, gzip is used in its place: {}", e.toString());
        }
    }

    /** Whether answers can be had in a coding. */
    public boolean offers(Coding coding) {
        return switch (coding) {
            case IDENTITY, GZIP -> true;
            case ZSTD -> zstd;
        };
    }

    /** An answer with these items: in the coding that is wanted, or as they are. Takes the items over. */
    public Coded answer(Coding wanted, ByteSource items) {
        if (wanted == Coding.IDENTITY) {
            return new Coded.Plain(items);
        }
        Extent extent = items.extent();
        Key key = extent == null ? null : new Key(extent, wanted);
        long now = nanoTime.getAsLong();
        CompressedRun run;
        boolean isNew = false;
        synchronized (this) {
            run = key == null ? null : runs.get(key);
            if (run == null) {
                forgetOld(now);
                if (closed || busy >= MOST_BUSY || !hasRoom()) {
                    refused.increment();
                    return new Coded.Plain(items);
                }
                run = new CompressedRun(this, wanted, items);
                isNew = true;
                busy++;
                if (key != null) {
                    run.kept = true;
                    runs.put(key, run);
                }
            }
            run.readers++;
            run.askedAtNanos = now;
        }
        if (isNew) {
            made.increment();
            workers.execute(run::work);
        } else {
            found.increment();
            items.close();
        }
        CompressedRun.Reader reader = run.new Reader();
        return switch (wanted) {
            case GZIP -> new GzipAnswer(reader);
            case ZSTD -> new ZstdAnswer(reader);
            case IDENTITY -> throw new IllegalStateException("nothing is compressed");
        };
    }

    /** Lets go of what nobody is going to ask for. */
    private void forgetOld(long now) {
        if (now - forgotAtNanos < PASSING_NANOS) {
            return;
        }
        forgotAtNanos = now;
        for (Iterator<Map.Entry<Key, CompressedRun>> all = runs.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, CompressedRun> each = all.next();
            Extent extent = each.getKey().extent();
            CompressedRun run = each.getValue();
            if (!run.making && (extent.isGone() || (!extent.isChunk() && now - run.askedAtNanos >= PASSING_NANOS))) {
                all.remove();
                run.kept = false;
                freeIfUnused(run);
            }
        }
    }

    /** Whether there is room for more, after letting go of what nobody reads. */
    private boolean hasRoom() {
        Iterator<CompressedRun> oldest = runs.values().iterator();
        while (usedBytes >= limitBytes && oldest.hasNext()) {
            CompressedRun run = oldest.next();
            if (run.readers == 0 && !run.making) {
                oldest.remove();
                run.kept = false;
                freeIfUnused(run);
            }
        }
        return usedBytes < limitBytes;
    }

    private void freeIfUnused(CompressedRun run) {
        if (run.readers == 0 && !run.kept && !run.making) {
            usedBytes -= run.bytes;
            run.bytes = 0;
            run.free();
        }
    }

    // What the runs say.

    void worked(long nanos) {
        working.add(nanos);
    }

    /** Whether there is any use in going on with a run. */
    synchronized boolean wants(CompressedRun run) {
        return !closed && (run.kept || run.readers > 0);
    }

    synchronized void grew(CompressedRun run, int bytes) {
        run.bytes += bytes;
        usedBytes += bytes;
        hasRoom();
    }

    /** A worker is free although the run is not at its end. */
    synchronized void rests() {
        busy--;
    }

    void goOn(CompressedRun run) {
        synchronized (this) {
            busy++;
        }
        try {
            workers.execute(run::work);
        } catch (RejectedExecutionException stopped) {
            // Nothing is answered any more.
            run.work();
        }
    }

    synchronized void finished(CompressedRun run, ByteSource.State end) {
        busy--;
        run.making = false;
        if (end == ByteSource.State.BROKEN && run.kept) {
            run.kept = false;
            runs.values().remove(run);
        }
        freeIfUnused(run);
    }

    synchronized void left(CompressedRun run) {
        run.readers--;
        freeIfUnused(run);
    }

    public synchronized long usedBytes() {
        return usedBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** Ends all work and gives all memory back that nobody reads. */
    @Override
    public void close() {
        workers.shutdown();
        synchronized (this) {
            closed = true;
            for (CompressedRun run : runs.values()) {
                run.kept = false;
                freeIfUnused(run);
            }
            runs.clear();
        }
    }
}
