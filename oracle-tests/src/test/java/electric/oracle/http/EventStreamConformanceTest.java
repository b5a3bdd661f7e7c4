package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Server-sent events: HTTP-226 … HTTP-236 (§7.4). */
class EventStreamConformanceTest {
    private static final String SSE = "&live_sse=true";

    @RegisterExtension
    static final RunningServer server = RunningServer.start(
            Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000", "ELECTRIC_LONG_POLL_TIMEOUT", "600000"));

    private final Client client = new Client(server);

    /** A stream of events as it arrives. */
    private static final class Events implements AutoCloseable {
        private final Wire wire;
        private final Got head;
        private final StringBuilder unread = new StringBuilder();
        private boolean ended;

        Events(String query, String... headers) {
            this(server, query, headers);
        }

        Events(RunningServer of, String query, String... headers) {
            wire = of.wire();
            try {
                head = wire.request("GET", "/v1/shape?" + query, headers).readHead();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** The next event as it is written, with its blank line. */
        String next() {
            int end = unread.indexOf("\n\n");
            while (end < 0) {
                try {
                    byte[] chunk = wire.readChunk();
                    ended |= chunk.length == 0;
                    unread.append(new String(chunk, StandardCharsets.UTF_8));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                if (ended) {
                    assertThat(unread).as("what is left at the end").isEmpty();
                    return "";
                }
                end = unread.indexOf("\n\n");
            }
            String event = unread.substring(0, end + 2);
            unread.delete(0, end + 2);
            return event;
        }

        JsonNode item() {
            String event = next();
            assertThat(event).startsWith("data: {").endsWith("}\n\n");
            String json = event.substring("data: ".length(), event.length() - 2);
            assertThat(json).doesNotContain("\n", "\r");
            return Json.of(json);
        }

        /** The items up to and with the next up-to-date. */
        List<JsonNode> batch() {
            List<JsonNode> items = new ArrayList<>();
            while (items.isEmpty() || !Json.control(items.getLast()).equals("up-to-date")) {
                items.add(item());
            }
            return items;
        }

        boolean hasEnded() {
            return next().isEmpty();
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private static long claimed(List<JsonNode> batch) {
        return Long.parseLong(
                batch.getLast().get("headers").get("global_last_seen_lsn").stringValue());
    }

    private static long lsn(JsonNode change) {
        return Long.parseLong(change.get("headers").get("lsn").stringValue());
    }

    @Test
    void http226TheHeadComesBeforeAnythingHappens() throws IOException {
        server.sql("CREATE TABLE headed (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=headed");
        for (String flag :
                List.of("&live_sse=true", "&experimental_live_sse=true&live_sse=true", "&experimental_live_sse=true")) {
            try (Events events = new Events(follower.live() + flag, "accept: text/event-stream")) {
                Got head = events.head;
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.header("content-type")).isEqualTo("text/event-stream");
                assertThat(head.header("connection")).isEqualTo("keep-alive");
                assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(head.header("cache-control")).isEqualTo("public, max-age=59");
                assertThat(head.header("electric-handle")).isEqualTo(follower.handle());
                assertThat(head.header("electric-offset")).isEqualTo("0_inf");
                assertThat(head.header("electric-has-data")).isEqualTo("true");
                assertThat(head.header("electric-up-to-date")).isEmpty();
                assertThat(head.header("electric-cursor")).matches("[1-9][0-9]*");
                assertThat(head.header("etag")).startsWith('"' + follower.handle() + ":0_inf:0_inf");
                assertThat(head.header("access-control-allow-origin")).isEqualTo("*");
                assertThat(head.has("electric-schema")).isFalse();
                assertThat(head.has("content-length")).isFalse();
            }
        }
        // What a cache keeps of it is never taken for current.
        try (Events events = new Events(follower.live() + SSE)) {
            try (Events again = new Events(follower.live() + SSE, "if-none-match: " + events.head.header("etag"))) {
                assertThat(again.head.status()).isEqualTo(200);
            }
        }
        Got posted;
        try (Wire wire = server.wire()) {
            posted = wire.request("POST", "/v1/shape?" + follower.live() + SSE, "content-length: 0")
                    .readHead();
        }
        assertThat(posted.header("content-type")).isEqualTo("text/event-stream");
        assertThat(posted.header("cache-control")).isEqualTo("no-cache");
    }

    @Test
    void http227EachItemIsOneLineOfDataAndABlankOne() throws IOException {
        server.sql("CREATE TABLE framed (id int PRIMARY KEY, v text)");
        Follower follower = new Follower(client, "table=framed");
        try (Events events = new Events(follower.live() + SSE)) {
            server.sql("INSERT INTO framed VALUES (1, E'two\\nlines\\r\\ndata: x\\n\\n\u2028')");
            String first = events.next();
            assertThat(first).startsWith("data: {\"key\":").endsWith("}}\n\n");
            assertThat(first.indexOf('\n')).isEqualTo(first.length() - 2);
            assertThat(Json.of(first.substring(6)).get("value").get("v").stringValue())
                    .isEqualTo("two\nlines\r\ndata: x\n\n\u2028");
            assertThat(events.next())
                    .matches("data: \\{\"headers\":\\{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"[0-9]+\"}}"
                            + "\n\n");
        }
        // The same items as a long poll has.
        try (Events events = new Events(follower.live() + SSE)) {
            assertThat(events.batch()).isEqualTo(Json.items(client.shape(follower.live())));
        }
    }

    @Test
    void http228AtTheEndOfTheLogTheFirstEventIsNews() throws IOException {
        server.sql("CREATE TABLE news (id int PRIMARY KEY)", "CREATE TABLE not_news (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=news");
        Follower other = new Follower(client, "table=not_news");
        try (Events events = new Events(follower.live() + SSE)) {
            server.sql("INSERT INTO not_news VALUES (1)");
            other.next(1);
            server.sql("INSERT INTO news VALUES (1)");
            assertThat(events.item().get("key").stringValue()).isEqualTo("\"public\".\"news\"/\"1\"");
        }
    }

    @Test
    void http229EveryBatchEndsWithUpToDateHoweverManyChunksItHas() throws IOException {
        server.sql(
                "CREATE TABLE batches (id int PRIMARY KEY, v text)",
                "INSERT INTO batches SELECT i, repeat('x', 1000) FROM generate_series(1, 25) i");
        Got first = client.shape("table=batches&offset=-1");
        // From inside the snapshot, through its other chunks, to the end of the log, and on.
        try (Events events = new Events("table=batches&" + Client.next(first) + "&live=true" + SSE)) {
            List<JsonNode> snapshot = events.batch();
            assertThat(Json.withoutControl(snapshot))
                    .hasSize(25 - Json.withoutControl(Json.items(first)).size());
            assertThat(snapshot.stream().map(Json::control).filter(control -> !control.isEmpty()))
                    .containsExactly("snapshot-end", "up-to-date");
            server.sql("INSERT INTO batches SELECT i, repeat('x', 1000) FROM generate_series(101, 150) i");
            List<JsonNode> changes = new ArrayList<>();
            while (changes.size() < 50) {
                List<JsonNode> batch = events.batch();
                changes.addAll(Json.withoutControl(batch));
                assertThat(claimed(batch)).isEqualTo(lsn(batch.get(batch.size() - 2)));
            }
            assertThat(changes).hasSize(50);
            server.sql("DELETE FROM batches WHERE id = 1");
            assertThat(events.batch()).hasSize(2);
        }
        // A backlog of several chunks comes whole too, and the stream goes on after it.
        try (Events events = new Events(
                "table=batches&offset=0_inf&live=true" + SSE + "&handle=" + first.header("electric-handle"))) {
            List<JsonNode> backlog = events.batch();
            assertThat(Json.withoutControl(backlog)).hasSize(51);
            server.sql("DELETE FROM batches WHERE id = 2");
            assertThat(events.batch()).hasSize(2);
        }
    }

    @Test
    void http231UpToDateClaimsNoMoreThanTheStreamHasTold() throws IOException {
        server.sql("CREATE TABLE modest (id int PRIMARY KEY)", "CREATE TABLE beyond (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=modest");
        Follower other = new Follower(client, "table=beyond");
        String backlog = follower.live();
        server.sql("INSERT INTO modest VALUES (1)");
        follower.next(1);
        server.sql("INSERT INTO beyond VALUES (1)");
        other.next(1);
        try (Events events = new Events(backlog + SSE)) {
            List<JsonNode> batch = events.batch();
            assertThat(claimed(batch)).isEqualTo(lsn(batch.getFirst()));
            assertThat(follower.offset()).isEqualTo(claimed(batch) + "_0");
        }
    }

    @Test
    void http232WhereAStreamEndedTheNextOneGoesOn() throws IOException {
        server.sql("CREATE TABLE resumed (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=resumed");
        try (Events events = new Events(follower.live() + SSE)) {
            server.sql("INSERT INTO resumed VALUES (1), (2), (3)");
            List<JsonNode> batch = events.batch();
            String resumed = "table=resumed&handle=" + follower.handle() + "&offset=" + claimed(batch) + "_0&live=true";
            // The rest of the transaction comes again, which clients do not mind; nothing is missing.
            try (Events again = new Events(resumed + SSE)) {
                assertThat(again.head.status()).isEqualTo(200);
                assertThat(again.head.header("electric-offset")).isEqualTo(claimed(batch) + "_0");
                assertThat(again.batch()).isEqualTo(batch.subList(1, 4));
                server.sql("INSERT INTO resumed VALUES (4)");
                assertThat(Json.withoutControl(again.batch())).hasSize(1);
            }
        }
    }

    @Test
    void http233AStreamEndsWithItsShape() throws IOException {
        server.sql("CREATE TABLE over (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=over");
        try (Events events = new Events(follower.live() + SSE)) {
            server.sql("INSERT INTO over VALUES (1)");
            events.batch();
            server.sql("TRUNCATE over");
            assertThat(events.hasEnded()).isTrue();
            // In order, so that the connection can be used again.
            Got next = events.wire.get("/v1/shape?" + follower.live() + SSE);
            assertThat(next.status()).isEqualTo(409);
            assertThat(next.header("content-type")).isEqualTo("application/json; charset=utf-8");
            assertThat(next.header("electric-handle")).isNotEqualTo(follower.handle());
        }
    }

    @Test
    void http234TheHeadTellsWhereTheClientStands() throws IOException {
        server.sql("CREATE TABLE standing (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=standing");
        String backlog = follower.live();
        server.sql("INSERT INTO standing VALUES (1), (2)");
        follower.next(2);
        String tx = follower.tx();
        for (String offset : List.of("0_0", "0_inf", "5_0", tx + "_0", tx + "_1", follower.offset())) {
            try (Events events = new Events(backlog.replaceAll("offset=[^&]*", "offset=" + offset) + SSE)) {
                assertThat(events.head.header("electric-offset")).isEqualTo(offset);
                assertThat(events.head.has("electric-up-to-date"))
                        .as(offset)
                        .isEqualTo(offset.equals(follower.offset()));
            }
        }
    }

    @Test
    void http235WhatIsWrongIsSaidAsUsual() {
        server.sql("CREATE TABLE wrong (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=wrong");
        String json = "application/json; charset=utf-8";
        assertThat(client.refused("table=wrong&offset=0_0&handle=x&live_sse=true"))
                .isEqualTo("{\"live_sse\":[\"can't be true unless live is also true\"]}");
        Got invalid = client.shape("table=nowhere&offset=0_0&handle=x&live=true" + SSE);
        assertThat(invalid.status()).isEqualTo(400);
        assertThat(invalid.header("content-type")).isEqualTo(json);
        assertThat(invalid.header("cache-control")).isEqualTo("no-store");
        Got conflict = client.shape("table=wrong&offset=0_0&handle=x&live=true" + SSE);
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.header("content-type")).isEqualTo(json);
        assertThat(conflict.header("cache-control")).isEqualTo("public, max-age=60, must-revalidate");
        // Flags that a subset does not need are ignored.
        Got subset = client.shape(follower.live() + SSE + "&subset__where=true");
        assertThat(subset.status()).isEqualTo(200);
        assertThat(subset.header("content-type")).isEqualTo(json);
    }

    @Test
    void http235TooManyAreSentAwayAsUsual() throws IOException {
        try (RunningServer narrow =
                RunningServer.start(Map.of("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":300,\"existing\":1}"))) {
            narrow.sql("CREATE TABLE crowded (id int PRIMARY KEY)");
            Client asking = new Client(narrow);
            String live = new Follower(asking, "table=crowded").live() + SSE;
            await("the place of the request before to be free")
                    .until(() -> narrow.app().openRequests() == 0);
            try (Events events = new Events(narrow, live)) {
                assertThat(events.head.status()).isEqualTo(200);
                Got full = asking.shape(live);
                assertThat(full.status()).isEqualTo(503);
                assertThat(full.header("content-type")).isEqualTo("application/json; charset=utf-8");
                assertThat(full.header("retry-after")).matches("[0-9]+");
            }
        }
    }

    @Test
    void http236AnEmptyTableTakesThreeRequestsAndTheThirdStays() throws IOException {
        server.sql("CREATE TABLE empty (id int PRIMARY KEY)");
        Got first = client.shape("table=empty&offset=-1");
        Got second = client.shape("table=empty&" + Client.next(first));
        assertThat(second.header("electric-up-to-date")).isEmpty();
        try (Events events = new Events("table=empty&" + Client.next(second) + "&live=true&cursor=" + SSE)) {
            server.sql("INSERT INTO empty VALUES (1)");
            // Still the same one, and nothing came before.
            assertThat(events.item().get("key").stringValue()).isEqualTo("\"public\".\"empty\"/\"1\"");
        }
    }
}
