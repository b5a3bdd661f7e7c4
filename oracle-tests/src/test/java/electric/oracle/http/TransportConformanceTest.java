package electric.oracle.http;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import electric.sync.ops.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport and routing: HTTP §1.1 to §1.4 and §1.9, HTTP-001 … HTTP-015. */
class TransportConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @RegisterExtension
    static final RunningServer secured =
            RunningServer.start(Map.of("ELECTRIC_INSECURE", "false", "ELECTRIC_SECRET", "open sesame"));

    private static final List<String> ALIASES =
            List.of("/v1/shape", "/v1/shape/", "/v1//shape", "//v1/shape", "/v1/%73hape", "/%76%31/shape");
    private static final String START = "?table=items&offset=-1";

    private final Client client = new Client(server);
    private final Client stranger = new Client(secured);

    @BeforeAll
    static void makeTable() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY, v text)", "INSERT INTO items VALUES (1, 'one')");
    }

    /** One answer of every kind. */
    private List<Got> everyKind() {
        Got start = client.shape("table=items&offset=-1");
        return List.of(
                start,
                client.get("/"),
                client.get("/v1/health"),
                client.get("/nowhere"),
                client.ask("HEAD", "/v1/shape" + START),
                client.ask("OPTIONS", "/v1/shape"),
                client.shape("table=items&offset=-1", "if-none-match: " + start.header("etag")),
                client.shape("table=items&offset=x"),
                client.shape("table=items&offset=0_0&handle=1-1"),
                client.shape("table=items&offset=-1&subset__limit=0"),
                client.post("table=items&offset=-1", "[]"),
                client.delete("handle=1-1"),
                stranger.shape("table=items&offset=-1"));
    }

    @Test
    void http001ListensOnThePortItIsTold() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RunningServer told = RunningServer.start(Map.of("ELECTRIC_PORT", Integer.toString(port)));
                Wire wire = new Wire(port)) {
            assertThat(wire.get("/").status()).isEqualTo(200);
            assertThat(told.app().port()).isEqualTo(port);
        }
    }

    /** That port may be taken where tests run, so nobody listens. */
    @Test
    void http001ListensOn3000WhenItIsToldNothing() {
        Settings settings =
                Settings.read(Map.of("DATABASE_URL", "postgresql://u@localhost/db", "ELECTRIC_INSECURE", "true"));
        assertThat(settings.http().port()).isEqualTo(3000);
    }

    @Test
    void http002ClosesAfterFiftyRequestsWithoutLosingAnAnswer() throws IOException {
        try (Wire wire = server.wire()) {
            for (int i = 1; i < 50; i++) {
                Got got = wire.get("/v1/shape" + START);
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.has("connection")).isFalse();
            }
            Got last = wire.get("/v1/shape" + START);
            assertThat(last.body()).endsWith("]");
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void http002AnswersFiftyOfMoreThatArePipelined() throws IOException {
        try (Wire wire = server.wire()) {
            wire.send(("GET /v1/shape" + START + " HTTP/1.1\r\nhost: test\r\n\r\n").repeat(60));
            for (int i = 1; i <= 50; i++) {
                assertThat(wire.read().body()).endsWith("]");
            }
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void http002ServesWithoutEndWhereToldTo() throws IOException {
        try (RunningServer endless = RunningServer.start(Map.of("ELECTRIC_TWEAKS_CONN_MAX_REQUESTS", "0"));
                Wire wire = endless.wire()) {
            for (int i = 0; i < 60; i++) {
                assertThat(wire.get("/").has("connection")).isFalse();
            }
        }
    }

    private static void assertBare(Wire wire, int status) throws IOException {
        Got got = wire.readHead();
        assertThat(got.version()).isEqualTo("HTTP/1.0");
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.headerLines()).containsExactly("connection: close");
        assertThat(wire.readToEnd()).isEmpty();
    }

    @Test
    void http003RefusesARequestLineOfMoreThanTenThousandBytes() throws IOException {
        String start = "GET /v1/health?";
        String end = " HTTP/1.1";
        String longest = start + "a".repeat(10_000 - start.length() - end.length()) + end;
        try (Wire wire = server.wire()) {
            wire.send(longest + "\r\nhost: test\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(200);
        }
        try (Wire wire = server.wire()) {
            assertBare(wire.send(longest.replace("?", "?a") + "\r\nhost: test\r\n\r\n"), 414);
        }
    }

    @Test
    void http003RefusesAHeaderLineOfMoreThanTenThousandBytes() throws IOException {
        String longest = "x: " + "a".repeat(10_000 - 3);
        assertThat(client.get("/", longest).status()).isEqualTo(200);
        try (Wire wire = server.wire()) {
            assertBare(wire.request("GET", "/", longest + "a"), 431);
        }
    }

    @Test
    void http003RefusesMoreThanFiftyHeaderLines() throws IOException {
        // The connection sends one itself: host.
        String[] most = Collections.nCopies(49, "x: y").toArray(String[]::new);
        assertThat(client.get("/", most).status()).isEqualTo(200);
        String[] tooMany = Collections.nCopies(50, "x: y").toArray(String[]::new);
        try (Wire wire = server.wire()) {
            assertBare(wire.request("GET", "/", tooMany), 431);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"})
    void http003RefusesWhatIsNoRequestInTheSameWay(String text) throws IOException {
        try (Wire wire = server.wire()) {
            assertBare(wire.send(text), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void http004TellsAnyoneThatItIsThere(String method) {
        Got got = stranger.ask(method, "/");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("content-length")).isEqualTo("0");
        assertThat(got.body()).isEmpty();
    }

    private static final List<String> UNROUTED = List.of(
            "GET /v1/unknown",
            "PUT /v1/shape",
            "PATCH /v1/shape",
            "TRACE /v1/shape",
            "POST /v1/health",
            "DELETE /v1/health",
            "OPTIONS /v1/health",
            "OPTIONS /",
            "POST /",
            "GET /v1",
            "GET /metrics");

    @Test
    void http005AnswersNotFoundToWhateverHasNoRoute() {
        for (String line : UNROUTED) {
            String[] words = line.split(" ", -1);
            Got got = stranger.ask(words[0], words[1]);
            assertThat(got.status()).as(line).isEqualTo(404);
            assertThat(got.body()).as(line).isEqualTo("Not found");
            assertThat(got.has("content-type")).as(line).isFalse();
        }
    }

    @Test
    void http006SaysMethodNotAllowedOnlyOfADisabledDelete() {
        Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
                .flatMap(method -> Stream.of("/", "/v1/shape" + START, "/v1/health", "/nowhere")
                        .map(target -> client.ask(method, target).status()))
                .forEach(status -> assertThat(status).isNotEqualTo(405));
        try (RunningServer closed = RunningServer.start(Map.of("ELECTRIC_ENABLE_INTEGRATION_TESTING", "false"))) {
            assertThat(new Client(closed).delete("handle=1-1").status()).isEqualTo(405);
        }
    }

    /** All but those that differ between any two answers. */
    private static Set<String> lasting(Got got) {
        return got.headerLines().stream()
                .filter(line -> !line.startsWith("date:") && !line.startsWith("x-request-id:"))
                .collect(toSet());
    }

    @Test
    void http007AnswersHeadAsGetWithoutABody() throws IOException {
        client.shape("table=items&offset=-1");
        String end = "/v1/shape?" + client.upToDate("table=items");
        for (String target : List.of(
                "/",
                "/v1/health",
                "/nowhere",
                "/v1/shape" + START,
                end,
                "/v1/shape?table=items&offset=x",
                "/v1/shape?table=items&offset=0_0&handle=1-1",
                "/v1/shape?table=items&offset=-1&subset__limit=1")) {
            try (Wire wire = server.wire()) {
                Got head = wire.head(target);
                // What follows is the next answer, not a body.
                Got get = wire.get(target);
                assertThat(head.status()).as(target).isEqualTo(get.status());
                assertThat(lasting(head)).as(target).isEqualTo(lasting(get));
                assertThat(get.body().isEmpty()).as(target).isEqualTo(target.equals("/"));
            }
        }
    }

    @Test
    void http007AHeadMakesAShapeToo() {
        server.sql("CREATE TABLE headed (id int PRIMARY KEY)");
        Got head = client.ask("HEAD", "/v1/shape?table=headed&offset=-1");
        assertThat(head.header("electric-handle")).isEqualTo(client.handle("table=headed"));
    }

    @Test
    void http008FindsTheShapeEndpointByEachOfItsNames() {
        String handle = client.handle("table=items");
        for (String alias : ALIASES) {
            Got got = client.get(alias + START);
            assertThat(got.status()).as(alias).isEqualTo(200);
            assertThat(got.header("electric-handle")).as(alias).isEqualTo(handle);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1%2Fshape", "/V1/shape", "/v1/Shape", "/v1/shape/x", "/v1/sh%zzape", "/v1/%", "/%ff"})
    void http009FindsNothingByOtherNames(String path) {
        Got got = client.get(path + START);
        assertThat(got.status()).isEqualTo(404);
        assertThat(got.body()).isEqualTo("Not found");
    }

    @Test
    void http010AsksForTheSecretUnderEachName() {
        for (String alias : ALIASES) {
            for (String method : List.of("GET", "HEAD", "POST", "DELETE")) {
                assertThat(stranger.ask(method, alias + START).status())
                        .as(method + " " + alias)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void http011ListsTheFiveMethodsUnderEachName() {
        for (String alias : ALIASES) {
            for (String method : List.of("GET", "HEAD", "OPTIONS", "DELETE")) {
                assertThat(client.ask(method, alias + "?offset=-1").header("access-control-allow-methods"))
                        .as(method + " " + alias)
                        .isEqualTo("GET, POST, HEAD, DELETE, OPTIONS");
            }
        }
    }

    @Test
    void http012TellsWhoAnswersWhatAndWhen() {
        for (Got got : everyKind()) {
            assertThat(got.header("electric-server")).as(got.toString()).matches("ElectricSQL/\\d+\\.\\d+\\.\\d+");
            assertThat(got.header("x-request-id")).as(got.toString()).hasSizeBetween(20, 200);
            assertThat(got.header("date"))
                    .as(got.toString())
                    .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
            if (got.status() != 204) {
                assertThat(got.header("vary")).as(got.toString()).isEqualTo("accept-encoding");
            }
        }
    }

    @Test
    void http013EchoesARequestIdOfTwentyToTwoHundredBytes() {
        for (int length : new int[] {20, 200}) {
            String id = "r".repeat(length);
            assertThat(client.get("/", "x-request-id: " + id).header("x-request-id"))
                    .isEqualTo(id);
        }
        for (int length : new int[] {1, 19, 201}) {
            String id = "r".repeat(length);
            assertThat(client.get("/", "x-request-id: " + id).header("x-request-id"))
                    .isNotEqualTo(id)
                    .hasSizeBetween(20, 200);
        }
        assertThat(client.get("/").header("x-request-id"))
                .isNotEqualTo(client.get("/").header("x-request-id"));
    }

    @Test
    void http014KeepsCachesFromWhatNoRuleSpeaksOf() {
        for (Got got : List.of(
                client.get("/"),
                client.get("/nowhere"),
                client.ask("PUT", "/v1/shape"),
                client.post("table=items&offset=-1", "[]"),
                client.post("table=items&offset=-1", "{"),
                stranger.shape("table=items&offset=-1"))) {
            assertThat(got.header("cache-control")).as(got.toString()).isEqualTo("max-age=0, private, must-revalidate");
            assertThat(got.has("surrogate-control")).isFalse();
        }
    }

    @Test
    void http015RefusesAQueryThatIsNotUtf8BeforeItAsksForTheSecret() throws IOException {
        for (String target : List.of("/v1/shape?table=%ff&offset=-1", "/v1/shape?%c3=1", "/v1/health?x=%ff")) {
            try (Wire wire = secured.wire()) {
                assertBare(wire.request("GET", target), 400);
            }
        }
        for (String target : List.of("/?x=%ff", "/nowhere?x=%ff")) {
            assertThat(stranger.get(target).status()).as(target).isIn(200, 404);
        }
    }

    @Test
    void http015TakesAPercentSignThatMeansNothingAsItIs() {
        assertThat(client.refused("table=it%zz&offset=-1"))
                .isEqualTo("{\"table\":[\"Invalid unquoted identifier contains special characters: it%zz\"]}");
        assertThat(client.get("/v1/sh%zzape").status()).isEqualTo(404);
    }
}
