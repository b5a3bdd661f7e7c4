package electric.sync.route;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Collation;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.Tables;
import electric.sync.value.CaseMapping;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which filters are asked about a row: those that it has to do with, counted rather than timed (FILTER-031..054). */
class RoutingCostTest {
    private static final int OTHERS = 200;

    private static final Table TABLE = new Table(
            1,
            new RelationName("public", "items"),
            false,
            List.of(
                    column("id", "int4"),
                    column("n", "int8"),
                    column("x", "int4"),
                    column("y", "text"),
                    column("z", "bpchar"),
                    column("price", "numeric"),
                    column("f", "float8"),
                    column("g", "float4"),
                    column("u", "uuid"),
                    column("d", "date"),
                    column("at", "timestamptz"),
                    column("span", "interval"),
                    column("flag", "bool"),
                    column("arr", new ValueType.Array(new ValueType.BuiltIn("int4"))),
                    column("tags", new ValueType.Array(new ValueType.BuiltIn("text")))),
            List.of());

    /** The one that filters with 7 in them are about. */
    private static final Row SEVEN = Row.of(
            "7",
            "7",
            "7",
            "p7-abc",
            "p7   ",
            "7.50",
            "7.5",
            "7",
            "00000000-0000-0000-0000-000000000007",
            "2024-01-08",
            "2024-01-01 00:00:07+00",
            "PT7S",
            "t",
            "{{7,-5},{1012,NULL}}",
            "{p7,q}");

