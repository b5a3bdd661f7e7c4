package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.Operation;
import electric.oracle.ShapeDefinition.Replica;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shapes with filters, from the request to the last change (where §3). */
class FilterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AtomicInteger TABLES = new AtomicInteger();

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private static String table(String columns, String... rows) {
        String name = "filtered_" + TABLES.incrementAndGet();
        server.sql("CREATE TABLE " + name + " (" + columns + ")");
        for (String row : rows) {
            server.sql("INSERT INTO " + name + " VALUES " + row);
        }
        return name;
    }

    private static String key(String table, Object id) {
        return "\"public\".\"" + table + "\"/\"" + id + "\"";
    }

    /** A client that keeps the changes it sees, and Postgres beside it. */
    private static final class Followed {
        private final String table;
        private final ShapeDefinition definition;
        private final ShapeClient client;
        private final List<Change> changes = new ArrayList<>();

        Followed(String table, ShapeDefinition definition) {
            this.table = table;
            this.definition = definition;
            this.client = server.client(definition, item -> {
                if (item instanceof Change change) {
                    changes.add(change);
                }
            });
            client.catchUp();
        }

        static Followed where(String table, String filter, String... parameters) {
            return new Followed(table, ShapeDefinition.of(table).where(filter, parameters));
        }

        /** The operations that statements become; a last insert, which every filter here takes, shows where they end. */
        List<Operation> after(String marker, String... statements) {
            changes.clear();
            server.sql(statements);
            server.sql("INSERT INTO " + table + " VALUES " + marker);
            String id = marker.substring(1, marker.indexOf(','));
            client.followUntil(view -> view.rows().containsKey(key(table, id)), LIMIT);
            assertThat(changes.removeLast().key()).isEqualTo(key(table, id));
            assertThat(client.refetches()).isZero();
            return changes.stream().map(Change::operation).toList();
        }

        void expectRows(String filter) {
            var rows = PostgresRows.select(server, "SELECT " + selected() + " FROM " + table + " WHERE " + filter);
            Set<Map<String, @Nullable String>> wanted = new HashSet<>(rows);
            client.followUntil(
                    view -> view.rows().size() == rows.size()
                            && wanted.equals(new HashSet<>(view.rows().values())),
                    LIMIT);
        }

        private String selected() {
            return definition.columns().map(names -> String.join(", ", names)).orElse("*");
        }
    }

    @Test
    @DisplayName("where §3.4, FILTER-003…010: in, out, through, and NULL that is neither")
    void rowsEnterStayAndLeaveAsTheFilterSays() {
        String table = table("id int PRIMARY KEY, n int", "(1, 1), (2, 3), (3, NULL)");
        Followed above = Followed.where(table, "n > 2");
        assertThat(above.client.rows().keySet()).containsExactly(key(table, 2));

        assertThat(above.after("(100, 3)", "UPDATE " + table + " SET n = 3 WHERE id = 1"))
                .containsExactly(Operation.INSERT);
        assertThat(above.after("(101, 3)", "UPDATE " + table + " SET n = 1 WHERE id = 1"))
                .containsExactly(Operation.DELETE);
        assertThat(above.after("(102, 3)", "UPDATE " + table + " SET n = 5 WHERE id = 2"))
                .containsExactly(Operation.UPDATE);
        assertThat(above.after("(103, 3)", "UPDATE " + table + " SET n = NULL WHERE id = 2"))
                .containsExactly(Operation.DELETE);
        assertThat(above.after("(104, 3)", "UPDATE " + table + " SET n = NULL WHERE id = 3"))
                .isEmpty();
        assertThat(above.after("(105, 3)", "UPDATE " + table + " SET n = 9 WHERE id = 3"))
                .containsExactly(Operation.INSERT);
        assertThat(above.after("(106, 3)", "INSERT INTO " + table + " VALUES (4, 2), (5, NULL)"))
                .isEmpty();
        assertThat(above.after("(107, 3)", "DELETE FROM " + table + " WHERE id IN (4, 5)"))
                .isEmpty();
        assertThat(above.after("(108, 3)", "DELETE FROM " + table + " WHERE id = 3"))
                .containsExactly(Operation.DELETE);
        above.expectRows("n > 2");

        server.sql("DELETE FROM " + table, "INSERT INTO " + table + " VALUES (1, 1), (2, 3)");
        Followed not = Followed.where(table, "NOT (n > 2)");
        assertThat(not.after("(200, 0)", "UPDATE " + table + " SET n = NULL WHERE id = 2"))
                .isEmpty();
        assertThat(not.after("(201, 0)", "UPDATE " + table + " SET n = NULL WHERE id = 1"))
                .containsExactly(Operation.DELETE);
    }

    @Test
    @DisplayName("FILTER-011…013: the filter sees columns that nobody selected")
    void columnsOfTheFilterNeedNotBeSelected() {
        String table = table("id int PRIMARY KEY, s text, other int", "(1, 'a', 1), (2, 'b', 1)");
        Followed some =
                new Followed(table, ShapeDefinition.of(table).columns("id").where("s = 'a'"));
        assertThat(some.after("(100, 'a', 1)", "UPDATE " + table + " SET other = 2"))
                .isEmpty();
        assertThat(some.after("(101, 'a', 1)", "UPDATE " + table + " SET s = 'b' WHERE id = 1"))
                .containsExactly(Operation.DELETE);
        assertThat(some.after("(102, 'a', 1)", "UPDATE " + table + " SET s = 'a' WHERE id = 2"))
                .containsExactly(Operation.INSERT);
        some.expectRows("s = 'a'");
    }

    @Test
    @DisplayName("FILTER-006, 007, 009: a change of the key, within, out of and into the shape")
    void keysChangeWithinAndAcrossTheFilter() {
        String table = table("id int PRIMARY KEY, n int", "(1, 1), (2, 1), (3, 0)");
        Followed one = new Followed(
                table, ShapeDefinition.of(table).replica(Replica.FULL).where("n = 1"));
        assertThat(one.after("(100, 1)", "UPDATE " + table + " SET id = 11 WHERE id = 1"))
                .containsExactly(Operation.DELETE, Operation.INSERT);
        assertThat(one.changes.getFirst().keyChangeTo()).contains(key(table, 11));
        assertThat(one.changes.getLast().keyChangeFrom()).contains(key(table, 1));

        assertThat(one.after("(101, 1)", "UPDATE " + table + " SET id = 12, n = 0 WHERE id = 2"))
                .containsExactly(Operation.DELETE);
        assertThat(one.changes.getFirst().key()).isEqualTo(key(table, 2));
        assertThat(one.changes.getFirst().keyChangeTo()).isEmpty();

        assertThat(one.after("(102, 1)", "UPDATE " + table + " SET id = 13, n = 1 WHERE id = 3"))
                .containsExactly(Operation.INSERT);
        assertThat(one.changes.getFirst().key()).isEqualTo(key(table, 13));
        assertThat(one.changes.getFirst().keyChangeFrom()).isEmpty();
        one.expectRows("n = 1");
    }

    @Test
    @DisplayName("FILTER-020, 060: a transaction ends in the right view, and its last item for the shape is the last")
    void transactionsThatGoInAndOut() {
        String table = table("id int PRIMARY KEY, n int", "(1, 0)");
        Followed one = Followed.where(table, "n = 1");
        server.sql("BEGIN; UPDATE " + table + " SET n = 1; UPDATE " + table + " SET n = 0; INSERT INTO " + table
                + " VALUES (2, 1), (3, 0); COMMIT");
        one.expectRows("n = 1");
        assertThat(one.changes.getLast().key()).isEqualTo(key(table, 2));
        assertThat(one.changes.stream().filter(Change::last)).containsExactly(one.changes.getLast());
    }

    @Test
    @DisplayName("FILTER-002: a long value that did not change is still what the filter sees")
    void longValuesThatDidNotChange() {
        String table = table("id int PRIMARY KEY, n int, long text");
        server.sql(
                "ALTER TABLE " + table + " ALTER long SET STORAGE EXTERNAL",
                "INSERT INTO " + table + " VALUES (1, 0, repeat('ab', 10000)), (2, 0, 'short')");
        Followed found = Followed.where(table, "long LIKE '%abab'");
        assertThat(found.after("(100, 0, 'abab')", "UPDATE " + table + " SET n = 1"))
                .containsExactly(Operation.UPDATE);
        found.expectRows("long LIKE '%abab'");
    }

    @Test
    @DisplayName("WHERE-094: an array of a domain is no array of what the domain is made of")
    void arraysOfDomains() {
        server.sql("CREATE SCHEMA odd", "CREATE DOMAIN odd.\"tag name\" AS text CHECK (value <> 'bad')");
        String table =
                table("id int PRIMARY KEY, tags odd.\"tag name\"[]", "(1, '{new,old}'), (2, '{old}'), (3, '{new}')");
        for (String filter : List.of(
                "tags && '{new}'",
                "tags = '{new}'",
                "'new' = ANY (tags)",
                "tags[1] = 'new'",
                "tags[1:1] = '{new}'",
                "tags::text[] = ARRAY['new']",
                "array_append(tags, 'x') @> '{new,x}'",
                "coalesce(tags, '{}') @> '{new}'",
                "tags IS DISTINCT FROM '{old}'",
                "(tags || tags) @> tags AND array_length(tags, 1) = 1")) {
            Followed followed = Followed.where(table, filter);
            followed.expectRows(filter);
            server.sql("UPDATE " + table
                    + " SET tags = CASE WHEN tags = '{new}' THEN '{old}' ELSE '{new}' END::odd.\"tag name\"[]");
            followed.expectRows(filter);
        }
        for (String filter : List.of("tags = ARRAY['new']", "tags && ARRAY['new']::text[]", "tags = '{bad}'")) {
            assertThat(server.get(ShapeDefinition.of(table).where(filter), "offset", "-1")
                            .statusCode())
                    .as(filter)
                    .isEqualTo(400);
        }
    }

    @Test
    @DisplayName("FILTER-017: truncating ends a shape, whatever its filter")
    void truncating() {
        String table = table("id int PRIMARY KEY, n int", "(1, 0)");
        Followed none = Followed.where(table, "n = 1");
        server.sql("TRUNCATE " + table, "INSERT INTO " + table + " VALUES (7, 1)");
        none.expectRows("n = 1");
        assertThat(none.client.refetches()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "WHERE-099, where §2.11: what cannot be calculated for a live row is refused with the words of Postgres")
    void rowsThatTheFilterCannotBeCalculatedFor() {
        String table = table("id int PRIMARY KEY, n int", "(1, 5)");
        ShapeDefinition definition = ShapeDefinition.of(table).where("10 / n > 1");
        ShapeClient client = server.client(definition).catchUp();
        assertThat(client.rows().keySet()).containsExactly(key(table, 1));

        server.sql("INSERT INTO " + table + " VALUES (2, 0)");
        await("the shape to end").atMost(LIMIT).until(() -> status(definition) == 400);
        HttpResponse<String> refused = server.get(definition, "offset", "-1");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("{\"message\":\"Invalid request\",\"errors\":{\"where\":[\"division by zero\"]}}");
        assertThat(server.get(
                                definition,
                                "offset",
                                client.offset().toString(),
                                "handle",
                                client.handle().orElseThrow())
                        .statusCode())
                .isEqualTo(409);

        server.sql("DELETE FROM " + table + " WHERE id = 2");
        assertThat(status(definition)).isEqualTo(200);
        // WHERE-100
        assertThat(status(ShapeDefinition.of(table).where("n <> 0 AND 10 / n > 1")))
                .isEqualTo(200);
    }

    @Test
    void snapshotsThatFailLateAreRefusedOnceThatIsKnown() {
        String table = table("id int PRIMARY KEY, n int");
        server.sql("INSERT INTO " + table + " SELECT i, 50001 - i FROM generate_series(1, 50001) AS i");
        ShapeDefinition definition = ShapeDefinition.of(table).where("10 / n >= 0");
        await("the failure to be known").atMost(LIMIT).until(() -> status(definition) == 400);
        assertThat(server.get(definition, "offset", "-1").body()).contains("division by zero");
    }

    private static int status(ShapeDefinition definition) {
        try {
            return server.get(definition, "offset", "-1").statusCode();
        } catch (java.io.UncheckedIOException brokenOff) {
            // The answer had begun.
            return 0;
        }
    }

    @Test
    @DisplayName("WHERE-105: a label that an enum gets is one to filter by, with and without a shape before it")
    void labelsThatAnEnumGets() {
        server.sql("CREATE TYPE mood AS ENUM ('sad', 'ok')");
        String table = table("id int PRIMARY KEY, m mood", "(1, 'sad'), (2, 'ok')");
        Followed ok = Followed.where(table, "m = 'ok'");
        Followed above = Followed.where(table, "m >= 'ok'");
        assertThat(server.get(ShapeDefinition.of(table).where("m = 'happy'"), "offset", "-1")
                        .body())
                .contains("invalid syntax for type enum mood: happy");

        server.sql("ALTER TYPE mood ADD VALUE 'happy'");
        Followed happy = Followed.where(table, "m = 'happy'");
        Followed better = Followed.where(table, "m > 'sad'");
        assertThat(happy.client.rows()).isEmpty();
        server.sql(
                "INSERT INTO " + table + " VALUES (3, 'happy')", "UPDATE " + table + " SET m = 'happy' WHERE id = 2");
        happy.expectRows("m = 'happy'");
        better.expectRows("m > 'sad'");
        ok.expectRows("m = 'ok'");
        // It could not know where the new label belongs.
        above.expectRows("m >= 'ok'");
        assertThat(above.client.refetches()).isEqualTo(1);
        server.sql("INSERT INTO " + table + " VALUES (4, 'happy')");
        above.expectRows("m >= 'ok'");
        assertThat(above.client.refetches()).isEqualTo(1);
        assertThat(ok.client.refetches()).isZero();
    }

    @Test
    @DisplayName("WHERE-095: generated columns filter where Postgres replicates them, and are refused where not")
    void generatedColumns() {
        String table = table("id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED");
        ShapeDefinition definition =
                ShapeDefinition.of(table).columns("id", "n").where("twice > 4");
        boolean replicated =
                Integer.parseInt(server.ask("SHOW server_version_num").getFirst()) >= 180_000;
        assertThat(server.get(definition, "offset", "-1").statusCode()).isEqualTo(replicated ? 200 : 400);
        if (replicated) {
            Followed found = new Followed(table, definition);
            server.sql("INSERT INTO " + table + " VALUES (1, 1), (2, 2), (3, 3)", "UPDATE " + table + " SET n = n + 1");
            found.expectRows("twice > 4");
            assertThat(found.client.refetches()).isZero();
        }
    }

    @Test
    @DisplayName("WHERE-074, 096: letters change case as the database says; text is in the order of bytes, or refused")
    void collations() {
        String table = table(
                "id int PRIMARY KEY, s text, i text COLLATE \"en-x-icu\"", "(1, 'École', 'a'), (2, 'ECOLE', 'B')");
        Followed letters = Followed.where(table, "s ILIKE 'éc%' OR upper(s) = 'ΣΑΣ'");
        Followed bytes = Followed.where(table, "i COLLATE \"C\" < 'a'");
        server.sql(
                "INSERT INTO " + table + " VALUES (3, 'éC', 'A'), (4, 'σας', 'b'), (5, 'eC', 'é')",
                "UPDATE " + table + " SET i = lower(i) WHERE id = 2");
        letters.expectRows("s ILIKE 'éc%' OR upper(s) = 'ΣΑΣ'");
        bytes.expectRows("i COLLATE \"C\" < 'a'");
        assertThat(letters.client.rows()).hasSize(3);

        for (String refused : List.of("i < 'b'", "i ILIKE 'a%'", "lower(i) = 'a'", "greatest(i, 'b') = 'b'")) {
            assertThat(server.get(ShapeDefinition.of(table).where(refused), "offset", "-1")
                            .statusCode())
                    .as(refused)
                    .isEqualTo(400);
        }
        Followed.where(table, "i = 'A'").expectRows("i = 'A'");
    }

    @Test
    @DisplayName("WHERE-094: a column of a domain is filtered as what it is made of")
    void domains() {
        server.sql("CREATE DOMAIN price AS numeric(10, 2) CHECK (value >= 0)", "CREATE DOMAIN tags AS text[]");
        String table =
                table("id int PRIMARY KEY, p price, t tags", "(1, 9.99, '{a}'), (2, 10, '{b,c}'), (3, NULL, NULL)");
        Followed cheap = Followed.where(table, "p < 10 OR 'c' = ANY (t)");
        cheap.expectRows("p < 10 OR 'c' = ANY (t)");
        server.sql(
                "UPDATE " + table + " SET p = p + 0.01",
                "INSERT INTO " + table + " VALUES (4, 0, '{}'), (5, 11, '{c}')",
                "UPDATE " + table + " SET t = '{d}' WHERE id = 2");
        cheap.expectRows("p < 10 OR 'c' = ANY (t)");
        assertThat(cheap.client.refetches()).isZero();
    }

    @Test
    @DisplayName("FILTER-019: partitions may have their columns in another order")
    void partitionsWithColumnsInAnotherOrder() {
        String table = "filtered_" + TABLES.incrementAndGet();
        server.sql(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, n int, s text) PARTITION BY RANGE (id)",
                "CREATE TABLE " + table + "_low PARTITION OF " + table + " FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE " + table + "_high (gone int, s text, n int, id int NOT NULL)",
                "ALTER TABLE " + table + "_high DROP COLUMN gone",
                "ALTER TABLE " + table + " ATTACH PARTITION " + table + "_high FOR VALUES FROM (10) TO (20)",
                "INSERT INTO " + table + " VALUES (1, 1, 'x'), (2, 0, 'x'), (11, 1, 'x')");
        Followed found = Followed.where(table, "n = 1 AND s = 'x'");
        found.expectRows("n = 1 AND s = 'x'");
        server.sql(
                "INSERT INTO " + table + " VALUES (3, 1, 'x'), (12, 1, 'x'), (13, 1, 'y'), (14, 2, 'x')",
                "UPDATE " + table + " SET id = 15 WHERE id = 1",
                "UPDATE " + table + " SET n = 2 WHERE id = 11",
                "UPDATE " + table + " SET s = 'x' WHERE id = 13");
        found.expectRows("n = 1 AND s = 'x'");
        assertThat(found.client.refetches()).isZero();
    }

    @Test
    @DisplayName("WHERE-093: NULL can be asked of every type, of composite ones field by field")
    void nullsOfTypesThatFiltersKnowNothingOf() {
        server.sql("CREATE TYPE pair AS (a int, b text)");
        String table = table("id int PRIMARY KEY, p pair, g point, x xml, r int4range");
        Followed without = Followed.where(table, "p IS NULL");
        Followed with = Followed.where(table, "p IS NOT NULL AND g IS NOT NULL");
        Followed other = Followed.where(table, "x IS NULL OR r IS NULL");
        server.sql(
                "INSERT INTO " + table
                        + " VALUES (1, NULL, NULL, NULL, NULL), (2, '(,)', '(1,2)', '<a/>', '[1,2)'),"
                        + " (3, '(1,)', '(1,2)', '<a/>', NULL), (4, '(1,\"\")', '(1,2)', NULL, '[1,2)'),"
                        + " (5, '(,\"a,\"\",b\")', '(1,2)', '<a/>', '[1,2)'), (6, '(1,\"a,\"\",,\")', '(1,2)', '<a/>', 'empty')");
        without.expectRows("p IS NULL");
        with.expectRows("p IS NOT NULL AND g IS NOT NULL");
        other.expectRows("x IS NULL OR r IS NULL");
        Followed again = Followed.where(table, "(p IS NULL)");
        assertThat(again.client.rows()).isEqualTo(without.client.rows()).hasSize(2);
        assertThat(with.client.rows()).hasSize(2);
    }

    @Test
    @DisplayName("FILTER-016: rows without a key")
    void tablesWithoutAKey() {
        String table = table("a int, b text", "(1, 'x'), (2, 'y')");
        Followed found = Followed.where(table, "a > 1");
        server.sql("UPDATE " + table + " SET b = 'z'", "UPDATE " + table + " SET a = a + 10");
        found.expectRows("a > 1");
    }

    @Test
    @DisplayName("I2: a stream that breaks off within a transaction shows it once, whole, to every filter")
    void streamsThatBreakOffWithinATransaction() {
        String table = table("id int PRIMARY KEY, n int");
        Followed odd = Followed.where(table, "n % 2 = 1");
        Followed few = Followed.where(table, "n BETWEEN 100 AND 120");
        server.sql("INSERT INTO " + table + " SELECT i, i FROM generate_series(1, 20000) AS i");
        server.sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                + server.slot() + "' AND active_pid IS NOT NULL");
        server.sql("UPDATE " + table + " SET n = n + 1 WHERE id <= 1000");
        odd.expectRows("n % 2 = 1");
        few.expectRows("n BETWEEN 100 AND 120");
        assertThat(odd.client.refetches() + few.client.refetches()).isZero();
    }

    @Test
    @DisplayName("FILTER-018: a shape ends when a column of its filter is another, and only then")
    void columnsThatChange() {
        String table = table("id int PRIMARY KEY, n int, s text, free int", "(1, 1, 'a', 1)");
        Followed found =
                new Followed(table, ShapeDefinition.of(table).columns("id").where("n = 1"));
        server.sql(
                "ALTER TABLE " + table + " DROP COLUMN free, ADD COLUMN more int",
                "INSERT INTO " + table + " VALUES (2, 1)");
        found.expectRows("n = 1");
        assertThat(found.client.refetches()).isZero();

        server.sql("ALTER TABLE " + table + " ALTER n TYPE bigint", "INSERT INTO " + table + " VALUES (3, 1)");
        found.expectRows("n = 1");
        assertThat(found.client.refetches()).isEqualTo(1);
    }

    @Test
    @DisplayName("WHERE-043, HTTP-206, http §6.1: however it is written, it is one shape")
    void spellingsOfOneFilterAreOneShape() {
        String table = table("id int PRIMARY KEY, n int, s text", "(1, 1, 'a')");
        String handle = handle(ShapeDefinition.of(table).where("n = 1 AND s = 'it''s'"));
        for (String spelling : List.of(
                "n=1 and s='it''s'",
                "(n = 1) AND ((s = 'it''s'))",
                "\"n\" = 1 AND S = E'it\\'s'",
                "n = 1 -- one\n AND s = $$it's$$ ;")) {
            assertThat(handle(ShapeDefinition.of(table).where(spelling)))
                    .as(spelling)
                    .isEqualTo(handle);
        }
        assertThat(handle(ShapeDefinition.of(table).where("n = 2 AND s = 'it''s'")))
                .isNotEqualTo(handle);
        assertThat(handle(ShapeDefinition.of(table).where("n = $1 AND s = $2", "1", "it's")))
                .isEqualTo(handle(ShapeDefinition.of(table).where("n='1'::int4 AND s='it''s'::text")))
                .isNotEqualTo(handle);
        assertThat(handle(ShapeDefinition.of(table).where(" \t\n"))).isEqualTo(handle(ShapeDefinition.of(table)));
    }

    private static String handle(ShapeDefinition definition) {
        HttpResponse<String> response = server.get(definition, "offset", "-1");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.headers().firstValue("electric-handle").orElseThrow();
    }

    @Test
    @DisplayName("WHERE-042: whatever a parameter holds, it is a value and nothing else")
    void parametersAreValues() {
        String table = table("id int PRIMARY KEY, s text, l text[]");
        List<String> values = List.of(
                "it's",
                "a\\b",
                "\\'; DROP TABLE x; --",
                "$1",
                "\"quoted\"",
                "E'\\n'",
                "%_\\",
                "é😀\n\t",
                "",
                "NULL",
                "{a,b}");
        for (int i = 0; i < values.size(); i++) {
            server.sql("INSERT INTO " + table + " VALUES (" + i + ", $x$" + values.get(i) + "$x$, ARRAY[$x$"
                    + values.get(i) + "$x$])");
        }
        List<Followed> all = new ArrayList<>();
        for (String value : values) {
            all.add(Followed.where(table, "s = $1 OR $2 = ANY (l)", value, value));
        }
        for (int i = 0; i < values.size(); i++) {
            assertThat(all.get(i).client.rows().keySet()).as(values.get(i)).containsExactly(key(table, i));
        }
        server.sql("UPDATE " + table + " SET id = id + 100");
        for (int i = 0; i < values.size(); i++) {
            String moved = key(table, i + 100);
            all.get(i).client.followUntil(view -> view.rows().keySet().equals(Set.of(moved)), LIMIT);
        }
        String array = "{\"it's\",\"a\\\\b\",NULL}";
        assertThat(Followed.where(table, "s = ANY ($1)", array).client.rows().keySet())
                .containsExactlyInAnyOrder(key(table, 100), key(table, 101));
    }

    @Test
    @DisplayName("http §6.4: the handle of another filter leads to the one that was asked for")
    void handlesOfOtherFilters() {
        String table = table("id int PRIMARY KEY, n int", "(1, 1)");
        ShapeDefinition one = ShapeDefinition.of(table).where("n = 1");
        ShapeDefinition two = ShapeDefinition.of(table).where("n = $1", "2");
        String handle = handle(one);
        HttpResponse<String> elsewhere = server.get(two, "offset", "0_0", "handle", handle);
        assertThat(elsewhere.statusCode()).isEqualTo(409);
        assertThat(elsewhere.headers().firstValue("electric-handle")).contains(handle(two));
        // HTTP-045
        assertThat(server.request("DELETE", two.query(Map.of())).statusCode()).isEqualTo(202);
        assertThat(server.get(one, "offset", "0_0", "handle", handle).statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("http §2.7, 2.8: refusals name the field, and say it in the words of the protocol")
    void refusals() {
        String table = table("id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED, mood text");
        assertRefused(table, "where=1%20x%201", "{\"where\":[\"At location 17: syntax error at or near \\\"x\\\"\"]}");
        assertRefused(table, "where=foo%20=%201", "{\"where\":[\"At location 0: unknown reference foo\"]}");
        assertRefused(table, "where=n", "{\"where\":[\"WHERE clause must return a boolean\"]}");
        assertRefused(
                table, "where=n=$2&params[1]=1", "{\"where\":[\"At location 2: parameter $2 was not provided\"]}");
        assertRefused(
                table,
                "where=n=$1&params[2]=1",
                "{\"params\":[\"Parameters must be numbered sequentially, starting from 1\"]}");
        assertRefused(table, "where=n=$1&params[a]=1", "{\"params\":[\"Parameters can only use numbers as keys\"]}");
        assertRefused(table, "where=n=$1&params=%7B%7D", "{\"params\":[\"is invalid\"]}");
        assertThat(server.request("GET", "table=" + table + "&columns=id,n&offset=-1&params[a]=1")
                        .statusCode())
                .isEqualTo(200);
    }

    private static void assertRefused(String table, String query, String errors) {
        HttpResponse<String> response = server.request("GET", "table=" + table + "&columns=id,n&offset=-1&" + query);
        assertThat(response.body()).isEqualTo("{\"message\":\"Invalid request\",\"errors\":" + errors + "}");
        assertThat(response.statusCode()).isEqualTo(400);
    }
}
