package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Control items: HTTP-175 … HTTP-180 (§4.7). */
class ControlItemsConformanceTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MUST_REFETCH = "[{\"headers\":{\"control\":\"must-refetch\"}}]";

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    /** Whose long polls end when nothing happens for a moment. */
    @RegisterExtension
    static final RunningServer hasty = RunningServer.start(
            Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "600", "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "1000"));

    private final Client client = new Client(server);

    private static long tx(String offset) {
        return Long.parseLong(offset.substring(0, offset.indexOf('_')));
    }

    /** Writes to another table that is followed too; returns the position of that transaction. */
    private static long goOnElsewhere(RunningServer on, String table) {
        on.sql("CREATE TABLE " + table + " (id int PRIMARY KEY)");
        Follower other = new Follower(new Client(on), "table=" + table);
        on.sql("INSERT INTO " + table + " VALUES (1)");
        other.next(1);
        return tx(other.offset());
    }

    @Test
    void http175UpToDateIsTheLastItemAndSaysHowFar() {
        server.sql("CREATE TABLE last (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=last");
        String before = follower.query();
        server.sql("INSERT INTO last VALUES (1), (2)");
        follower.next(2);
        Got got = client.shape(before);
        List<JsonNode> items = Json.items(got);
        assertThat(items.stream().map(Json::control)).containsExactly("", "", "up-to-date");
        assertThat(items.getLast().propertyNames()).containsExactly("headers");
        assertThat(items.getLast().get("headers").propertyNames())
                .containsExactlyInAnyOrder("control", "global_last_seen_lsn");
        assertThat(items.getLast().get("headers").get("global_last_seen_lsn").isString())
                .isTrue();
        assertThat(items.getLast().get("headers").get("global_last_seen_lsn").stringValue())
                .matches("[1-9][0-9]*");
        assertThat(got.header("electric-up-to-date")).isEmpty();
    }

    @Test
    void http176ALongPollWithDataClaimsItsOwnTransaction() {
        server.sql("CREATE TABLE polled (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=polled");
        String before = follower.live();
        try (Held held = Held.by(server, follower.live())) {
            server.sql("INSERT INTO polled VALUES (1)");
            Got got = held.answer();
            assertThat(got.header("electric-has-data")).isEqualTo("true");
            assertThat(Json.lastSeenLsn(got)).isEqualTo(tx(got.header("electric-offset")));
        }
        // Also when the database is further by now.
        long elsewhere = goOnElsewhere(server, "polled_not");
        Got got = client.shape(before);
        assertThat(Json.lastSeenLsn(got))
                .isEqualTo(tx(got.header("electric-offset")))
                .isLessThan(elsewhere);
    }

    @Test
    void http177OthersClaimWhatTheWholeServerHasSeen() {
        server.sql("CREATE TABLE asked (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=asked");
        server.sql("INSERT INTO asked VALUES (1)");
        String before = follower.query();
        follower.next(1);
        Got own = client.shape(before);
        assertThat(Json.lastSeenLsn(own)).isGreaterThanOrEqualTo(tx(own.header("electric-offset")));
        long elsewhere = goOnElsewhere(server, "asked_not");
        Got behind = client.shape(before);
        assertThat(Json.withoutControl(Json.items(behind))).hasSize(1);
        assertThat(Json.lastSeenLsn(behind)).isGreaterThanOrEqualTo(elsewhere);
        Got atEnd = client.shape(follower.query());
        assertThat(Json.lastSeenLsn(atEnd)).isGreaterThanOrEqualTo(elsewhere);
        assertThat(tx(atEnd.header("electric-offset"))).isLessThan(elsewhere);
    }

    @Test
    void http178WhereNothingHappenedTheServerTellsHowFarItIs() {
        Client asking = new Client(hasty);
        hasty.sql("CREATE TABLE silent (id int PRIMARY KEY)");
        Follower follower = new Follower(asking, "table=silent");
        long elsewhere = goOnElsewhere(hasty, "silent_not");
        Got timeout = asking.shape(follower.live());
        assertThat(timeout.header("electric-has-data")).isEqualTo("false");
        assertThat(Json.lastSeenLsn(timeout)).isGreaterThanOrEqualTo(elsewhere);
        Got now = asking.shape("table=silent&offset=now");
        assertThat(Json.items(now)).hasSize(1);
        assertThat(Json.lastSeenLsn(now)).isGreaterThanOrEqualTo(elsewhere);
        assertThat(now.header("electric-offset")).isEqualTo("0_inf");
    }

    @Test
    void http179NothingUndeliveredIsEverClaimed() {
        Client asking = new Client(hasty);
        hasty.sql("CREATE TABLE busy (id int PRIMARY KEY, v text)", "CREATE TABLE busy_not (id int)");
        Follower start = new Follower(asking, "table=busy");
        asking.upToDate("table=busy_not");
        int transactions = 150;
        IntUnaryOperator rowsOf = transaction -> 1 + transaction % 4 * 3;
        int rows = IntStream.range(0, transactions).map(rowsOf).sum();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    for (int id = 0; id < transactions; id++) {
                        hasty.sql(
                                "INSERT INTO busy SELECT 10 * " + id + " + i, repeat('x', 100)"
                                        + " FROM generate_series(1, " + rowsOf.applyAsInt(id) + ") i",
                                "INSERT INTO busy_not VALUES (1)");
                    }
                },
                Thread::startVirtualThread);
        String query = start.query();
        long claimed = 0;
        int told = 0;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (told < rows) {
            assertThat(System.nanoTime()).as("%d rows after %s", told, LIMIT).isLessThan(deadline);
            for (boolean live : List.of(false, true)) {
                Got got = asking.shape(query + (live ? "&live=true" : ""));
                List<JsonNode> items = Json.items(got);
                for (JsonNode item : items) {
                    if (Json.isControl(item)) {
                        claimed = Math.max(claimed, Json.lastSeenLsn(got));
                    } else {
                        told++;
                        assertThat(Long.parseLong(item.get("headers").get("lsn").stringValue()))
                                .isGreaterThan(claimed);
                    }
                }
                assertThat(got.has("electric-up-to-date")).isEqualTo(Json.isControl(items.getLast()));
                query = "table=busy&" + Client.next(got);
            }
        }
        writer.join();
        assertThat(told).isEqualTo(rows);
    }

    @Test
    void http180MustRefetchComesAloneAndOnlyWithA409() {
        server.sql("CREATE TABLE refetched (id int PRIMARY KEY)", "INSERT INTO refetched VALUES (1)");
        Follower follower = new Follower(client, "table=refetched");
        Got unknown = client.shape("table=refetched&offset=0_0&handle=1-1");
        assertThat(unknown.status()).isEqualTo(409);
        assertThat(unknown.body()).isEqualTo(MUST_REFETCH);
        try (Held held = Held.by(server, follower.live())) {
            assertThat(client.delete("table=refetched").status()).isEqualTo(202);
            assertThat(held.answer().status()).isEqualTo(409);
            assertThat(held.answer().body()).isEqualTo(MUST_REFETCH);
        }
        for (String query : List.of("offset=-1", "offset=now", "offset=-1&subset__where=true")) {
            assertThat(client.shape("table=refetched&" + query).body()).doesNotContain("must-refetch");
        }
    }
}
