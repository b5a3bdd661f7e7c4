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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Handles and rotation: HTTP-205 … HTTP-216 (§6). */
class HandlesConformanceTest {
    private static final String MUST_REFETCH = "[{\"headers\":{\"control\":\"must-refetch\"}}]";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final RunningServer server =
            RunningServer.start(Map.of("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "500ms"));

    private final Client client = new Client(server);

    private String handle(String definition) {
        return client.handle(definition);
    }

    private static String where(String clause) {
        return "table=same&where=" + Client.encoded(clause);
    }

    private static void makeSame() {
        server.sql("CREATE TABLE IF NOT EXISTS same (id int PRIMARY KEY, name text, age int)");
    }

    /** As §6.4 has it: where to go on is known. */
    private static void expectConflict(Got got, String handle) {
        assertThat(got.status()).as(got.body()).isEqualTo(409);
        assertThat(got.body()).isEqualTo(MUST_REFETCH);
        assertThat(got.header("electric-handle")).isEqualTo(handle);
        assertThat(got.header("etag")).isEqualTo('"' + handle + "::\"");
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=60, must-revalidate");
        expectNothingElse(got);
    }

    /** As §6.4 has it: nobody knows yet where to go on. */
    private static void expectConflict(Got got) {
        assertThat(got.status()).as(got.body()).isEqualTo(409);
        assertThat(got.body()).isEqualTo(MUST_REFETCH);
        assertThat(got.has("electric-handle")).isFalse();
        assertThat(got.has("etag")).isFalse();
        assertThat(got.header("cache-control")).isEqualTo("public, max-age=1, must-revalidate");
        expectNothingElse(got);
    }

    private static void expectNothingElse(Got got) {
        assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
        for (String absent : List.of(
                "location",
                "electric-offset",
                "electric-schema",
                "electric-has-data",
                "electric-cursor",
                "electric-up-to-date",
                "retry-after",
                "surrogate-control")) {
            assertThat(got.has(absent)).as(absent).isFalse();
        }
    }

    @Test
    void http205OneDefinitionIsOneShapeForAllWhoAskFirst() {
        server.sql("CREATE TABLE first (id int PRIMARY KEY)");
        List<CompletableFuture<String>> asking = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> handle("table=first"), Thread::startVirtualThread))
                .toList();
        assertThat(asking.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(handle("table=public.first")).isEqualTo(handle("table=first"));
        assertThat(client.shape("table=FIRST&offset=now").header("electric-handle"))
                .isEqualTo(handle("table=%22first%22"));
        assertThat(client.shape("table=first&offset=-1&subset__where=").header("electric-handle"))
                .isEqualTo(handle("table=first"));
    }

    @Test
    void http206HowAFilterIsWrittenMakesNoOtherShape() {
        makeSame();
        String one = handle(where("id > 5 AND name = 'x'"));
        for (String spelling : List.of(
                "  id>5   and\tname='x' ",
                "((id > 5) AND (name = 'x'))",
                "\"id\" > 5 AnD \"name\" = 'x'",
                "ID > 5 AND Name = 'x';")) {
            assertThat(handle(where(spelling))).as(spelling).isEqualTo(one);
        }
        assertThat(handle(where("id > 6 AND name = 'x'"))).isNotEqualTo(one);
        assertThat(handle(where("id > 5 AND name = 'X'"))).isNotEqualTo(one);
        assertThat(handle(where("id = $1") + "&params[1]=5")).isEqualTo(handle(where("id = '5'::int4")));
        assertThat(Set.of(
                        handle(where("id = $1") + "&params[1]=5"),
                        handle(where("id = $1") + "&params[1]=05"),
                        handle(where("id = 5")),
                        handle(where("id = '5'"))))
                .hasSize(4);
    }

    @Test
    void http207WhatMakesAnotherShapeAndWhatDoesNot() {
        makeSame();
        String plain = handle("table=same");
        Set<String> others = new HashSet<>();
        List<String> different = List.of(
                "&replica=full",
                "&log=changes_only",
                "&columns=id,name,age",
                "&columns=id,name",
                "&columns=id",
                "&queryable_columns=id,name",
                "&where=true");
        different.forEach(more -> others.add(handle("table=same" + more)));
        assertThat(others).doesNotContain(plain);
        // Two of them select the same columns, one of them because no others may be asked for.
        assertThat(others).hasSizeBetween(different.size() - 1, different.size());
        for (String more : List.of(
                "&replica=default",
                "&log=full",
                "&experimental_compaction=true",
                "&queryable_columns=id,name,age",
                "&cursor=5",
                "&expired_handle=" + plain,
                "&cache-buster=1-a",
                "&handle=1-1",
                "&whatever=else")) {
            assertThat(handle("table=same" + more)).as(more).isEqualTo(plain);
        }
        assertThat(handle("table=same&columns=name,id")).isEqualTo(handle("table=same&columns=id,name"));
    }

    @Test
    void http208HandlesAreFitForUrlsAndNeverComeAgain() {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        RunningServer.sql(postgres, database, "CREATE TABLE again (id int PRIMARY KEY)");
        List<String> handles = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            try (RunningServer restarted =
                    RunningServer.startOn(database, Map.of("ELECTRIC_REPLICATION_STREAM_ID", "again_" + database))) {
                Client asking = new Client(restarted);
                for (int i = 0; i < 5; i++) {
                    handles.add(asking.handle("table=again"));
                    assertThat(asking.delete("handle=" + handles.getLast()).status())
                            .isEqualTo(202);
                }
                for (String old : handles) {
                    Got got = asking.shape("table=again&offset=0_0&handle=" + old);
                    assertThat(got.status()).isEqualTo(409);
                    assertThat(handles).doesNotContain(got.header("electric-handle"));
                }
            }
        }
        assertThat(handles).doesNotHaveDuplicates().allMatch(handle -> handle.matches("[0-9A-Za-z_-]+"));
    }

