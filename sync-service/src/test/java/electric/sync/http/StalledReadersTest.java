package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.log.LogStore;
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
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask for much and then take nothing: http-api §7.4, §9. */
@ExtendWith(NoLeaks.class)
class StalledReadersTest {
    private static final int READERS = 200;
    private static final int EACH = 64 * 1024;
    private static final int ROWS = 8_000;
    private static final int ROW_BYTES = 1_000;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final LogStore store = new LogStore(64 << 20, 10 << 20);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final ShapeDefinition definition =
            ShapeDefinition.of(Items.ITEMS, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final Shape shape = registry.claim(definition).shape();
    private final List<Wire> stalled = new ArrayList<>();

    StalledReadersTest() {
        SnapshotBoundary boundary = new SnapshotBoundary(100, 100, List.of(), 10);
        ShapeWriter writer = new ShapeWriter(shape, new EntryFormat(Items.ITEMS, definition));
        assertThat(writer.snapshotTaken(boundary)).isNull();
        new SnapshotWriter(shape, writer.format(), boundary).complete();
        shape.follow();
        Relation relation = Tables.relation(Items.ITEMS);
        Transaction transaction = new Transaction(500, 200);
        for (int row = 0; row < ROWS; row++) {
            Change insert = new Change.Insert(relation, Row.of("k" + row, "x".repeat(ROW_BYTES)));
            assertThat(writer.change(transaction, row * 2, insert, Membership.BOTH))
                    .isNull();
        }
        writer.commit(transaction);
    }

    @AfterEach
    void leave() throws IOException {
        for (Wire wire : stalled) {
            wire.close();
        }
        shape.log().free();
        assertThat(store.usedBytes()).isZero();
    }

    private TestServer server(Duration sendTimeout) throws IOException {
        ShapeServer shapes = NoDatabase.server(registry, store, LONG);
        return new TestServer(
                TestServer.with(TestServer.SETTINGS, Duration.ofSeconds(5), LONG, sendTimeout, 50), shapes);
    }

    private String target(String how) {
        return "/v1/shape?table=items&offset=0_inf&handle=" + shape.handle() + how;
    }

    private void stall(TestServer server, String how) throws IOException {
        for (int i = 0; i < READERS; i++) {
            Wire wire = new Wire(server.http.port(), 4 * 1024);
            stalled.add(wire);
            assertThat(wire.request("GET", target(how)).readHead().status()).isEqualTo(200);
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&live=true", "&live=true&live_sse=true"})
    void costLessThan64KilobytesEachAndHarmNobody(String how) throws Exception {
        long before = directMemory();
        try (TestServer server = server(LONG)) {
            stall(server, how);
            // All of them are stuck: more than what one of them may have waits for the others too.
            await().until(() -> server.http.queuedBytes() > READERS * 4L * 1024);
            assertThat(server.http.queuedBytes()).isLessThan((long) READERS * EACH);
            assertThat(directMemory() - before).isLessThan((long) READERS * EACH);

            Wire.Got whole = server.get(target(""));
            assertThat(whole.body().lines()).hasSize(ROWS + 1);
            assertThat(server.http.queuedBytes()).isLessThan((long) READERS * EACH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&live=true&live_sse=true"})
    void areCutOffAfterTheSendTimeoutAndLeaveNothingBehind(String how) throws Exception {
        try (TestServer server = server(Duration.ofMillis(300))) {
            stall(server, how);
            await().until(() -> server.http.connectionCount() == 0);
            await().until(() -> server.http.openRequests() == 0);
            assertThat(server.http.queuedBytes()).isZero();
        }
    }
}
