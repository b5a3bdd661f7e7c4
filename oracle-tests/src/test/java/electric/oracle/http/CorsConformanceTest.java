package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are allowed: HTTP §1.6, HTTP-025 … HTTP-031. */
class CorsConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @RegisterExtension
    static final RunningServer full =
            RunningServer.start(Map.of("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":0,\"existing\":0}"));

    private static final String EXPOSED = "electric-cursor,electric-handle,electric-has-data,electric-offset,"
            + "electric-schema,electric-up-to-date,electric-internal-known-error,retry-after";
    private static final String START = "table=items&offset=-1";

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTables() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY)", "CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY)");
    }

    private static void assertCors(Got got) {
        assertThat(got.header("access-control-allow-origin")).as(got.toString()).isEqualTo("*");
        assertThat(got.header("access-control-expose-headers"))
                .as(got.toString())
                .isEqualTo(EXPOSED);
        assertThat(got.header("access-control-allow-methods"))
                .as(got.toString())
                .isEqualTo("GET, POST, HEAD, DELETE, OPTIONS");
        assertThat(got.has("access-control-allow-credentials")).isFalse();
    }

    @Test
    void http025ExposesTheHeadersThatClientsRead() {
        for (String target : List.of("/", "/v1/health", "/nowhere", "/v1/shape", "/v1/shape?" + START)) {
            assertThat(client.get(target).header("access-control-expose-headers"))
                    .as(target)
                    .isEqualTo(EXPOSED);
        }
    }

    @Test
    void http026EchoesASingleOrigin() {
        String query = "/v1/shape?" + START;
        Got echoed = client.get(query, "origin: https://example.com");
        assertThat(echoed.header("access-control-allow-origin")).isEqualTo("https://example.com");
        assertThat(echoed.header("vary")).isEqualTo("accept-encoding");
        assertThat(client.get("/nowhere", "origin: null").header("access-control-allow-origin"))
                .isEqualTo("null");
        assertThat(client.get(query).header("access-control-allow-origin")).isEqualTo("*");
        assertThat(client.get(query, "origin: https://a.example", "origin: https://b.example")
                        .header("access-control-allow-origin"))
                .isEqualTo("*");
    }

    @Test
    void http027AllowsEveryMethodForShapesAndTwoElsewhere() {
        for (String method : List.of("GET", "HEAD", "DELETE", "OPTIONS")) {
            assertThat(client.ask(method, "/v1/shape").header("access-control-allow-methods"))
                    .as(method)
                    .isEqualTo("GET, POST, HEAD, DELETE, OPTIONS");
        }
        for (String line : List.of("GET /", "GET /v1/health", "POST /v1/health", "GET /nowhere", "PUT /v1/shape")) {
            String[] words = line.split(" ", -1);
            assertThat(client.ask(words[0], words[1]).header("access-control-allow-methods"))
                    .as(line)
                    .isEqualTo("GET, HEAD");
        }
    }

    @Test
    void http028LetsBrowsersReadWhatWentWrong() {
        String tag = client.shape(START).header("etag");
        List<Got> answers = List.of(
                client.shape(START, "if-none-match: " + tag),
                client.shape("offset=-1"),
                client.delete("handle=1-1"),
                client.shape("table=items&offset=0_0&handle=1-1"),
                client.shape("table=fleeting&offset=-1"),
                new Client(full).shape(START));
        assertThat(answers.stream().map(Got::status)).containsExactly(304, 400, 404, 409, 500, 503);
        answers.forEach(CorsConformanceTest::assertCors);
    }

    @Test
    void http029AnswersAPreflight() {
        Got got = client.ask("OPTIONS", "/v1/shape?" + START, "access-control-request-method: GET");
        assertThat(got.status()).isEqualTo(204);
        assertThat(got.body()).isEmpty();
        assertThat(got.header("access-control-max-age")).isEqualTo("86400");
        assertThat(got.header("connection")).isEqualTo("keep-alive");
        assertThat(got.has("cache-control")).isFalse();
        assertThat(got.has("content-length")).isFalse();
        assertThat(got.has("content-type")).isFalse();
        assertCors(got);
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-None-Match", "if-none-match", "TraceParent", "traceparent"})
    void http030AllowsAHeaderAsItIsWritten(String name) {
        assertThat(client.ask("OPTIONS", "/v1/shape", "access-control-request-headers: " + name)
                        .header("access-control-allow-headers"))
                .isEqualTo(name);
    }

    @Test
    void http030AllowsHeadersOfSeveralLines() {
        assertThat(client.ask(
                                "OPTIONS",
                                "/v1/shape",
                                "access-control-request-headers: traceparent",
                                "access-control-request-headers: If-None-Match")
                        .header("access-control-allow-headers"))
                .isEqualTo("traceparent,If-None-Match");
    }

    /** Beyond what must be: a POST of JSON from another origin asks for this. */
    @Test
    void http030AllowsWhatAPostOfJsonNeedsToo() {
        assertThat(client.ask("OPTIONS", "/v1/shape", "access-control-request-headers: content-type, x-unheard-of")
                        .header("access-control-allow-headers"))
                .isEqualTo("content-type");
    }

    @Test
    void http031AllowsNoHeadersNobodyAskedFor() {
        Stream.of(new String[0], new String[] {"access-control-request-headers: x-unheard-of"})
                .forEach(headers -> assertThat(
                                client.ask("OPTIONS", "/v1/shape", headers).has("access-control-allow-headers"))
                        .isFalse());
    }
}
