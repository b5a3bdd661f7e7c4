package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import electric.sync.TestPostgres;
import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.Table.Generated;
import electric.sync.change.ValueType;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final AtomicInteger asked = new AtomicInteger();
    private final Catalog catalog = new Catalog(this::connection, Runnable::run);

    @BeforeEach
    void tables() throws SQLException {
        postgres.sql(
                database,
                "CREATE TABLE items (id int PRIMARY KEY, title text NOT NULL, gone int, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "ALTER TABLE items DROP COLUMN gone");
    }

    @Test
    void describesATable() {
        Table table = find("items").orElseThrow();

        assertThat(table.name()).isEqualTo(name("items"));
        assertThat(table.partitioned()).isFalse();
        assertThat(table.columns()).extracting(Table.Column::name).containsExactly("id", "title", "twice");
        assertThat(table.columns())
                .extracting(Table.Column::generated)
                .containsExactly(Generated.NO, Generated.NO, Generated.STORED);
        assertThat(catalog.tableByOid(table.oid())).containsSame(table);
        assertThat(catalog.serverVersion()).isGreaterThanOrEqualTo(140_000);
        assertThat(catalog.generatedColumnsReplicated()).isEqualTo(catalog.serverVersion() >= 180_000);
    }

    @Test
    void findsOnlyTablesWithColumns() throws SQLException {
        postgres.sql(
                database,
                "CREATE VIEW seen AS SELECT * FROM items",
                "CREATE MATERIALIZED VIEW stored AS SELECT * FROM items",
                "CREATE SEQUENCE counted",
                "CREATE TABLE hollow ()");

        for (String name : List.of("seen", "stored", "counted", "hollow", "missing")) {
            assertThat(find(name)).as(name).isEmpty();
        }
        assertThat(catalog.tableByOid(1)).isEmpty();
    }

    @Test
    void findsTablesWhateverTheirName() throws SQLException {
        postgres.sql(database, "CREATE SCHEMA \"my.Schema\"", "CREATE TABLE \"my.Schema\".\"Tä\"\"ble'%\" (id int)");

        assertThat(catalog.tableNow(new RelationName("my.Schema", "Tä\"ble'%"))).isPresent();
        assertThat(catalog.tableNow(new RelationName("my.schema", "Tä\"ble'%"))).isEmpty();
    }

    @Test
    void remembersWhatItFoundAndOnlyThat() throws SQLException {
        find("items");
        find("items");
        assertThat(asked).hasValue(1);

        find("later");
        postgres.sql(database, "CREATE TABLE later (id int)");
        assertThat(find("later")).isPresent();
    }

    @Test
    void seesAChangeOnceItForgot() throws SQLException {
        int oid = find("items").orElseThrow().oid();
        postgres.sql(database, "ALTER TABLE items ADD COLUMN more text");
        assertThat(find("items").orElseThrow().columns()).hasSize(3);

        catalog.forget(oid);
        assertThat(find("items").orElseThrow().columns()).hasSize(4);

        postgres.sql(database, "ALTER TABLE items DROP COLUMN more");
        catalog.forget(name("items"));
        assertThat(catalog.tableByOid(oid).orElseThrow().columns()).hasSize(3);
    }

    @Test
    void joinsLookUpsOfTheSameTable() {
        Queue<Runnable> later = new ArrayDeque<>();
        Catalog queued = new Catalog(this::connection, later::add);
        List<CompletableFuture<Optional<Table>>> answers =
                List.of(queued.table(name("items")), queued.table(name("items")), queued.table(name("items")));
        assertThat(later).hasSize(1);

        later.remove().run();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isPresent());
        assertThat(asked).hasValue(1);
    }

    @Test
    void doesNotRememberWhatWasForgottenWhileItWasLookedUp() {
        Queue<Runnable> later = new ArrayDeque<>();
        Catalog queued = new Catalog(
                () -> {
                    later.remove().run();
                    return connection();
                },
                Runnable::run);
        later.add(queued::clear);
        assertThat(queued.tableNow(name("items"))).isPresent();

        later.add(() -> {});
        assertThat(queued.tableNow(name("items"))).isPresent();
        assertThat(asked).hasValue(2);
    }

    @Test
    void saysThatTheDatabaseIsUnavailableAndAsksAgainLater() {
        AtomicInteger calls = new AtomicInteger();
        Catalog shaky = new Catalog(
                () -> {
                    if (calls.getAndIncrement() == 0) {
                        throw new SQLException("down", "08006");
                    }
                    return connection();
                },
                Runnable::run);

        assertThatThrownBy(() -> shaky.tableNow(name("items"))).isInstanceOf(DatabaseUnavailable.class);
        assertThat(shaky.tableNow(name("items"))).isPresent();
    }

    @Test
    void knowsPartitionsAtEveryDepthAndTheWayUp() throws SQLException {
        postgres.sql(
                database,
                "CREATE SCHEMA other",
                "CREATE TABLE root (id int, part int) PARTITION BY LIST (part)",
                "CREATE TABLE other.inner1 PARTITION OF root FOR VALUES IN (1) PARTITION BY RANGE (id)",
                "CREATE TABLE leaf1 PARTITION OF other.inner1 FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE leaf2 PARTITION OF root FOR VALUES IN (2)");
        Table root = find("root").orElseThrow();
        Table inner = catalog.tableNow(new RelationName("other", "inner1")).orElseThrow();
        Table leaf1 = find("leaf1").orElseThrow();
        Table leaf2 = find("leaf2").orElseThrow();

        assertThat(root.partitioned()).isTrue();
        assertThat(root.partitions()).containsExactlyInAnyOrder(inner.oid(), leaf1.oid(), leaf2.oid());
        assertThat(leaf1.partitions()).isEmpty();
        assertThat(catalog.ancestors(leaf1.oid())).containsExactly(inner.oid(), root.oid());
        assertThat(catalog.ancestors(root.oid())).isEmpty();
        assertThat(catalog.ancestors(1)).isEmpty();
    }

    @Test
    void findsWhatDriftedAndForgetsIt() throws SQLException {
        postgres.sql(
                database,
                "CREATE TABLE dropped (id int)",
                "CREATE TABLE renamed (id int)",
                "CREATE TABLE retyped (v varchar(3))",
                "CREATE TABLE rekeyed (id int PRIMARY KEY, b int NOT NULL)",
                "CREATE TABLE root (id int) PARTITION BY LIST (id)");
        for (String name : List.of("items", "dropped", "renamed", "retyped", "rekeyed", "root")) {
            find(name);
        }
        assertThat(catalog.drift()).isEmpty();

        postgres.sql(
                database,
                "DROP TABLE dropped",
                "ALTER TABLE renamed RENAME TO renamed2",
                "ALTER TABLE retyped ALTER v TYPE varchar(4)",
                "ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (b)",
                "CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1)");

        List<Catalog.Drift> drift = catalog.drift();
        assertThat(drift)
                .extracting(d -> d.before().name().name())
                .containsExactlyInAnyOrder("dropped", "renamed", "retyped", "rekeyed");
        assertThat(drift).filteredOn(d -> d.now().isEmpty()).hasSize(1);
        assertThat(find("renamed")).isEmpty();
        assertThat(find("retyped").orElseThrow().columns().getFirst().typmod()).isEqualTo(8);
        assertThat(find("root").orElseThrow().partitions()).hasSize(1);
        assertThat(catalog.drift()).isEmpty();
    }

    @Test
    @DisplayName("WHERE-094: a domain is what it is made of")
    void seesWhatTypesComeDownTo() throws SQLException {
        postgres.sql(
                database,
                "CREATE SCHEMA other",
                "CREATE TYPE other.mood AS ENUM ('sad', 'ok', 'it''s')",
                "ALTER TYPE other.mood ADD VALUE 'meh' BEFORE 'ok'",
                "CREATE DOMAIN small AS int CHECK (value < 10)",
                "CREATE DOMAIN smaller AS small",
                "CREATE DOMAIN list AS smaller[]",
                "CREATE DOMAIN feeling AS other.mood",
                "CREATE TYPE pair AS (a int, b int)",
                "CREATE TABLE kinds (a int, b varchar(3), c smaller, d list, e smaller[], f other.mood, g feeling[],"
                        + " h pair, i list[], j int4range, k int2vector, l int[][], m pair[])");

        ValueType mood =
                new ValueType.Enumerated(typeOid("other.mood"), "other", "mood", List.of("sad", "meh", "ok", "it's"));
        ValueType.Domain smaller = new ValueType.Domain(typeOid("smaller"), "public", "smaller");
        assertThat(find("kinds").orElseThrow().columns())
                .extracting(Table.Column::values)
                .containsExactly(
                        builtIn("int4"),
                        builtIn("varchar"),
                        builtIn("int4"),
                        new ValueType.Array(builtIn("int4"), smaller),
                        new ValueType.Array(builtIn("int4"), smaller),
                        mood,
                        new ValueType.Array(mood, new ValueType.Domain(typeOid("feeling"), "public", "feeling")),
                        new ValueType.Composite("pair"),
                        new ValueType.Other("_list"),
                        builtIn("int4range"),
                        builtIn("int2vector"),
                        new ValueType.Array(builtIn("int4")),
                        new ValueType.Array(new ValueType.Composite("pair")));
    }

    @Test
    void knowsByWhichRulesTextIsCompared() throws SQLException {
        postgres.sql(
                database,
                "CREATE COLLATION mixed (provider = libc, lc_collate = 'C', lc_ctype = 'C.UTF-8')",
                "CREATE TABLE texts (a text, b text COLLATE \"C\", c text[] COLLATE \"POSIX\", d int, e text COLLATE mixed)");

        Map<String, Collation> collations = new HashMap<>();
        Table texts = find("texts").orElseThrow();
        for (Table.Column column : texts.columns()) {
            if (column.collation() != null) {
                collations.put(column.name(), column.collation());
            }
        }
        Collation c = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);
        assertThat(collations).containsOnlyKeys("a", "b", "c", "e").containsEntry("b", c);
        assertThat(collations.get("a")).extracting(Collation::name).isEqualTo("default");
        assertThat(texts.byDefault()).isEqualTo(collations.get("a"));
        assertThat(collations.get("a")).extracting(Collation::locale).isEqualTo(databaseCollate());
        assertThat(collations.get("c")).extracting(Collation::name).isEqualTo("POSIX");
        assertThat(collations.get("e"))
                .extracting(Collation::bytewise, Collation::asciiCase)
                .containsExactly(true, false);
    }

    @Test
    void findsThatLabelsAndCollationsDrifted() throws SQLException {
        postgres.sql(
                database,
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TABLE felt (m mood)",
                "CREATE TABLE sorted (t text)");
        find("felt");
        find("sorted");
        postgres.sql(
                database,
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                "ALTER TABLE sorted ALTER t TYPE text COLLATE \"C\"");

        assertThat(catalog.drift())
                .extracting(d -> d.before().name().name())
                .containsExactlyInAnyOrder("felt", "sorted");
    }

    @Test
    void looksAgainAndKeepsWhatIsAsItWas() throws SQLException {
        postgres.sql(database, "CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE felt (m mood)");
        Table before = find("felt").orElseThrow();
        assertThat(catalog.refreshed(name("felt"))).contains(before);
        assertThat(find("felt")).containsSame(before);

        postgres.sql(database, "ALTER TYPE mood ADD VALUE 'ok'");
        assertThat(find("felt")).containsSame(before);
        Table after = catalog.refreshed(name("felt")).orElseThrow();
        assertThat(after).isNotEqualTo(before);
        assertThat(find("felt")).contains(after);
        assertThat(catalog.drift()).isEmpty();

        postgres.sql(database, "DROP TABLE felt");
        assertThat(catalog.refreshed(name("felt"))).isEmpty();
        assertThat(find("felt")).isEmpty();
    }

    private int typeOid(String type) throws SQLException {
        try (var connection = postgres.connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT '" + type + "'::regtype::oid::int8")) {
            row.next();
            return (int) row.getLong(1);
        }
    }

    private String databaseCollate() throws SQLException {
        try (var connection = postgres.connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT datcollate FROM pg_database WHERE datname = current_database()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static ValueType builtIn(String name) {
        return new ValueType.BuiltIn(name);
    }

    private java.sql.Connection connection() throws SQLException {
        asked.incrementAndGet();
        return postgres.connect(database);
    }

    private Optional<Table> find(String name) {
        return catalog.tableNow(name(name));
    }

    private static RelationName name(String name) {
        return new RelationName("public", name);
    }
}
