package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.TestPostgres;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.pg.Publication.Result;
import electric.sync.pg.Publication.Tracked;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private static final Duration LOCK_LIMIT = Duration.ofMillis(300);

    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final String role = "role_" + database;
    private final Publication publication = new Publication("pub \"of\" 'us", false);
    private final Publication manual = new Publication("pub \"of\" 'us", true);
    private final List<Connection> opened = new ArrayList<>();

    @BeforeEach
    void tables() throws SQLException {
        postgres.sql(
                database,
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)");
    }

    @AfterEach
    void close() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }

    @Test
    void isCreatedOnce() throws SQLException {
        Connection admin = admin();
        assertThat(publication.create(admin)).isTrue();
        assertThat(publication.create(admin)).isFalse();
        assertThat(manual.create(admin)).isFalse();
        Publication.Facts facts = publication.facts(admin).orElseThrow();
        assertThat(facts.owned()).isTrue();
        assertThat(facts.allOperations()).isTrue();
        assertThat(facts.generatedColumns()).isEqualTo(major(admin) >= 18);
    }

    @Test
    void isDroppedUnlessItIsNotOurs() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        manual.drop(admin);
        assertThat(publication.facts(admin)).isPresent();
        publication.drop(admin);
        publication.drop(admin);
        assertThat(publication.facts(admin)).isEmpty();
    }

    @Test
    void saysWhatIsWrongWhenItMayNotBeCreated() throws SQLException {
        Connection limited = limited();
        assertThatThrownBy(() -> publication.create(limited))
                .isInstanceOf(PublicationUnusable.class)
                .hasMessage("Publication \"pub \"of\" 'us\" not found in the database")
                .satisfies(e -> assertThat(DatabaseError.of(e).reaction()).isEqualTo(DatabaseError.Reaction.FATAL));

        postgres.sql(database, "CREATE PUBLICATION \"pub \"\"of\"\" 'us\" WITH (publish = 'insert')");
        assertThatThrownBy(() -> publication.create(limited))
                .hasMessage(
                        "Publication \"pub \"of\" 'us\" does not publish all required operations: INSERT, UPDATE, DELETE, TRUNCATE");

        publication.publishAllOperations(admin());
        assertThat(publication.create(limited)).isFalse();
        assertThat(publication.facts(limited).orElseThrow().owned()).isFalse();
    }

    @Test
    void addsTablesWithFullIdentityAndDropsOthers() throws SQLException {
        Connection admin = admin();
        publication.create(admin);

        assertThat(configure(publication, admin, "a", "b"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", new Result.Ready(true), "b", new Result.Ready(true)));
        assertThat(members()).containsExactly("public.a", "public.b");
        assertThat(identity("a")).isEqualTo("f");
        assertThat(configure(publication, admin, "a")).containsEntry("a", new Result.Ready(false));
        assertThat(members()).containsExactly("public.a");

        postgres.sql(database, "ALTER TABLE a REPLICA IDENTITY DEFAULT");
        assertThat(configure(publication, admin, "a")).containsEntry("a", new Result.Ready(false));
        assertThat(identity("a")).isEqualTo("f");
    }

    @Test
    void needsNoLockWhereNothingIsToBeDone() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        configure(publication, admin, "a");
        try (Connection other = locked("a")) {
            assertThat(configure(publication, admin, "a")).containsEntry("a", new Result.Ready(false));
            other.rollback();
        }
    }

    @Test
    void isHeldUpByALockForAShortTimeOnlyAndNotForOtherTables() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        try (Connection other = locked("a")) {
            assertThat(configure(publication, admin, "a", "b"))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("a", new Result.Locked(), "b", new Result.Ready(true)));
            other.rollback();
        }
        assertThat(configure(publication, admin, "a", "b")).containsEntry("a", new Result.Ready(true));
    }

    @Test
    void waitsForWritersThatBeganBeforeTheTableWasAdded() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        postgres.sql(database, "ALTER TABLE a REPLICA IDENTITY FULL");
        try (Connection writer = postgres.connect(database);
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO a VALUES (1)");
            assertThat(configure(publication, admin, "a")).containsEntry("a", new Result.Locked());
            writer.commit();
        }
        assertThat(configure(publication, admin, "a")).containsEntry("a", new Result.Ready(true));
    }

    @Test
    void noticesThatATableWasDroppedOrRenamed() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        Tracked a = tracked("a");
        Tracked b = tracked("b");
        configure(publication, admin, "a", "b");
        postgres.sql(database, "DROP TABLE a", "CREATE TABLE a (id int)", "ALTER TABLE b RENAME TO c");

        Map<Integer, Result> results = new HashMap<>();
        publication.configure(admin, publication.facts(admin).orElseThrow(), List.of(a, b), LOCK_LIMIT, results::put);

        assertThat(results.get(a.oid())).isInstanceOfSatisfying(Result.Gone.class, gone -> {
            assertThat(gone.problem().kind()).isEqualTo(TableProblem.Kind.SCHEMA_CHANGED);
            assertThat(gone.problem()).hasMessage("Database table \"public.a\" has been dropped or renamed");
        });
        assertThat(results.get(b.oid())).isInstanceOf(Result.Gone.class);
        assertThat(members()).isEmpty();
    }

    @Test
    void handlesPartitionedTablesAsTheirRoot() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        postgres.sql(
                database,
                "CREATE SCHEMA \"o'ther\"",
                "CREATE TABLE root (id int) PARTITION BY LIST (id)",
                "CREATE TABLE leaf1 PARTITION OF root FOR VALUES IN (1)",
                "CREATE TABLE \"o'ther\".\"leaf 2\" PARTITION OF root FOR VALUES IN (2)");

        assertThat(configure(publication, admin, "root")).containsEntry("root", new Result.Ready(true));
        assertThat(members()).containsExactly("public.root");
        assertThat(identity("root")).isEqualTo("f");
        assertThat(identity("leaf1")).isEqualTo("f");
        assertThat(identity("leaf 2")).isEqualTo("f");
        assertThat(configure(publication, admin, "root")).containsEntry("root", new Result.Ready(false));

        postgres.sql(database, "CREATE TABLE leaf3 PARTITION OF root FOR VALUES IN (3)");
        assertThat(problem(configure(manual, admin, "root"), "root"))
                .isEqualTo("Database table \"public.leaf3\" does not have its replica identity set to FULL");
        configure(publication, admin, "root");
        assertThat(identity("leaf3")).isEqualTo("f");
    }

    @Test
    void onlyLooksInManualMode() throws SQLException {
        Connection admin = admin();
        postgres.sql(database, "CREATE PUBLICATION \"pub \"\"of\"\" 'us\" FOR TABLE b");

        Map<String, Result> results = configure(manual, admin, "a", "b");
        assertThat(problem(results, "a"))
                .isEqualTo(
                        "Database table \"public.a\" is missing from the publication \"pub \"of\" 'us\" and the ELECTRIC_MANUAL_TABLE_PUBLISHING setting prevents Electric from adding it");
        assertThat(problem(results, "b"))
                .isEqualTo("Database table \"public.b\" does not have its replica identity set to FULL");
        assertThat(members()).containsExactly("public.b");

        postgres.sql(database, "ALTER TABLE b REPLICA IDENTITY FULL");
        assertThat(configure(manual, admin, "b")).containsEntry("b", new Result.Ready(false));
    }

    @Test
    void saysWhatPrivilegesItLacks() throws SQLException {
        Connection admin = admin();
        Connection limited = limited();
        publication.create(admin);
        assertThat(problem(configure(publication, limited, "a"), "a"))
                .isEqualTo(
                        "Database table \"public.a\" is missing from the publication \"pub \"of\" 'us\" and Electric lacks privileges to add it");

        postgres.sql(
                database,
                "GRANT CREATE ON DATABASE " + database + " TO " + role,
                "ALTER PUBLICATION \"pub \"\"of\"\" 'us\" OWNER TO " + role,
                "ALTER TABLE b OWNER TO " + role);
        Map<String, Result> results = configure(publication, limited, "a", "b");
        assertThat(problem(results, "a")).isEqualTo("Unable to create initial snapshot: must be owner of table a");
        assertThat(results).containsEntry("b", new Result.Ready(true));
    }

    @Test
    void saysThatSomeTablesCannotBePublished() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        postgres.sql(database, "CREATE UNLOGGED TABLE ul (id int)");

        Map<String, Result> results = configure(publication, admin, "a", "ul");
        assertThat(problem(results, "ul"))
                .startsWith("Unexpected error while creating snapshot: ")
                .contains("\"ul\"");
        assertThat(results).containsEntry("a", new Result.Ready(true));
    }

    @Test
    void leavesInheritingTablesAlone() throws SQLException {
        Connection admin = admin();
        publication.create(admin);
        postgres.sql(database, "CREATE TABLE heir () INHERITS (a)");
        configure(publication, admin, "a");
        assertThat(members()).containsExactly("public.a");
    }

    private Map<String, Result> configure(Publication by, Connection connection, String... tables) throws SQLException {
        Map<Integer, String> names = new HashMap<>();
        List<Tracked> tracked = new ArrayList<>();
        for (String table : tables) {
            Tracked one = tracked(table);
            names.put(one.oid(), table);
            tracked.add(one);
        }
        Map<String, Result> results = new HashMap<>();
        by.configure(
                connection,
                by.facts(connection).orElseThrow(),
                tracked,
                LOCK_LIMIT,
                (oid, result) -> results.put(names.getOrDefault(oid, "?"), result));
        return results;
    }

    private static String problem(Map<String, Result> results, String table) {
        return results.get(table) instanceof Result.Failed failed
                ? failed.problem().message()
                : "no problem: " + results.get(table);
    }

    private Tracked tracked(String table) {
        Table found = new Catalog(() -> postgres.connect(database), Runnable::run)
                .tableNow(new RelationName("public", table))
                .orElseThrow();
        return new Tracked(found.oid(), found.name());
    }

    private Connection locked(String table) throws SQLException {
        Connection other = postgres.connect(database);
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
        return other;
    }

    private Connection admin() throws SQLException {
        return open("postgres://postgres:postgres@127.0.0.1:");
    }

    private Connection limited() throws SQLException {
        return open("postgres://" + role + ":x@127.0.0.1:");
    }

    private Connection open(String start) throws SQLException {
        Connection connection = new Connector(
                        DatabaseUrl.parse(start + postgres.port() + "/" + database),
                        Optional.empty(),
                        false,
                        TcpOptions.SYSTEM)
                .open();
        opened.add(connection);
        return connection;
    }

    private List<String> members() throws SQLException {
        return postgres.ask(database, """
                SELECT n.nspname || '.' || c.relname
                FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                ORDER BY 1""");
    }

    private String identity(String table) throws SQLException {
        return postgres.ask(database, "SELECT relreplident FROM pg_class WHERE relname = '" + table + "'")
                .getFirst();
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}
