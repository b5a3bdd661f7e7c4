package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Long poll: HTTP-217 … HTTP-225 (§7.1 … §7.3). */
class LongPollConformanceTest {
    private static final String LIVE_CACHING = "public, max-age=5, stale-while-revalidate=5";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Waits for ever, as far as these tests are concerned. */
    @RegisterExtension
    static final RunningServer patient = RunningServer.start(
            Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "600000", "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000"));

    @RegisterExtension
    static final RunningServer hasty = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "300"));

    private final Client client = new Client(patient);

    private static void expectData(Got got, String key) {
        assertThat(got.status()).as(got.body()).isEqualTo(200);
        assertThat(Json.keys(Json.withoutControl(Json.items(got)))).containsExactly(key);
        assertThat(got.header("electric-has-data")).isEqualTo("true");
        assertThat(got.header("electric-up-to-date")).isEmpty();
        assertThat(got.header("electric-cursor")).matches("[1-9][0-9]*");
        assertThat(got.header("cache-control")).isEqualTo(LIVE_CACHING);
        assertThat(got.has("electric-schema")).isFalse();
    }

    @Test
    void http217WhatIsThereIsAnsweredAtOnce() {
        patient.sql("CREATE TABLE pending (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=pending");
        String live = follower.live();
        patient.sql("INSERT INTO pending VALUES (1)");
        follower.next(1);
        Got got = client.shape(live);
        expectData(got, "\"public\".\"pending\"/\"1\"");
        assertThat(got.header("electric-offset")).isEqualTo(follower.offset());
        assertThat(got.header("etag")).isEqualTo('"' + follower.handle() + ":0_inf:" + follower.offset() + '"');
    }

    @Test
    void http218OtherwiseItIsWaitedFor() {
        patient.sql("CREATE TABLE awaited (id int PRIMARY KEY)", "CREATE TABLE not_awaited (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=awaited&where=" + Client.encoded("id > 10"));
        Follower other = new Follower(client, "table=not_awaited");
        try (Held held = Held.by(patient, follower.live())) {
            patient.sql("INSERT INTO awaited VALUES (1)", "INSERT INTO not_awaited VALUES (1)");
            other.next(1);
            // What is not for the shape has passed by then.
            assertThat(held.isAnswered()).isFalse();
            patient.sql("INSERT INTO awaited VALUES (11)");
            expectData(held.answer(), "\"public\".\"awaited\"/\"11\"");
        }
    }

    @Test
    void http219ACommitIsNeverMissedHoweverItMeetsTheRequest() {
        patient.sql("CREATE TABLE raced (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=raced");
        for (int id = 0; id < 150; id++) {
            String insert = "INSERT INTO raced VALUES (" + id + ")";
            CompletableFuture<Void> commit =
                    CompletableFuture.runAsync(() -> patient.sql(insert), Thread::startVirtualThread);
            // Asks at some moment around the commit; would wait for ten minutes if it missed it.
            assertThat(Json.keys(follower.next(1))).containsExactly("\"public\".\"raced\"/\"" + id + '"');
            commit.join();
        }
    }

    @Test
    void http220WhenTheTimeIsUpTheClientIsToldWhereItStands() {
        hasty.sql("CREATE TABLE quiet (id int PRIMARY KEY)");
        Client asking = new Client(hasty);
        Follower follower = new Follower(asking, "table=quiet");
        Got got = asking.shape(follower.live() + "&cursor=");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("electric-has-data")).isEqualTo("false");
        assertThat(got.header("electric-up-to-date")).isEmpty();
        assertThat(got.header("electric-offset")).isEqualTo("0_inf");
        assertThat(got.header("electric-handle")).isEqualTo(follower.handle());
        assertThat(got.header("electric-cursor")).matches("[0-9]+");
        assertThat(got.header("cache-control")).isEqualTo(LIVE_CACHING);
        assertThat(got.header("etag")).startsWith('"' + follower.handle() + ":0_inf:0_inf:");
        assertThat(got.body())
                .matches("\\[\\{\"headers\":\\{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"[0-9]+\"}}]");
        assertThat(got.header("content-length"))
                .isEqualTo(Integer.toString(got.body().length()));
        assertThat(asking.shape(follower.live()).header("etag")).isNotEqualTo(got.header("etag"));
    }

    @Test
    void http221WithoutADatabaseItIsTheUsualAnswer() throws IOException {
        try (TestPostgres postgres = TestPostgres.start(Map.of())) {
            String database = postgres.freshDatabase();
            RunningServer.sql(postgres, database, "CREATE TABLE cut_off (id int PRIMARY KEY)");
            try (RunningServer server =
                    RunningServer.startOn(postgres, database, Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "1500"))) {
                Client asking = new Client(server);
                Follower follower = new Follower(asking, "table=cut_off");
                try (Held held = Held.by(server, follower.live())) {
                    postgres.kill9();
                    await().atMost(LIMIT)
                            .until(() -> asking.get("/v1/health").body().equals("{\"status\":\"starting\"}"));
                    Got got = held.answer();
                    assertThat(got.status()).as(got.body()).isEqualTo(200);
                    assertThat(got.header("electric-has-data")).isEqualTo("false");
                    assertThat(got.header("electric-offset")).isEqualTo("0_inf");
                }
            }
        }
    }

    @Test
    void http222ALiveRequestInsideTheSnapshotGetsTheRestOfIt() {
        patient.sql(
                "CREATE TABLE inside (id int PRIMARY KEY, v text)",
                "INSERT INTO inside SELECT i, repeat('x', 1000) FROM generate_series(1, 25) i");
        Got first = client.shape("table=inside&offset=-1");
        Got second = client.shape("table=inside&" + Client.next(first) + "&live=true");
        assertThat(second.header("electric-offset")).isEqualTo("0_1");
        assertThat(second.header("electric-cursor")).matches("[0-9]+");
        assertThat(second.header("cache-control")).isEqualTo(LIVE_CACHING);
        assertThat(second.has("electric-schema")).isFalse();
        assertThat(second.has("electric-up-to-date")).isFalse();
        assertThat(Json.withoutControl(Json.items(second))).isNotEmpty();
        Got third = client.shape("table=inside&" + Client.next(second) + "&live=true");
        assertThat(Json.control(Json.items(third).getLast())).isEqualTo("snapshot-end");
        try (Held held = Held.by(patient, "table=inside&" + Client.next(third) + "&live=true")) {
            patient.sql("INSERT INTO inside VALUES (100, 'y')");
            expectData(held.answer(), "\"public\".\"inside\"/\"100\"");
        }
    }

    @Test
    void http223OneCommitReachesAThousandWhoWait() throws IOException {
        patient.sql("CREATE TABLE crowded (id int PRIMARY KEY, v text)");
        Follower follower = new Follower(client, "table=crowded");
        patient.sql("INSERT INTO crowded VALUES (0, 'first')");
        String early = follower.live();
        follower.next(1);
        String late = follower.live();
        List<Wire> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                waiting.add(patient.wire().request("GET", "/v1/shape?" + late));
            }
            await().atMost(LIMIT).until(() -> patient.app().openRequests() >= 1_000);
            patient.sql("INSERT INTO crowded VALUES (1, 'x')");
            String body = "";
            for (Wire wire : waiting) {
                Got got = wire.read();
                expectData(got, "\"public\".\"crowded\"/\"1\"");
                assertThat(got.body()).isEqualTo(body.isEmpty() ? got.body() : body);
                body = got.body();
            }
        } finally {
            for (Wire wire : waiting) {
                wire.close();
            }
        }
        // Everybody gets what is behind their own offset.
        assertThat(Json.withoutControl(Json.items(client.shape(early)))).hasSize(2);
    }

    @Test
    void http224WhoGoesAwayMakesRoom() {
        try (RunningServer narrow = RunningServer.start(Map.of(
                "ELECTRIC_MAX_CONCURRENT_REQUESTS",
                "{\"initial\":5,\"existing\":1}",
                "ELECTRIC_LONG_POLL_TIMEOUT",
                "600000"))) {
            narrow.sql("CREATE TABLE left_alone (id int PRIMARY KEY)");
            Client asking = new Client(narrow);
            Follower follower = new Follower(asking, "table=left_alone");
            for (String live : List.of(follower.live(), follower.live() + "&live_sse=true")) {
                try (Held held = Held.by(narrow, live)) {
                    await().atMost(LIMIT)
                            .until(() -> asking.shape(follower.query()).status() == 503);
                    assertThat(held.isAnswered()).isFalse();
                }
                await().atMost(LIMIT).until(() -> asking.shape(follower.query()).status() == 200);
            }
            await().atMost(LIMIT).until(() -> narrow.app().openRequests() == 0);
            // Whoever is left did not notice.
            narrow.sql("INSERT INTO left_alone VALUES (1)");
            assertThat(follower.next(1)).hasSize(1);
        }
    }
}
