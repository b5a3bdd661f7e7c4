package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Offsets and chunks: HTTP-188 … HTTP-204 (§5). */
class OffsetsAndChunksConformanceTest {
    private static final int THRESHOLD = 10_000;

    @RegisterExtension
    static final RunningServer server =
            RunningServer.start(Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", Integer.toString(THRESHOLD)));

    /** Who asks for what is beyond the log is refused here after 0.6 seconds, there after ten. */
    @RegisterExtension
    static final RunningServer hasty = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "1200"));

    private final Client client = new Client(server);

    /** Answers from one place on, until the client is up to date. */
    private List<Got> all(String query) {
        List<Got> answers = new ArrayList<>();
        String definition = query.replaceAll("&offset=.*", "");
        String next = query;
        while (answers.isEmpty() || !answers.getLast().has("electric-up-to-date")) {
            Got got = client.shape(next);
            assertThat(got.status()).as(got.body()).isEqualTo(200);
            answers.add(got);
            next = definition + "&" + Client.next(got);
        }
        return answers;
    }

    private static List<JsonNode> changes(List<Got> answers) {
        return answers.stream()
                .flatMap(got -> Json.withoutControl(Json.items(got)).stream())
                .toList();
    }

    private static String[] offsets(List<Got> answers) {
        return answers.stream().map(got -> got.header("electric-offset")).toArray(String[]::new);
    }

    /** How long each item is as it was written, without what separates it from the next. */
    private static List<Integer> lengths(Got got) {
        String body = got.body();
        assertThat(body).startsWith("[").endsWith("]");
        List<Integer> lengths = new ArrayList<>();
        for (String item : body.substring(1, body.length() - 1).split(",\\s*(?=\\{\"(key|headers)\":)", -1)) {
            Json.of(item);
            lengths.add(item.getBytes(StandardCharsets.UTF_8).length);
        }
        return lengths;
    }

    private static int sum(List<Integer> lengths, int more) {
        return lengths.stream().mapToInt(length -> length + more).sum();
    }

    private static String filled(String table, int rows, int width) {
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
                "INSERT INTO " + table + " SELECT i, repeat('x', " + width + ") FROM generate_series(1, " + rows
                        + ") i");
        return "table=" + table;
    }

    private static String grown(String table, int rows, int width) {
        return "INSERT INTO " + table + " SELECT coalesce(max(id), 0) + i, repeat('x', " + width + ") FROM " + table
                + " RIGHT JOIN generate_series(1, " + rows + ") i ON true GROUP BY i";
    }

    @Test
    void http188OffsetsAreOrderedAsNumbers() {
        String definition = filled("numbered", 120, 1000);
        List<Got> answers = all(definition + "&offset=-1");
        assertThat(offsets(answers)).startsWith("0_0", "0_1", "0_2").endsWith("0_inf");
        assertThat(answers.size()).as("chunks").isGreaterThan(12);
        String handle = "&handle=" + answers.getFirst().header("electric-handle");
        // As text 0_9 would come after 0_10.
        assertThat(client.shape(definition + "&offset=0_9" + handle).header("electric-offset"))
                .isEqualTo("0_10");
        assertThat(client.shape(definition + "&offset=0_010" + handle).header("electric-offset"))
                .isEqualTo("0_11");
        server.sql("INSERT INTO numbered VALUES (1000, 'a')");
        Got change = client.shape(definition + "&offset=0_inf&live=true" + handle);
        String tx = change.header("electric-offset").replace("_0", "");
        assertThat(Json.withoutControl(Json.items(change))).hasSize(1);
        // Every real offset is behind the snapshot, and one of the same transaction with a lesser op before it.
        for (String before :
                List.of("0_inf", "1_0", "9_9", tx.substring(1) + "_0", (Long.parseLong(tx) - 1) + "_inf")) {
            assertThat(Json.withoutControl(Json.items(client.shape(definition + "&offset=" + before + handle))))
                    .as(before)
                    .hasSize(1);
        }
    }

    @Test
    void http189TheSnapshotIsReadChunkByChunk() {
        String definition = filled("chunked", 25, 1000);
        List<Got> answers = all(definition + "&offset=-1");
        assertThat(offsets(answers)).containsExactly("0_0", "0_1", "0_2", "0_inf");
        assertThat(answers.subList(0, 3)).noneMatch(got -> got.has("electric-up-to-date"));
        assertThat(changes(answers)).hasSize(25);
        assertThat(Json.control(Json.items(answers.get(2)).getLast())).isEqualTo("snapshot-end");
        assertThat(Json.items(answers.get(1))).noneMatch(Json::isControl);
    }

    @Test
    void http190BehindTheSnapshotComeTheChanges() {
        String definition = filled("followed", 12, 1000);
        List<Got> answers = all(definition + "&offset=-1");
        assertThat(offsets(answers)).containsExactly("0_0", "0_1", "0_inf");
        String handle = "&handle=" + answers.getFirst().header("electric-handle");
        // Any chunk there is not says the same as the last one, and as the end of the snapshot.
        for (String virtual : List.of("0_1", "0_2", "0_99", "0_inf")) {
            Got got = client.shape(definition + "&offset=" + virtual + handle);
            assertThat(got.header("electric-offset")).as(virtual).isEqualTo("0_inf");
            assertThat(got.header("electric-up-to-date")).isEmpty();
            assertThat(Json.items(got)).hasSize(1);
        }
        server.sql("INSERT INTO followed VALUES (100, 'a')");
        String offset =
                client.shape(definition + "&offset=0_inf&live=true" + handle).header("electric-offset");
        for (String virtual : List.of("0_1", "0_2", "0_99", "0_inf")) {
            Got got = client.shape(definition + "&offset=" + virtual + handle);
            assertThat(got.header("electric-offset")).as(virtual).isEqualTo(offset);
            assertThat(Json.keys(Json.withoutControl(Json.items(got))))
                    .containsExactly("\"public\".\"followed\"/\"100\"");
        }
    }

    @Test
    void http191AnEmptyTableIsReadInTwoRequests() {
        server.sql("CREATE TABLE nothing (id int PRIMARY KEY)");
        Got first = client.shape("table=nothing&offset=-1");
        assertThat(Json.items(first).stream().map(Json::control)).containsExactly("snapshot-end");
        assertThat(first.header("electric-offset")).isEqualTo("0_0");
        assertThat(first.has("electric-up-to-date")).isFalse();
        Got second = client.shape("table=nothing&" + Client.next(first));
        assertThat(Json.items(second).stream().map(Json::control)).containsExactly("up-to-date");
        assertThat(second.header("electric-offset")).isEqualTo("0_inf");
        assertThat(second.header("electric-up-to-date")).isEmpty();
    }

    @Test
    void http193ASnapshotChunkClosesWithTheRowThatFillsIt() {
        for (int width : List.of(10, 100, 1500, 20_000)) {
            List<Got> answers = all(filled("filled_" + width, 40 + 20_000 / width, width) + "&offset=-1");
            List<Got> closed = answers.subList(0, answers.size() - 2);
            assertThat(closed).isNotEmpty();
            for (Got got : closed) {
                List<Integer> lengths = lengths(got);
                assertThat(sum(lengths, 1)).isGreaterThanOrEqualTo(THRESHOLD);
                assertThat(sum(lengths.subList(0, lengths.size() - 1), 1)).isLessThan(THRESHOLD);
            }
        }
    }

    @Test
    void http194AChangeChunkClosesWithTheItemThatFillsItEvenInsideATransaction() {
        String definition = filled("changing", 1, 1);
        Follower follower = new Follower(client, definition);
        String start = follower.query();
        // One transaction of several chunks, and several of a part of one each.
        server.sql(grown("changing", 35, 1000), grown("changing", 7, 500), grown("changing", 9, 333));
        List<JsonNode> told = follower.next(51);
        List<Got> answers = all(start);
        assertThat(changes(answers)).isEqualTo(told);
        assertThat(answers.size()).isGreaterThanOrEqualTo(4);
        for (Got got : answers.subList(0, answers.size() - 1)) {
            List<Integer> lengths = lengths(got);
            assertThat(sum(lengths, 0)).isGreaterThanOrEqualTo(THRESHOLD);
            assertThat(sum(lengths.subList(0, lengths.size() - 1), 0)).isLessThan(THRESHOLD);
            assertThat(got.has("electric-up-to-date")).isFalse();
            assertThat(Json.items(got)).noneMatch(Json::isControl);
        }
        JsonNode closing = Json.items(answers.getFirst()).getLast();
        assertThat(closing.get("headers").has("last")).isFalse();
        assertThat(answers.getFirst().header("electric-offset"))
                .isEqualTo(closing.get("headers").get("lsn").stringValue() + "_"
                        + closing.get("headers").get("op_position"));
    }

    @Test
    void http195AnswersAreAsLongAsTheClientSuiteExpects() {
        String definition = filled("sized", 35, 1000);
        Follower follower = new Follower(client, definition);
        String afterSnapshot = follower.query();
        server.sql(grown("sized", 35, 1000));
        follower.next(35);
        List<Got> snapshot = all(definition + "&offset=-1").stream()
                .filter(got -> got.header("electric-offset").matches("0_\\d+"))
                .toList();
        for (List<Got> answers : List.of(snapshot, all(afterSnapshot))) {
            assertThat(answers.size()).isGreaterThanOrEqualTo(2);
            assertThat(answers.subList(0, answers.size() - 1))
                    .allSatisfy(got -> assertThat(got.body().length()).isBetween(8_000, 12_000));
            assertThat(answers.getLast().body().length()).isLessThan(11_000);
        }
    }

    @Test
    void http196AnAnswerHasEverythingBehindTheOffsetToTheEndOfItsChunk() {
        String definition = filled("behind", 1, 1);
        Follower follower = new Follower(client, definition);
        String start = follower.query();
        server.sql(grown("behind", 30, 1000));
        List<JsonNode> told = follower.next(30);
        List<Got> answers = all(start);
        int before = 0;
        for (Got got : answers) {
            String end = got.header("electric-offset");
            int count = Json.withoutControl(Json.items(got)).size();
            for (int seen = 0; seen < count; seen++) {
                JsonNode at = told.get(before + seen).get("headers");
                String offset = at.get("lsn").stringValue() + "_" + at.get("op_position");
                if (seen < count - 1) {
                    Got rest = client.shape(start.replaceAll("offset=[^&]*", "offset=" + offset));
                    assertThat(rest.header("electric-offset")).isEqualTo(end);
                    assertThat(Json.withoutControl(Json.items(rest)))
                            .isEqualTo(told.subList(before + seen + 1, before + count));
                }
            }
            before += count;
        }
        assertThat(before).isEqualTo(30);
    }

    @Test
    void http197OffsetsThatNobodyWasEverToldAreServed() {
        String definition = filled("made_up", 1, 1);
        Follower follower = new Follower(client, definition);
        String start = follower.query();
        for (int i = 0; i < 9; i++) {
            server.sql(grown("made_up", 1, 10));
        }
        List<JsonNode> told = follower.next(9);
        // The client suite asks for the place just before the first one, by an offset of its own making.
        for (int i = 0; i < 9; i++) {
            long tx = Long.parseLong(told.get(i).get("headers").get("lsn").stringValue());
            for (String offset : List.of((tx - 1) + "_0", (tx - 1) + "_7", (tx - 1) + "_inf")) {
                Got got = client.shape(start.replaceAll("offset=[^&]*", "offset=" + offset));
                assertThat(Json.withoutControl(Json.items(got))).isEqualTo(told.subList(i, 9));
                assertThat(got.header("electric-offset")).isEqualTo(follower.offset());
                assertThat(got.header("etag"))
                        .isEqualTo('"' + follower.handle() + ":" + offset + ":" + follower.offset() + '"');
            }
            if (i < 8) {
                Got got = client.shape(start.replaceAll("offset=[^&]*", "offset=" + tx + "_1"));
                assertThat(Json.withoutControl(Json.items(got))).isEqualTo(told.subList(i + 1, 9));
            }
        }
    }

    @Test
    void http198ClosedChunksStayAsTheyAre() {
        String definition = filled("closed", 25, 1000);
        Follower follower = new Follower(client, definition);
        server.sql(grown("closed", 25, 1000));
        follower.next(25);
        List<Got> before = all(definition + "&offset=-1");
        server.sql(grown("closed", 25, 1000), "UPDATE closed SET v = 'y' WHERE id = 1");
        follower.next(26);
        List<Got> after = all(definition + "&offset=-1");
        // All but the one that was open.
        for (int i = 0; i < before.size() - 1; i++) {
            assertThat(after.get(i).body()).isEqualTo(before.get(i).body());
            assertThat(after.get(i).header("etag")).isEqualTo(before.get(i).header("etag"));
        }
        assertThat(after.size()).isGreaterThan(before.size());
    }

    @Test
    void http199TheNextChunkCanBeReadBeforeThisOneIs() throws IOException {
        String definition = filled("prefetched", 60, 1000);
        try (Wire first = server.wire();
                Wire second = server.wire();
                Wire third = server.wire()) {
            Got head = first.request("GET", "/v1/shape?" + definition + "&offset=-1")
                    .readHead();
            Got next = second.request("GET", "/v1/shape?" + definition + "&" + Client.next(head))
                    .readHead();
            Got last = third.get("/v1/shape?" + definition + "&" + Client.next(next));
            assertThat(head.header("electric-offset")).isEqualTo("0_0");
            assertThat(next.header("electric-offset")).isEqualTo("0_1");
            assertThat(last.header("electric-offset")).isEqualTo("0_2");
            assertThat(Json.items(last)).isNotEmpty();
        }
    }

    @Test
    void http200ASnapshotThatEndsWithAChunkStillSaysThatItEnds() {
        // Rows of one length, so that it can be calculated how many fill a chunk to the byte.
        server.sql("CREATE TABLE exact (id char(10) PRIMARY KEY, v text)", "INSERT INTO exact VALUES ('1', '')");
        int empty = lengths(client.shape("table=exact&offset=-1")).getFirst() + 1;
        int width = THRESHOLD / 10 - empty;
        server.sql(
                "CREATE TABLE brink (id char(10) PRIMARY KEY, v text)",
                "INSERT INTO brink SELECT i, repeat('x', " + width + ") FROM generate_series(1, 20) i");
        List<Got> answers = all("table=brink&offset=-1");
        assertThat(sum(lengths(answers.getFirst()), 1)).isEqualTo(THRESHOLD);
        assertThat(offsets(answers)).containsExactly("0_0", "0_1", "0_2", "0_inf");
        assertThat(Json.items(answers.get(1))).hasSize(10).noneMatch(Json::isControl);
        // A chunk of its own: never an answer without an item and without an end.
        assertThat(Json.items(answers.get(2)).stream().map(Json::control)).containsExactly("snapshot-end");
        assertThat(answers.get(2).has("electric-up-to-date")).isFalse();
    }

    @Test
    void http201NoTransactionIsLostOrToldTwiceBesideTheSnapshot() {
        server.sql("CREATE TABLE torn (id serial PRIMARY KEY, v text)");
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 300; i++) {
                        server.sql("INSERT INTO torn (v) SELECT 'x' FROM generate_series(1, 3)");
                    }
                },
                Thread::startVirtualThread);
        List<Follower> followers = new ArrayList<>();
        List<List<String>> told = new ArrayList<>();
        for (int shape = 0; !writer.isDone(); shape++) {
            String definition = "table=torn&where=" + Client.encoded("id > -" + shape);
            List<Got> answers = all(definition + "&offset=-1");
            told.add(new ArrayList<>(Json.keys(changes(answers))));
            followers.add(new Follower(client, definition));
            answers = all(definition + "&" + Client.next(answers.getLast()));
            told.getLast().addAll(Json.keys(changes(answers)));
        }
        writer.join();
        assertThat(followers).isNotEmpty();
        for (int shape = 0; shape < followers.size(); shape++) {
            String definition = "table=torn&where=" + Client.encoded("id > -" + shape);
            List<String> keys = Json.keys(changes(awaitAll(definition)));
            assertThat(keys).doesNotHaveDuplicates().hasSize(900);
            assertThat(told.get(shape)).doesNotHaveDuplicates().isSubsetOf(keys);
        }
    }

    /** Everything from the start, when all 900 rows are there. */
    private List<Got> awaitAll(String definition) {
        List<Got> answers = all(definition + "&offset=-1");
        while (changes(answers).size() < 900) {
            client.shape(definition + "&" + Client.next(answers.getLast()) + "&live=true");
            answers = all(definition + "&offset=-1");
        }
        return answers;
    }

    private static String ahead(Follower follower, long by) {
        String tx = follower.tx();
        return follower.query().replaceAll("offset=[^&]*", "offset=" + (Long.parseLong(tx) + by) + "_0");
    }

    private static Follower withOneChange(RunningServer on, String table) {
        on.sql("CREATE TABLE " + table + " (id int PRIMARY KEY)");
        Follower follower = new Follower(new Client(on), "table=" + table);
        on.sql("INSERT INTO " + table + " VALUES (1)");
        follower.next(1);
        return follower;
    }

    @Test
    void http202AnOffsetBeyondTheLogIsWaitedForAndThenRefused() {
        Follower follower = withOneChange(hasty, "beyond");
        String latest = follower.offset();
        for (String beyond : List.of(
                ahead(follower, 1),
                follower.query().replace(latest, latest.replace("_0", "_2")),
                follower.query().replace(latest, latest.replace("_0", "_inf")),
                follower.query().replace(latest, "18446744073709551615_0"),
                follower.query().replace(latest, "184467440737095516150_0"))) {
            long start = System.nanoTime();
            Got got = new Client(hasty).shape(beyond);
            assertThat(System.nanoTime() - start).as("nanoseconds").isGreaterThanOrEqualTo(600_000_000L);
            assertThat(got.status()).as(beyond).isEqualTo(400);
            assertThat(got.body())
                    .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"out of bounds for this"
                            + " shape\"]}}");
            assertThat(got.header("cache-control")).isEqualTo("no-store");
        }
        try (Held held = Held.by(server, ahead(withOneChange(server, "ended"), 1))) {
            client.delete("table=ended");
            assertThat(held.answer().status()).isEqualTo(409);
        }
    }

    @Test
    void http203AnOffsetThatIsReachedMeanwhileIsServed() {
        Follower follower = withOneChange(server, "reached");
        try (Held held = Held.by(server, ahead(follower, 1))) {
            server.sql("INSERT INTO reached VALUES (2)");
            Got got = held.answer();
            assertThat(Json.keys(Json.withoutControl(Json.items(got)))).containsExactly("\"public\".\"reached\"/\"2\"");
            assertThat(got.header("electric-up-to-date")).isEmpty();
        }
    }

    @Test
    void http204AStreamFromBeyondTheLogIsEmpty() {
        Follower follower = withOneChange(hasty, "streamed");
        Got got = new Client(hasty).shape(ahead(follower, 1) + "&live=true&live_sse=true");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("content-type")).isEqualTo("text/event-stream");
        assertThat(got.header("electric-offset")).isEqualTo(follower.offset());
        assertThat(got.body()).isEmpty();
    }
}
