package electric.sync.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import electric.sync.TestPostgres;
import electric.sync.change.Lsn;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class SnapshotQueryTest {
    private static final Logger log = LoggerFactory.getLogger(SnapshotQueryTest.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestPostgres postgres = TestPostgres.shared();
    private final String database = postgres.freshDatabase();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Pool opened;

    @BeforeEach
    void open() throws SQLException {
        opened = Pool.open(
                "snapshot",
                new Connector(DatabaseUrl.parse(postgres.url(database)), Optional.empty(), false, TcpOptions.SYSTEM),
                1,
                e -> {});
    }

    @AfterEach
    void close() {
        pool().close();
        timer.shutdownNow();
    }

    @Test
    void readsTheTableAsItWasWhenTheSnapshotWasTaken() throws Exception {
        postgres.sql(database, "CREATE TABLE t (id int, body text)", "INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            postgres.sql(database, "INSERT INTO t VALUES (3, 'later')");

            assertThat(read(query, "t", List.of("id", "body"), null)).containsExactlyInAnyOrder("1|a", "2|null");
        }
    }

    @Test
    void saysWhichTransactionsItSees() throws Exception {
        postgres.sql(database, "CREATE TABLE t (id int)");
        try (Connection open = postgres.connect(database);
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1)");
            long running = number(statement, "SELECT pg_current_xact_id()::text");
            postgres.sql(database, "INSERT INTO t VALUES (2)");

            try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
                SnapshotIdentity identity = query.identity();
                assertThat(identity.inProgress()).contains(running);
                assertThat(identity.xmin()).isLessThanOrEqualTo(running);
                assertThat(identity.xmax()).isGreaterThan(running);
                assertThat(identity.walInsertLsn()).isGreaterThan(Lsn.ZERO);
                open.commit();
                assertThat(read(query, "t", List.of("id"), null)).containsExactly("2");
            }
        }
    }

    @Test
    void readsUnsignedTransactionIds() {
        assertThat(SnapshotIdentity.parse(
                        "18446744073709551614:18446744073709551615:18446744073709551614", "16/B374D848"))
                .isEqualTo(new SnapshotIdentity(-2, -1, List.of(-2L), new Lsn(0x16B374D848L)));
        assertThat(SnapshotIdentity.parse("10:10:", "0/1").inProgress()).isEmpty();
        assertThat(SnapshotIdentity.parse("10:20:10,14,15", "0/1").inProgress()).containsExactly(10L, 14L, 15L);
    }

    @Test
    void showsValuesAsTheStreamDoes() throws Exception {
        postgres.sql(
                database,
                "ALTER DATABASE " + database + " SET DateStyle = 'German'",
                "ALTER DATABASE " + database + " SET TimeZone = 'Asia/Tokyo'",
                "ALTER DATABASE " + database + " SET bytea_output = 'escape'",
                "ALTER DATABASE " + database + " SET IntervalStyle = 'sql_standard'",
                "ALTER DATABASE " + database + " SET extra_float_digits = -3",
                "CREATE TABLE t (a bytea, b timestamptz, c float8, d interval, e bool, f char(4), g text, h text[])",
                "INSERT INTO t VALUES ('\\x00ff', '2024-02-29 10:34:56.5+00', 0.1::float8 + 0.2, '1 day 2 hours', true, 'ab', E'x\\ty\\\\z\\n', '{a,NULL}')");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(read(query, "t", List.of("a", "b", "c", "d", "e", "f", "g", "h"), null))
                    .containsExactly(
                            "\\x00ff|2024-02-29 10:34:56.5+00|0.30000000000000004|P1DT2H|t|ab  |x\ty\\z\n|{a,NULL}");
        }
    }

    @Test
    void readsQuotedNamesAndFilters() throws Exception {
        postgres.sql(
                database,
                "CREATE SCHEMA \"S p\"",
                "CREATE TABLE \"S p\".\"T\"\"ä\" (\"I d\" int, \"%\"\"\" text)",
                "INSERT INTO \"S p\".\"T\"\"ä\" SELECT i, 'v' || i FROM generate_series(1, 10) i");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            List<String> rows = new ArrayList<>();
            query.rows(
                    Selection.of(
                            new RelationName("S p", "T\"ä"),
                            List.of("%\"", "I d"),
                            List.of("\"I d\" > 9 OR \"I d\" < 3", "\"I d\" > 1")),
                    row -> rows.add(row.text(0) + row.text(1)));
            assertThat(rows).containsExactlyInAnyOrder("v1010", "v22");
        }
    }

    @Test
    void readsAPageOfRowsInOrder() throws Exception {
        postgres.sql(
                database, "CREATE TABLE paged (id int)", "INSERT INTO paged SELECT i FROM generate_series(1, 10) i");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            List<String> rows = new ArrayList<>();
            query.rows(
                    new Selection(
                            name("paged"),
                            List.of("id"),
                            List.of("id <> 8"),
                            "\"id\" DESC",
                            OptionalLong.of(3),
                            OptionalLong.of(1)),
                    row -> rows.add(String.valueOf(row.text(0))));
            assertThat(rows).containsExactly("9", "7", "6");
        }
    }

    @Test
    void leavesTheConnectionUsableWhenTheConsumerStops() throws Exception {
        postgres.sql(database, "CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 200000) i");
        for (int round = 0; round < 3; round++) {
            try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
                assertThatThrownBy(() -> query.rows(all("t", "id"), row -> {
                            throw new IllegalStateException("enough");
                        }))
                        .hasMessage("enough");
            }
        }
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(read(query, "t", List.of("id"), "id < 3")).hasSize(2);
        }
    }

    @Test
    void leavesNothingBehindInTheSession() throws Exception {
        postgres.sql(database, "CREATE TABLE t (id int)");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(read(query, "t", List.of("id"), null)).isEmpty();
        }
        try (Connection connection = pool().connection();
                Statement statement = connection.createStatement()) {
            assertThat(text(statement, "SHOW IntervalStyle")).isEqualTo("postgres");
            assertThat(text(statement, "SHOW transaction_isolation")).isEqualTo("read committed");
        }
    }

    @Test
    void cancelsAQueryWithoutDataInTheDatabase() throws Exception {
        postgres.sql(
                database,
                "CREATE TABLE t (id int)",
                "INSERT INTO t VALUES (1)",
                "CREATE FUNCTION slow() RETURNS bool LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(100); RETURN true; END'");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> read(query, "t", List.of("id"), "slow()"))
                    .isInstanceOfSatisfying(
                            TableProblem.class, p -> assertThat(p.kind()).isEqualTo(TableProblem.Kind.KNOWN))
                    .hasMessage(
                            "Snapshot query took too long to return data (cancelled after 300ms). Please ensure snapshot queries are using an index to avoid taking up all database connections.");
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            try (Connection connection = postgres.connect(database);
                    Statement statement = connection.createStatement()) {
                assertThat(
                                number(
                                        statement,
                                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%slow()%' AND state = 'active'"))
                        .isZero();
            }
        });
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(read(query, "t", List.of("id"), null)).hasSize(1);
        }
    }

    @Test
    void saysWhatIsWrongWithTheTable() throws Exception {
        postgres.sql(database, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (0)");
        assertProblem("gone", "id", null, TableProblem.Kind.SCHEMA_CHANGED, "relation \"public.gone\" does not exist");
        assertProblem("t", "gone", null, TableProblem.Kind.SCHEMA_CHANGED, "column \"gone\" does not exist");
        assertProblem("t", "id", "1/id = 1", TableProblem.Kind.CONDITION, "division by zero");
        assertProblem("t", "id", "id = 'x'::gone", TableProblem.Kind.SCHEMA_CHANGED, "type \"gone\" does not exist");
        assertProblem(
                "t",
                "id",
                "pg_catalog.gone(id)",
                TableProblem.Kind.CONDITION,
                "this version of Postgres cannot apply the filter: function pg_catalog.gone(integer) does not exist");
    }

    @Test
    void saysThatItMayNotRead() throws Exception {
        String role = "reader_" + database;
        postgres.sql(
                database,
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                "CREATE TABLE t (id int)",
                "CREATE SCHEMA hidden",
                "CREATE TABLE hidden.t (id int)");
        Connector connector = new Connector(
                DatabaseUrl.parse("postgres://" + role + ":x@127.0.0.1:" + postgres.port() + "/" + database),
                Optional.empty(),
                false,
                TcpOptions.SYSTEM);
        try (SnapshotQuery query = SnapshotQuery.begin(connector::open, timer, LIMIT)) {
            assertThatThrownBy(() -> read(query, "t", List.of("id"), null))
                    .hasMessage("Unable to create initial snapshot: permission denied for table t");
        }
        try (SnapshotQuery query = SnapshotQuery.begin(connector::open, timer, LIMIT)) {
            assertThatThrownBy(() -> query.rows(
                            Selection.of(new RelationName("hidden", "t"), List.of("id"), List.of()), row -> {}))
                    .hasMessage("Unable to create initial snapshot: permission denied for schema hidden");
        }
    }

    @Test
    void saysThatNoConnectionIsFree() throws Exception {
        try (SnapshotQuery only = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(only.identity().walInsertLsn()).isGreaterThan(Lsn.ZERO);
            assertThatThrownBy(() -> SnapshotQuery.begin(pool(), timer, LIMIT))
                    .isInstanceOfSatisfying(
                            TableProblem.class, p -> assertThat(p.kind()).isEqualTo(TableProblem.Kind.CONNECTION))
                    .hasMessage("Snapshot creation failed because of a connection pool queue timeout");
        }
    }

    @Test
    void readsSeveralSelectionsOfTheSameMoment() throws Exception {
        postgres.sql(database, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (2)");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(read(query, "t", List.of("id"), "id = 1")).containsExactly("1");
            postgres.sql(database, "INSERT INTO t VALUES (3)");
            assertThat(read(query, "t", List.of("id"), "id > 1")).containsExactly("2");
        }
    }

    @Test
    void letsGoOfATableWhenAnotherOneIsLookedAt() throws Exception {
        postgres.sql(database, "CREATE TABLE one (id int)", "CREATE TABLE two (id int)");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(query.shows(described("one"))).isTrue();
            assertThat(read(query, "one", List.of("id"), null)).isEmpty();
            assertThatThrownBy(() -> alter("one")).hasMessageContaining("lock timeout");

            assertThat(query.shows(described("two"))).isTrue();

            alter("one");
            assertThat(read(query, "two", List.of("id"), null)).isEmpty();
        }
    }

    private void alter(String table) throws SQLException {
        postgres.sql(database, "SET lock_timeout = 100", "ALTER TABLE " + table + " ADD later int");
    }

    @Test
    void givesUpALaterQueryWithoutDataToo() throws Exception {
        postgres.sql(
                database,
                "CREATE TABLE t (id int)",
                "INSERT INTO t VALUES (1)",
                "CREATE FUNCTION slow() RETURNS bool LANGUAGE sql VOLATILE AS 'SELECT pg_sleep(60) IS NULL'");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, Duration.ofMillis(500))) {
            assertThat(read(query, "t", List.of("id"), null)).containsExactly("1");
            assertThatThrownBy(() -> read(query, "t", List.of("id"), "slow()"))
                    .hasMessageStartingWith("Snapshot query took too long to return data");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE t",
                "ALTER TABLE t RENAME TO u",
                "ALTER TABLE t RENAME TO u; CREATE TABLE t (LIKE u INCLUDING ALL)",
                "DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY)",
                "DROP TABLE t; CREATE VIEW t AS SELECT 1 AS id",
                "CREATE SCHEMA elsewhere; ALTER TABLE t SET SCHEMA elsewhere",
                "ALTER SCHEMA public RENAME TO formerly",
                "ALTER TABLE t ADD another int",
                "ALTER TABLE t DROP COLUMN name",
                "ALTER TABLE t DROP COLUMN last",
                "ALTER TABLE t DROP COLUMN last; ALTER TABLE t ADD last int",
                "ALTER TABLE t RENAME COLUMN name TO title",
                "ALTER TABLE t RENAME COLUMN name TO x; ALTER TABLE t RENAME COLUMN last TO name; ALTER TABLE t RENAME COLUMN x TO last",
                "ALTER TABLE t ALTER id TYPE bigint",
                "ALTER TABLE t ALTER short TYPE varchar(20)",
                "ALTER TABLE t ALTER short TYPE varchar",
                "ALTER TABLE t ALTER name TYPE varchar(10)",
                "ALTER TABLE t ALTER name TYPE text COLLATE \"C\"",
                "ALTER TABLE t ALTER name TYPE text COLLATE own",
                "ALTER COLLATION own RENAME TO mine",
                "CREATE SCHEMA elsewhere; ALTER COLLATION own SET SCHEMA elsewhere",
                "ALTER TABLE t ALTER list TYPE int[][]",
                "ALTER TYPE mood RENAME TO temper",
                "ALTER TYPE mood ADD VALUE 'new'",
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                "ALTER TABLE t ALTER name SET NOT NULL",
                "ALTER TABLE t ALTER strict DROP NOT NULL",
                "ALTER TABLE t DROP CONSTRAINT t_pkey",
                "ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (must, id)",
                "ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (id) INCLUDE (must)",
                "ALTER TABLE t ALTER twice DROP EXPRESSION",
                "ALTER TABLE t ALTER name SET DEFAULT 'x'",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "CREATE UNIQUE INDEX ON t (name)",
                "CREATE INDEX ON t (must)",
                "TRUNCATE t",
                "INSERT INTO t (id, must) VALUES (1, 1)",
                "ANALYZE t",
                "COMMENT ON COLUMN t.name IS 'x'"
            })
    void showsATableAsDescribedExactlyAsLongAsItsDescriptionIsTheSame(String altering) throws Exception {
        postgres.sql(
                database,
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE COLLATION own (provider = libc, locale = 'C')",
                """
                CREATE TABLE t (gone int, id int, name text, short varchar(10), own text COLLATE own, list int[], moods mood[],
                    must int NOT NULL, mood mood, twice int GENERATED ALWAYS AS (must * 2) STORED, last int, strict int NOT NULL DEFAULT 0,
                    PRIMARY KEY (id, must))""",
                "ALTER TABLE t DROP COLUMN gone");
        Table before = described("t");
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(query.shows(before)).isTrue();
        }

        postgres.sql(database, altering.split("; "));

        Optional<Table> now = catalog().tableNow(name("t"));
        boolean same = now.isPresent()
                && now.get().oid() == before.oid()
                && withoutValues(now.get()).equals(withoutValues(before));
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThat(query.shows(before)).isEqualTo(same);
        }
    }

    private static List<Table.Column> withoutValues(Table table) {
        return table.columns().stream()
                .map(column -> column.withValues(new ValueType.Other("")))
                .toList();
    }

    private Catalog catalog() {
        return new Catalog(() -> postgres.connect(database), Runnable::run);
    }

    private Table described(String table) {
        return catalog().tableNow(name(table)).orElseThrow();
    }

    /** Not an assertion about time: the figures are logged beside those of the raw copy. */
    @Test
    void readsManyRowsCloseToTheSpeedOfTheRawCopy() throws Exception {
        int count = Integer.getInteger("snapshot.rows", 100_000);
        List<String> columns = IntStream.range(0, 8).mapToObj(i -> "c" + i).toList();
        postgres.sql(
                database,
                "CREATE TABLE big AS SELECT "
                        + columns.stream().map(c -> "'value ' || i AS " + c).collect(Collectors.joining(", "))
                        + " FROM generate_series(1, " + count + ") i");
        for (int round = 0; round < 3; round++) {
            try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT);
                    Connection raw = postgres.connect(database)) {
                long start = System.nanoTime();
                long[] values = new long[1];
                long rows = query.rows(
                        Selection.of(name("big"), columns, List.of()), row -> values[0] += row.columnCount());
                long read = System.nanoTime();
                raw.unwrap(org.postgresql.PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY big TO STDOUT", java.io.OutputStream.nullOutputStream());
                long copied = System.nanoTime();
                log.info(
                        "{} rows: {} ms, raw copy {} ms",
                        count,
                        (read - start) / 1_000_000,
                        (copied - read) / 1_000_000);
                assertThat(rows).isEqualTo(count);
                assertThat(values[0]).isEqualTo(8L * count);
            }
        }
    }

    private void assertProblem(
            String table, String column, @Nullable String where, TableProblem.Kind kind, String message)
            throws Exception {
        try (SnapshotQuery query = SnapshotQuery.begin(pool(), timer, LIMIT)) {
            assertThatThrownBy(() -> query.rows(
                            Selection.of(name(table), List.of(column), where == null ? List.of() : List.of(where)),
                            row -> {}))
                    .isInstanceOfSatisfying(
                            TableProblem.class, p -> assertThat(p.kind()).isEqualTo(kind))
                    .hasMessage(message);
        }
    }

    private Pool pool() {
        Pool pool = opened;
        if (pool == null) {
            throw new IllegalStateException("not open");
        }
        return pool;
    }

    private static List<String> read(SnapshotQuery query, String table, List<String> columns, @Nullable String where)
            throws TableProblem {
        List<String> rows = new ArrayList<>();
        query.rows(
                Selection.of(name(table), columns, where == null ? List.of() : List.of(where)),
                row -> rows.add(IntStream.range(0, row.columnCount())
                        .mapToObj(i -> String.valueOf(row.text(i)))
                        .collect(Collectors.joining("|"))));
        return rows;
    }

    private static Selection all(String table, String column) {
        return Selection.of(name(table), List.of(column), List.of());
    }

    private static RelationName name(String name) {
        return new RelationName("public", name);
    }

    private static long number(Statement statement, String sql) throws SQLException {
        return Long.parseLong(text(statement, sql));
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
