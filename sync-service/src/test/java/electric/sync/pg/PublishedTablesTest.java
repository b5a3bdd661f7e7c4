package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.TestPostgres;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishedTablesTest {
    private static final String PUBLICATION = "electric_publication_test";

    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final Connector connector =
            new Connector(DatabaseUrl.parse(postgres.url(database)), Optional.empty(), false, TcpOptions.SYSTEM);
    private final Catalog catalog = new Catalog(connector::open, Runnable::run);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean();
    private final PublishedTables published = tables(false, Duration.ofMillis(200));

    @BeforeEach
    void publication() throws SQLException {
        postgres.sql(
                database,
                "CREATE PUBLICATION " + PUBLICATION,
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)");
        published.resume();
    }

    @AfterEach
    void close() {
        published.close();
        thread.shutdownNow();
    }

    @Test
    void answersWhenTheTableIsPublished() throws Exception {
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        assertThat(members()).containsExactly("a");
    }

    @Test
    void keepsATableAsLongAsAShapeNeedsIt() throws Exception {
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        published.add("h2", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        published.remove(table("a").oid(), "h1");
        published.remove(table("a").oid(), "h1");
        published.remove(table("a").oid(), "unknown");
        published.add("h3", table("b"), List.of("id")).get(10, TimeUnit.SECONDS);
        assertThat(members()).containsExactly("a", "b");

        published.remove(table("a").oid(), "h2");
        await().untilAsserted(() -> assertThat(members()).containsExactly("b"));
    }

    @Test
    void publishesManyTablesForManyShapesAtOnceWhileTheyAreWrittenTo() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            names.add("t" + i);
            postgres.sql(
                    database,
                    "CREATE TABLE t" + i + " (id int PRIMARY KEY, n int)",
                    "INSERT INTO t" + i + " VALUES (1, 0)");
        }
        AtomicBoolean writing = new AtomicBoolean(true);
        Thread writer = Thread.ofVirtual().start(() -> {
            try (Connection connection = postgres.connect(database);
                    Statement statement = connection.createStatement()) {
                for (int i = 0; writing.get(); i++) {
                    statement.execute("UPDATE t" + i % 50 + " SET n = n + 1");
                }
            } catch (SQLException e) {
                events.add("writer failed: " + e.getMessage());
            }
        });
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (String name : names) {
            Table table = table(name);
            all.add(published.add(name + "-1", table, List.of("id")));
            all.add(published.add(name + "-2", table, List.of("id")));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        writing.set(false);
        writer.join();

        assertThat(members()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(events).isEmpty();
        assertThat(runs.get()).as("one run serves many").isLessThan(all.size());
    }

    @Test
    void makesOnlyTheShapesOfALockedTableWait() throws Exception {
        try (Connection other = postgres.connect(database);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Void> locked = published.add("h1", table("a"), List.of("id"));
            published.add("h2", table("b"), List.of("id")).get(4, TimeUnit.SECONDS);
            assertThat(locked).isNotDone();
            assertThat(problem(locked).message()).isEqualTo("Snapshot timed out while waiting for a table lock");

            CompletableFuture<Void> again = published.add("h3", table("a"), List.of("id"));
            other.rollback();
            again.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysThatATableIsGoneToAllItsShapes() throws Exception {
        Table a = table("a");
        published.add("h1", a, List.of("id")).get(10, TimeUnit.SECONDS);
        published.add("h2", a, List.of("id")).get(10, TimeUnit.SECONDS);
        postgres.sql(database, "ALTER TABLE a RENAME TO a2");

        await().untilAsserted(() -> assertThat(events)
                .containsExactly("lost [h1, h2]: Database table \"public.a\" has been dropped or renamed"));
        await().untilAsserted(() -> assertThat(members()).isEmpty());
        TableProblem problem = problem(published.add("h3", a, List.of("id")));
        assertThat(problem.kind()).isEqualTo(TableProblem.Kind.SCHEMA_CHANGED);
    }

    @Test
    void putsATableBackThatSomebodyDroppedAndGivesUpTheShapesThatMissedChanges() throws Exception {
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        postgres.sql(database, "ALTER PUBLICATION " + PUBLICATION + " DROP TABLE a");

        await().untilAsserted(() -> assertThat(events)
                .containsExactly("lost [h1]: The table was missing from the publication for a while"));
    }

    @Test
    void repairsTheOperationsOfThePublication() throws Exception {
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        postgres.sql(database, "ALTER PUBLICATION " + PUBLICATION + " SET (publish = 'insert')");

        await().untilAsserted(() -> assertThat(events).contains("operations were missing"));
        assertThat(postgres.ask(database, "SELECT pubupdate FROM pg_publication"))
                .containsExactly("t");
    }

    @Test
    void saysThatThePublicationIsGone() throws Exception {
        postgres.sql(database, "DROP PUBLICATION " + PUBLICATION);

        assertThat(problem(published.add("h1", table("a"), List.of("id"))).message())
                .isEqualTo("Publication \"" + PUBLICATION + "\" not found in the database");
        await().untilAsserted(() -> assertThat(events).contains("publication missing"));
    }

    @Test
    void leavesThePublicationAloneUntilItIsOurs() throws Exception {
        String listed = "SELECT tablename FROM pg_publication_tables WHERE pubname = 'other' ORDER BY tablename";
        postgres.sql(database, "CREATE PUBLICATION other FOR TABLE b");
        try (PublishedTables other = new PublishedTables(
                new Publication("other", false),
                connector::open,
                thread,
                Duration.ZERO,
                Duration.ofHours(1),
                listener())) {
            assertThat(problem(other.add("h1", table("a"), List.of("id"))).kind())
                    .isEqualTo(TableProblem.Kind.CONNECTION);
            assertThat(postgres.ask(database, listed)).containsExactly("b");

            other.resume();
            await().untilAsserted(
                            () -> assertThat(postgres.ask(database, listed)).containsExactly("a"));
            other.pause();
            assertThat(problem(other.add("h2", table("b"), List.of("id"))).kind())
                    .isEqualTo(TableProblem.Kind.CONNECTION);
        }
    }

    @Test
    void keepsServingVerifiedTablesInManualModeWhenThePublicationIsGone() throws Exception {
        published.close();
        // A run that has begun would still take the table off the list again.
        thread.submit(() -> {}).get(10, TimeUnit.SECONDS);
        postgres.sql(
                database, "ALTER TABLE a REPLICA IDENTITY FULL", "ALTER PUBLICATION " + PUBLICATION + " ADD TABLE a");
        try (PublishedTables manual = tables(true, Duration.ofMillis(200))) {
            manual.resume();
            manual.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
            postgres.sql(database, "DROP PUBLICATION " + PUBLICATION);

            assertThat(problem(manual.add("h2", table("b"), List.of("id"))).message())
                    .isEqualTo("Publication \"" + PUBLICATION + "\" not found in the database");
            manual.add("h3", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
            assertThat(events).filteredOn(event -> event.startsWith("lost")).isEmpty();
        }
    }

    @Test
    void failsNothingForeverWhenTheDatabaseIsAway() throws Exception {
        published.add("h1", table("a"), List.of("id")).get(10, TimeUnit.SECONDS);
        Table b = table("b");
        down.set(true);
        assertThat(problem(published.add("h2", b, List.of("id"))).kind()).isEqualTo(TableProblem.Kind.CONNECTION);
        assertThat(events).isEmpty();

        down.set(false);
        await().untilAsserted(() -> assertThat(members()).containsExactly("a", "b"));
        published.add("h3", b, List.of("id")).get(10, TimeUnit.SECONDS);
    }

    @Test
    void endsTheWaitOfAShapeThatIsRemoved() throws Exception {
        down.set(true);
        try (PublishedTables slow = new PublishedTables(
                new Publication(PUBLICATION, false),
                connector::open,
                thread,
                Duration.ofHours(1),
                Duration.ofHours(1),
                listener())) {
            CompletableFuture<Void> waiting = slow.add("h1", table("a"), List.of("id"));
            slow.clear();
            assertThat(problem(waiting).message()).isEqualTo("Shape removed before updating publication");
        }
    }

    @Test
    void leavesATableAloneWhoseGeneratedColumnsPostgresWouldWantPublished() throws Exception {
        // The publication of this test does not carry them on any version.
        postgres.sql(database, "CREATE TABLE g (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)");
        CompletableFuture<Void> added = published.add("h1", table("g"), List.of("id"));
        if (catalog.generatedColumnsReplicated()) {
            assertThat(problem(added).message())
                    .endsWith(
                            "Postgres would refuse UPDATE and DELETE on \"public.g\" once its replica identity is FULL,"
                                    + " which following it needs.");
        } else {
            added.get(10, TimeUnit.SECONDS);
        }
        postgres.sql(database, "INSERT INTO g VALUES (1)", "UPDATE g SET id = 2");

        assertThat(problem(published.add("h2", table("g"), List.of("id", "twice")))
                        .message())
                .startsWith(
                        "Publication \"" + PUBLICATION + "\" does not publish generated columns. This is a feature");
    }

    @Test
    void publishesGeneratedColumnsWherePostgresCan() throws Exception {
        postgres.sql(
                database,
                "DROP PUBLICATION " + PUBLICATION,
                "CREATE TABLE g (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)");
        try (Connection admin = connector.open()) {
            new Publication(PUBLICATION, false).create(admin);
        }
        Table g = table("g");
        CompletableFuture<Void> added = published.add("h1", g, List.of("id", "twice"));
        if (!catalog.generatedColumnsReplicated()) {
            assertThat(problem(added).message()).contains("does not publish generated columns");
            return;
        }
        added.get(10, TimeUnit.SECONDS);
        published.add("h2", g, List.of("id")).get(10, TimeUnit.SECONDS);

        postgres.sql(database, "ALTER PUBLICATION " + PUBLICATION + " SET (publish_generated_columns = none)");
        await().untilAsserted(() -> assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .startsWith(
                                "lost [h1]: Publication \"" + PUBLICATION + "\" does not publish generated columns")));
    }

    private PublishedTables tables(boolean manual, Duration refresh) {
        return new PublishedTables(
                new Publication(PUBLICATION, manual), this::connection, thread, Duration.ZERO, refresh, listener());
    }

    private PublishedTables.Listener listener() {
        return new PublishedTables.Listener() {
            @Override
            public void lost(int tableOid, Set<String> handles, TableProblem why) {
                events.add("lost " + handles.stream().sorted().toList() + ": " + why.message());
            }

            @Override
            public void publicationMissing() {
                events.add("publication missing");
            }

            @Override
            public void operationsWereMissing() {
                events.add("operations were missing");
            }
        };
    }

    private Connection connection() throws SQLException {
        if (down.get()) {
            return new Connector(
                            DatabaseUrl.parse("postgres://u:p@127.0.0.1:1/none?sslmode=disable"),
                            Optional.empty(),
                            false,
                            TcpOptions.SYSTEM)
                    .open();
        }
        runs.incrementAndGet();
        return connector.open();
    }

    private static TableProblem problem(CompletableFuture<Void> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TableProblem problem) {
                return problem;
            }
            throw e;
        }
        throw new AssertionError("no problem");
    }

    private Table table(String name) {
        return catalog.tableNow(new RelationName("public", name)).orElseThrow();
    }

    private List<String> members() throws SQLException {
        return postgres.ask(
                database, "SELECT relname FROM pg_publication_rel JOIN pg_class c ON c.oid = prrelid ORDER BY relname");
    }
}
