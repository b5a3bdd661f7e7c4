package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.http.Wire.Got;
import electric.sync.log.LogOffset;
import electric.sync.serve.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ConnectionTest {
    private static final String LIVE = "/v1/shape?table=items&offset=1_0&handle=h&live=true";
    private static final LogOffset END = new LogOffset(2, 0);

    private final List<AutoCloseable> open = new ArrayList<>();

    private TestServer server(Duration read, Duration send, int perConnection) throws IOException {
        TestServer server =
                new TestServer(settings -> TestServer.with(settings, Duration.ofSeconds(5), read, send, perConnection));
        open.add(server);
        return server;
    }

    private TestServer server() throws IOException {
        return server(Duration.ofSeconds(60), Duration.ofSeconds(30), 50);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable server : open) {
            server.close();
        }
    }

    private static Answer log(String... pieces) {
        return new Answer.Log("h", new LogOffset(1, 0), END, true, 2, Pieces.of(pieces));
    }

    private static Answer noData() {
        return new Answer.NoData("h", new LogOffset(1, 0), false, END, 2);
    }

    // HTTP-002
    @Test
    void announcesTheLastOfAsManyRequestsAsAConnectionMayCarry() throws Exception {
        try (Wire wire = server().wire()) {
            for (int i = 1; i < 50; i++) {
                assertThat(wire.get("/").has("connection")).isFalse();
            }
            assertThat(wire.get("/").header("connection")).isEqualTo("close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    // HTTP-002
    @Test
    void losesNoAnswerWhenMoreRequestsArePipelinedThanItServes() throws Exception {
        try (Wire wire = server().wire()) {
            wire.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(80));
            for (int i = 1; i <= 50; i++) {
                assertThat(wire.read().status()).isEqualTo(200);
            }
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void servesWithoutEndWhereThereIsNoLimit() throws Exception {
        try (Wire wire =
                server(Duration.ofSeconds(60), Duration.ofSeconds(30), 0).wire()) {
            wire.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(500));
            for (int i = 1; i <= 500; i++) {
                assertThat(wire.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        TestServer server = server();
        try (Wire wire = server.wire()) {
            wire.request("GET", LIVE)
                    .request("GET", "/v1/health")
                    .request("HEAD", "/v1/health")
                    .request("GET", "/nowhere");
            FakeShapes.Asked asked = server.shapes.nextAsked();
            asked.answer(log("{\"a\":1}"));
            assertThat(wire.read().body()).contains("{\"a\":1}");
            assertThat(wire.read().body()).contains("active");
            assertThat(wire.readHead().status()).isEqualTo(200);
            assertThat(wire.read().body()).isEqualTo("Not found");
        }
    }

    @Test
    void letsOneRequestWaitWithoutHoldingUpOthers() throws Exception {
        TestServer server = server();
        List<Wire> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(server.wire().request("GET", LIVE));
            server.shapes.nextAsked();
        }
        assertThat(server.get("/").status()).isEqualTo(200);
        for (Wire wire : held) {
            wire.close();
        }
    }

    // HTTP-003
    @Test
    void refusesALineThatIsTooLong() throws Exception {
        TestServer server = server();
        String start = "GET /?";
        String end = " HTTP/1.1";
        String longest = start + "a".repeat(10_000 - start.length() - end.length()) + end;
        try (Wire wire = server.wire()) {
            assertThat(wire.send(longest + "\r\nhost: a\r\n\r\n").read().status())
                    .isEqualTo(200);
        }
        try (Wire wire = server.wire()) {
            wire.send(longest.replace("?", "?a") + "\r\nhost: a\r\n\r\n");
            Got got = wire.readHead();
            assertThat(got.version()).isEqualTo("HTTP/1.0");
            assertThat(got.status()).isEqualTo(414);
            assertThat(got.headerLines()).containsExactly("connection: close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    // HTTP-003
    @Test
    void refusesHeadersThatAreTooLongOrTooMany() throws Exception {
        TestServer server = server();
        assertThat(server.get("/", "x: " + "a".repeat(10_000 - 3)).status()).isEqualTo(200);
        String[] many = new String[49];
        java.util.Arrays.fill(many, "x: y");
        assertThat(server.get("/", many).status()).isEqualTo(200);
        for (String[] headers : new String[][] {
            {"x: " + "a".repeat(10_000 - 2)},
            String.join("!", many).concat("!x: y").split("!", -1),
        }) {
            try (Wire wire = server.wire()) {
                Got got = wire.request("GET", "/", headers).readHead();
                assertThat(got.status()).isEqualTo(431);
                assertThat(got.headerLines()).containsExactly("connection: close");
                assertThat(wire.readToEnd()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTX/1.1\r\nhost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n",
                "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n"
            })
    void refusesWhatIsNoRequest(String text) throws Exception {
        try (Wire wire = server().wire()) {
            Got got = wire.send(text).readHead();
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.version()).isEqualTo("HTTP/1.0");
            assertThat(got.headerLines()).containsExactly("connection: close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void speaksHttp10() throws Exception {
        TestServer server = server();
        try (Wire wire = server.wire()) {
            Got got = wire.send("GET / HTTP/1.0\r\n\r\n").read();
            assertThat(got.header("connection")).isEqualTo("close");
            assertThat(wire.readToEnd()).isEmpty();
        }
        try (Wire wire = server.wire()) {
            server.shapes.answerWith(request -> log("{\"a\":1}"));
            Got got = wire.send("GET " + LIVE + " HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
                    .readHead();
            assertThat(got.has("transfer-encoding")).isFalse();
            assertThat(wire.readToEnd()).startsWith("[{\"a\":1},\n{").endsWith("}]");
        }
    }

    @Test
    void waitsForTheRestOfALine() throws Exception {
        try (Wire wire = server().wire()) {
            wire.send("GET / HT").send("TP/1.1\r\nho").send("st: a\r\n").send("\r\n");
            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    @Test
    void closesAConnectionThatStaysSilent() throws Exception {
        TestServer server = server(Duration.ofSeconds(1), Duration.ofSeconds(30), 50);
        try (Wire never = server.wire();
                Wire half = server.wire().send("GET / HTTP/1.1\r\nho");
                Wire once = server.wire()) {
            assertThat(once.get("/").status()).isEqualTo(200);
            assertThat(never.readToEnd()).isEmpty();
            assertThat(half.readToEnd()).isEmpty();
            assertThat(once.readToEnd()).isEmpty();
        }
    }

    @Test
    void doesNotTakeWaitingForSilence() throws Exception {
        TestServer server = server(Duration.ofMillis(500), Duration.ofSeconds(30), 50);
        try (Wire waiting = server.wire().request("GET", LIVE);
                Wire silent = server.wire()) {
            FakeShapes.Asked asked = server.shapes.nextAsked();
            // Once a connection that became silent later has been closed, the time is over for the waiting one too.
            assertThat(silent.readToEnd()).isEmpty();
            asked.answer(noData());
            assertThat(waiting.read().status()).isEqualTo(200);
        }
    }

    // HTTP-258, §7.3
    @Test
    void abandonsTheRequestOfAClientThatHasGone() throws Exception {
        TestServer server = server();
        FakeShapes.Asked asked;
        try (Wire wire = server.wire().request("GET", LIVE)) {
            asked = server.shapes.nextAsked();
            assertThat(server.http.admission().admitted(Admission.Kind.INITIAL)).isEqualTo(1);
            wire.send("");
        }
        await().untilAsserted(() -> assertThat(asked.abandoned()).hasValue(1));
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                .isZero());
        Pieces late = Pieces.of("{}");
        asked.answer(new Answer.Log("h", END, END, true, 2, late));
        await().untilAsserted(() -> assertThat(late.closed()).isEqualTo(1));
    }

    // HTTP-141
    @Test
    void takesNoMoreFromTheLogThanASlowClientTakes() throws Exception {
        TestServer server = server();
        Pieces pieces = new Pieces();
        String piece = "x".repeat(100_000);
        for (int i = 0; i < 500; i++) {
            pieces.add(piece);
        }
        pieces.end(electric.sync.log.ByteSource.State.ENDED);
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (Wire wire = new Wire(server.http.port(), 8 * 1024).request("GET", LIVE)) {
            assertThat(wire.readHead().status()).isEqualTo(200);
            int before;
            do {
                before = pieces.taken();
                assertThat(server.get("/").status()).isEqualTo(200);
            } while (pieces.taken() != before);
            assertThat(before).isLessThan(250);
            long length = 0;
            for (byte[] chunk = wire.readChunk(); chunk.length > 0; chunk = wire.readChunk()) {
                assertThat(chunk.length).isLessThanOrEqualTo(256 * 1024);
                length += chunk.length;
            }
            assertThat(length).isEqualTo(500L * 100_000 + 2);
            await().untilAsserted(() -> assertThat(pieces.closed()).isEqualTo(1));
        }
    }

    // HTTP-141
    @Test
    void breaksOffWhenAClientStopsReading() throws Exception {
        TestServer server = server(Duration.ofSeconds(60), Duration.ofMillis(300), 50);
        Pieces pieces = new Pieces();
        String piece = "x".repeat(100_000);
        for (int i = 0; i < 500; i++) {
            pieces.add(piece);
        }
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (Wire wire = new Wire(server.http.port(), 8 * 1024).request("GET", LIVE)) {
            await().untilAsserted(() -> assertThat(pieces.closed()).isEqualTo(1));
            await().untilAsserted(
                            () -> assertThat(server.http.connectionCount()).isZero());
            await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.EXISTING))
                    .isZero());
            assertThatThrownBy(wire::read).isInstanceOf(IOException.class);
        }
    }

    // HTTP-142
    @Test
    void neverEndsAnAnswerWhoseLogBrokeOff() throws Exception {
        TestServer server = server();
        Pieces pieces = new Pieces().add("{\"a\":1}");
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (Wire wire = server.wire().request("GET", LIVE)) {
            assertThat(wire.readHead().status()).isEqualTo(200);
            assertThat(wire.readChunk()).isNotEmpty();
            pieces.end(electric.sync.log.ByteSource.State.BROKEN);
            assertThatThrownBy(wire::readChunk).isInstanceOf(IOException.class);
            await().untilAsserted(() -> assertThat(pieces.closed()).isEqualTo(1));
        }
    }

    @Test
    void sendsWhatComesWhileItComes() throws Exception {
        TestServer server = server();
        Pieces pieces = new Pieces().add("{\"a\":1}");
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (Wire wire = server.wire().request("GET", LIVE)) {
            wire.readHead();
            assertThat(wire.readChunk()).asString().isEqualTo("[{\"a\":1}");
            await().until(pieces::isAwaited);
            pieces.add(",{\"a\":2}");
            assertThat(wire.readChunk()).asString().isEqualTo(",{\"a\":2}");
            await().until(pieces::isAwaited);
            pieces.end(electric.sync.log.ByteSource.State.ENDED);
            assertThat(wire.readChunk()).asString().isEqualTo("]");
            assertThat(wire.readChunk()).isEmpty();
        }
    }

    // HTTP/2

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).build();
    }

    private static HttpRequest request(TestServer server, String target) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.http.port() + target))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void servesBothVersionsOnOnePort(HttpClient.Version version) throws Exception {
        TestServer server = server();
        server.shapes.answerWith(asked -> log("{\"a\":1},", "x".repeat(300_000)));
        try (HttpClient client = client(version)) {
            for (int i = 0; i < 60; i++) {
                HttpResponse<String> got = client.send(request(server, LIVE), HttpResponse.BodyHandlers.ofString());
                assertThat(got.version()).isEqualTo(version);
                assertThat(got.statusCode()).isEqualTo(200);
                assertThat(got.body()).startsWith("[{\"a\":1},x").endsWith("}]");
                assertThat(got.headers().firstValue("electric-up-to-date")).hasValue("");
                if (version == HttpClient.Version.HTTP_2) {
                    assertThat(got.headers().map()).doesNotContainKeys("transfer-encoding", "connection");
                }
            }
            HttpResponse<String> missing =
                    client.send(request(server, "/nowhere"), HttpResponse.BodyHandlers.ofString());
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).isEqualTo("Not found");
        }
    }

    @Test
    void holdsManyStreamsOfOneConnectionAndAbandonsTheResetOnes() throws Exception {
        TestServer server = server();
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            client.send(request(server, "/"), HttpResponse.BodyHandlers.ofString());
            List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
            List<FakeShapes.Asked> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                held.add(client.sendAsync(request(server, LIVE), HttpResponse.BodyHandlers.ofString()));
                asked.add(server.shapes.nextAsked());
            }
            assertThat(server.http.connectionCount()).isEqualTo(1);
            held.get(3).cancel(true);
            await().untilAsserted(() -> assertThat(asked.get(3).abandoned()).hasValue(1));
            asked.forEach(one -> one.answer(noData()));
            for (int i = 0; i < 20; i++) {
                if (i != 3) {
                    assertThat(held.get(i).get().statusCode()).isEqualTo(200);
                }
            }
            await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.EXISTING))
                    .isZero());
        }
    }

    @Test
    void givesAStreamAnErrorWhenTheLogBreaksOff() throws Exception {
        TestServer server = server();
        Pieces pieces = new Pieces().add("{\"a\":1}");
        server.shapes.answerWith(request -> new Answer.Log("h", END, END, false, 2, pieces));
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            client.send(request(server, "/"), HttpResponse.BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> held =
                    client.sendAsync(request(server, LIVE), HttpResponse.BodyHandlers.ofString());
            await().until(pieces::isAwaited);
            pieces.end(electric.sync.log.ByteSource.State.BROKEN);
            assertThatThrownBy(held::get).hasRootCauseInstanceOf(IOException.class);
            assertThat(client.send(request(server, "/"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