    private static final Row NOTHING =
            Row.of(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private final Relation relation = Tables.relation(TABLE);
    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final ShapeDefinition definition =
            ShapeDefinition.of(TABLE, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final Router router = new Router();
    private final Map<ShapeWriter, String> filters = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private static Table.Column column(String name, String type) {
        return column(name, new ValueType.BuiltIn(type));
    }

    private static Table.Column column(String name, ValueType type) {
        Collation collation = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);
        return new Table.Column(name, 1, -1, "t", 0, false, Table.Generated.NO, -1, type, collation);
    }

    private void follow(String where) throws InvalidWhere {
        Filter filter = Filter.of(where, List.of(), TABLE, collation -> CaseMapping.ASCII)
                .orElseThrow();
        ShapeWriter writer = new ShapeWriter(registry.claim(definition).shape(), new EntryFormat(TABLE, definition));
        filters.put(writer, where);
        router.follow(writer, TABLE, new Filter(filter.expr(), filter.sql(), row -> {
            asked.add(where);
            return filter.predicate().test(row);
        }));
    }

    private List<String> take(Row row) {
        asked.clear();
        Affected affected = router.route(relation, new Change.Insert(relation, row));
        List<String> taking = new ArrayList<>();
        for (int i = 0; i < affected.size(); i++) {
            @Nullable String failure = affected.failure(i);
            taking.add(filters.get(affected.writer(i)) + (failure == null ? "" : ": " + failure));
        }
        return taking;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = #",
                "# = id",
                "id = # AND x > 6",
                "x > 6 AND id = #",
                "id = # AND n = 7",
                "n = # AND id = 7",
                "(id = #) AND (x > 6 AND y LIKE 'p%')",
                "y LIKE '%c' AND (n = 7 AND (flag AND id = #))",
                "arr @> '{#,-5}'",
                "arr @> '{#,#,1012}'",
                "'{-5,#}' <@ arr",
                "# = ANY(arr)",
                "arr && '{#,1000}'",
                "tags @> '{q,p#}'",
                "'p#' = ANY(tags)",
                "id IN (#, -1, -2)",
                "id = ANY('{#,-1}')",
                "id = # OR id = -1",
                "id = # OR n = #",
                "id = 7 AND (n = # OR n = -3)",
                "(id = # OR id = -1) AND n = 7",
                "(id = # AND x > 2) OR (id = # AND x < 1)",
                "NOT (id <> # OR n <> 7)",
                "NOT id <> #",
                "id IS NOT DISTINCT FROM #",
                "(id = #) IS TRUE",
                "(id <> #) IS FALSE",
                "id = #.0",
                "id = '#'::float8",
                "n = '#'::numeric",
                "y = 'p#-abc'",
                "z = 'p#'",
                "price = #.5",
                "price = #.500",
                "f = #.5",
                "g = #",
                "u = '00000000-0000-0000-0000-000000000007' AND id = #",
                "d = '2024-01-01'::date + #",
                "at = '2024-01-01 00:00:00+00'::timestamptz + '# s'::interval",
                "span = '# s'",
                "(id, n) = (#, 7)",
                "x BETWEEN # AND #",
                "x >= # AND x <= #",
                "x > # - 1 AND n = 7 AND x < # + 1",
                "NOT (x < # OR x > #)",
                "price BETWEEN # AND # + 0.9",
                "f > # AND f < # + 1",
                "y >= 'p#-' AND y < 'p#.'",
                "d BETWEEN '2024-01-01'::date + # AND '2024-01-01'::date + #",
                "span BETWEEN '# s' AND '# s'",
                "y LIKE 'p#-%'",
                "y LIKE 'p#\\-a_c'",
                "z LIKE 'p# %'",
                "n = 7 AND y LIKE 'p#-%'",
                "y LIKE '%p#-a%'",
                "y ILIKE '%P#-A%'",
                "y ILIKE '_#-AB%'",
                "y LIKE '%_#-%c'",
                "y ILIKE '%#-' || 'ABC'",
                "y ILIKE '%p#-x%' OR y ILIKE '%p#-B%' OR y ILIKE 'P#-A%'",
                "y LIKE 'p%#-%'",
                "z ILIKE '%P# %'",
                "n = 7 AND y ILIKE '%#-A%'",
                "flag AND id = #",
                "flag = true AND id = #",
            })
    void asksOnlyTheOneThatTheRowIsAbout(String form) throws InvalidWhere {
        for (int i = 0; i < OTHERS; i++) {
            follow(form.replace("#", Integer.toString(i)));
        }
        String seventh = form.replace("#", "7");
        assertThat(take(SEVEN)).containsExactly(seventh);
        assertThat(asked).containsExactly(seventh);
        assertThat(take(NOTHING)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void asksThoseBeginningOrEndingBeyondTheRow() throws InvalidWhere {
        for (int i = 0; i < OTHERS; i++) {
            follow("x > " + i);
            follow("x <= -" + (i + 1));
            follow("price >= " + i);
            follow("y < 'p" + (char) ('A' + i % 40) + i + "'");
        }
        List<String> taking = take(SEVEN);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(taking);
        assertThat(taking).contains("x > 6", "price >= 7").doesNotContain("x > 7", "price >= 8", "x <= -1");
    }

    @Test
    void asksByNullAndByTruth() throws InvalidWhere { // FILTER-044
        List<String> seven = List.of("flag", "flag IS TRUE", "flag IS NOT FALSE", "flag <> false", "NOT (NOT flag)");
        List<String> nothing = List.of("y IS NULL", "NOT (y IS NOT NULL)", "flag IS UNKNOWN", "flag IS NOT TRUE");
        for (String where : seven) {
            follow(where);
        }
        for (String where : nothing) {
            follow(where);
        }
        follow("NOT flag");
        follow("flag IS FALSE");
        assertThat(take(SEVEN)).containsExactlyInAnyOrderElementsOf(seven);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(seven);
        assertThat(take(NOTHING)).contains("flag IS NOT FALSE").containsAll(nothing);
        assertThat(asked).hasSize(nothing.size() + 1);
    }

    @Test
    void neverAsksWhatIsTrueForNoRow() throws InvalidWhere { // FILTER-034, FILTER-036
        for (String where : List.of(
                "id = 1.5",
                "id = 3000000000",
                "id > 3000000000",
                "n = 1e30",
                "id = 'NaN'::float8",
                "id > 'Infinity'::float8",
                "x > 9 AND x < 3",
                "id IN (1.5, 3000000000)",
                "arr @> '{7,NULL}'",
                "false",
                "id = 7 AND false")) {
            follow(where);
        }
        assertThat(take(SEVEN)).isEmpty();
        assertThat(asked).isEmpty();
        for (String where :
                List.of("id < 3000000000", "id <= 7.5", "id > 6.5", "n > -1e30", "id < 'NaN'::float8", "arr @> '{}'")) {
            follow(where);
        }
        assertThat(take(SEVEN)).hasSize(6);
    }

    @Test
    void canOnlyAskThemAllWhereAnyRowMayBelong() throws InvalidWhere { // FILTER-043
        List<String> open = List.of(
                "id = 7 OR x + 0 > 5",
                "NOT id = 8",
                "id <> 8",
                "y LIKE '______'",
                "y NOT ILIKE '%x%'",
                "id % 2 = 1",
                "id + 0 = 7");
        for (String where : open) {
            follow(where);
        }
        assertThat(take(SEVEN)).containsExactlyInAnyOrderElementsOf(open);
        assertThat(asked).hasSize(open.size());
    }

    @Test
    void readsTheRowOnceForFactorsThatCouldBeMultiplied() throws InvalidWhere {
        StringBuilder factors = new StringBuilder("(id = 7 OR id = 8)");
        for (int i = 0; i < 60; i++) {
            factors.append(" AND (n = 7 OR x = ").append(i).append(" OR y = 'p7-abc' OR price = 1)");
        }
        follow(factors.toString());
        assertThat(take(SEVEN)).hasSize(1);
        assertThat(asked).hasSize(1);
    }

    @Test
    void findsOneAmongTenThousandWithoutAskingTheOthers() throws InvalidWhere { // FILTER-050
        for (int i = 0; i < 10_000; i++) {
            follow("id = " + i);
        }
        assertThat(take(SEVEN)).containsExactly("id = 7");
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksEverybodyWhenTheRowCannotBeRead() throws InvalidWhere { // FILTER-030
        follow("id = 7");
        follow("id = 8");
        follow("span = '1 s'");
        follow("n = 8 AND span = '1 s'");
        Row unreadable =
                Row.of("7", "7", null, null, null, null, null, null, null, null, null, "eternity", null, null, null);
        assertThat(take(unreadable))
                .hasSize(2)
                .contains("id = 7")
                .anyMatch(text -> text.startsWith("span = '1 s': its filter cannot be calculated for a row"));
        assertThat(asked).hasSize(4);
    }

    @Test
    void aColumnThatTheRowLacksIsTheEndOfThoseWhoUseItOnly() throws InvalidWhere {
        follow("id = 7");
        follow("x = 7");
        Relation narrow = Tables.relation(Tables.table(1, "public", "items", "id", "n"));
        Affected affected = router.route(narrow, new Change.Insert(narrow, Row.of("7", "1")));
        assertThat(affected.size()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            assertThat(affected.failure(i) == null).isEqualTo("id = 7".equals(filters.get(affected.writer(i))));
        }
    }
}
