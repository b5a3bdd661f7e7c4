package electric.sync.route;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.where.BuiltFilter;
import electric.sync.where.Filter;
import electric.sync.where.RowValues;
import electric.sync.where.Truth;
import electric.sync.where.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random filters and random changes: what the router says is what asking every filter says (I5, FILTER-027). */
class RoutingModelTest {
    private static final long SEED = Long.getLong("routing.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("routing.rounds", 400);

    private final Table table = Zoo.table();
    private final Relation relation = Zoo.relation();
    private final int[] places = IntStream.range(0, table.columns().size()).toArray();
    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final ShapeDefinition definition =
            ShapeDefinition.of(table, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);

    private record Case(List<Filter> filters, List<Change> changes) {}

    @Test
    void saysWhatAskingEveryFilterSays() {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            Zoo zoo = new Zoo(random);
            List<Filter> filters = new ArrayList<>();
            for (int i = 1 + random.nextInt(30); i > 0; i--) {
                filters.add(BuiltFilter.of(zoo.filter(random.nextInt(4))));
            }
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                changes.add(change(random.nextInt(4), zoo));
            }
            Case whole = new Case(filters, changes);
            if (disagreement(whole) != null) {
                Case smallest = shrunk(whole, smaller -> disagreement(smaller) != null);
                throw new AssertionError("seed " + SEED + " round " + round + ": " + disagreement(smallest) + "\n"
                        + smallest.filters.stream().map(Filter::sql).toList() + "\n"
                        + smallest.changes.stream().map(this::text).toList());
            }
        }
    }

    private Change change(int kind, Zoo zoo) {
        return switch (kind) {
            case 0 -> new Change.Insert(relation, zoo.row());
            case 1 -> new Change.Delete(relation, zoo.row(), true);
            default -> new Change.Update(relation, zoo.row(), zoo.row());
        };
    }

    private String text(Change change) {
        return switch (change) {
            case Change.Insert insert -> "insert " + text(insert.row());
            case Change.Delete delete -> "delete " + text(delete.old());
            case Change.Update update ->
                "update " + (update.old() == null ? "" : text(update.old())) + " to " + text(update.row());
            case Change.Truncate truncate -> "truncate";
        };
    }

    private String text(Row row) {
        return IntStream.range(0, row.columnCount())
                .mapToObj(row::text)
                .toList()
                .toString();
    }

    private static Case shrunk(Case from, Predicate<Case> fails) {
        Case smallest = from;
        for (int i = smallest.changes.size() - 1; i >= 0; i--) {
            List<Change> fewer = new ArrayList<>(smallest.changes);
            fewer.remove(i);
            Case smaller = new Case(smallest.filters, fewer);
            smallest = fails.test(smaller) ? smaller : smallest;
        }
        for (int i = smallest.filters.size() - 1; i >= 0; i--) {
            List<Filter> fewer = new ArrayList<>(smallest.filters);
            fewer.remove(i);
            Case smaller = new Case(fewer, smallest.changes);
            smallest = fails.test(smaller) ? smaller : smallest;
        }
        return smallest;
    }

    private @Nullable String disagreement(Case one) {
        Router router = new Router();
        List<ShapeWriter> writers = new ArrayList<>();
        for (Filter filter : one.filters) {
            ShapeWriter writer =
                    new ShapeWriter(registry.claim(definition).shape(), new EntryFormat(table, definition));
            router.follow(writer, table, filter);
            writers.add(writer);
        }
        for (Change change : one.changes) {
            Map<ShapeWriter, String> said = new HashMap<>();
            Affected affected = router.route(relation, change);
            for (int i = 0; i < affected.size(); i++) {
                String belongs = (affected.oldIn(i) ? "old" : "") + (affected.newIn(i) ? "new" : "");
                if (said.put(affected.writer(i), affected.failure(i) == null ? belongs : "failed") != null) {
                    return "said twice";
                }
            }
            for (int i = 0; i < writers.size(); i++) {
                String expected = expected(one.filters.get(i), change);
                String is = said.getOrDefault(writers.get(i), "");
                if (!is.equals(expected)) {
                    return "of filter " + i + " it is said '" + is + "' and it is '" + expected + "'";
                }
            }
        }
        return null;
    }

    private String expected(Filter filter, Change change) {
        return switch (change) {
            case Change.Insert insert -> belongs(filter, insert.row(), "new");
            case Change.Delete delete -> belongs(filter, delete.old(), "old");
            case Change.Update update -> {
                String before = belongs(filter, Objects.requireNonNull(update.old()), "old");
                yield before + belongs(filter, update.row(), "new");
            }
            case Change.Truncate truncate -> throw new AssertionError();
        };
    }

    private String belongs(Filter filter, Row row, String in) {
        RowValues values = new RowValues(table.columns().stream()
                .map(column -> Types.of(column.values()))
                .toList());
        values.turnTo(row, places);
        return filter.predicate().test(values) == Truth.TRUE ? in : "";
    }

    @Test
    void comingAndGoingInAnyOrderLeavesTheSameStructure() { // FILTER-048
        for (int round = 0; round < ROUNDS / 10; round++) {
            Random random = new Random(SEED + round);
            Zoo zoo = new Zoo(random);
            FilterIndex index = new FilterIndex(table);
            FilterIndex other = new FilterIndex(table);
            List<Filter> staying = filters(zoo, random);
            List<Filter> passing = filters(zoo, random);
            passing.removeAll(staying);
            staying.forEach(index::group);
            String before = Structure.of(index);

            Collections.shuffle(staying, random);
            staying.forEach(other::group);
            assertSame(before, Structure.of(other), round);

            Collections.shuffle(passing, random);
            passing.forEach(index::group);
            Collections.shuffle(passing, random);
            passing.forEach(filter -> index.release(index.group(filter)));
            assertSame(before, Structure.of(index), round);

            staying.forEach(filter -> index.release(index.group(filter)));
            assertSame(Structure.of(new FilterIndex(table)), Structure.of(index), round);
        }
    }

    private static void assertSame(String expected, String is, int round) {
        int difference = Arrays.mismatch(expected.toCharArray(), is.toCharArray());
        int from = Math.max(difference - 200, 0);
        if (difference >= 0) {
            throw new AssertionError("seed " + SEED + " round " + round + ": another structure from here on:\n"
                    + expected.substring(from, Math.min(difference + 100, expected.length())) + "\n"
                    + is.substring(from, Math.min(difference + 100, is.length())));
        }
    }

    private static List<Filter> filters(Zoo zoo, Random random) {
        List<Filter> filters = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            filters.add(BuiltFilter.of(zoo.filter(random.nextInt(5))));
        }
        return new ArrayList<>(filters.stream().distinct().toList());
    }
}
