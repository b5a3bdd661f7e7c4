package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How answers travel: HTTP §3.10, HTTP-138 … HTTP-142. */
class FramingConformanceTest {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String START = "table=items&offset=-1";

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of(
            "ELECTRIC_LONG_POLL_TIMEOUT",
            "300",
            "ELECTRIC_TCP_SEND_TIMEOUT",
            "1s",
            "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD",
            "100000000"));

    private static final Client client = new Client(server);
    private static String pending = "";

    /** Many times what fits between two sockets. */
    private static final int LARGE_ROWS = 30_000;

    @BeforeAll
    static void makeTables() {
        server.sql(
                "CREATE TABLE items (id int PRIMARY KEY, v text)",
                "INSERT INTO items VALUES (1, 'one')",
                "CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY)",
                "CREATE TABLE large (id int PRIMARY KEY, v text)",
                "INSERT INTO large SELECT i, repeat('v', 1000) FROM generate_series(1, " + LARGE_ROWS + ") i");
        Follower follower = new Follower(client, "table=items");
        pending = follower.query();
        server.sql("INSERT INTO items VALUES (2, 'two')");
        follower.next(1);
    }

    /** What is written as it is read. */
    private static List<String> logs() {
        return List.of(START, pending, pending + "&live=true", START + "&subset__where=true");
    }

    /** What is known before it is written. */
    private static List<Got> wholes() {
        return List.of(
                client.shape("table=items&offset=now"),
                client.shape(client.upToDate("table=items") + "&live=true"),
                client.shape("table=items&offset=x"),
                client.shape("table=items&offset=0_0&handle=1-1"),
                client.shape("table=fleeting&offset=-1"),
                client.delete("handle=1-1"),
                client.get("/v1/health"));
    }

    @Test
    void http138SaysWhatItSends() throws IOException {
        logs().forEach(query ->
                assertThat(client.shape(query).header("content-type")).isEqualTo(JSON));
        wholes().forEach(got ->
                assertThat(got.header("content-type")).as(got.toString()).isEqualTo(JSON));
        assertThat(client.get("/nowhere").has("content-type")).isFalse();
        try (Wire wire = server.wire()) {
            wire.request("GET", "/v1/shape?" + pending + "&live=true&live_sse=true");
            Got events = wire.readHead();
            assertThat(events.header("content-type")).isEqualTo("text/event-stream");
            assertThat(events.header("connection")).isEqualTo("keep-alive");
            assertThat(events.header("transfer-encoding")).isEqualTo("chunked");
        }
    }

    @Test
    void http139SendsLogsInChunksAndEverythingElseWhole() {
        for (String query : logs()) {
            Got got = client.shape(query);
            assertThat(got.header("transfer-encoding")).as(query).isEqualTo("chunked");
            assertThat(got.has("content-length")).as(query).isFalse();
        }
        for (Got got : wholes()) {
            assertThat(got.has("transfer-encoding")).as(got.toString()).isFalse();
            assertThat(got.header("content-length"))
                    .isEqualTo(Integer.toString(got.body().length()));
        }
    }

    /** Bounded pieces, of which none is the whole. */
    @Test
    void http139SendsALargeLogInManyChunks() throws IOException {
        try (Wire wire = server.wire()) {
            wire.request("GET", "/v1/shape?table=large&offset=-1");
            wire.readHead();
            long bytes = 0;
            int chunks = 0;
            for (byte[] chunk = wire.readChunk(); chunk.length > 0; chunk = wire.readChunk()) {
                assertThat(chunk.length).isLessThanOrEqualTo(256 * 1024);
                bytes += chunk.length;
                chunks++;
            }
            assertThat(bytes).isGreaterThan(LARGE_ROWS * 1000L);
            assertThat(chunks).isGreaterThan(100);
        }
    }

    @Test
    void http140AnEmptyTableIsAnArrayToo() {
        server.sql("CREATE TABLE nothing (id int PRIMARY KEY)");
        assertThat(client.shape("table=nothing&offset=-1").body())
                .matches("\\[\\{\"headers\":\\{\"control\":\"snapshot-end\",[^\\n]*\\}\\}\\]");
        assertThat(client.shape(client.upToDate("table=nothing")).body())
                .matches("\\[\\{\"headers\":\\{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"\\d+\"\\}\\}\\]");
        assertThat(client.shape("table=nothing&offset=-1&subset__where=true").body())
                .endsWith("\"data\":[]}");
    }

    @Test
    void http141BreaksOffWhereNobodyReadsOn() throws IOException {
        client.handle("table=large");
        try (Wire stalled = new Wire(server.app().port(), 8 * 1024)) {
            stalled.request("GET", "/v1/shape?table=large&offset=-1");
            assertThat(stalled.readHead().status()).isEqualTo(200);
            // Others are served meanwhile, on the same loop too.
            for (int i = 0; i < 8; i++) {
                assertThat(client.shape(START).status()).isEqualTo(200);
            }
            await("the request to be given up")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.app().openRequests() == 0);
            assertBrokenOff(stalled);
        }
    }

    /** However much of it comes, the end does not. */
    private static void assertBrokenOff(Wire wire) {
        assertThatThrownBy(() -> {
                    while (wire.readChunk().length > 0) {}
                })
                .isInstanceOf(IOException.class);
    }

    /** A filter that Postgres cannot calculate for the last row, which comes after the first ones were sent. */
    @Test
    void http142NeverEndsAnAnswerThatCannotBeFinished() throws IOException, SQLException {
        int rows = 2 * GatedDatabase.GATE;
        String query = "table=gated&offset=-1&where=" + encoded("10 / (id - " + rows + ") IS NOT NULL");
        try (RunningServer gated = GatedDatabase.start(Map.of())) {
            GatedDatabase.makeTable(gated, "gated", rows);
            try (GatedDatabase.Gate gate = new GatedDatabase.Gate(gated);
                    Wire wire = gated.wire()) {
                wire.request("GET", "/v1/shape?" + query);
                assertThat(wire.readHead().status()).isEqualTo(200);
                gate.open();
                assertBrokenOff(wire);
            }
            // The next one waits for the end, and hears of it.
            assertThat(new Client(gated).refused(query)).isEqualTo("{\"where\":[\"division by zero\"]}");
        }
    }
}
