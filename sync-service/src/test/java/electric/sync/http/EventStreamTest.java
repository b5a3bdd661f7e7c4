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
import electric.sync.shape.StartOutcome;
import electric.sync.shape.Tables;
import electric.sync.shape.Transaction;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Server-sent events as they look on the wire: http-api §7.4. */
@ExtendWith(NoLeaks.class)
class EventStreamTest {
    private static final SnapshotBoundary BOUNDARY = new SnapshotBoundary(100, 100, List.of(), 10);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final LogStore store = new LogStore(64 << 20, 1000);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final ShapeDefinition definition =
            ShapeDefinition.of(Items.ITEMS, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final Relation relation = Tables.relation(Items.ITEMS);
    private final Shape shape = registry.claim(definition).shape();
    private final ShapeWriter writer = new ShapeWriter(shape, new EntryFormat(Items.ITEMS, definition));

    EventStreamTest() {
        assertThat(writer.snapshotTaken(BOUNDARY)).isNull();
        new SnapshotWriter(shape, writer.format(), BOUNDARY).complete();
        shape.follow();
    }

    @AfterEach
    void givesAllMemoryBack() {
        shape.log().free();
        assertThat(store.usedBytes()).isZero();
    }

    private TestServer server(Duration lifetime, Duration silence) throws IOException {
        ShapeServer shapes = NoDatabase.server(registry, store, lifetime);
        return new TestServer(TestServer.streaming(TestServer.SETTINGS, lifetime, silence), shapes);
    }

    private String target(String offset) {
        return "/v1/shape?table=items&live=true&live_sse=true&offset=" + offset + "&handle=" + shape.handle();
    }

    private void commit(long lsn, String... values) {
        Transaction transaction = new Transaction(lsn, 200);
        int op = 0;
        for (String value : values) {
            assertThat(writer.change(
                            transaction, op, new Change.Insert(relation, Row.of("k" + op, value)), Membership.BOTH))
                    .isNull();
            op += 2;
        }
        writer.commit(transaction);
        shape.announce();
    }

    private static String until(Wire wire, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            text.append(new String(wire.readChunk(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Test
    void theHeadGoesOutBeforeThereIsAnyEvent() throws IOException { // HTTP-226, 228, 234, 133
        commit(500, "a");
        try (TestServer server = server(Duration.ofSeconds(60), LONG);
                Wire wire = server.wire()) {
            Wire.Got head = wire.request("GET", target("500_0")).readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).isEqualTo("text/event-stream");
            assertThat(head.header("x-accel-buffering")).isEqualTo("no");
            assertThat(head.header("connection")).isEqualTo("keep-alive");
            assertThat(head.header("cache-control")).isEqualTo("public, max-age=59");
            assertThat(head.header("electric-offset")).isEqualTo("500_0");
            assertThat(head.header("electric-handle")).isEqualTo(shape.handle());
            assertThat(head.header("electric-has-data")).isEqualTo("true");
            assertThat(head.has("electric-up-to-date")).isTrue();
            assertThat(head.has("electric-cursor")).isTrue();
            assertThat(head.has("electric-schema")).isFalse();
            assertThat(head.header("etag")).startsWith("\"" + shape.handle() + ":500_0:500_0:");
            commit(600, "b");
            assertThat(until(wire, "600\"}}\n\n"))
                    .isEqualTo("data: {\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"k0\\\"\",\"value\":{\"id\":\"k0\","
                            + "\"value\":\"b\"},\"headers\":{\"operation\":\"insert\",\"relation\":[\"public\",\"items\"],"
                            + "\"lsn\":\"600\",\"op_position\":0,\"txids\":[200],\"last\":true}}\n\n"
                            + "data: {\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"600\"}}\n\n");
        }
    }

    @Test
    void everyItemIsOneEventHoweverItsBytesAreCut() throws IOException { // HTTP-227, 229
        String[] values = new String[400];
        for (int i = 0; i < values.length; i++) {
            values[i] = ",\n,".repeat(i) + "end " + i;
        }
        commit(500, values);
        try (TestServer server = server(LONG, LONG);
                Wire wire = server.wire()) {
            assertThat(wire.request("GET", target("0_inf")).readHead().has("electric-up-to-date"))
                    .isFalse();
            String[] events = until(wire, "up-to-date\",\"global_last_seen_lsn\":\"500\"}}\n\n")
                    .split("\n\n");
            assertThat(events).hasSize(401).allMatch(event -> event.startsWith("data: {") && !event.contains("\n"));
            for (int i = 0; i < values.length; i++) {
                assertThat(events[i]).contains("end " + i + "\"},").contains("\"k" + 2 * i + "\"");
            }
        }
    }

    @Test
    void aSilentStreamSaysThatItIsStillThere() throws IOException { // HTTP-230
        try (TestServer server = server(LONG, Duration.ofMillis(20));
                Wire wire = server.wire()) {
            wire.request("GET", target("0_inf")).readHead();
            assertThat(until(wire, ": keep-alive\n\n: keep-alive\n\n")).isEqualTo(": keep-alive\n\n: keep-alive\n\n");
        }
    }

    @Test
    void endsCleanlyWhenItsTimeIsUpAndTheConnectionGoesOn() throws IOException { // HTTP-230
        try (TestServer server = server(Duration.ofMillis(20), LONG);
                Wire wire = server.wire()) {
            assertThat(wire.get(target("0_inf")).body()).isEmpty();
            assertThat(wire.get(target("0_inf")).status()).isEqualTo(200);
        }
    }

    @Test
    void endsWhenTheShapeIsOverAndThenSaysSo() throws IOException { // HTTP-233, 235
        try (TestServer server = server(LONG, LONG);
                Wire wire = server.wire()) {
            wire.request("GET", target("0_inf")).readHead();
            registry.retire(shape, "test", new StartOutcome.Gone());
            assertThat(wire.readChunk()).isEmpty();
            Wire.Got next = wire.get(target("0_inf"));
            assertThat(next.status()).isEqualTo(409);
            assertThat(next.header("content-type")).isEqualTo("application/json; charset=utf-8");
        } finally {
            registry.all().forEach(other -> other.log().free());
        }
    }

    @Test
    void headAndPostAndOldClientsGetStreamsToo() throws IOException { // HTTP-136
        try (TestServer server = server(Duration.ofMillis(200), LONG);
                Wire wire = server.wire()) {
            Wire.Got head = wire.head(target("0_inf"));
            assertThat(head.header("content-type")).isEqualTo("text/event-stream");
            Wire.Got post = wire.post(target("0_inf"), "{}");
            assertThat(post.header("cache-control")).isEqualTo("no-cache");
            assertThat(post.body()).isEmpty();
            commit(500, "a");
            wire.send("GET " + target("0_inf") + " HTTP/1.0\r\n\r\n");
            assertThat(wire.readHead().has("transfer-encoding")).isFalse();
            assertThat(wire.readToEnd()).startsWith("data: {").endsWith("\"500\"}}\n\n");
        }
    }

    @Test
    void eventsComeOverHttp2AsTheyHappenAndNeverCompressed() throws Exception {
        try (TestServer server = server(LONG, LONG);
                Http2Wire wire = new Http2Wire(server.http.port(), 65_535)) {
            wire.get(1, target("0_inf"), "accept-encoding: gzip, zstd, identity;q=0");
            Http2Headers head = wire.headers(wire.next());
            assertThat(head.status()).hasToString("200");
            assertThat(head.get("content-type")).hasToString("text/event-stream");
            assertThat(head.contains("content-encoding")).isFalse();
            assertThat(head.contains("connection")).isFalse();
            for (long lsn = 500; lsn < 505; lsn++) {
                commit(lsn, "x".repeat(5_000));
                StringBuilder events = new StringBuilder();
                while (events.indexOf("\"" + lsn + "\"}}\n\n") < 0) {
                    events.append(wire.next().text());
                }
                assertThat(events).startsWith("data: {\"key\"");
            }
        }
    }

    @Test
    void aClientThatGoesAwayIsForgotten() throws Exception {
        try (TestServer server = server(LONG, LONG)) {
            try (Wire wire = server.wire()) {
                wire.request("GET", target("0_inf")).readHead();
            }
            await().until(() -> server.http.openRequests() == 0);
        }
    }
}
