package electric.sync.http;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.coding.Compression;
import electric.sync.ingest.Readiness;
import electric.sync.log.LogStore;
import electric.sync.meter.Meter;
import electric.sync.serve.NoDatabase;
import electric.sync.serve.ShapeServer;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.Membership;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.SnapshotWriter;
import electric.sync.shape.Tables;
import electric.sync.shape.Transaction;
import electric.sync.value.CaseMapping;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One shape and one connection, from the bytes of a request to those of its answer, without a socket, a database or a thread.
 * For benchmarks.
 */
public final class AnsweredInMemory implements AutoCloseable {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int BETWEEN_COMMITS = 64;

    private final Table items = Tables.table(4711, "public", "items", "id*", "value");
    private final Relation relation = Tables.relation(items);
    private final ShapeDefinition definition =
            ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final LogStore store = new LogStore(4L << 30, 10 << 20);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final Shape shape = registry.claim(definition).shape();
    private final EntryFormat format = new EntryFormat(items, definition);
    private final ShapeWriter writer = new ShapeWriter(shape, format);
    private final Compression compression = new Compression(1 << 20, Meter.off());
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long lsn = 1000;
    private int id = 100_000;

    /** @param rows of the snapshot, of 200 bytes each as JSON */
    public AnsweredInMemory(int rows) {
        SnapshotBoundary boundary = new SnapshotBoundary(100, 100, List.of(), 0);
        if (writer.snapshotTaken(boundary) != null) {
            throw new IllegalStateException("nothing was held back");
        }
        SnapshotWriter snapshot = new SnapshotWriter(shape, format, boundary);
        for (int i = 0; i < rows; i++) {
            snapshot.row(Row.of(Integer.toString(100_000 + i), "x".repeat(60)), i);
        }
        snapshot.complete();
        shape.follow();

        HttpSettings settings = new HttpSettings(
                0,
                false,
                Optional.empty(),
                false,
                MINUTE,
                60,
                300,
                300,
                10_000,
                MINUTE,
                MINUTE,
                MINUTE,
                0,
                HttpSettings.EventStreams.USUAL,
                "1.7.12");
        Readiness readiness = new Readiness();
        for (Readiness.Condition condition : Readiness.Condition.values()) {
            readiness.met(condition);
        }
        ShapeServer shapes = new ShapeServer(
                registry,
                () -> lsn,
                started -> {},
                (over, reason) -> {},
                NoDatabase.subsets(store),
                ShapeServer.Patience.withLongPoll(
                        settings.longPollTimeout(), settings.events().lifetime()),
                System::nanoTime);
        Endpoints endpoints = new Endpoints(
                settings,
                readiness,
                shapes,
                name -> CompletableFuture.completedFuture(Optional.of(items)),
                (table, columns) -> "{\"id\":{\"type\":\"text\",\"pk_index\":0},\"value\":{\"type\":\"text\"}}",
                () -> false,
                new Filters(name -> Optional.of(items), collation -> CaseMapping.ASCII, Runnable::run, Meter.off()),
                Runnable::run,
                compression,
                InstantSource.system(),
                Meter.off());
        channel.pipeline()
                .addLast(new Http1Codec(
                        new HttpDecoderConfig().setMaxInitialLineLength(Connection.MAX_LINE_BYTES),
                        endpoints.recentHeads()))
                .addLast(new Connection(channel, endpoints, settings, false));
    }

    /** How many bytes the answer to a request for what follows an offset has; 0 when it waits. */
    public int ask(String offset, boolean live) {
        String request = "GET /v1/shape?table=items&handle=" + shape.handle() + "&offset=" + offset
                + (live ? "&live=true" : "") + " HTTP/1.1\r\nhost: localhost:3000\r\naccept: */*\r\n\r\n";
        channel.writeInbound(Unpooled.wrappedBuffer(request.getBytes(StandardCharsets.US_ASCII)));
        return taken();
    }

    /** The end of the log. */
    public String end() {
        return lsn == 1000 ? "0_inf" : lsn + "_0";
    }

    /** Commits a row. @return how many bytes a request that waited for it is answered with */
    public int commit() {
        lsn += BETWEEN_COMMITS;
        id++;
        Transaction transaction = new Transaction(lsn, 200);
        Row row = Row.of(Integer.toString(id), "a value of some length, as values are");
        if (writer.change(transaction, 0, new Change.Insert(relation, row), Membership.AFTER) != null) {
            throw new IllegalStateException("the shape is over");
        }
        writer.commit(transaction);
        shape.announce();
        return taken();
    }

    private int taken() {
        channel.runPendingTasks();
        int bytes = 0;
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            bytes += part.readableBytes();
            part.release();
        }
        return bytes;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        compression.close();
        shape.log().free();
    }
}
