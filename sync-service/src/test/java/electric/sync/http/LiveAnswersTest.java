package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.http.Wire.Got;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.serve.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LiveAnswersTest {
    private static final String LIVE = "/v1/shape?table=items&offset=1_0&handle=h-1&live=true&cursor=57110400";

    /** Who says so much about codings is answered by the ordinary way. */
    private static final String ORDINARY = "accept-encoding: identity;q=1";

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Answer.Log log(LogOffset requested, long end, Pieces items) {
        return new Answer.Log("h-1", requested, new LogOffset(end, 0), true, end, items);
    }

    // HTTP-160
    @Test
    void givesEachClientItsOwnLinesAndAllTheSameItems() throws Exception {
        int clients = 20;
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            wires.add(server.wire()
                    .request("GET", LIVE, "origin: https://app-" + i, "x-request-id: the-request-with-number-" + i));
        }
        List<Pieces> items = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Pieces own = Pieces.of("{\"a\":1}", ",\n{\"a\":2}");
            items.add(own);
            FakeShapes.Asked asked = server.shapes.nextAsked();
            asked.answer(log(asked.request().offset(), 2, own));
        }
        for (int i = 0; i < clients; i++) {
            Got got = wires.get(i).read();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.header("access-control-allow-origin")).isEqualTo("https://app-" + i);
            assertThat(got.header("x-request-id")).isEqualTo("the-request-with-number-" + i);
            assertThat(got.body())
                    .isEqualTo("[{\"a\":1},\n{\"a\":2},\n{\"headers\":{\"control\":\"up-to-date\","
                            + "\"global_last_seen_lsn\":\"2\"}}]");
        }
        assertThat(items).allMatch(own -> own.closed() == 1);
        assertThat(items.stream().filter(own -> own.taken() > 0).count())
                .as("how often the items were read")
                .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        for (Wire wire : wires) {
            wire.close();
        }
    }

    @Test
    void saysWhatAnAnswerOfItsOwnSays() throws Exception {
        server.shapes.answerWith(request -> log(request.offset(), 2, Pieces.of("{\"a\":1}")));

        Got shared = server.get(LIVE, "x-request-id: the-same-request-every-time");
        Got own = server.get(LIVE, "x-request-id: the-same-request-every-time", ORDINARY);

        assertThat(shared.body()).isEqualTo(own.body());
        assertThat(shared.headerLines()).containsExactlyInAnyOrderElementsOf(own.headerLines());
    }

    @Test
    void isMadeAnewForAnotherPlaceAnotherEndAndAnotherShape() throws Exception {
        try (Wire wire = server.wire()) {
            for (int end = 2; end < 5; end++) {
                long to = end;
                server.shapes.answerWith(request -> log(request.offset(), to, Pieces.of("{\"a\":" + to + "}")));
                for (int from = 0; from < 2; from++) {
                    Got got = wire.get(LIVE.replace("1_0", "1_" + from));
                    assertThat(got.header("etag")).isEqualTo("\"h-1:1_" + from + ":" + end + "_0\"");
                    assertThat(got.body()).startsWith("[{\"a\":" + end + "}");
                }
            }
            server.shapes.answerWith(request ->
                    new Answer.Log("h-2", request.offset(), new LogOffset(4, 0), true, 4, Pieces.of("{\"b\":4}")));
            Got other = wire.get(LIVE.replace("h-1", "h-2"));
            assertThat(other.header("electric-handle")).isEqualTo("h-2");
            assertThat(other.body()).startsWith("[{\"b\":4}");
        }
    }

    @Test
    void goesOnWithTheConnectionAndEndsItWhereAsked() throws Exception {
        server.shapes.answerWith(request -> log(request.offset(), 2, Pieces.of("{\"a\":1}")));
        try (Wire wire = server.wire()) {
            wire.request("GET", LIVE).request("HEAD", LIVE).request("GET", LIVE, "connection: close");
            assertThat(wire.read().has("connection")).isFalse();
            assertThat(wire.readHead().status()).isEqualTo(200);
            assertThat(wire.read().header("connection")).isEqualTo("close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void isWrittenFromTheLogWhenItIsLarge() throws Exception {
        String large = "{\"a\":\"" + "x".repeat(100_000) + "\"}";
        server.shapes.answerWith(request -> log(request.offset(), 2, Pieces.of(large)));

        assertThat(server.get(LIVE).body()).startsWith("[" + large + ",\n").endsWith("}}]");
    }

    // HTTP-266
    @Test
    void breaksOffWhenTheLogIsNoMore() throws Exception {
        server.shapes.answerWith(request ->
                log(request.offset(), 2, new Pieces().add("{\"a\":1}").end(ByteSource.State.BROKEN)));
        try (Wire wire = server.wire()) {
            wire.request("GET", LIVE);
            assertThatThrownBy(wire::read).isInstanceOf(IOException.class);
        }
    }
}
