package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.ServerLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server behind the cache that the README offers, a real nginx (HTTP-225, HTTP-272, OPS-045). */
class NginxTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CLIENTS = 200;
    private static final AtomicInteger TABLES = new AtomicInteger();

    /** What is older than a second is stale, and may be given out for a long time. */
    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of(
            "ELECTRIC_CACHE_MAX_AGE", "1",
            "ELECTRIC_CACHE_STALE_AGE", "3600",
            "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000"));

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable Nginx nginx;

    private static Nginx nginx() {
        return Objects.requireNonNull(nginx, "started before all tests");
    }

    @BeforeAll
    static void start() {
        Nginx.need();
        NodeClient.install();
        nginx = Nginx.before(server, Objects.requireNonNull(folder));
    }

    @AfterAll
    static void stop() {
        HTTP.shutdownNow();
        Nginx running = nginx;
        if (running != null) {
            running.close();
            assertThat(running.complaints()).noneMatch(line -> line.contains("[alert]") || line.contains("[emerg]"));
        }
    }

    private final String table = "cached_items_" + TABLES.incrementAndGet();

    @BeforeEach
    void makeTable() {
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
                "INSERT INTO " + table + " VALUES (1, 'one'), (2, 'two')");
    }

    /** The cache goes on with what it has asked for, also when nobody waits for it any more. */
    @AfterEach
    void endEveryRequest() {
        server.request("DELETE", "table=" + table);
        awaitOpenRequests(0);
    }

    private static void awaitOpenRequests(int wanted) {
        awaitOpenRequests(server, wanted);
    }

    private static void awaitOpenRequests(RunningServer at, int wanted) {
        await("as many requests at the server")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> at.app().openRequests() == wanted);
    }

    private static CompletableFuture<HttpResponse<String>> ask(Nginx nginx, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(nginx.shapeUrl() + "?" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String query, String... headers) {
        return ask(nginx(), query, headers).join();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers()
                .firstValue(name)
                .orElseThrow(() -> new AssertionError(
                        "No " + name + " among " + response.headers().map()));
    }

    private static String cache(HttpResponse<?> response) {
        return header(response, "x-cache-status");
    }

    private static String handle(HttpResponse<?> response) {
        return header(response, "electric-handle");
    }

    /** The answers of the server to requests that have this in their line: when all of them have been given. */
    private static List<String> answered(ServerLog log, String part) {
        awaitOpenRequests(0);
        return log.with(part).stream()
                .filter(line -> line.startsWith("GET /v1/shape"))
                .toList();
    }

    @Test
    void whatWasReadOnceIsReadFromTheCache() {
        server.sql("INSERT INTO " + table + " SELECT i, repeat('x', 1000) FROM generate_series(10, 50) i");
        try (ServerLog log = new ServerLog()) {
            HttpResponse<String> first = get("table=" + table + "&offset=-1");
            assertThat(cache(first)).isEqualTo("MISS");
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            for (String encoding : List.of("identity", "gzip", "gzip, deflate, br, zstd")) {
                HttpResponse<String> again =
                        get("table=" + table + "&offset=-1", "accept-encoding", encoding, "origin", "http://" + table);
                assertThat(cache(again)).isEqualTo("HIT");
                // Kept as the server compressed it; who cannot take that gets it plain, and its tag weakened for that.
                assertThat(again.headers().firstValue("content-encoding").isPresent())
                        .isEqualTo(encoding.contains("gzip"));
                assertThat(header(again, "etag")).endsWith("\"" + handle(first) + ":-1:0_0\"");
                assertThat(header(again, "access-control-allow-origin")).isEqualTo("*");
            }
            assertThat(cache(get("table=" + table + "&offset=0_0&handle=" + handle(first))))
                    .isEqualTo("MISS");
            assertThat(cache(get("table=" + table + "&offset=-1&columns=id"))).isEqualTo("MISS");
            assertThat(answered(log, "offset=-1")).hasSize(2);
        }
    }

    @Test
    void aClientThatHasTheAnswerIsToldSoByTheCache() {
        String query = "table=" + table + "&offset=-1";
        HttpResponse<String> first = get(query);
        HttpResponse<String> again = get(query, "if-none-match", header(first, "etag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(cache(again)).isEqualTo("HIT");
    }

    @Test
    void whatIsStaleIsGivenOutWhileTheServerIsAskedWhetherItIsStillRight() {
        String query = "table=" + table + "&offset=0_0&handle=" + handle(get("table=" + table + "&offset=-1"));
        try (ServerLog log = new ServerLog()) {
            HttpResponse<String> first = get(query);
            assertThat(cache(first)).isEqualTo("MISS");
            HttpResponse<String> stale = await("the answer to be stale")
                    .atMost(LIMIT)
                    .until(() -> get(query), response -> !cache(response).equals("HIT"));
            assertThat(cache(stale)).isEqualTo("STALE");
            assertThat(stale.body()).isEqualTo(first.body());
            await("the cache to know that it is still right")
                    .atMost(LIMIT)
                    .until(() -> get(query), response -> cache(response).equals("HIT"));
            assertThat(answered(log, query))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .element(1)
                    .asString()
                    .contains(": 304 ");
        }
    }

    @Test
    void whatIsNoLongerRightIsReplacedAfterItWasGivenOutOnceMore() {
        String query = "table=" + table + "&offset=0_0&handle=" + handle(get("table=" + table + "&offset=-1"));
        assertThat(get(query).body()).doesNotContain("three");
        server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
        await("the cache to have the new row")
                .atMost(LIMIT)
                .until(() -> get(query), response -> response.body().contains("three"));
    }

    @Test
    void whatMayNotBeGivenOutStaleIsFoundToBeStillRightFirst(@TempDir Path other) {
        try (RunningServer strict =
                        RunningServer.start(Map.of("ELECTRIC_CACHE_MAX_AGE", "1", "ELECTRIC_CACHE_STALE_AGE", "0"));
                Nginx before = Nginx.before(strict, other)) {
            strict.sql("CREATE TABLE items (id int PRIMARY KEY)");
            String handle = handle(ask(before, "table=items&offset=-1").join());
            String query = "table=items&offset=0_0&handle=" + handle;
            assertThat(cache(ask(before, query).join())).isEqualTo("MISS");
            HttpResponse<String> checked = await("the answer to have expired")
                    .atMost(LIMIT)
                    .until(
                            () -> ask(before, query).join(),
                            response -> !cache(response).equals("HIT"));
            assertThat(cache(checked)).isEqualTo("REVALIDATED");
            assertThat(checked.statusCode()).isEqualTo(200);
            assertThat(checked.body()).contains("up-to-date");
        }
    }

    @Test
    void manyClientsOfOneLivePollAreOneRequestToTheServer() { // HTTP-225
        String handle = handle(get("table=" + table + "&offset=-1"));
        String query = "table=" + table + "&offset=0_inf&live=true&handle=" + handle;
        try (ServerLog log = new ServerLog()) {
            List<CompletableFuture<HttpResponse<String>>> waiting =
                    Stream.generate(() -> ask(nginx(), query)).limit(CLIENTS).toList();
            awaitOpenRequests(1);
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            List<HttpResponse<String>> answers =
                    waiting.stream().map(CompletableFuture::join).toList();
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("three");
                assertThat(header(answer, "electric-cursor")).matches("[0-9]+");
            });
            Map<String, Long> caches =
                    answers.stream().collect(Collectors.groupingBy(NginxTest::cache, Collectors.counting()));
            assertThat(caches).isEqualTo(Map.of("MISS", 1L, "HIT", CLIENTS - 1L));
            assertThat(answered(log, query)).hasSize(1);
        }
    }

    @Test
    void thoseWhoReadANewShapeAreOneRequestToTheServerToo() {
        String query = "table=" + table + "&offset=-1";
        try (ServerLog log = new ServerLog()) {
            List<CompletableFuture<HttpResponse<String>>> asked =
                    Stream.generate(() -> ask(nginx(), query)).limit(CLIENTS).toList();
            assertThat(asked.stream().map(CompletableFuture::join).map(HttpResponse::body))
                    .allMatch(body -> body.contains("\"two\""));
            assertThat(answered(log, query)).hasSize(1);
        }
    }

    @Test
    void theEndOfAShapeIsSeenThroughTheCache() {
        String old = handle(get("table=" + table + "&offset=-1"));
        String live = "table=" + table + "&offset=0_inf&live=true&handle=" + old;
        assertThat(server.request("DELETE", "table=" + table).statusCode()).isEqualTo(202);

        HttpResponse<String> over = get(live);
        assertThat(over.statusCode()).isEqualTo(409);
        assertThat(handle(over)).isNotEqualTo(old);
        assertThat(over.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
        // Everybody else who stood there asks the cache.
        assertThat(cache(get(live))).isEqualTo("HIT");

        String again = "cache-buster=1&expired_handle=" + old + "&handle=" + handle(over) + "&offset=-1&table=" + table;
        HttpResponse<String> begun = get(again);
        assertThat(begun.statusCode()).isEqualTo(200);
        assertThat(handle(begun)).isEqualTo(handle(over));
        assertThat(cache(get(again))).isEqualTo("HIT");
    }

    @Test
    void anEndWithoutASuccessorIsForgottenByTheCacheAtOnce() {
        String query =
                "table=" + table + "&offset=0_inf&live=true&handle=" + handle(get("table=" + table + "&offset=-1"));
        CompletableFuture<HttpResponse<String>> held = ask(nginx(), query);
        awaitOpenRequests(1);
        server.sql("TRUNCATE " + table);
        assertThat(held.join().statusCode()).isEqualTo(409);
        assertThat(held.join().headers().firstValue("electric-handle")).isEmpty();
        await("an end with a successor")
                .atMost(LIMIT)
                .until(() -> get(query).headers().firstValue("electric-handle").isPresent());
    }

    @Test
    void errorsAreNotKept(@TempDir Path other) throws Exception {
        try (RunningServer narrow = RunningServer.start(
                        Map.of("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":1,\"existing\":9}"));
                Nginx before = Nginx.before(narrow, other)) {
            String query = "table=items&offset=-1";
            assertThat(ask(before, query).join().statusCode()).isEqualTo(400);
            narrow.sql("CREATE TABLE items (id int PRIMARY KEY)", "CREATE TABLE locked (id int PRIMARY KEY)");
            // A place is given back only after the answer has gone out.
            awaitOpenRequests(narrow, 0);

            try (Connection connection = narrow.postgres().connect(narrow.database());
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
                CompletableFuture<HttpResponse<String>> first = ask(before, "table=locked&offset=-1");
                awaitOpenRequests(narrow, 1);
                HttpResponse<String> refused = ask(before, query).join();
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(header(refused, "retry-after")).matches("[0-9]+");
                connection.rollback();
                assertThat(first.join().statusCode()).isEqualTo(200);
            }
            awaitOpenRequests(narrow, 0);
            HttpResponse<String> answer = ask(before, query).join();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(cache(answer)).isEqualTo("MISS");
        }
    }

    @Test
    void anAnswerThatWasBrokenOffIsNotKept(@TempDir Path other) {
        AtomicInteger asked = new AtomicInteger();
        try (Adversary between = Adversary.before(server, 1, Adversary.Trick.BREAKS_OFF);
                Nginx before = Nginx.before(between.port(), other)) {
            await("an answer that is broken off").atMost(LIMIT).until(() -> {
                try {
                    ask(before, "table=" + table + "&offset=-1&cache-buster=" + asked.incrementAndGet())
                            .join();
                    return false;
                } catch (CompletionException brokenOff) {
                    assertThat(brokenOff).hasRootCauseInstanceOf(IOException.class);
                    return true;
                }
            });
            between.relent();
            String query = "table=" + table + "&offset=-1&cache-buster=" + asked.get();
            HttpResponse<String> whole = ask(before, query).join();
            assertThat(cache(whole)).isEqualTo("MISS");
            assertThat(whole.body()).endsWith("]").contains("snapshot-end");
            assertThat(cache(ask(before, query).join())).isEqualTo("HIT");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientHasTheRowsAndEveryChange(boolean events) {
        String row = "\"public\".\"" + table + "\"/\"";
        try (StockClient client =
                StockClient.follow(nginx().shapeUrl(), Map.of("table", table), Map.of("liveSse", events))) {
            client.awaitRows(rows -> rows.size() == 2).awaitUpToDate();
            server.sql("INSERT INTO " + table + " VALUES (3, 'three')");
            client.awaitRows(rows -> rows.size() == 3);
            server.sql("UPDATE " + table + " SET v = 'uno' WHERE id = 1", "DELETE FROM " + table + " WHERE id = 2");
            client.awaitValue(row + "1\"", "v", "uno").awaitRows(rows -> rows.size() == 2);
            // Nothing was held back until the end of a stream.
            assertThat(client.requests().stream()
                            .filter(request -> request.contains("live_sse=true"))
                            .count())
                    .isEqualTo(events ? 1 : 0);
            server.sql("TRUNCATE " + table, "INSERT INTO " + table + " VALUES (4, 'four')");
            client.awaitRows(rows -> rows.keySet().equals(Set.of(row + "4\"")));
            assertThat(server.request("DELETE", "table=" + table).statusCode()).isEqualTo(202);
            server.sql("INSERT INTO " + table + " VALUES (5, 'five')");
            client.awaitRows(rows -> rows.size() == 2);
        }
    }

    @Test
    void aClientThatComesLateReadsFromTheCacheWhatOthersRead() {
        server.sql("INSERT INTO " + table + " SELECT i, repeat('x', 1000) FROM generate_series(3, 40) i");
        try (StockClient first = StockClient.follow(nginx().shapeUrl(), Map.of("table", table), Map.of())) {
            first.awaitRows(rows -> rows.size() == 40).awaitUpToDate();
            try (ServerLog log = new ServerLog();
                    StockClient second = StockClient.follow(nginx().shapeUrl(), Map.of("table", table), Map.of())) {
                second.awaitRows(rows -> rows.size() == 40).awaitUpToDate();
                assertThat(second.requests()).hasSizeGreaterThan(4);
                assertThat(log.with("offset=-1")).isEmpty();
                assertThat(log.with("offset=0_0")).isEmpty();
                server.sql("UPDATE " + table + " SET v = 'new'");
                for (StockClient client : List.of(first, second)) {
                    client.awaitRows(rows -> rows.values().stream()
                            .allMatch(row -> row.path("v").asString("").equals("new")));
                }
            }
        }
    }
}
