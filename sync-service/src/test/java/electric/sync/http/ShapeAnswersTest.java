package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.http.Wire.Got;
import electric.sync.ingest.Readiness.Condition;
import electric.sync.log.LogOffset;
import electric.sync.serve.Answer;
import electric.sync.serve.ShapeRequest;
import electric.sync.serve.ShapeServer.Deletion;
import electric.sync.serve.Subset;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ShapeAnswersTest {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String START = "/v1/shape?table=items&offset=-1";
    private static final String LATER = "/v1/shape?table=items&offset=0_02&handle=h-1";
    private static final String LIVE = LATER + "&live=true&cursor=57110400";
    private static final String UP_TO_DATE =
            "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"18446744073709551615\"}}";
    private static final LogOffset END = new LogOffset(26734500, 2);

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(settings -> TestServer.with(
                TestServer.limited(settings, 2, 2, true),
                Duration.ofMillis(300),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                50));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answerWithLog(boolean upToDate, String... pieces) {
        server.shapes.answerWith(
                request -> new Answer.Log("h-1", request.offset(), END, upToDate, -1L, Pieces.of(pieces)));
    }

    // HTTP-107, HTTP-109, HTTP-121, HTTP-130, HTTP-138, HTTP-139
    @Test
    void answersFromTheStart() throws Exception {
        answerWithLog(false, "{\"a\":1}", ",{\"a\":2}");
        Got got = server.get(START);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("[{\"a\":1},{\"a\":2}]");
        assertThat(got.header("transfer-encoding")).isEqualTo("chunked");
        assertThat(got.header("content-type")).isEqualTo(JSON);
        assertThat(got.header("electric-handle")).isEqualTo("h-1");
        assertThat(got.header("electric-offset")).isEqualTo("26734500_2");
        assertThat(got.header("electric-has-data")).isEqualTo("true");
        assertThat(got.header("electric-schema")).isEqualTo("{\"id\":{},\"value\":{}}");
        assertThat(got.header("etag")).isEqualTo("\"h-1:-1:26734500_2\"");
        assertThat(got.header("cache-control"))
                .isEqualTo("public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746");
        assertThat(got.has("electric-up-to-date")).isFalse();
        assertThat(got.has("electric-cursor")).isFalse();
        assertThat(got.headerLines()).noneMatch(line -> line.matches("(location|electric-chunk|electric-shape-id).*"));
    }

    // HTTP-109, HTTP-131, HTTP-121
    @Test
    void endsWithAnUpToDateItemAtTheEndOfTheLog() throws Exception {
        answerWithLog(true, "{\"a\":1}");
        Got got = server.get(LATER);
        assertThat(got.body()).isEqualTo("[{\"a\":1},\n" + UP_TO_DATE + "]");
        assertThat(got.header("electric-up-to-date")).isEmpty();
        assertThat(got.header("etag")).isEqualTo("\"h-1:0_2:26734500_2\"");
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=1, stale-while-revalidate=3");
        answerWithLog(true);
        assertThat(server.get(LATER).body()).isEqualTo("[" + UP_TO_DATE + "]");
    }

    // HTTP-140
    @Test
    void answersAnEmptyLogWithAnEmptyArray() throws Exception {
        answerWithLog(false);
        assertThat(server.get(LATER).body()).isEqualTo("[]");
    }

    // HTTP-108, HTTP-113, HTTP-132
    @Test
    void answersALiveRequest() throws Exception {
        answerWithLog(true, "{\"a\":1}");
        Got got = server.get(LIVE);
        assertThat(got.header("electric-cursor")).isEqualTo("57110420");
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=5, stale-while-revalidate=5");
        assertThat(got.has("electric-schema")).isFalse();
        assertThat(got.header("electric-offset")).isEqualTo("26734500_2");
    }

    // HTTP-110, HTTP-123, HTTP-139
    @Test
    void answersWhenNothingHappened() throws Exception {
        server.shapes.answerWith(request -> new Answer.NoData("h-1", request.offset(), request.now(), END, -1L));
        Got got = server.get(LIVE);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("[" + UP_TO_DATE + "]");
        assertThat(got.header("content-length"))
                .isEqualTo(Integer.toString(got.body().length()));
        assertThat(got.header("electric-has-data")).isEqualTo("false");
        assertThat(got.header("electric-up-to-date")).isEmpty();
        assertThat(got.header("electric-cursor")).isEqualTo("57110420");
        assertThat(got.header("etag")).matches("\"h-1:0_2:26734500_2:\\d+\"");
        assertThat(server.get(LIVE).header("etag")).isNotEqualTo(got.header("etag"));
        Got now = server.get("/v1/shape?table=items&offset=now&handle=x");
        assertThat(now.header("etag")).matches("\"h-1:now:26734500_2:\\d+\"");
        assertThat(now.header("electric-schema")).isEqualTo("{\"id\":{},\"value\":{}}");
        assertThat(now.header("cache-control")).isEqualTo("public, max-age=1, stale-while-revalidate=3");
        assertThat(now.has("electric-cursor")).isFalse();
        assertThat(server.shapes.requests.getLast().now()).isTrue();
        assertThat(server.shapes.requests.getLast().handle()).isNull();
    }

    // HTTP-007
    @ParameterizedTest
    @ValueSource(strings = {START, LATER, LIVE, "/v1/shape", "/v1/health", "/"})
    void answersHeadLikeGetWithoutABody(String target) throws Exception {
        Pieces pieces = Pieces.of("{\"a\":1}");
        server.shapes.answerWith(request -> new Answer.Log("h-1", request.offset(), END, true, 5, pieces));
        Got get = server.get(target);
        try (Wire wire = server.wire()) {
            Got head = wire.head(target);
            assertThat(head.status()).isEqualTo(get.status());
            assertThat(head.headerLines().stream().filter(line -> !line.startsWith("x-request-id")))
                    .containsExactlyInAnyOrderElementsOf(get.headerLines().stream()
                            .filter(line -> !line.startsWith("x-request-id"))
                            .toList());
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
        await().untilAsserted(() -> assertThat(pieces.closed()).isEqualTo(server.shapes.requests.size()));
    }

    // HTTP-124, HTTP-125, HTTP-127, HTTP-137
    @Test
    void saysThatNothingChanged() throws Exception {
        server.shapes.answerWith(request -> new Answer.NotModified("h-1", request.offset(), END, true));
        try (Wire wire = server.wire()) {
            Got got = wire.request("GET", LIVE, "if-none-match: \"a\", b ,W/\"c\"", "if-none-match: \"d\"")
                    .readHead();
            assertThat(got.status()).isEqualTo(304);
            assertThat(got.header("etag")).isEqualTo("\"h-1:0_2:26734500_2\"");
            assertThat(got.header("electric-handle")).isEqualTo("h-1");
            assertThat(got.header("electric-offset")).isEqualTo("26734500_2");
            assertThat(got.header("electric-has-data")).isEqualTo("true");
            assertThat(got.header("electric-up-to-date")).isEmpty();
            assertThat(got.header("electric-cursor")).isEqualTo("57110420");
            assertThat(got.header("content-type")).isEqualTo(JSON);
            assertThat(got.header("cache-control")).isEqualTo("public, max-age=5, stale-while-revalidate=5");
            assertThat(got.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(got.header("vary")).isEqualTo("accept-encoding");
            assertThat(got.has("electric-schema")).isFalse();
            assertThat(got.has("transfer-encoding")).isFalse();
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
        assertThat(server.shapes.requests.getLast().knownTags()).containsExactlyInAnyOrder("a", "b", "W/\"c", "d");
    }

    // HTTP-111, HTTP-134
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"h-2, 60", "-, 1"})
    void sendsTheClientBackToTheStart(String handle, String maxAge) throws Exception {
        server.shapes.answerWith(request -> new Answer.MustRefetch(handle));
        Got got = server.get(LIVE);
        assertThat(got.status()).isEqualTo(409);
        assertThat(got.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=" + maxAge + ", must-revalidate");
        assertThat(got.header("content-type")).isEqualTo(JSON);
        assertThat(got.headers("electric-handle")).isEqualTo(handle == null ? List.of() : List.of(handle));
        assertThat(got.headers("etag")).isEqualTo(handle == null ? List.of() : List.of("\"h-2::\""));
        for (String absent : List.of("offset", "schema", "has-data", "cursor", "up-to-date")) {
            assertThat(got.has("electric-" + absent)).isFalse();
        }
        assertThat(server.post(LATER, "").header("cache-control")).isEqualTo("no-cache");
    }

    // §5.7, §9.4, §9.5
    @Test
    void saysWhyThereIsNoAnswer() throws Exception {
        server.shapes.answerWith(request -> new Answer.OutOfBounds());
        assertThat(server.get(LATER).body())
                .isEqualTo(
                        "{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"out of bounds for this shape\"]}}");
        server.shapes.answerWith(request -> new Answer.Unavailable("no room", 10, true));
        Got unavailable = server.get(LATER);
        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(unavailable.body()).isEqualTo("{\"message\":\"no room\"}");
        assertThat(unavailable.header("retry-after")).isEqualTo("10");
        assertThat(unavailable.header("electric-internal-known-error")).isEqualTo("true");
        assertThat(unavailable.header("surrogate-control")).isEqualTo("no-store");
        server.shapes.answerWith(request -> new Answer.Refused("division by zero"));
        Got refused = server.get(LATER);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"where\":[\"division by zero\"]}}");
        server.shapes.answerWith(request -> new Answer.Failed("broken"));
        Got failed = server.get(LATER);
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("{\"message\":\"broken\"}");
        assertThat(failed.header("cache-control")).isEqualTo("no-store");
        server.shapes.answerWith(request -> {
            throw new IllegalStateException("secret detail");
        });
        assertThat(server.get(LATER).body()).isEqualTo("{\"error\":\"Internal server error\"}");
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                .isZero());
    }

    @Test
    void passesOnWhatWasAsked() throws Exception {
        answerWithLog(true);
        server.get("/v1/shape?table=Items&offset=0_inf&handle=h-1&live&columns=value,id&replica=full&log=changes_only");
        ShapeRequest request = server.shapes.requests.getLast();
        assertThat(request.offset()).isEqualTo(LogOffset.SNAPSHOT_END);
        assertThat(request.handle()).isEqualTo("h-1");
        assertThat(request.live()).isTrue();
        assertThat(request.knownTags()).isEmpty();
        assertThat(request.definition().columns()).containsExactly("id", "value");
        assertThat(request.definition().allColumns()).isFalse();
    }

    // POST

    // HTTP-103, HTTP-106, HTTP-136
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"replica\":\"full\"}"})
    void answersAPostLikeAGetThatNobodyCaches(String body) throws Exception {
        answerWithLog(true, "{\"a\":1}");
        Got got = server.post(LATER, body, "content-type: text/plain");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("cache-control")).isEqualTo("no-cache");
        assertThat(got.header("etag")).isEqualTo("\"h-1:0_2:26734500_2\"");
        server.shapes.answerWith(request -> new Answer.NotModified("h-1", request.offset(), END, true));
        try (Wire wire = server.wire()) {
            wire.request("POST", LATER, "content-length: 0");
            assertThat(wire.readHead().header("cache-control")).isEqualTo("no-cache");
        }
    }

    @Test
    void readsParametersFromABody() throws Exception {
        answerWithLog(true);
        assertThat(server.post("/v1/shape?offset=-1", "{\"table\":\"items\",\"columns\":[\"id\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(server.shapes.requests.getLast().definition().columns()).containsExactly("id");
        assertThat(server.post(START, "{\"table\":5}").body()).contains("{\"table\":[\"is invalid\"]}");
        server.post(START, "{\"order_by\":\"id\",\"limit\":3,\"offset\":\"2\"}");
        Subset subset = Objects.requireNonNull(server.shapes.requests.getLast().subset());
        assertThat(subset.limit()).hasValue(3);
        assertThat(subset.offset()).hasValue(2);
        assertThat(Objects.requireNonNull(subset.order()).sql()).isEqualTo("\"id\" ASC");
        server.post(START, "{\"subset\":{}}");
        assertThat(server.shapes.requests.getLast().subset()).isNotNull();
        server.post(START, "{\"subset\":null}");
        assertThat(server.shapes.requests.getLast().subset()).isNull();
    }

    // HTTP-101, HTTP-102
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | {\"error\":\"Request body must be a JSON object\"}",
                "7 | {\"error\":\"Request body must be a JSON object\"}",
                "{\"a | {\"error\":\"Invalid JSON in request body\",\"details\":",
                "{} x | {\"error\":\"Invalid JSON in request body\",\"details\":",
            })
    void refusesABodyThatIsNoObject(String body, String expected) throws Exception {
        try (Wire wire = server.wire()) {
            Got got = wire.post(START, body);
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.body()).startsWith(expected);
            assertThat(got.header("cache-control")).isEqualTo("max-age=0, private, must-revalidate");
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    // HTTP-100
    @Test
    void readsEightMillionBytesAndNotOneMore() throws Exception {
        answerWithLog(true);
        String filler = " ".repeat(8_000_000 - 2);
        assertThat(server.post(START, "{" + filler + "}").status()).isEqualTo(200);
        try (Wire wire = server.wire()) {
            Got got = wire.post(START, "{" + filler + " }");
            assertThat(got.status()).isEqualTo(413);
            assertThat(got.body()).isEqualTo("{\"error\":\"Request body too large\"}");
            assertThat(got.header("connection")).isEqualTo("close");
        }
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                .isZero());
    }

    @Test
    void letsAClientSendTheBodyItAskedFor() throws Exception {
        answerWithLog(true);
        try (Wire wire = server.wire()) {
            wire.request("POST", START, "content-length: 2", "expect: 100-continue");
            assertThat(wire.readHead().status()).isEqualTo(100);
            assertThat(wire.send("{}").read().status()).isEqualTo(200);
        }
    }

    @Test
    void readsAChunkedBodyAndRefusesABrokenOne() throws Exception {
        answerWithLog(true);
        try (Wire wire = server.wire()) {
            wire.request("POST", START, "transfer-encoding: chunked").send("2\r\n{}\r\n0\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(200);
            wire.request("POST", START, "transfer-encoding: chunked").send("zz\r\n");
            Got got = wire.read();
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.body()).isEqualTo("{\"error\":\"Failed to read request body\"}");
        }
    }

    @Test
    void ignoresTheBodyOfOtherRequests() throws Exception {
        try (Wire wire = server.wire()) {
            wire.request("GET", "/v1/health", "content-length: 5").send("hello");
            assertThat(wire.read().status()).isEqualTo(200);
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    // DELETE

    // HTTP-040 … HTTP-044, HTTP-046, HTTP-050
    @Test
    void deletesShapes() throws Exception {
        Got deleted =
                server.ask("DELETE", "/v1/shape?table=items&handle=h-1&offset=bad&live=&cursor[a]=b&subset__limit=x");
        assertThat(deleted.status()).isEqualTo(202);
        assertThat(deleted.body()).isEmpty();
        assertThat(deleted.header("content-type")).isEqualTo(JSON);
        assertThat(deleted.header("cache-control")).isEqualTo("no-cache");
        assertThat(deleted.header("electric-has-data")).isEqualTo("true");
        assertThat(deleted.has("etag")).isFalse();
        server.ask("DELETE", "/v1/shape?handle=h-2");
        server.ask("DELETE", "/v1/shape?table=items");
        assertThat(server.shapes.deletions).containsExactly("public.items h-1", "- h-2", "public.items null");
        server.shapes.deletion = Deletion.UNKNOWN;
        Got unknown = server.ask("DELETE", "/v1/shape?table=items");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"message\":\"No existing shape found\"}");
        assertThat(unknown.header("cache-control")).isEqualTo("no-cache");
        assertThat(unknown.has("surrogate-control")).isFalse();
        server.shapes.deletion = Deletion.MISMATCH;
        Got mismatch = server.ask("DELETE", "/v1/shape?table=items&handle=x");
        assertThat(mismatch.status()).isEqualTo(400);
        assertThat(mismatch.body())
                .isEqualTo(
                        "{\"message\":\"The specified shape definition and handle do not match. Please ensure the shape"
                                + " definition is correct or omit the shape handle from the request to obtain a new one.\"}");
        assertThat(server.ask("DELETE", "/v1/shape").body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"handle\":[\"can't be blank when shape"
                        + " definition is missing\"]}}");
        assertThat(server.ask("DELETE", "/v1/shape?table=items&live=banana").body())
                .contains("{\"live\":[\"is invalid\"]}");
    }

    // HTTP-049, HTTP-050
    @Test
    void deletesOnlyWhenFullyActive() throws Exception {
        server.readiness.lost(Condition.STREAMING, null);
        Got got = server.ask("DELETE", "/v1/shape?handle=h-1");
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.header("cache-control")).isEqualTo("no-cache");
        assertThat(got.has("surrogate-control")).isFalse();
        assertThat(server.shapes.deletions).isEmpty();
    }

    // HTTP-039
    @Test
    void deletesNothingWhereThatIsNotEnabled() throws Exception {
        try (TestServer closed = new TestServer(settings -> TestServer.limited(settings, 1, 1, false))) {
            Got got = closed.ask("DELETE", "/v1/shape");
            assertThat(got.status()).isEqualTo(405);
            assertThat(got.body()).isEqualTo("{\"message\":\"DELETE not allowed\"}");
            assertThat(got.header("cache-control")).isEqualTo("no-cache");
        }
    }

    // Admission, readiness, the catalog

    // HTTP-255 … HTTP-258
    @Test
    void refusesMoreRequestsThanItWasToldToTake() throws Exception {
        server.shapes.known.add("h-1");
        try (Wire one = server.wire().request("GET", START);
                Wire two = server.wire().request("GET", LATER.replace("h-1", "unknown"))) {
            FakeShapes.Asked first = server.shapes.nextAsked();
            FakeShapes.Asked second = server.shapes.nextAsked();
            Got refused = server.get(START);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body())
                    .isEqualTo(
                            "{\"code\":\"concurrent_request_limit_exceeded\",\"message\":\"Concurrent initial request"
                                    + " limit exceeded (limit: 2), please retry\"}");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(6, 10);
            assertThat(refused.header("electric-internal-known-error")).isEqualTo("true");
            assertThat(refused.header("cache-control")).isEqualTo("no-store");
            assertThat(refused.header("surrogate-control")).isEqualTo("no-store");
            Got posted = server.post(START, "");
            assertThat(posted.header("cache-control")).isEqualTo("no-cache");
            assertThat(posted.header("surrogate-control")).isEqualTo("no-store");
            assertThat(server.get("/v1/health").status()).isEqualTo(200);
            try (Wire existing = server.wire().request("GET", LATER)) {
                server.shapes.nextAsked().answer(new Answer.MustRefetch(null));
                assertThat(existing.read().status()).isEqualTo(409);
            }
            first.answer(new Answer.MustRefetch(null));
            second.answer(new Answer.MustRefetch(null));
            assertThat(one.read().status()).isEqualTo(409);
            assertThat(two.read().status()).isEqualTo(409);
        }
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                .isZero());
        assertThat(server.http.admission().admitted(Admission.Kind.EXISTING)).isZero();
    }

    // HTTP-259
    @Test
    void countsARequestAmongTheExistingOnesOnceItsShapeExists() throws Exception {
        Pieces pieces = new Pieces();
        server.shapes.answerWith(request -> new Answer.Log("h-1", request.offset(), END, false, 1, pieces));
        try (Wire wire = server.wire().request("GET", START)) {
            wire.readHead();
            await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                    .isZero());
            assertThat(server.http.admission().admitted(Admission.Kind.EXISTING))
                    .isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.EXISTING))
                .isZero());
    }

    // HTTP-259
    @Test
    void countsAHeldRequestAmongTheExistingOnesToo() throws Exception {
        try (Wire held = server.wire()) {
            // The handle is not in the query, so nobody knows at the door that there is a shape.
            String body = "{\"handle\":\"h-1\",\"live\":\"true\"}";
            held.send("POST /v1/shape?table=items&offset=0_0 HTTP/1.1\r\nhost: a\r\ncontent-length: " + body.length()
                    + "\r\n\r\n" + body);
            FakeShapes.Asked asked = server.shapes.nextAsked();
            assertThat(server.http.admission().admitted(Admission.Kind.INITIAL)).isEqualTo(1);
            asked.begin();
            await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                    .isZero());
            assertThat(server.http.admission().admitted(Admission.Kind.EXISTING))
                    .isEqualTo(1);
            asked.answer(new Answer.MustRefetch(null));
            assertThat(held.read().status()).isEqualTo(409);
        }
        await().untilAsserted(() -> assertThat(server.http.openRequests()).isZero());
    }

    // HTTP-052, HTTP-260
    @Test
    void waitsUntilItIsReadyBeforeItLooksAtAnything() throws Exception {
        server.readiness.lost(Condition.LOCK_HELD, "connection closed while connecting to the database");
        server.readiness.lost(Condition.SHAPE_METADATA, null);
        Got got = server.get("/v1/shape");
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.body())
                .isEqualTo("{\"message\":\"Timeout waiting for Postgres lock acquisition: connection closed while"
                        + " connecting to the database\"}");
        assertThat(got.header("retry-after")).isEqualTo("5");
        assertThat(got.header("cache-control")).isEqualTo("no-store");
        assertThat(got.header("surrogate-control")).isEqualTo("no-store");
        await().untilAsserted(() -> assertThat(server.http.admission().admitted(Admission.Kind.INITIAL))
                .isZero());
    }

    // HTTP-263
    @Test
    void saysThatTheDatabaseCannotBeAsked() throws Exception {
        server.tables = name -> CompletableFuture.failedFuture(new SQLException("connection refused"));
        Got got = server.get(START);
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.body())
                .isEqualTo(
                        "{\"message\":\"Cannot connect to the database to verify the shape. Please try again later.\"}");
        assertThat(got.header("retry-after")).isEqualTo("1");
        assertThat(got.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void escapesNamesOutsideAsciiInTheSchema() throws Exception {
        server.tables = name -> CompletableFuture.completedFuture(java.util.Optional.of(Items.FOREIGN));
        answerWithLog(false);
        assertThat(server.get(START).header("electric-schema")).isEqualTo("{\"\\u00e9\\ud83d\\ude00\":{}}");
    }
}
