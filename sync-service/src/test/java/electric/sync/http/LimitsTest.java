package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.http.Http2Wire.Frame;
import electric.sync.http.Wire.Got;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.serve.Answer;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may cost, whatever it does (§1.1). */
@ExtendWith(NoLeaks.class)
final class LimitsTest {
    private static final String LIVE = "/v1/shape?table=items&offset=1_0&handle=h&live=true";
    private static final LogOffset END = new LogOffset(2, 0);
    private static final int WINDOW = 65_535;

    private final List<TestServer> servers = new ArrayList<>();

    private TestServer server(Duration read, Duration send) throws IOException {
        TestServer server =
                new TestServer(settings -> TestServer.with(settings, Duration.ofSeconds(5), read, send, 50));
        server.shapes.known.add("h");
        servers.add(server);
        return server;
    }

    private TestServer server() throws IOException {
        return server(Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        servers.forEach(TestServer::close);
    }

    private static Http2Wire http2(TestServer server) throws IOException {
        return new Http2Wire(server.http.port(), WINDOW);
    }

    private static void nobodyIsInside(TestServer server) {
        await().untilAsserted(() -> assertThat(server.http.openRequests()).isZero());
    }

    // Requests.

    @Test
    void refusesHeadersThatAreTooLongTogether() throws Exception {
        String[] headers = new String[20];
        Arrays.fill(headers, "x: " + "a".repeat(9_000));
        try (Wire wire = server().wire()) {
            Got got = wire.request("GET", "/", headers).readHead();
            assertThat(got.status()).isEqualTo(431);
            assertThat(got.headerLines()).containsExactly("connection: close");
        }
    }

    @Test
    void refusesARequestWithTwoLengths() throws Exception {
        try (Wire wire = server().wire()) {
            wire.request("POST", "/v1/shape?table=items&offset=-1", "content-length: 5", "transfer-encoding: chunked");
            wire.send("0\r\n\r\n").request("GET", "/");
            assertThat(wire.readHead().status()).isEqualTo(400);
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expect: 100-continue", "x: y"})
    void refusesABodyThatIsAnnouncedTooLargeBeforeItComes(String header) throws Exception { // §2.10
        TestServer server = server();
        try (Wire wire = server.wire()) {
            wire.request("POST", "/v1/shape?table=items&offset=-1", "content-length: 8000001", header);
            Got got = wire.read();
            assertThat(got.status()).isEqualTo(413);
            assertThat(got.body()).isEqualTo("{\"error\":\"Request body too large\"}");
            assertThat(got.header("connection")).isEqualTo("close");
            assertThat(wire.readToEnd()).isEmpty();
        }
        nobodyIsInside(server);
    }

    /** Sends a byte whenever nothing has come back for a while, until something does; what came until the end. */
    private static String trickle(TestServer server, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.http.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20);
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            boolean sending = true;
            while (System.nanoTime() < deadline) {
                try {
                    int b = socket.getInputStream().read();
                    if (b < 0) {
                        return got.toString(StandardCharsets.UTF_8);
                    }
                    got.write(b);
                } catch (SocketTimeoutException nothing) {
                    if (sending) {
                        try {
                            socket.getOutputStream().write('1');
                        } catch (IOException closed) {
                            sending = false;
                        }
                    }
                }
            }
            throw new AssertionError("the server lets a client send for ever; it said: " + got);
        }
    }

    @Test
    void waitsForAWholeBodyAsLongAsForSilence() throws Exception {
        TestServer server = server(Duration.ofMillis(300), Duration.ofSeconds(30));
        String got = trickle(
                server, "POST /v1/shape?table=items&offset=-1 HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n");
        assertThat(got).startsWith("HTTP/1.1 400 ").endsWith("{\"error\":\"Failed to read request body\"}");
        nobodyIsInside(server);
    }

    @Test
    void waitsNoLongerForTheRestOfABodyThatNobodyWants() throws Exception {
        TestServer server = server(Duration.ofMillis(300), Duration.ofSeconds(30));
        String got = trickle(server, "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n");
        assertThat(got).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void waitsNoLongerForTheRestOfAHead() throws Exception {
        TestServer server = server(Duration.ofMillis(300), Duration.ofSeconds(30));
        assertThat(trickle(server, "GET / HTTP/1.1\r\nhost: a\r\nx: ")).isEmpty();
    }

    @Test
    void readsOnlyAsMuchOfAllBodiesAsThereIsRoomFor() {
        BodyMemory memory = new BodyMemory(10);
        RequestBody first = new RequestBody(memory, -1);
        RequestBody second = new RequestBody(memory, 6);
        CompletableFuture<byte[]> whole = first.want();
        CompletableFuture<byte[]> refused = second.want();
        first.add(Unpooled.wrappedBuffer(new byte[6]), false);
        second.add(Unpooled.wrappedBuffer(new byte[6]), true);
        assertThat(refused.exceptionNow())
                .isInstanceOfSatisfying(
                        RequestBody.Unreadable.class,
                        unreadable -> assertThat(unreadable.trouble()).isEqualTo(RequestBody.Trouble.NO_ROOM));
        first.add(Unpooled.wrappedBuffer(new byte[4]), true);
        assertThat(whole.resultNow()).hasSize(10);
        assertThat(memory.usedBytes()).isZero();
        RequestBody third = new RequestBody(memory, -1);
        CompletableFuture<byte[]> broken = third.want();
        third.add(Unpooled.wrappedBuffer(new byte[10]), false);
        third.breakOff();
        assertThat(broken).isCompletedExceptionally();
        assertThat(memory.usedBytes()).isZero();
    }

    // Connections.

    @Test
    void tellsClientsToComeAgainWhenAsManyAreThereAsMayBe() throws Exception {
        TestServer server = new TestServer(settings -> TestServer.limited(settings, 1, 1, true));
        servers.add(server);
        int most = 2 + 2 + 100;
        List<Wire> inside = new ArrayList<>();
        try {
            for (int i = 0; i < most; i++) {
                Wire wire = server.wire();
                inside.add(wire);
                assertThat(wire.get("/").status()).isEqualTo(200);
            }
            try (Wire oneTooMany = server.wire()) {
                Got got = oneTooMany.request("GET", "/").readHead();
                assertThat(got.status()).isEqualTo(503);
                assertThat(got.headerLines())
                        .containsExactly("connection: close", "retry-after: 5", "content-length: 0");
                assertThat(oneTooMany.readToEnd()).isEmpty();
            }
            inside.removeFirst().close();
            await().until(() -> server.http.connectionCount() < most);
            try (Wire next = server.wire()) {
                assertThat(next.get("/").status()).isEqualTo(200);
            }
        } finally {
            for (Wire wire : inside) {
                wire.close();
            }
        }
    }

    // HTTP/2.

    @Test
    void refusesTheSameOverHttp2() throws Exception {
        TestServer server = server();
        String[] many = new String[51];
        Arrays.fill(many, "x: y");
        String[] longTogether = new String[16];
        Arrays.fill(longTogether, "x: " + "a".repeat(9_000));
        try (Http2Wire wire = http2(server)) {
            assertThat(wire.get(1, "/?" + "a".repeat(10_000)).status(1)).isEqualTo("414");
            assertThat(wire.get(3, "/", many).status(3)).isEqualTo("431");
            assertThat(wire.get(5, "/", "x: " + "a".repeat(10_000)).status(5)).isEqualTo("431");
            byte[] block = Http2Wire.request("GET", "/", longTogether);
            int part = 16_000;
            wire.send(Http2Wire.HEADERS, Http2Wire.END_STREAM, 7, Arrays.copyOf(block, part));
            for (int at = part; at < block.length; at += part) {
                int to = Math.min(block.length, at + part);
                wire.send(
                        Http2Wire.CONTINUATION,
                        to == block.length ? Http2Wire.END_HEADERS : 0,
                        7,
                        Arrays.copyOfRange(block, at, to));
            }
            assertThat(wire.status(7)).isEqualTo("431");
            assertThat(wire.get(9, "/").status(9)).isEqualTo("200");
        }
    }

    @Test
    void answersWhoSaysNoSensibleLengthOverHttp2() throws Exception {
        TestServer server = server();
        try (Http2Wire wire = http2(server)) {
            wire.get(1, "/", "content-length: x");
            Frame refusal = wire.next();
            assertThat(refusal.type()).isEqualTo(Http2Wire.RST_STREAM);
            assertThat(wire.get(3, "/").status(3)).isEqualTo("200");
        }
    }

    @Test
    void letsOneConnectionHaveAThousandStreamsAndNotOneMore() throws Exception {
        TestServer server = server();
        try (Http2Wire wire = http2(server)) {
            // The server's limit binds from when it was told.
            assertThat(wire.get(1, "/").status(1)).isEqualTo("200");
            for (int i = 0; i < 1_000; i++) {
                wire.get(3 + 2 * i, LIVE);
                server.shapes.nextAsked();
            }
            wire.get(2003, LIVE);
            Frame refused = wire.next(frame -> frame.type() == Http2Wire.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(2003);
            assertThat(refused.code()).as("REFUSED_STREAM").isEqualTo(7);
            assertThat(server.http.openRequests()).isEqualTo(1_000);
        }
        nobodyIsInside(server);
    }

    @Test
    void endsAConnectionThatOpensStreamsOnlyToGiveThemUp() throws Exception {
        TestServer server = server();
        try (Http2Wire wire = http2(server)) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            byte[] request = Http2Wire.request("GET", LIVE);
            for (int stream = 1; stream < 2 * 2_100; stream += 2) {
                frames.writeBytes(Http2Wire.frame(
                        Http2Wire.HEADERS, Http2Wire.END_STREAM | Http2Wire.END_HEADERS, stream, request));
                frames.writeBytes(Http2Wire.reset(stream));
            }
            try {
                wire.sendAll(frames.toByteArray());
            } catch (IOException closedMeanwhile) {
                assertThat(closedMeanwhile).hasMessageMatching(".*(reset|Broken pipe).*");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> server.http.connectionCount() == 0);
        }
        nobodyIsInside(server);
    }

    @Test
    void givesUpAStreamWhoseBodyDoesNotCome() throws Exception {
        TestServer server = server(Duration.ofMillis(300), Duration.ofSeconds(30));
        try (Http2Wire wire = http2(server)) {
            wire.send(
                    Http2Wire.HEADERS,
                    Http2Wire.END_HEADERS,
                    1,
                    Http2Wire.request("POST", "/v1/shape?table=items&offset=-1"));
            assertThat(wire.status(1)).isEqualTo("400");
        }
        nobodyIsInside(server);
    }

    @Test
    void resetsAStreamThatTakesNothing() throws Exception { // HTTP-141
        TestServer server = server(Duration.ofSeconds(60), Duration.ofMillis(300));
        server.shapes.answerWith(
                request -> new Answer.Log("h", request.offset(), END, true, 2, Pieces.of("x".repeat(200_000))));
        try (Http2Wire wire = new Http2Wire(server.http.port(), 0)) {
            assertThat(wire.get(1, LIVE).status(1)).isEqualTo("200");
            Frame reset = wire.next(frame -> frame.type() != Http2Wire.DATA);
            assertThat(reset.type()).isEqualTo(Http2Wire.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(wire.get(3, "/").status(3)).isEqualTo("200");
        }
        nobodyIsInside(server);
    }

    @Test
    void resetsAStreamWhoseLogBreaksOff() throws Exception { // HTTP-142
        TestServer server = server();
        Pieces pieces = new Pieces().add("{\"a\":1}");
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (Http2Wire wire = http2(server)) {
            assertThat(wire.get(1, LIVE).status(1)).isEqualTo("200");
            assertThat(wire.next().text()).isEqualTo("[{\"a\":1}");
            pieces.end(ByteSource.State.BROKEN);
            Frame end = wire.next();
            assertThat(end.type()).isEqualTo(Http2Wire.RST_STREAM);
            assertThat(wire.get(3, "/").status(3)).isEqualTo("200");
        }
    }

    @Test
    void endsAnHttp2ConnectionOnWhichNothingHappens() throws Exception {
        TestServer server = server(Duration.ofMillis(300), Duration.ofSeconds(30));
        try (Http2Wire wire = http2(server)) {
            assertThat(wire.get(1, "/").status(1)).isEqualTo("200");
            wire.readToEnd();
        }
    }
}
