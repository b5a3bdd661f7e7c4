package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.ServerLog;
import electric.sync.TestPostgres;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which tables Postgres streams, and what clients hear when one cannot be (PG §3, AC-09, AC-10, AC-11). */
class PublishingTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger ROLES = new AtomicInteger();
    private static final ShapeDefinition ITEMS = ShapeDefinition.of("items");

    private final TestPostgres postgres = TestPostgres.shared();
    private final List<RunningServer> servers = new ArrayList<>();
    private final ServerLog log = new ServerLog();
    private String database = "";

    @BeforeEach
    void makeDatabase() {
        database = postgres.freshDatabase();
    }

    @AfterEach
    void stop() {
        log.close();
        servers.reversed().forEach(RunningServer::close);
    }

    private RunningServer started(Map<String, String> more) {
        RunningServer server = RunningServer.startOn(postgres, database, more);
        servers.add(server);
        return server;
    }

    private void sql(String... statements) {
        try {
            postgres.sql(database, statements);
        } catch (java.sql.SQLException failed) {
            throw new IllegalStateException("The test's own SQL failed", failed);
        }
    }

    /** A role that may replicate and create in this database, and owns nothing. Returns the URL with it. */
    private String lowPrivilege(String right) {
        String role = "low_privilege_" + ROLES.incrementAndGet();
        sql(
                "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT " + right + " ON DATABASE " + database + " TO " + role);
        return "postgres://" + role + ":p@" + postgres.host() + ":" + postgres.port() + "/" + database
                + "?sslmode=disable";
    }

    private static String roleOf(String url) {
        return url.substring("postgres://".length(), url.indexOf(":p@"));
    }

    private void makeItems() {
        sql("CREATE TABLE items (val text)", "INSERT INTO items VALUES ('hello')");
    }

    private static void expectUnavailable(RunningServer server, ShapeDefinition definition, String message) {
        HttpResponse<String> response = server.get(definition, "offset", "-1");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(ShapeResponse.JSON.readTree(response.body()).get("message").stringValue())
                .isEqualTo(message);
        assertThat(response.headers().firstValue("retry-after")).contains("10");
        assertThat(response.headers().firstValue("electric-internal-known-error"))
                .contains("true");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    }

    private static List<String> members(RunningServer server) {
        return server.ask("SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE pubname = '"
                + server.publication() + "' ORDER BY 1");
    }

    private void expectTheSequenceOfMissingRights(RunningServer server, String role, String whyNotAdded) {
        expectUnavailable(
                server,
                ITEMS,
                "Database table \"public.items\" is missing from the publication \"" + server.publication() + "\" and "
                        + whyNotAdded);
        sql("ALTER PUBLICATION " + server.publication() + " ADD TABLE items");
        expectUnavailable(
                server, ITEMS, "Database table \"public.items\" does not have its replica identity set to FULL");
        sql("ALTER TABLE items REPLICA IDENTITY FULL");
        expectUnavailable(server, ITEMS, "Unable to create initial snapshot: permission denied for table items");
        sql("GRANT SELECT ON items TO " + role);
        ShapeClient client = server.client(ITEMS).catchUp();
        assertThat(client.rows()).containsOnlyKeys("\"public\".\"items\"/\"hello\"");
        assertThat(log.with("Failed to create snapshot for shape: ")).hasSize(3);
    }

    @Test
    void inManualModeTellsWhatIsMissingStepByStep() {
        // AC-09
        makeItems();
        String url = lowPrivilege("CREATE");
        RunningServer server = started(Map.of(
                "DATABASE_URL", url,
                "ELECTRIC_MANUAL_TABLE_PUBLISHING", "true",
                "ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "200ms"));
        expectTheSequenceOfMissingRights(
                server, roleOf(url), "the ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents Electric from adding it");
        await().atMost(LIMIT)
                .until(() -> log.has("Verified publication " + server.publication()
                        + " to include [\"public.items\"] tables with REPLICA IDENTITY FULL"));
        assertThat(members(server)).containsExactly("public.items");
    }

    @Test
    void endsWhereThePublicationIsMissingAndMayNotBeMade() {
        // AC-10 (a)
        RunningServer server = RunningServer.begin(
                postgres,
                database,
                Map.of("DATABASE_URL", lowPrivilege("CONNECT"), "ELECTRIC_REPLICATION_STREAM_ID", "ac10a"));
        servers.add(server);
        await().atMost(LIMIT).until(() -> !server.fatal().isEmpty());
        assertThat(server.fatal())
                .containsExactly("Publication \"electric_publication_ac10a\" not found in the database");
    }

    @Test
    void endsWhereAForeignPublicationLacksOperations() {
        // AC-10 (b)
        sql("CREATE PUBLICATION electric_publication_ac10b WITH (publish = 'insert')");
        RunningServer server = RunningServer.begin(
                postgres,
                database,
                Map.of("DATABASE_URL", lowPrivilege("CONNECT"), "ELECTRIC_REPLICATION_STREAM_ID", "ac10b"));
        servers.add(server);
        await().atMost(LIMIT).until(() -> !server.fatal().isEmpty());
        assertThat(server.fatal())
                .containsExactly("Publication \"electric_publication_ac10b\" does not publish all required operations:"
                        + " INSERT, UPDATE, DELETE, TRUNCATE");
    }

    @Test
    void usesAForeignPublicationAsItIs() {
        // AC-10 (c)
        makeItems();
        sql("CREATE PUBLICATION electric_publication_ac10c");
        String url = lowPrivilege("CONNECT");
        RunningServer server = started(Map.of("DATABASE_URL", url, "ELECTRIC_REPLICATION_STREAM_ID", "ac10c"));
        expectTheSequenceOfMissingRights(server, roleOf(url), "Electric lacks privileges to add it");
    }

    @Test
    void saysThatTheTableIsSomebodyElses() {
        // AC-11
        makeItems();
        RunningServer server = started(Map.of("DATABASE_URL", lowPrivilege("CREATE")));
        String mustBeOwner = "Unable to create initial snapshot: must be owner of table items";
        String configuring = "Configuring publication " + server.publication() + " to drop ";
        expectUnavailable(server, ITEMS, mustBeOwner);
        assertThat(log.has(configuring + "[] tables, add [\"public.items\"] tables"))
                .isTrue();
        sql("ALTER PUBLICATION " + server.publication() + " ADD TABLE items");
        expectUnavailable(server, ITEMS, mustBeOwner);
        assertThat(log.has(configuring
                        + "[] tables, add [] tables, and configure replica identity for [\"public.items\"] tables"))
                .isTrue();
        await().atMost(LIMIT)
                .until(() -> log.has(configuring + "[\"public.items\"] tables, add [] tables")
                        && members(server).isEmpty());
    }

    @Test
    void saysThatTheSchemaMayNotBeUsed() {
        sql(
                "CREATE SCHEMA hidden",
                "CREATE TABLE hidden.t (id int PRIMARY KEY)",
                "ALTER TABLE hidden.t REPLICA IDENTITY FULL");
        RunningServer server =
                started(Map.of("DATABASE_URL", lowPrivilege("CREATE"), "ELECTRIC_MANUAL_TABLE_PUBLISHING", "true"));
        sql("ALTER PUBLICATION " + server.publication() + " ADD TABLE hidden.t");
        expectUnavailable(
                server,
                ShapeDefinition.of("hidden.t"),
                "Unable to create initial snapshot: permission denied for schema hidden");
    }

    @Test
    void aLockedTableIsNobodyElsesTrouble() throws Exception {
        // PG §3.4
        sql("CREATE TABLE locked (id int PRIMARY KEY)", "CREATE TABLE free (id int PRIMARY KEY)");
        RunningServer server = started(Map.of());
        try (Connection holder = postgres.connect(database);
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Void> refused = CompletableFuture.runAsync(
                    () -> expectUnavailable(
                            server, ShapeDefinition.of("locked"), "Snapshot timed out while waiting for a table lock"),
                    Thread::startVirtualThread);
            assertThat(server.client(ShapeDefinition.of("free")).catchUp().rows())
                    .isEmpty();
            assertThat(refused).isNotDone();
            refused.join();
            holder.rollback();
        }
        assertThat(server.client(ShapeDefinition.of("locked")).catchUp().rows()).isEmpty();
    }

    @Test
    void whatCannotBePublishedIsAnUnexpectedError() {
        sql("CREATE UNLOGGED TABLE ul (id int PRIMARY KEY)");
        RunningServer server = started(Map.of());
        for (String table : List.of("ul", "pg_catalog.pg_class")) {
            HttpResponse<String> response = server.get(ShapeDefinition.of(table), "offset", "-1");
            String name = table.substring(table.indexOf('.') + 1);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(500);
            assertThat(response.body())
                    .startsWith("{\"message\":\"Unexpected error while creating snapshot: ")
                    .contains(
                            majorOf(server) >= 15
                                    ? "cannot add relation \\\"" + name + "\\\" to publication"
                                    : "\\\"" + name + "\\\"");
            assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        }
    }

    @Test
    void fiftyFirstRequestsOnFiftyTablesAllSucceed() {
        sql(IntStream.range(0, 50)
                .mapToObj(i -> "CREATE TABLE t" + i + " AS SELECT " + i + " AS id")
                .toArray(String[]::new));
        RunningServer server = started(Map.of());
        List<CompletableFuture<ShapeClient>> clients = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> server.client(ShapeDefinition.of("t" + i)).catchUp(), Thread::startVirtualThread))
                .toList();
        clients.forEach(client -> assertThat(client.join().rows()).hasSize(1));
        assertThat(members(server)).hasSize(50);
        sql(IntStream.range(0, 50)
                .mapToObj(i -> "INSERT INTO t" + i + " VALUES (-1)")
                .toArray(String[]::new));
        clients.forEach(client -> client.join().followUntil(view -> view.rows().size() == 2, LIMIT));
    }

    @Test
    void tablesLeaveThePublicationWithTheirLastShape() {
        sql("CREATE TABLE a (id int PRIMARY KEY, v text)", "CREATE TABLE b (id int PRIMARY KEY)");
        RunningServer server = started(Map.of());
        ShapeClient whole = server.client(ShapeDefinition.of("a")).catchUp();
        ShapeClient some = server.client(ShapeDefinition.of("a").columns("id")).catchUp();
        server.client(ShapeDefinition.of("b")).catchUp();
        assertThat(members(server)).containsExactly("public.a", "public.b");
        server.request("DELETE", "handle=" + whole.handle().orElseThrow());
        sql("INSERT INTO a VALUES (1)");
        some.followUntil(view -> view.rows().size() == 1, LIMIT);
        assertThat(members(server)).containsExactly("public.a", "public.b");
        server.request("DELETE", "handle=" + some.handle().orElseThrow());
        await().atMost(LIMIT).until(() -> members(server).equals(List.of("public.b")));
    }

    @Test
    void aTableTakenOutByHandComesBackAndNobodyMissesAChange() {
        makeItems();
        RunningServer server = started(Map.of("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "200ms"));
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        sql("ALTER PUBLICATION " + server.publication() + " DROP TABLE items", "INSERT INTO items VALUES ('unseen')");
        assertThat(parked.answer()).isInstanceOf(ShapeResponse.MustRefetch.class);
        ShapeClient client = parked.client().catchUp();
        assertThat(client.rows()).hasSize(2);
        assertThat(members(server)).containsExactly("public.items");
        sql("INSERT INTO items VALUES ('seen')");
        client.followUntil(view -> view.rows().size() == 3, LIMIT);
    }

    @Test
    void anIdentityTakenAwayByHandComesBackAndNobodyMissesAChange() {
        sql("CREATE TABLE keyed (id int PRIMARY KEY, v text)", "INSERT INTO keyed VALUES (1, 'a'), (2, 'a')");
        RunningServer server = started(Map.of("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "200ms"));
        ShapeClient client = server.client(ShapeDefinition.of("keyed").replica(ShapeDefinition.Replica.FULL))
                .catchUp();
        sql(
                "ALTER TABLE keyed REPLICA IDENTITY DEFAULT",
                "UPDATE keyed SET v = 'b' WHERE id = 1",
                "DELETE FROM keyed WHERE id = 2");
        client.followUntil(
                view -> view.rows().size() == 1
                        && view.rows().values().stream().allMatch(row -> "b".equals(row.get("v"))),
                LIMIT);
        await().atMost(LIMIT)
                .until(() -> server.ask("SELECT relreplident FROM pg_class WHERE relname = 'keyed'")
                        .equals(List.of("f")));
    }

    @Test
    void operationsTakenOutByHandComeBackAndNobodyMissesAChange() {
        makeItems();
        RunningServer server = started(Map.of("ELECTRIC_TWEAKS_PUBLICATION_REFRESH_PERIOD", "200ms"));
        Parked parked = Parked.at(server, server.client(ITEMS).catchUp());
        sql(
                "ALTER PUBLICATION " + server.publication() + " SET (publish = 'update')",
                "INSERT INTO items VALUES ('x')");
        assertThat(parked.answer()).isInstanceOf(ShapeResponse.MustRefetch.class);
        assertThat(parked.client().catchUp().rows()).hasSize(2);
        assertThat(server.ask("SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_publication WHERE"
                        + " pubname = '" + server.publication() + "'"))
                .containsExactly("t");
    }

    @Test
    void storedGeneratedColumnsAreForThoseWhoCanHaveThem() {
        // PG §3.7
        sql(
                "CREATE TABLE g (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO g VALUES (1)");
        RunningServer server = started(Map.of());
        ShapeDefinition all = ShapeDefinition.of("g");
        if (majorOf(server) >= 18) {
            ShapeClient client = server.client(all).catchUp();
            sql("INSERT INTO g VALUES (2)", "UPDATE g SET id = 3 WHERE id = 1");
            client.followUntil(view -> hasValue(view, "3") && !hasValue(view, "1"), LIMIT);
            assertThat(client.rows().values())
                    .extracting(row -> row.get("twice"))
                    .containsExactlyInAnyOrder("4", "6");

            sql("ALTER PUBLICATION " + server.publication() + " SET (publish_generated_columns = none)");
            sql("CREATE TABLE h (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)");
            expectUnavailable(
                    server,
                    ShapeDefinition.of("h"),
                    "Publication \"" + server.publication() + "\" does not publish generated columns. This is a feature"
                            + " introduced in PostgreSQL 18 and requires setting the publication parameter"
                            + " 'publish_generated_columns' to 'stored'. Alternatively, you can exclude them from the"
                            + " shape by explicitly listing which columns to fetch in the 'columns' query param.");
            // Who selects others would be served, and the table's writers would not: so it is left alone.
            expectUnavailable(
                    server,
                    ShapeDefinition.of("h").columns("id"),
                    "Publication \"" + server.publication() + "\" does not publish generated columns. This is a feature"
                            + " introduced in PostgreSQL 18 and requires setting the publication parameter"
                            + " 'publish_generated_columns' to 'stored'. Until then Postgres would refuse UPDATE and DELETE"
                            + " on \"public.h\" once its replica identity is FULL, which following it needs.");
            sql("INSERT INTO h VALUES (1)", "UPDATE h SET id = 2");
            sql("ALTER PUBLICATION " + server.publication() + " SET (publish_generated_columns = stored)");
        } else {
            HttpResponse<String> refused = server.get(all, "offset", "-1");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("The following columns are generated and cannot be included in the shape: twice");
        }
        ShapeClient plain = server.client(all.columns("id")).catchUp();
        sql("INSERT INTO g VALUES (9)");
        plain.followUntil(view -> hasValue(view, "9"), LIMIT);
        assertThat(plain.refetches()).isZero();
    }

    @Test
    void tablesWithVirtualGeneratedColumnsAreLeftAloneBecauseTheirWritersWouldFail() {
        RunningServer server = started(Map.of());
        if (majorOf(server) < 18) {
            return;
        }
        sql(
                "CREATE TABLE v (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) VIRTUAL)",
                "INSERT INTO v VALUES (1)");
        HttpResponse<String> all = server.get(ShapeDefinition.of("v"), "offset", "-1");
        assertThat(all.statusCode()).isEqualTo(400);
        assertThat(all.body())
                .contains("The following columns are generated and cannot be included in the shape: twice");
        HttpResponse<String> some = server.get(ShapeDefinition.of("v").columns("id"), "offset", "-1");
        assertThat(some.statusCode()).isEqualTo(503);
        assertThat(some.body()).contains("has virtual generated columns").contains("refuses UPDATE and DELETE");
        // Postgres itself would refuse this if the table had been given the identity FULL.
        sql("UPDATE v SET id = 2");
    }

    private static boolean hasValue(View view, String id) {
        return view.rows().values().stream().anyMatch(row -> id.equals(row.get("id")));
    }

    private static int majorOf(RunningServer server) {
        return Integer.parseInt(server.ask("SHOW server_version_num").getFirst()) / 10_000;
    }
}
