package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.ShapeResponse.MustRefetch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a change of a table means to those who follow it (PG §4.11, §4.12, §7.2, §7.3; HTTP §6.5). */
class SchemaChangeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger TABLES = new AtomicInteger();

    /** Finds changes where rows are written: the periodic look is too rare to matter. */
    private static @Nullable RunningServer fromTheStream;

    /** Looks all the time. */
    private static @Nullable RunningServer looking;

    @BeforeAll
    static void start() {
        fromTheStream = RunningServer.start();
        looking = RunningServer.start(Map.of("ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD", "100ms"));
    }

    @AfterAll
    static void stop() {
        fromTheStream().close();
        looking().close();
    }

    private static RunningServer fromTheStream() {
        return Objects.requireNonNull(fromTheStream, "started before all tests");
    }

    private static RunningServer looking() {
        return Objects.requireNonNull(looking, "started before all tests");
    }

    /**
     * @param endsWhole whether it is the end of a shape of all columns
     * @param endsSelected whether it is the end of a shape of id and a
     * @param refusal what is then said about id and a; empty where they can still be selected
     * @param statements on the table {@code $}
     */
    record Change(String what, boolean endsWhole, boolean endsSelected, String refusal, List<String> statements) {
        static Change harmless(String what, String... statements) {
            return new Change(what, false, false, "", List.of(statements));
        }

        static Change ofTheRest(String what, String... statements) {
            return new Change(what, true, false, "", List.of(statements));
        }

        static Change ofTheSelected(String what, String refusal, String... statements) {
            return new Change(what, true, true, refusal, List.of(statements));
        }

        String[] on(String table) {
            return statements.stream().map(sql -> sql.replace("$", table)).toArray(String[]::new);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static Stream<Change> changes() {
        String gone = "The following columns are not found on the table: a";
        return Stream.of(
                Change.ofTheRest("a column is added", "ALTER TABLE $ ADD COLUMN c text DEFAULT 'new'"),
                Change.ofTheRest("an unselected column is dropped", "ALTER TABLE $ DROP COLUMN b"),
                Change.ofTheRest("an unselected column is renamed", "ALTER TABLE $ RENAME COLUMN b TO z"),
                Change.ofTheRest("an unselected column is retyped", "ALTER TABLE $ ALTER b TYPE varchar"),
                Change.ofTheSelected("a column is dropped", gone, "ALTER TABLE $ DROP COLUMN a"),
                Change.ofTheSelected("a column is renamed", gone, "ALTER TABLE $ RENAME COLUMN a TO z"),
                Change.ofTheSelected("a column is retyped", "", "ALTER TABLE $ ALTER COLUMN a TYPE text"),
                Change.ofTheSelected(
                        "a column is replaced", "", "ALTER TABLE $ DROP COLUMN a, ADD COLUMN a int DEFAULT 5"),
                Change.ofTheSelected(
                        "the primary key is another",
                        "The list of columns must include all primary key columns, missing: n",
                        "ALTER TABLE $ DROP CONSTRAINT $_pkey, ADD PRIMARY KEY (n)"),
                Change.ofTheSelected(
                        "the primary key goes",
                        "The list of columns must include all primary key columns, missing: b, n",
                        "ALTER TABLE $ DROP CONSTRAINT $_pkey"),
                Change.harmless("a column is longer", "ALTER TABLE $ ALTER COLUMN a TYPE varchar(20)"),
                Change.harmless("a column is not null", "ALTER TABLE $ ALTER COLUMN a SET NOT NULL"),
                Change.harmless("a default is another", "ALTER TABLE $ ALTER COLUMN a SET DEFAULT 'y'"),
                Change.harmless("an index is made", "CREATE INDEX ON $ (a)"));
    }

    private static String table(RunningServer server) {
        String name = "t" + TABLES.incrementAndGet();
        server.sql(
                "CREATE TABLE " + name
                        + " (id int PRIMARY KEY, a varchar(10) DEFAULT 'x', b text DEFAULT 'b', n int NOT NULL)",
                "INSERT INTO " + name + " (id, n) VALUES (1, 10)");
        return name;
    }

    private static Parked parked(RunningServer server, String table) {
        return Parked.at(server, server.client(ShapeDefinition.of(table)).catchUp());
    }

    private static void insert(RunningServer server, String table) {
        server.sql("INSERT INTO " + table + " (id, n) VALUES (2, 20)");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void theNextWrittenRowTellsThat(Change change) {
        judge(fromTheStream(), change, server -> {}, SchemaChangeTest::insert);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aLookAtAQuietTableTellsThat(Change change) {
        judge(looking(), change, server -> server.app().upkeep().now(), (server, table) -> {});
    }

    private static void judge(
            RunningServer server,
            Change change,
            Consumer<RunningServer> after,
            BiConsumer<RunningServer, String> write) {
        String table = table(server);
        ShapeDefinition all = ShapeDefinition.of(table);
        Parked whole = Parked.at(server, server.client(all).catchUp());
        Parked selected =
                Parked.at(server, server.client(all.columns("id", "a")).catchUp());
        server.sql(change.on(table));
        after.accept(server);
        write.accept(server, table);
        judge(server, table, whole, change.endsWhole, "");
        judge(server, table, selected, change.endsSelected, change.refusal);
    }

    private static void judge(RunningServer server, String table, Parked parked, boolean ends, String refusal) {
        ShapeClient client = parked.client();
        Optional<String> before = Optional.of(parked.handle());
        if (ends) {
            expectRefetch(parked, refusal);
            var again = server.get(client.definition(), "offset", "-1");
            if (!refusal.isEmpty()) {
                assertThat(again.statusCode()).as(again.body()).isEqualTo(400);
                assertThat(again.body()).contains(refusal);
                return;
            }
            client.catchUp();
            assertThat(client.handle()).isNotEqualTo(before);
        } else {
            if (server.ask("SELECT id FROM " + table).size() == 1) {
                insert(server, table);
            }
            assertThat(parked.answer()).isInstanceOf(ShapeResponse.Log.class);
            assertThat(client.catchUp().handle()).isEqualTo(before);
        }
        assertRows(server, client, table);
    }

    /** A change of the key is seen beside the stream: the row that came with it may be told first. */
    private static void expectRefetch(Parked parked, String refusal) {
        ShapeResponse answer = parked.answer();
        if (answer instanceof ShapeResponse.Log && refusal.isEmpty()) {
            answer = parked.client().step();
        }
        if (refusal.isEmpty() || !(answer instanceof ShapeResponse.Log)) {
            assertThat(answer).as(parked.client().toString()).isInstanceOf(MustRefetch.class);
        }
    }

    private static void assertRows(RunningServer server, ShapeClient client, String table) {
        String columns = client.definition()
                .columns()
                .map(names -> String.join(", ", names))
                .orElse("*");
        assertThat(client.rows().values())
                .containsExactlyInAnyOrderElementsOf(
                        PostgresRows.select(server, "SELECT " + columns + " FROM " + table));
    }

    @Test
    void aTruncatedTableIsFetchedAgainAtOnce() {
        RunningServer server = fromTheStream();
        String table = table(server);
        String other = table(server);
        Parked whole = parked(server, table);
        Parked bystander = parked(server, other);

        server.sql("BEGIN; INSERT INTO " + other + " (id, n) VALUES (2, 2); TRUNCATE " + table + "; COMMIT");
        assertThat(whole.answer()).isInstanceOf(MustRefetch.class);
        assertThat(whole.client().catchUp().rows()).isEmpty();
        assertThat(bystander.answer()).isInstanceOf(ShapeResponse.Log.class);
        assertRows(server, bystander.client(), other);
    }

    @Test
    void aTruncateCascadesToThoseWhoFollowTheReferringTable() {
        RunningServer server = fromTheStream();
        String table = table(server);
        server.sql(
                "CREATE TABLE of_" + table + " (id int PRIMARY KEY REFERENCES " + table + ")",
                "INSERT INTO of_" + table + " VALUES (1)");
        Parked parked = parked(server, "of_" + table);
        server.sql("TRUNCATE " + table + " CASCADE");
        assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
        assertThat(parked.client().catchUp().rows()).isEmpty();
    }

    @Test
    void aRenamedTableIsOverUnderItsOldNameWithTheNextRow() {
        RunningServer server = fromTheStream();
        String table = table(server);
        Parked parked = parked(server, table);
        server.sql("ALTER TABLE " + table + " RENAME TO renamed_" + table);
        insert(server, "renamed_" + table);
        assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
        expectNoTable(server, table);
        ShapeClient renamed =
                server.client(ShapeDefinition.of("renamed_" + table)).catchUp();
        assertThat(renamed.rows()).hasSize(2);
        server.sql("INSERT INTO renamed_" + table + " (id, n) VALUES (3, 30)");
        renamed.followUntil(view -> view.rows().size() == 3, LIMIT);
    }

    @Test
    void aTableInAnotherSchemaIsOverInItsOldOne() {
        RunningServer server = looking();
        String table = table(server);
        Parked parked = parked(server, table);
        server.sql("CREATE SCHEMA of_" + table, "ALTER TABLE " + table + " SET SCHEMA of_" + table);
        assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
        expectNoTable(server, table);
        assertThat(server.client(ShapeDefinition.of("of_" + table + "." + table))
                        .catchUp()
                        .rows())
                .hasSize(1);
    }

    @Test
    void aDroppedTableIsNoticed() {
        RunningServer server = looking();
        String table = table(server);
        Parked parked = parked(server, table);
        server.sql("DROP TABLE " + table);
        assertThat(parked.answer()).isEqualTo(new MustRefetch(Optional.empty()));
        expectNoTable(server, table);
    }

    @Test
    void aTableMadeAnewUnderTheSameNameIsAnother() {
        RunningServer server = looking();
        String table = table(server);
        Parked parked = parked(server, table);
        server.sql("BEGIN; DROP TABLE " + table + "; CREATE TABLE " + table
                + " (id int PRIMARY KEY, a varchar(10) DEFAULT 'x', b text DEFAULT 'b', n int NOT NULL); COMMIT");
        assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
        ShapeClient client = parked.client().catchUp();
        assertThat(client.rows()).isEmpty();
        insert(server, table);
        client.followUntil(view -> view.rows().size() == 1, LIMIT);
        assertRows(server, client, table);
    }

    @Test
    void aTableMadeAnewWhileNobodyFollowsItIsDescribedAsItIs() {
        RunningServer server = fromTheStream();
        String table = table(server);
        String stays = table(server);
        server.client(ShapeDefinition.of(stays)).catchUp();
        ShapeClient before = server.client(ShapeDefinition.of(table)).catchUp();
        delete(server, before);
        server.sql(
                "DROP TABLE " + table,
                "CREATE TABLE " + table + " (id int PRIMARY KEY, a date, b text, n int NOT NULL)",
                "INSERT INTO " + table + " VALUES (1, '2026-11-20', 'b', 10)");
        ShapeClient client = server.client(ShapeDefinition.of(table)).catchUp();
        assertThat(schema(server, table, client.handle().orElseThrow())).contains("\"a\":{\"type\":\"date\"}");
        insert(server, table);
        client.followUntil(view -> view.rows().size() == 2, LIMIT);
        assertRows(server, client, table);
    }

    @Test
    void aTableAlteredWhileNobodyFollowsItIsDescribedAsItIs() {
        RunningServer server = fromTheStream();
        String table = table(server);
        ShapeClient before = server.client(ShapeDefinition.of(table)).catchUp();
        delete(server, before);
        server.sql("ALTER TABLE " + table + " ALTER a TYPE text, ALTER b SET NOT NULL");
        ShapeClient client = server.client(ShapeDefinition.of(table)).catchUp();
        assertThat(schema(server, table, client.handle().orElseThrow()))
                .contains("\"a\":{\"type\":\"text\"}", "\"b\":{\"type\":\"text\",\"not_null\":true}");
    }

    @Test
    void theSchemaHeaderTellsOfNullabilityAndLengthUnderTheSameHandle() {
        RunningServer server = fromTheStream();
        String table = table(server);
        ShapeClient client = server.client(ShapeDefinition.of(table)).catchUp();
        String handle = client.handle().orElseThrow();
        assertThat(schema(server, table, handle)).contains("\"a\":{\"type\":\"varchar\",\"max_length\":10}");
        server.sql("ALTER TABLE " + table + " ALTER a SET NOT NULL, ALTER a TYPE varchar(11)");
        insert(server, table);
        client.followUntil(view -> view.rows().size() == 2, LIMIT);
        assertThat(schema(server, table, handle))
                .contains("\"a\":{\"type\":\"varchar\",\"max_length\":11,\"not_null\":true}");
    }

    private static void delete(RunningServer server, ShapeClient client) {
        String handle = client.handle().orElseThrow();
        assertThat(server.request("DELETE", "handle=" + handle).statusCode()).isEqualTo(202);
    }

    private static String schema(RunningServer server, String table, String handle) {
        var response = server.get(ShapeDefinition.of(table), "offset", "0_inf", "handle", handle);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("electric-schema").orElseThrow();
    }

    private static void expectNoTable(RunningServer server, String table) {
        var response = server.get(ShapeDefinition.of(table), "offset", "-1");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("does not exist");
    }
}
