package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What readers of all kinds make of compressed logs: whatever they say they read, they get the same. */
class CodingTest {
    private static final String LOG = "table=words&offset=";

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "400000"));

    @BeforeAll
    static void fill() {
        NodeClient.install();
        server.sql(
                "CREATE TABLE words (id int PRIMARY KEY, word text)",
                "INSERT INTO words SELECT i, md5(i::text) || ' grün 🌱 ' || repeat('x', i % 500)"
                        + " FROM generate_series(1, 10000) i");
    }

    private static String sum(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] curl(String... arguments) throws IOException, InterruptedException {
        Process curl = new ProcessBuilder(arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] said = curl.getInputStream().readAllBytes();
        assertThat(curl.waitFor()).as("the exit code of curl").isZero();
        return said;
    }

    @Test
    void curlReadsEveryChunkInWhatItAccepts() throws Exception {
        String handle = server.request("GET", LOG + "-1")
                .headers()
                .firstValue("electric-handle")
                .orElseThrow();
        String offset = "-1";
        for (int chunk = 0; chunk < 5; chunk++) {
            String query = LOG + offset + "&handle=" + handle;
            byte[] plain = server.request("GET", query).body().getBytes(StandardCharsets.UTF_8);
            assertThat(plain.length).isGreaterThan(400_000);
            String url = server.shapeUrl() + "?" + query;
            for (String version : List.of("--http1.1", "--http1.0", "--http2", "--http2-prior-knowledge")) {
                assertThat(curl("curl", "-sS", version, "--compressed", url))
                        .as(version)
                        .isEqualTo(plain);
            }
            assertThat(curl("curl", "-sS", "-H", "accept-encoding: gzip", url).length)
                    .isLessThan(plain.length / 3);
            assertThat(curl("curl", "-sS", "--compressed", "-H", "accept-encoding: gzip", url))
                    .isEqualTo(plain);
            offset = "0_" + chunk;
        }
    }

    @Test
    void nodeAndABrowserReadIt() throws Exception {
        String query = LOG + "-1&where=id%20%3C%205000";
        String expected = sum(server.request("GET", query).body().getBytes(StandardCharsets.UTF_8));
        String url = server.shapeUrl() + "?" + query;
        try (NodeClient readers = NodeClient.run(
                "coded.mjs", Map.of("url", url, "chromium", Chromium.path().toString()))) {
            for (Map.Entry<String, String> reader :
                    Map.of("node", "gzip", "browser", "zstd").entrySet()) {
                readers.await(reader.getKey(), told -> true);
                JsonNode told = readers.latest(reader.getKey()).orElseThrow();
                assertThat(told.get("coding").stringValue()).as(reader.getKey()).isEqualTo(reader.getValue());
                assertThat(told.get("sum").stringValue()).as(reader.getKey()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theStockClientFollowsWhatIsTooLargeToBeSentAsItIs() {
        server.sql("CREATE TABLE letters (id int PRIMARY KEY, letter text)");
        try (StockClient client = StockClient.follow(server, Map.of("table", "letters"))) {
            client.awaitUpToDate();
            server.sql("INSERT INTO letters SELECT i, md5(i::text) FROM generate_series(1, 3000) i");
            client.awaitRows(rows -> rows.size() == 3000);
            server.sql("UPDATE letters SET letter = 'ü' WHERE id % 2 = 0", "DELETE FROM letters WHERE id % 3 = 0");
            client.awaitRows(rows -> rows.size() == 2000);
            assertThat(client.rows().values().stream()
                            .filter(row -> row.get("letter").stringValue().equals("ü")))
                    .hasSize(1000);
        }
    }
}
