package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.change.Lsn;
import electric.sync.coding.Coding;
import electric.sync.coding.Decoded;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.pg.SnapshotIdentity;
import electric.sync.serve.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
final class CompressedAnswersTest {
    private static final String LOG = "/v1/shape?table=items&offset=0_0&handle=h";
    private static final String ITEM =
            "{\"key\":\"1\",\"value\":{\"id\":\"1\"},\"headers\":{\"operation\":\"insert\"}}";
    private static final String ITEMS = (ITEM + ",\n").repeat(300) + ITEM;
    private static final LogOffset END = new LogOffset(7, 0);

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        await().until(() -> server.compression.offers(Coding.ZSTD));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answerWith(ByteSource items) {
        server.shapes.answerWith(request -> request.knownTags().isEmpty()
                ? new Answer.Log("h", request.offset(), END, true, 7, items)
                : new Answer.NotModified("h", request.offset(), END, true));
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.http.port() + target))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<byte[]> get(HttpClient.Version version, HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String text(HttpResponse<byte[]> got) throws Exception {
        Coding coding = got.headers()
                .firstValue("content-encoding")
                .map(word -> Coding.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Coding.IDENTITY);
        return new String(Decoded.of(coding, got.body()), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1,gzip", "HTTP_1_1,zstd", "HTTP_2,gzip", "HTTP_2,zstd"})
    void aLogSaysTheSameInWhatTheClientReads(HttpClient.Version version, String coding) throws Exception {
        answerWith(Pieces.of(ITEMS));
        HttpResponse<byte[]> plain = get(version, request(LOG));
        answerWith(Pieces.of(ITEMS));
        HttpResponse<byte[]> coded = get(version, request(LOG).header("accept-encoding", coding));
        assertThat(plain.headers().map()).doesNotContainKey("content-encoding");
        assertThat(coded.headers().firstValue("content-encoding")).hasValue(coding);
        assertThat(coded.body().length).isLessThan(plain.body().length / 10);
        assertThat(text(coded)).isEqualTo(text(plain)).startsWith("[{\"key\"").endsWith("}]");
        for (String header : new String[] {"etag", "vary", "cache-control", "content-type", "electric-offset"}) {
            assertThat(coded.headers().allValues(header))
                    .as(header)
                    .isEqualTo(plain.headers().allValues(header));
        }
        assertThat(coded.headers().allValues("vary")).containsExactly("accept-encoding");
        assertThat(coded.headers().firstValue("content-length")).isEmpty();
    }

    @Test
    void aTagIsGoodForEveryCoding() throws Exception {
        answerWith(Pieces.of(ITEMS));
        String tag = get(HttpClient.Version.HTTP_1_1, request(LOG).header("accept-encoding", "gzip"))
                .headers()
                .firstValue("etag")
                .orElseThrow();
        HttpResponse<byte[]> same = get(
                HttpClient.Version.HTTP_1_1,
                request(LOG).header("accept-encoding", "zstd").header("if-none-match", tag));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.headers().firstValue("etag")).hasValue(tag);
        assertThat(same.headers().firstValue("vary")).hasValue("accept-encoding");
        assertThat(same.headers().map()).doesNotContainKey("content-encoding");
        assertThat(same.body()).isEmpty();
    }

    @Test
    void headSaysWhatGetWouldBeWrittenIn() throws Exception {
        answerWith(Pieces.of(ITEMS));
        try (Wire wire = server.wire()) {
            assertThat(wire.head(LOG, "accept-encoding: gzip").header("content-encoding"))
                    .isEqualTo("gzip");
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
        await().until(() -> server.compression.usedBytes() == 0);
    }

    @Test
    void whatFitsIntoAFewPacketsStaysAsItIsUnlessTheClientRefusesThat() throws Exception {
        answerWith(Pieces.of(ITEM));
        HttpResponse<byte[]> small =
                get(HttpClient.Version.HTTP_1_1, request(LOG).header("accept-encoding", "gzip"));
        assertThat(small.headers().map()).doesNotContainKey("content-encoding");
        assertThat(text(small)).startsWith("[" + ITEM + ",\n{\"headers\"");
        answerWith(Pieces.of(ITEM));
        HttpResponse<byte[]> asked =
                get(HttpClient.Version.HTTP_1_1, request(LOG).header("accept-encoding", "gzip, identity;q=0"));
        assertThat(asked.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(text(asked)).isEqualTo(text(small));
        answerWith(Pieces.of());
        HttpResponse<byte[]> empty =
                get(HttpClient.Version.HTTP_1_1, request(LOG).header("accept-encoding", "zstd, identity;q=0"));
        assertThat(text(empty)).startsWith("[{\"headers\"").endsWith("}]");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "zstd"})
    void aSubsetIsCompressedToo(String coding) throws Exception {
        server.shapes.answerWith(request ->
                new Answer.Subset("h", END, new SnapshotIdentity(1, 2, List.of(), new Lsn(3)), 4, Pieces.of(ITEMS)));
        HttpResponse<byte[]> got = get(
                HttpClient.Version.HTTP_1_1,
                request(LOG + "&subset__limit=3&subset__order_by=id").header("accept-encoding", coding));
        assertThat(got.headers().firstValue("content-encoding")).hasValue(coding);
        assertThat(text(got)).startsWith("{\"metadata\":{").endsWith(ITEM + "]}");
        await().until(() -> server.compression.usedBytes() == 0);
    }

    @Test
    void anErrorIsReadableByEveryone() throws Exception {
        HttpResponse<byte[]> got = get(
                HttpClient.Version.HTTP_1_1, request("/v1/shape?offset=-1").header("accept-encoding", "gzip, zstd"));
        assertThat(got.statusCode()).isEqualTo(400);
        assertThat(got.headers().map()).doesNotContainKey("content-encoding");
        assertThat(text(got)).startsWith("{\"message\"");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aLogThatBreaksOffIsNeverAWholeAnswer(HttpClient.Version version) throws Exception { // HTTP-142
        Pieces pieces = new Pieces().add(ITEMS);
        answerWith(pieces);
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            CompletableFuture<HttpResponse<byte[]>> held = client.sendAsync(
                    request(LOG).header("accept-encoding", "gzip").build(), HttpResponse.BodyHandlers.ofByteArray());
            await().until(pieces::isAwaited);
            pieces.end(ByteSource.State.BROKEN);
            assertThatThrownBy(held::get).hasRootCauseInstanceOf(IOException.class);
        }
        assertThat(pieces.closed()).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesMidwayCostsNothingMore() throws Exception {
        Pieces pieces = new Pieces().add(ITEMS);
        answerWith(pieces);
        try (Wire wire = server.wire()) {
            wire.request("GET", LOG, "accept-encoding: gzip");
            assertThat(wire.readHead().header("content-encoding")).isEqualTo("gzip");
            await().until(pieces::isAwaited);
        }
        await().until(() -> server.http.connectionCount() == 0);
        pieces.add("more");
        await().untilAsserted(() -> assertThat(pieces.closed()).isEqualTo(1));
        assertThat(server.compression.usedBytes()).isZero();
    }
}
