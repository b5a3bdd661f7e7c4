package electric.sync.route;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.Tables;
import electric.sync.value.NotExact;
import electric.sync.where.Expr;
import electric.sync.where.Filter;
import electric.sync.where.Predicate;
import electric.sync.where.RowValues;
import electric.sync.where.Truth;
import electric.sync.where.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which shapes a change is for, and what its rows are to them. */
class RoutingTest {
    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final Router router = new Router();
    private final Table items = Tables.table(1, "public", "items", "id*", "name");
    private final Relation relation = Tables.relation(items);
    private int asked;

    private ShapeWriter follow(Table table, @Nullable Filter filter) {
        ShapeDefinition definition =
                ShapeDefinition.of(table, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
        ShapeWriter writer = new ShapeWriter(registry.claim(definition).shape(), new EntryFormat(table, definition));
        router.follow(writer, table, filter);
        return writer;
    }

    /** A filter that no index knows anything about. */
    private Filter filter(String sql, Predicate predicate) {
        return new Filter(new Expr.Constant(Types.BOOL, true), sql, row -> {
            asked++;
            return predicate.test(row);
        });
    }

    private Filter named(String name) {
        return filter("name is " + name, row -> row.isNull(1) ? Truth.UNKNOWN : Truth.of(name.equals(row.value(1))));
    }

    private static Change insert(Relation relation, @Nullable String... values) {
        return new Change.Insert(relation, Row.of(values));
    }

    private Change update(@Nullable String before, @Nullable String after) {
        return new Change.Update(relation, Row.of("1", before), Row.of("1", after));
    }

    private Map<ShapeWriter, String> route(Change change) {
        return route(relation, change);
    }

    private Map<ShapeWriter, String> route(Relation changed, Change change) {
        Affected affected = router.route(changed, change);
        Map<ShapeWriter, String> said = new java.util.HashMap<>();
        for (int i = 0; i < affected.size(); i++) {
            String failure = affected.failure(i);
            String belongs = (affected.oldIn(i) ? "old" : "") + (affected.newIn(i) ? "new" : "");
            assertThat(said.put(affected.writer(i), failure == null ? belongs : failure))
                    .isNull();
        }
        return said;
    }

    @Test
    void saysToWhomTheOldRowBelongsAndToWhomTheNew() { // FILTER-003..008, FILTER-010, FILTER-028
        ShapeWriter a = follow(items, named("a"));
        ShapeWriter b = follow(items, named("b"));
        ShapeWriter all = follow(items, null);
        assertThat(route(insert(relation, "1", "a"))).isEqualTo(Map.of(a, "new", all, "new"));
        assertThat(route(insert(relation, "1", null))).isEqualTo(Map.of(all, "new"));
        assertThat(route(new Change.Delete(relation, Row.of("1", "b"), true))).isEqualTo(Map.of(b, "old", all, "old"));
        assertThat(route(update("a", "b"))).isEqualTo(Map.of(a, "old", b, "new", all, "oldnew"));
        assertThat(route(update("a", "a"))).isEqualTo(Map.of(a, "oldnew", all, "oldnew"));
        assertThat(route(update(null, "c"))).isEqualTo(Map.of(all, "oldnew"));
    }

    @Test
    void asksOneFilterOnceForAllWhoHaveIt() { // FILTER-055
        List<ShapeWriter> followers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            followers.add(follow(items, named("a")));
        }
        assertThat(route(insert(relation, "1", "a")).keySet()).containsExactlyInAnyOrderElementsOf(followers);
        assertThat(asked).isEqualTo(1);
        followers.subList(0, 19).forEach(writer -> router.unfollow(writer, items, named("a")));
        assertThat(route(update("a", "x"))).isEqualTo(Map.of(followers.get(19), "old"));
        router.unfollow(followers.get(19), items, named("a"));
        assertThat(route(update("a", "x"))).isEmpty();
    }

    @Test
    void tellsEverybodyWhenTheOldRowIsMissingAndWhenTheTableIsEmptied() { // FILTER-001, FILTER-029
        ShapeWriter a = follow(items, named("a"));
        ShapeWriter all = follow(items, null);
        assertThat(route(new Change.Update(relation, null, Row.of("1", "x")))).containsOnlyKeys(a, all);
        assertThat(route(new Change.Delete(relation, Row.of("1", null), false))).containsOnlyKeys(a, all);
        assertThat(route(new Change.Truncate(List.of(relation)))).containsOnlyKeys(a, all);
        assertThat(asked).isZero();
    }

    @Test
    void aFilterThatFailsOnARowIsTheEndOfItsOwnShapesOnly() { // FILTER-030, D23
        ShapeWriter a = follow(items, named("a"));
        ShapeWriter uncertain = follow(items, filter("uncertain", row -> {
            throw new NotExact("this is not certain");
        }));
        ShapeWriter broken = follow(items, filter("broken", row -> {
            throw new IllegalStateException("with the row's secret");
        }));
        assertThat(route(update("a", "b")))
                .isEqualTo(Map.of(
                        a,
                        "old",
                        uncertain,
                        "its filter cannot be calculated for a row: this is not certain",
                        broken,
                        "its filter failed on a row with java.lang.IllegalStateException"));
    }

    @Test
    void readsTheColumnsOfAPartitionByName() { // FILTER-019
        Table root = new Table(10, items.name(), true, items.columns(), List.of(11));
        ShapeWriter a = follow(root, named("a"));
        Relation leaf = Tables.relation(Tables.table(11, "public", "leaf", "name", "id*"));
        assertThat(route(leaf, insert(leaf, "a", "1"))).isEqualTo(Map.of(a, "new"));
        assertThat(route(leaf, insert(leaf, "1", "a"))).isEmpty();
        Relation altered = Tables.relation(Tables.table(11, "public", "leaf", "id*", "name"));
        assertThat(route(altered, insert(altered, "1", "a"))).isEqualTo(Map.of(a, "new"));
    }

    @Test
    void servesThoseWhoKnewTheTableBeforeAndAfterAColumnWasAdded() {
        Table wider = Tables.table(1, "public", "items", "id*", "extra", "name");
        ShapeWriter before = follow(items, named("a"));
        ShapeWriter after = follow(wider, filter("name is a", (RowValues row) -> Truth.of("a".equals(row.value(2)))));
        Relation now = Tables.relation(wider);
        assertThat(route(now, insert(now, "1", "x", "a"))).isEqualTo(Map.of(before, "new", after, "new"));
        router.unfollow(before, items, named("a"));
        assertThat(route(now, insert(now, "1", "x", "a"))).isEqualTo(Map.of(after, "new"));
    }

    @Test
    void leavesNothingBehind() { // FILTER-048, FILTER-053
        ShapeWriter a = follow(items, named("a"));
        ShapeWriter all = follow(items, null);
        router.follow(a, items, named("a"));
        router.unfollow(a, items, named("a"));
        router.unfollow(all, items, null);
        router.unfollow(all, items, null);
        assertThat(router.followers(1)).isEmpty();
        assertThat(route(insert(relation, "1", "a"))).isEmpty();
        assertThat(router)
                .usingRecursiveComparison()
                .ignoringFields("search", "lastRelation")
                .isEqualTo(new Router());
    }
}