    @Test
    void http210AnUnknownHandleIsAnsweredWithTheRightOne() {
        server.sql("CREATE TABLE unknown (id int PRIMARY KEY)");
        Got first = client.shape("table=unknown&offset=0_0&handle=1-1");
        String made = first.header("electric-handle");
        expectConflict(first, made);
        assertThat(handle("table=unknown")).isEqualTo(made);
        for (String request : List.of(
                "offset=0_inf&handle=1-1&live=true",
                "offset=0_inf&handle=1-1&live=true&live_sse=true",
                "offset=99999999999_5&handle=made-up",
                "offset=0_inf&handle=%22%20%0A",
                "offset=0_0&handle=1-1&subset__where=true")) {
            expectConflict(client.shape("table=unknown&" + request), made);
        }
        Got posted = client.post("table=unknown&offset=0_0&handle=1-1", "");
        assertThat(posted.status()).isEqualTo(409);
        assertThat(posted.header("electric-handle")).isEqualTo(made);
        assertThat(posted.header("cache-control")).isEqualTo("no-cache");
        // What the client knows of an older answer does not matter.
        expectConflict(client.shape("table=unknown&offset=0_0&handle=1-1", "if-none-match: \"" + made + "::\""), made);
        Got head = client.ask("HEAD", "/v1/shape?table=unknown&offset=0_0&handle=1-1");
        assertThat(head.status()).isEqualTo(409);
        assertThat(head.header("electric-handle")).isEqualTo(made);
    }

    @Test
    void http211AHandleOfAnotherDefinitionIsAnsweredWithTheRightOne() {
        server.sql("CREATE TABLE mine (id int PRIMARY KEY)", "CREATE TABLE yours (id int PRIMARY KEY)");
        String mine = handle("table=mine");
        String yours = handle("table=yours");
        expectConflict(client.shape("table=mine&offset=0_0&handle=" + yours), mine);
        expectConflict(client.shape("table=mine&offset=0_0&live=true&handle=" + yours), mine);
        // One that nobody has asked for before, of the same table.
        Got got = client.shape("table=mine&replica=full&offset=0_0&handle=" + mine);
        expectConflict(got, handle("table=mine&replica=full"));
        assertThat(got.header("electric-handle")).isNotEqualTo(mine);
        assertThat(client.shape("table=mine&offset=0_0&handle=" + mine).status())
                .isEqualTo(200);
    }

