package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.http.Wire.Got;
import electric.sync.ingest.Readiness.Condition;
import electric.sync.serve.Answer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class RoutesTest {
    private static final String EXPOSED = "electric-cursor,electric-handle,electric-has-data,electric-offset,"
            + "electric-schema,electric-up-to-date,electric-internal-known-error,retry-after";
    private static final String DEFAULT_CACHE_CONTROL = "max-age=0, private, must-revalidate";
    private static final String FIVE = "GET, POST, HEAD, DELETE, OPTIONS";

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(settings -> TestServer.secured(settings, "s3cret"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // HTTP-004, HTTP-012, HTTP-014, HTTP-022
    @Test
    void saysAtTheRootThatItListens() throws Exception {
        Got got = server.get("/");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEmpty();
        assertThat(got.header("content-length")).isEqualTo("0");
        assertThat(got.header("electric-server")).isEqualTo("ElectricSQL/1.7.12");
        assertThat(got.header("x-request-id")).hasSizeBetween(20, 200);
        assertThat(got.header("date")).isEqualTo("Sat, 01 Aug 2026 00:00:07 GMT");
        assertThat(got.header("vary")).isEqualTo("accept-encoding");
        assertThat(got.header("cache-control")).isEqualTo(DEFAULT_CACHE_CONTROL);
        assertThat(got.header("access-control-allow-methods")).isEqualTo("GET, HEAD");
        try (Wire wire = server.wire()) {
            assertThat(wire.head("/").headerLines()).hasSameSizeAs(got.headerLines());
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    // HTTP-005, HTTP-006, HTTP-027
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/unknown",
                "PUT /v1/shape",
                "PATCH /v1/shape",
                "POST /v1/health",
                "OPTIONS /v1/health",
                "OPTIONS /",
                "GET /v1%2Fshape",
                "GET /%ff",
                "GET /v1/sh%zzape?a=%ff"
            })
    void knowsNothingElse(String request) throws Exception {
        String[] words = request.split(" ", 2);
        Got got = server.ask(words[0], words[1]);
        assertThat(got.status()).isEqualTo(404);
        assertThat(got.body()).isEqualTo("Not found");
        assertThat(got.has("content-type")).isFalse();
        assertThat(got.header("access-control-allow-methods")).isEqualTo("GET, HEAD");
        assertThat(got.header("access-control-expose-headers")).isEqualTo(EXPOSED);
    }

    // HTTP-010, HTTP-017, HTTP-021, HTTP-023
    @ParameterizedTest
    @ValueSource(strings = {"/v1/shape", "/v1/shape/", "/v1//shape", "//v1/shape", "/v1/%73hape", "/%76%31/shape"})
    void letsNobodyInWithoutTheSecret(String path) throws Exception {
        server.readiness.lost(Condition.SHAPE_METADATA, null);
        for (String query : new String[] {"", "?secret=x", "?secret=&api_secret=s3cret", "?secret[a]=s3cret"}) {
            Got got = server.get(path + query, "secret: s3cret", "authorization: s3cret");
            assertThat(got.status()).isEqualTo(401);
            assertThat(got.body()).isEqualTo("{\"message\":\"Unauthorized - Invalid API secret\"}");
            assertThat(got.header("cache-control")).isEqualTo(DEFAULT_CACHE_CONTROL);
            assertThat(got.headerLines()).noneMatch(line -> line.startsWith("access-control"));
        }
        assertThat(server.ask("DELETE", path).status()).isEqualTo(401);
        assertThat(server.post(path, "{\"secret\":\"s3cret\"}").status()).isEqualTo(401);
        assertThat(server.shapes.requests).isEmpty();
    }

    // HTTP-011, HTTP-018
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/shape?secret=s3cret",
                "//v1/shape?api_secret=s3cret",
                "/v1/%73hape?x=y&secret=s3cret&api_secret=z"
            })
    void letsInWhoKnowsTheSecret(String target) throws Exception {
        Got got = server.get(target);
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.header("access-control-allow-methods")).isEqualTo(FIVE);
    }

    // HTTP-013
    @Test
    void keepsARequestIdOfASensibleLength() throws Exception {
        String id = "a".repeat(20);
        assertThat(server.get("/", "x-request-id: " + id).header("x-request-id"))
                .isEqualTo(id);
        assertThat(server.get("/", "x-request-id: " + "a".repeat(200)).header("x-request-id"))
                .isEqualTo("a".repeat(200));
        assertThat(server.get("/", "x-request-id: short").header("x-request-id"))
                .isNotEqualTo("short");
        assertThat(server.get("/", "x-request-id: " + "a".repeat(201)).header("x-request-id"))
                .hasSizeLessThan(200);
    }

    // HTTP-015
    @ParameterizedTest
    @ValueSource(strings = {"/v1/shape?table=%ff", "/v1/health?a=%c3", "/v1/shape?%ff=a"})
    void refusesAQueryThatIsNotUtf8(String target) throws Exception {
        try (Wire wire = server.wire()) {
            Got got = wire.request("GET", target).readHead();
            assertThat(got.status()).isEqualTo(400);
            assertThat(got.headerLines()).containsExactly("connection: close");
            assertThat(wire.readToEnd()).isEmpty();
        }
        assertThat(server.get("/?a=%ff").status()).isEqualTo(200);
    }

    @Test
    void readsRawUtf8InAQuery() throws Exception {
        Got got = server.get("/v1/shape?secret=s3cret&offset=-1&table=\u00c3\u00ab");
        assertThat(got.body()).contains("\\\"public\\\".\\\"ë\\\" does not exist");
    }

    // HTTP-026
    @Test
    void echoesASingleOrigin() throws Exception {
        assertThat(server.get("/").header("access-control-allow-origin")).isEqualTo("*");
        assertThat(server.get("/", "origin: http://a.example").header("access-control-allow-origin"))
                .isEqualTo("http://a.example");
        assertThat(server.get("/", "origin: http://a.example", "origin: http://b.example")
                        .header("access-control-allow-origin"))
                .isEqualTo("*");
    }

    // HTTP-029, HTTP-030, HTTP-031
    @Test
    void answersAPreflight() throws Exception {
        Got plain = server.ask("OPTIONS", "/v1/shape");
        assertThat(plain.status()).isEqualTo(204);
        assertThat(plain.header("access-control-max-age")).isEqualTo("86400");
        assertThat(plain.header("connection")).isEqualTo("keep-alive");
        assertThat(plain.header("access-control-allow-methods")).isEqualTo(FIVE);
        assertThat(plain.has("cache-control")).isFalse();
        assertThat(plain.has("content-length")).isFalse();
        assertThat(plain.has("access-control-allow-headers")).isFalse();
        assertThat(server.ask("OPTIONS", "/v1/shape", "access-control-request-headers: If-None-Match")
                        .header("access-control-allow-headers"))
                .isEqualTo("If-None-Match");
        assertThat(server.ask("OPTIONS", "/v1/shape", "access-control-request-headers: content-type, x-evil")
                        .header("access-control-allow-headers"))
                .isEqualTo("content-type");
    }

    // HTTP-032, HTTP-033, HTTP-034, HTTP-036, HTTP-037
    @Test
    void tellsHowItIs() throws Exception {
        Got active = server.get("/v1/health?a=b&secret=no");
        assertThat(active.status()).isEqualTo(200);
        assertThat(active.body()).isEqualTo("{\"status\":\"active\"}");
        assertThat(active.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(active.header("cache-control")).isEqualTo("no-cache, no-store, must-revalidate");
        server.readiness.lost(Condition.STREAMING, null);
        Got starting = server.get("/v1/health");
        assertThat(starting.status()).isEqualTo(202);
        assertThat(starting.body()).isEqualTo("{\"status\":\"starting\"}");
    }

    // HTTP-028, HTTP-057, HTTP-069, HTTP-135, HTTP-136
    @Test
    void saysWhatIsWrongWithARequest() throws Exception {
        Got got = server.get("/v1/shape?secret=s3cret");
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"can't be blank\"]}}");
        assertThat(got.header("cache-control")).isEqualTo("no-store");
        assertThat(got.header("surrogate-control")).isEqualTo("no-store");
        assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(got.header("access-control-allow-origin")).isEqualTo("*");
        Got posted = server.post("/v1/shape?secret=s3cret", "");
        assertThat(posted.status()).isEqualTo(400);
        assertThat(posted.header("cache-control")).isEqualTo("no-cache");
        assertThat(posted.has("surrogate-control")).isFalse();
    }

    // HTTP-077, HTTP-051
    @Test
    void saysWhichTableDoesNotExist() throws Exception {
        Got got = server.get("/v1/shape?secret=s3cret&offset=-1&table=nope");
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.body())
                .isEqualTo(
                        "{\"message\":\"Invalid request\",\"errors\":{\"table\":[\"Table \\\"public\\\".\\\"nope\\\" does"
                                + " not exist. If the table name contains capitals or special characters you must quote it.\"]}}");
        assertThat(server.shapes.requests).isEmpty();
    }

    // HTTP-269
    @Test
    void tellsNothingAboutFailuresNobodyExpected() throws Exception {
        server.tables = name -> {
            throw new IllegalStateException("the password is hunter2");
        };
        Got got = server.get("/v1/shape?secret=s3cret&offset=-1&table=items");
        assertThat(got.status()).isEqualTo(500);
        assertThat(got.body()).isEqualTo("{\"error\":\"Internal server error\"}");
        assertThat(got.header("cache-control")).isEqualTo(DEFAULT_CACHE_CONTROL);
        assertThat(got.header("access-control-allow-methods")).isEqualTo(FIVE);
    }

    @Test
    void stopsListeningAndEndsIdleConnections() throws Exception {
        try (Wire wire = server.wire();
                Wire held = server.wire()) {
            wire.get("/");
            held.request("GET", "/v1/shape?secret=s3cret&offset=1_0&handle=h&live&table=items");
            FakeShapes.Asked asked = server.shapes.nextAsked();
            server.http.stop(
                    () -> asked.answer(new Answer.NoData(
                            "h",
                            asked.request().offset(),
                            false,
                            asked.request().offset(),
                            7)),
                    Duration.ofSeconds(10));
            assertThat(wire.readToEnd()).isEmpty();
            Got got = held.read();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.header("connection")).isEqualTo("close");
            assertThat(held.readToEnd()).isEmpty();
            assertThat(server.http.connectionCount()).isZero();
        }
    }
}
