package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client has already: HTTP §3.8, HTTP-121 … HTTP-129. */
class ETagConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "300"));

    private static final Client client = new Client(server);
    private static final String START = "table=items&offset=-1";

    /** Someone who stands at the end of the snapshot, with a change to come, and after it. */
    private static String pending = "";

    private static Got change = new Got("", 0, List.of(), "");

    @BeforeAll
    static void makeTable() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1)");
        pending = client.upToDate("table=items");
        server.sql("INSERT INTO items VALUES (2)");
        do {
            change = client.shape(pending + "&live=true");
        } while (change.header("electric-has-data").equals("false"));
    }

    private static String tag(Got got) {
        return got.header("etag");
    }

    private static int statusWith(String query, String... ifNoneMatch) {
        String[] headers = new String[ifNoneMatch.length];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = "if-none-match: " + ifNoneMatch[i];
        }
        return client.shape(query, headers).status();
    }

    @Test
    void http121NamesTheShapeAndWhereTheAnswerBeginsAndEnds() {
        Got start = client.shape(START);
        String handle = start.header("electric-handle");
        assertThat(tag(start)).isEqualTo("\"" + handle + ":-1:0_0\"");
        Got got = client.shape("table=items&offset=0_0&handle=" + handle);
        assertThat(tag(got)).isEqualTo("\"" + handle + ":0_0:" + got.header("electric-offset") + "\"");
        assertThat(tag(change)).isEqualTo("\"" + handle + ":0_inf:" + change.header("electric-offset") + "\"");
        assertThat(tag(client.shape("table=items&offset=0_0&handle=1-1"))).isEqualTo("\"" + handle + "::\"");
    }

    @Test
    void http121TellsNoTagWithoutAShape() {
        for (Got got : List.of(
                client.get("/"),
                client.get("/v1/health"),
                client.shape("table=items&offset=x"),
                client.delete("handle=1-1"))) {
            assertThat(got.has("etag")).isFalse();
        }
    }

    @Test
    void http122TheBeginningStaysTheSame() {
        server.sql("CREATE TABLE growing (id int PRIMARY KEY)", "INSERT INTO growing VALUES (1)");
        Got before = client.shape("table=growing&offset=-1");
        String query = "table=growing&" + Client.next(before);
        String tagBefore = tag(client.shape(query));
        server.sql("INSERT INTO growing VALUES (2)");
        Got later;
        do {
            later = client.shape(query + "&live=true");
        } while (later.header("electric-has-data").equals("false"));
        assertThat(tag(client.shape("table=growing&offset=-1"))).isEqualTo(tag(before));
        assertThat(client.shape("table=growing&offset=-1").body()).isEqualTo(before.body());
        assertThat(tag(client.shape(query))).isNotEqualTo(tagBefore);
    }

    @Test
    void http123WhatHasNoDataIsNeverTheSame() {
        Follower follower = new Follower(client, "table=items");
        String handle = follower.handle();
        String offset = follower.offset();
        for (String[] one : new String[][] {{"table=items&offset=now", "now"}, {follower.live(), offset}}) {
            Got first = client.shape(one[0]);
            Got second = client.shape(one[0]);
            assertThat(first.header("electric-has-data")).isEqualTo("false");
            String start = "\"" + handle + ":" + one[1] + ":" + offset + ":";
            assertThat(tag(first)).startsWith(start).endsWith("\"").hasSizeGreaterThan(start.length() + 1);
            assertThat(tag(second)).startsWith(start).isNotEqualTo(tag(first));
            assertThat(statusWith(one[0], tag(first))).isEqualTo(200);
        }
    }

    @Test
    void http124KnowsWhatTheClientHas() {
        for (String query : List.of(START, pending)) {
            String tag = tag(client.shape(query));
            String bare = tag.substring(1, tag.length() - 1);
            assertThat(statusWith(query, tag)).isEqualTo(304);
            assertThat(statusWith(query, bare)).isEqualTo(304);
            assertThat(statusWith(query, "\"other\", " + tag + " ,x")).isEqualTo(304);
            assertThat(statusWith(query, "\"other\"," + bare)).isEqualTo(304);
            assertThat(statusWith(query, "\"other\"", tag)).isEqualTo(304);
            assertThat(statusWith(query, "\"other\"")).isEqualTo(200);
            assertThat(statusWith(query, bare.substring(1))).isEqualTo(200);
            assertThat(statusWith(query, bare + "0")).isEqualTo(200);
        }
    }

    @Test
    void http124HasNoBodyAndGoesOn() throws Exception {
        try (var wire = server.wire()) {
            Got got = wire.get("/v1/shape?" + START, "if-none-match: " + tag(client.shape(START)));
            assertThat(got.status()).isEqualTo(304);
            assertThat(got.has("transfer-encoding")).isFalse();
            // What follows is the next answer, not a body.
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void http125SaysWhatTheWholeAnswerWouldSay() {
        for (String query : List.of(START, pending, pending + "&live=true")) {
            Got whole = client.shape(query);
            Got same = client.shape(query, "if-none-match: " + tag(whole));
            assertThat(same.status()).isEqualTo(304);
            for (String name : List.of(
                    "cache-control",
                    "content-type",
                    "etag",
                    "electric-handle",
                    "electric-offset",
                    "access-control-allow-origin",
                    "access-control-expose-headers",
                    "vary")) {
                assertThat(same.header(name)).as(name + " of " + query).isEqualTo(whole.header(name));
            }
            assertThat(same.header("electric-has-data")).isEqualTo("true");
            for (String name : List.of("electric-up-to-date", "electric-cursor")) {
                assertThat(same.has(name)).as(name + " of " + query).isEqualTo(whole.has(name));
            }
            assertThat(same.has("electric-schema")).isFalse();
        }
        assertThat(client.shape(START).has("electric-up-to-date")).isFalse();
        assertThat(client.shape(pending).has("electric-up-to-date")).isTrue();
        assertThat(client.shape(pending + "&live=true").has("electric-cursor")).isTrue();
    }

    @Test
    void http126DoesNotHoldAFollowerWhoHasItAll() {
        assertThat(tag(change)).isEqualTo(tag(client.shape(pending)));
        Got got = client.shape(pending + "&live=true", "if-none-match: " + tag(change));
        assertThat(got.status()).isEqualTo(304);
        assertThat(got.header("electric-cursor")).matches("\\d+");
        // At the end of the log too, where the tag is the one of an answer that is not live.
        String end = client.upToDate("table=items");
        assertThat(client.shape(end + "&live=true", "if-none-match: " + tag(client.shape(end)))
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"*\"", "W/%s", "W/\"%s\"", "w/%s", "%s:", ""})
    void http127MatchesTagsExactly(String form) {
        String tag = tag(client.shape(START));
        assertThat(statusWith(START, form.formatted(tag))).isEqualTo(200);
    }

    @Test
    void http128ASubsetHasNoTag() {
        String tag = tag(client.shape(START));
        Got got = client.shape(START + "&subset__where=true", "if-none-match: " + tag);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.has("etag")).isFalse();
    }

    /** Places where no item ever was. */
    @Test
    void http129RevalidatesAnyPlaceInTheLog() {
        String offset = change.header("electric-offset");
        long transaction = Long.parseLong(offset.substring(0, offset.indexOf('_')));
        String handle = change.header("electric-handle");
        for (String made :
                List.of(transaction - 1 + "_0", transaction - 1 + "_7", transaction - 1 + "_inf", "1_0", "0_99")) {
            String query = "table=items&handle=" + handle + "&offset=" + made;
            Got got = client.shape(query);
            assertThat(got.status()).as(made).isEqualTo(200);
            assertThat(got.body()).as(made).contains("\"id\":\"2\"");
            assertThat(tag(got)).isEqualTo("\"" + handle + ":" + made + ":" + offset + "\"");
            assertThat(statusWith(query, tag(got))).as(made).isEqualTo(304);
        }
    }

    @Test
    void http129AnswersPostInTheSameWay() {
        String tag = tag(client.shape(START));
        assertThat(client.ask("POST", "/v1/shape?" + START, "content-length: 0", "if-none-match: " + tag)
                        .status())
                .isEqualTo(304);
    }
}