    @Test
    void http212TheBodyOfAConflictIsOneItem() {
        server.sql("CREATE TABLE conflict (id int PRIMARY KEY)");
        String handle = handle("table=conflict");
        assertThat(client.delete("table=conflict").status()).isEqualTo(202);
        Got got = client.shape("table=conflict&offset=0_0&handle=" + handle);
        String next = got.header("electric-handle");
        assertThat(next).isNotEqualTo(handle);
        expectConflict(got, next);
        // The client goes on with what it was told; nothing of it changes what it gets.
        Got again = client.shape(
                "table=conflict&offset=-1&handle=" + next + "&expired_handle=" + handle + "&cache-buster=1");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("electric-handle")).isEqualTo(next);
        // A definition that makes no sense is told first.
        assertThat(client.refused("table=conflict&offset=0_0&handle=1-1&where=nope"))
                .isEqualTo("{\"where\":[\"At location 0: unknown reference nope\"]}");
        assertThat(client.refused("table=conflict&offset=0_0"))
                .isEqualTo("{\"handle\":[\"can't be blank when offset != -1\"]}");
    }

    /** Ends of shapes, for the table {@code $}: what, how, and what is said of its definition afterwards. */
    private static Stream<Arguments> ends() {
        String gone = "{\"table\":[\"Table \\\"public\\\".\\\"$\\\" does not exist. If the table name contains"
                + " capitals or special characters you must quote it.\"]}";
        String insert = "INSERT INTO $ (id, n) VALUES (2, 20)";
        return Stream.of(
                Arguments.of("deleted", "", List.of(), ""),
                Arguments.of("truncated", "", List.of("TRUNCATE $"), ""),
                Arguments.of("dropped_column", "", List.of("ALTER TABLE $ DROP COLUMN v", insert), ""),
                Arguments.of("renamed_column", "", List.of("ALTER TABLE $ RENAME COLUMN v TO w", insert), ""),
                Arguments.of("retyped_column", "", List.of("ALTER TABLE $ ALTER v TYPE varchar", insert), ""),
                Arguments.of("added_column", "", List.of("ALTER TABLE $ ADD COLUMN x int", insert), ""),
                Arguments.of(
                        "dropped_selected",
                        "&columns=id,v",
                        List.of("ALTER TABLE $ DROP COLUMN v", insert),
                        "{\"columns\":[\"The following columns are not found on the table: v\"]}"),
                Arguments.of(
                        "rekeyed",
                        "",
                        // Nothing on the stream tells of keys: it takes somebody to look.
                        List.of("ALTER TABLE $ DROP CONSTRAINT $_pkey", "ALTER TABLE $ ADD PRIMARY KEY (n)"),
                        ""),
                Arguments.of(
                        "renamed_table",
                        "",
                        List.of("ALTER TABLE $ RENAME TO $_now", "INSERT INTO $_now (id, n) VALUES (2, 20)"),
                        gone),
                Arguments.of(
                        "unpublished", "", List.of("ALTER PUBLICATION " + server.publication() + " DROP TABLE $"), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void http213WhoIsHeldHearsAtOnceThatTheShapeIsOver(
            String table, String more, List<String> statements, String refusal) throws IOException {
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, v text DEFAULT 'v', n int NOT NULL)",
                "INSERT INTO " + table + " (id, n) VALUES (1, 10)");
        String definition = "table=" + table + more;
        Follower follower = new Follower(client, definition);
        try (Held poll = Held.by(server, follower.live());
                Held posted = Held.by(server, "POST", follower.live());
                Wire stream =
                        client.server().wire().request("GET", "/v1/shape?" + follower.live() + "&live_sse=true")) {
            assertThat(stream.readHead().status()).isEqualTo(200);
            if (statements.isEmpty()) {
                Got deleted = client.delete(definition);
                assertThat(deleted.status()).isEqualTo(202);
                // Not usable from this moment on.
                assertThat(client.shape(follower.query()).status()).isEqualTo(409);
            }
            server.sql(statements.stream().map(sql -> sql.replace("$", table)).toArray(String[]::new));
            if (table.equals("rekeyed")) {
                server.app().upkeep().now();
            }
            expectConflict(poll.answer());
            assertThat(posted.answer().status()).isEqualTo(409);
            assertThat(posted.answer().has("electric-handle")).isFalse();
            assertThat(posted.answer().header("cache-control")).isEqualTo("no-cache");
            // The stream ends in order, and with no event that would say anything.
            assertThat(stream.readChunk()).isEmpty();
        }
        if (refusal.isEmpty()) {
            Got next = client.shape(follower.query());
            String handle = next.header("electric-handle");
            assertThat(handle).isNotEqualTo(follower.handle());
            expectConflict(next, handle);
            expectConflict(client.shape(follower.live() + "&live_sse=true"), handle);
            assertThat(new Follower(client, definition).handle()).isEqualTo(handle);
        } else {
            // The catalogue may be asked again only a moment later.
            await().atMost(LIMIT).until(() -> client.shape(follower.query()).status() == 400);
            assertThat(client.refused(definition + "&offset=-1")).isEqualTo(refusal.replace("$", table));
        }
    }

    @Test
    void http213WhoWaitsForAnOffsetAheadHearsItToo() {
        server.sql("CREATE TABLE ahead (id int PRIMARY KEY)");
        Follower follower = new Follower(client, "table=ahead");
        String ahead = follower.query().replaceAll("offset=[^&]*", "offset=99999999999999_0");
        try (Held held = Held.by(server, ahead)) {
            server.sql("TRUNCATE ahead");
            expectConflict(held.answer());
        }
    }

    @Test
    void http214WhetherNullsAreAllowedEndsNoShape() {
        server.sql("CREATE TABLE lenient (id int PRIMARY KEY, v text, w text)", "INSERT INTO lenient VALUES (1, 'v')");
        Follower follower = new Follower(client, "table=lenient&columns=id,v");
        String before = client.shape(follower.query()).header("electric-schema");
        assertThat(before).doesNotContain("\"v\":{\"type\":\"text\",\"not_null\"");
        // Nor does what concerns only columns that are not selected.
        server.sql(
                "ALTER TABLE lenient ALTER v SET NOT NULL",
                "ALTER TABLE lenient ADD COLUMN x int",
                "ALTER TABLE lenient DROP COLUMN w",
                "INSERT INTO lenient VALUES (2, 'v2')");
        assertThat(Json.keys(follower.next(1))).containsExactly("\"public\".\"lenient\"/\"2\"");
        assertThat(handle("table=lenient&columns=id,v")).isEqualTo(follower.handle());
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(Json.of(client.shape(follower.query()).header("electric-schema")))
                                .isEqualTo(Json.of("{\"id\":{\"type\":\"int4\",\"pk_index\":0,\"not_null\":true},"
                                        + "\"v\":{\"type\":\"text\",\"not_null\":true}}")));
        // A selected column does: "whatever it was, until a row is written, nobody notices".
        server.sql("ALTER TABLE lenient ALTER v TYPE varchar");
        assertThat(client.shape(follower.query()).status()).isEqualTo(200);
        try (Held held = Held.by(server, follower.live())) {
            server.sql("INSERT INTO lenient VALUES (3, 'v3')");
            expectConflict(held.answer());
        }
    }

    @Test
    void http214ATableMadeAnewUnderTheSameNameIsAnother() {
        server.sql("CREATE TABLE anew (id int PRIMARY KEY)", "INSERT INTO anew VALUES (1)");
        Follower follower = new Follower(client, "table=anew");
        server.sql("DROP TABLE anew");
        // Until somebody looks, the shape is served as it was.
        assertThat(client.shape(follower.query()).status()).isEqualTo(200);
        server.sql("CREATE TABLE anew (id int PRIMARY KEY)", "INSERT INTO anew VALUES (7)");
        server.app().upkeep().now();
        Got next = client.shape(follower.query());
        expectConflict(next, next.header("electric-handle"));
        assertThat(next.header("electric-handle")).isNotEqualTo(follower.handle());
        assertThat(Json.keys(Json.withoutControl(Json.items(client.shape("table=anew&offset=-1")))))
                .containsExactly("\"public\".\"anew\"/\"7\"");
    }

    @Test
    void http215OfTooManyShapesTheLeastRecentlyUsedEnd() {
        try (RunningServer small = RunningServer.start(Map.of("ELECTRIC_MAX_SHAPES", "2"))) {
            Client asking = new Client(small);
            small.sql("CREATE TABLE lru (id int PRIMARY KEY)");
            List<Follower> followers = new ArrayList<>();
            for (String more : List.of("", "&replica=full", "&log=changes_only")) {
                followers.add(new Follower(asking, "table=lru" + more));
            }
            assertThat(asking.shape(followers.getFirst().query()).status()).isEqualTo(200);
            small.app().upkeep().now();
            assertThat(asking.shape(followers.get(0).query()).status()).isEqualTo(200);
            assertThat(asking.shape(followers.get(2).query()).status()).isEqualTo(200);
            Got gone = asking.shape(followers.get(1).query());
            expectConflict(gone, gone.header("electric-handle"));
            assertThat(gone.header("electric-handle"))
                    .isNotEqualTo(followers.get(1).handle());
        }
    }

    @Test
    void http216WithoutItsSlotTheServerCanVouchForNoShape() {
        try (RunningServer own = RunningServer.start()) {
            Client asking = new Client(own);
            own.sql("CREATE TABLE lost (id int PRIMARY KEY)", "CREATE TABLE too (id int PRIMARY KEY)");
            Follower lost = new Follower(asking, "table=lost");
            Follower too = new Follower(asking, "table=too");
            String slot = "'" + own.slot() + "'";
            try (Held held = Held.by(own, lost.live())) {
                await().atMost(LIMIT).ignoreExceptions().until(() -> {
                    own.sql("DO $$ BEGIN PERFORM pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE"
                            + " slot_name = " + slot + "; PERFORM pg_drop_replication_slot(" + slot + "); END $$");
                    return true;
                });
                expectConflict(held.answer());
            }
            own.awaitActive();
            for (Follower each : List.of(lost, too)) {
                Got got = asking.shape(each.query());
                assertThat(got.header("electric-handle")).isNotEqualTo(each.handle());
                expectConflict(got, got.header("electric-handle"));
            }
        }
    }
}
