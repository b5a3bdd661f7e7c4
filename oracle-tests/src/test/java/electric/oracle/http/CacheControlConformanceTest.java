package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long caches may keep what: HTTP §3.9, HTTP-130 … HTTP-137. */
class CacheControlConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "1000"));

    @RegisterExtension
    static final RunningServer brief =
            RunningServer.start(Map.of("ELECTRIC_CACHE_MAX_AGE", "1", "ELECTRIC_CACHE_STALE_AGE", "3"));

    private static final String BEGINNING = "public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746";
    private static final String READING = "public, max-age=60, stale-while-revalidate=300";
    private static final String LIVE = "public, max-age=5, stale-while-revalidate=5";
    private static final String EVENTS = "public, max-age=59";
    private static final String START = "table=items&offset=-1";
    private static final String NOW = "table=items&offset=now";

    private static final Client client = new Client(server);
    private static String pending = "";

    @BeforeAll
    static void makeTable() {
        String table = "CREATE TABLE items (id int PRIMARY KEY)";
        brief.sql(table);
        server.sql(table, "CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=items");
        pending = follower.query();
        server.sql("INSERT INTO items VALUES (2)");
        follower.next(1);
    }

    private static void assertKept(Got got, String rule) {
        assertThat(got.header("cache-control")).as(got.toString()).isEqualTo(rule);
        assertThat(got.has("surrogate-control")).as(got.toString()).isFalse();
    }

    private static Got post(String query, String... headers) {
        String[] all = Stream.concat(Stream.of("content-length: 0"), Stream.of(headers))
                .toArray(String[]::new);
        return client.ask("POST", "/v1/shape?" + query, all);
    }

    @Test
    void http130TheBeginningIsKeptLong() {
        for (String query : List.of(START, START + "&handle=1-1", "table=items&offset=-1_0")) {
            assertKept(client.shape(query), BEGINNING);
            assertKept(client.ask("HEAD", "/v1/shape?" + query), BEGINNING);
        }
        assertKept(new Client(brief).shape(START), BEGINNING);
    }

    @Test
    void http131WhatIsReadIsKeptAsLongAsTheSettingsSay() {
        assertKept(client.shape(pending), READING);
        assertKept(client.shape("table=items&offset=0_0&handle=" + client.handle("table=items")), READING);
        assertKept(client.shape(NOW), READING);
        assertKept(new Client(brief).shape(NOW), "public, max-age=1, stale-while-revalidate=3");
        assertKept(
                new Client(brief).shape(new Client(brief).upToDate("table=items")),
                "public, max-age=1, stale-while-revalidate=3");
    }

    @Test
    void http132WhatIsLiveIsKeptForAsLongAsManyAskForIt() {
        assertKept(client.shape(pending + "&live=true"), LIVE);
        Got timeout = client.shape(client.upToDate("table=items") + "&live=true");
        assertThat(timeout.header("electric-has-data")).isEqualTo("false");
        assertKept(timeout, LIVE);
    }

    @Test
    void http133AStreamOfEventsIsKeptWhileItGoesOn() throws IOException {
        try (Wire wire = server.wire()) {
            wire.request("GET", "/v1/shape?" + pending + "&live=true&live_sse=true");
            assertKept(wire.readHead(), EVENTS);
        }
        assertKept(client.ask("HEAD", "/v1/shape?" + pending + "&live=true&live_sse=true"), EVENTS);
    }

    @Test
    void http134ARotationIsKeptBrieflyAndLongerWithANewHandle() {
        Got known = client.shape("table=items&offset=0_0&handle=1-1");
        assertThat(known.status()).isEqualTo(409);
        assertKept(known, "public, max-age=60, must-revalidate");

        try (RunningServer patient = RunningServer.start()) {
            patient.sql("CREATE TABLE rotated (id int PRIMARY KEY)");
            Client waiting = new Client(patient);
            try (Held held = Held.by(patient, waiting.upToDate("table=rotated") + "&live=true")) {
                waiting.delete("table=rotated");
                Got unknown = held.answer();
                assertThat(unknown.status()).isEqualTo(409);
                assertThat(unknown.has("electric-handle")).isFalse();
                assertKept(unknown, "public, max-age=1, must-revalidate");
            }
        }
    }

    @Test
    void http135OtherErrorsAreNotKept() {
        for (String method : List.of("GET", "HEAD")) {
            for (String query : List.of(START + "&live=true", "table=nope&offset=-1", "table=fleeting&offset=-1")) {
                Got got = client.ask(method, "/v1/shape?" + query);
                assertThat(got.status()).isIn(400, 500);
                assertThat(got.header("cache-control")).isEqualTo("no-store");
                assertThat(got.header("surrogate-control")).isEqualTo("no-store");
            }
        }
    }

    @Test
    void http136NothingThatIsPostedIsKept() throws IOException {
        Got start = post(START);
        List<Got> answers = List.of(
                start,
                post(pending),
                post(pending + "&live=true"),
                post(NOW),
                post(START, "if-none-match: " + start.header("etag")),
                post("table=items&offset=x"),
                post("table=items&offset=0_0&handle=1-1"),
                post("table=fleeting&offset=-1"));
        assertThat(answers.stream().map(Got::status)).containsExactly(200, 200, 200, 200, 304, 400, 409, 500);
        answers.forEach(got -> assertKept(got, "no-cache"));
        try (Wire wire = server.wire()) {
            wire.request("POST", "/v1/shape?" + pending + "&live=true&live_sse=true", "content-length: 0");
            Got events = wire.readHead();
            assertThat(events.header("content-type")).isEqualTo("text/event-stream");
            assertKept(events, "no-cache");
        }
    }

    @Test
    void http136NoDeletionAndNoSubsetIsKept() {
        assertKept(client.delete("handle=1-1"), "no-cache");
        assertKept(client.shape(START + "&subset__where=true"), "no-cache");
        assertKept(client.shape(NOW + "&subset__where="), "no-cache");
        assertKept(client.post(START, "{\"subset\":{}}"), "no-cache");
    }

    @Test
    void http137WhatIsUnchangedIsKeptAsTheWholeWouldBe() {
        for (String query : List.of(START, pending, pending + "&live=true")) {
            Got whole = client.shape(query);
            for (String method : List.of("GET", "HEAD")) {
                Got same = client.ask(method, "/v1/shape?" + query, "if-none-match: " + whole.header("etag"));
                assertThat(same.status()).isEqualTo(304);
                assertKept(same, whole.header("cache-control"));
            }
            assertKept(post(query, "if-none-match: " + whole.header("etag")), "no-cache");
        }
    }
}
