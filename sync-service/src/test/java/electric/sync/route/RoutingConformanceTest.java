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
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import electric.sync.where.Filter;
import electric.sync.where.InvalidWhere;
import electric.sync.where.RowValues;
import electric.sync.where.TestTables;
import electric.sync.where.Truth;
import electric.sync.where.Types;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conformance data by way of the index: all filters of a table at once, and each of its rows. */
class RoutingConformanceTest {
    private final ShapeRegistry registry = new ShapeRegistry(new LogStore(1 << 20, 1000), () -> Instant.EPOCH, () -> 0);
    private final List<String> wrong = new ArrayList<>();
    private int truths;
    private int asked;
    private int pairs;

    @Test
    @DisplayName("FILTER-027: the index finds what Postgres says is true, and whatever else asking every filter finds")
    void findsWhatPostgresSaysIsTrue() throws IOException {
        Map<String, List<JsonNode>> bySchema = new LinkedHashMap<>();
        for (JsonNode one : json()) {
            bySchema.computeIfAbsent(one.get("schema").toString(), schema -> new ArrayList<>())
                    .add(one);
        }
        bySchema.values().forEach(this::check);
        System.out.printf(
                "Conformance data through the index: %d pairs of a filter and a row, %d asked, %d cases true%n",
                pairs, asked, truths);
        assertThat(wrong).isEmpty();
        assertThat(truths).isGreaterThan(1500);
    }

    private void check(List<JsonNode> cases) {
        Map<String, String> columns = new LinkedHashMap<>();
        cases.getFirst()
                .get("schema")
                .properties()
                .forEach(
                        column -> columns.put(column.getKey(), column.getValue().asString()));
        Table table = TestTables.of(columns);
        Relation relation = Tables.relation(table);
        ShapeDefinition definition =
                ShapeDefinition.of(table, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
        RowValues values = new RowValues(table.columns().stream()
                .map(column -> Types.of(column.values()))
                .toList());
        int[] places = IntStream.range(0, columns.size()).toArray();

        Router router = new Router();
        Map<ShapeWriter, Filter> filters = new LinkedHashMap<>();
        Map<JsonNode, ShapeWriter> writers = new HashMap<>();
        for (JsonNode one : cases) {
            filter(one, table).ifPresent(filter -> {
                ShapeWriter writer =
                        new ShapeWriter(registry.claim(definition).shape(), new EntryFormat(table, definition));
                router.follow(writer, table, new Filter(filter.expr(), filter.sql(), row -> {
                    asked++;
                    return filter.predicate().test(row);
                }));
                filters.put(writer, filter);
                writers.put(one, writer);
            });
        }
        for (JsonNode one : cases) {
            Row row = row(one, columns);
            Affected affected = router.route(relation, new Change.Insert(relation, row));
            Set<ShapeWriter> taking = new LinkedHashSet<>();
            for (int i = 0; i < affected.size(); i++) {
                if (affected.failure(i) == null) {
                    taking.add(affected.writer(i));
                }
            }
            pairs += filters.size();
            ShapeWriter own = writers.get(one);
            if (own != null && one.get("expect").isBoolean()) {
                boolean expected = one.get("expect").asBoolean();
                truths += expected ? 1 : 0;
                if (taking.contains(own) != expected) {
                    wrong.add(one.get("id").asString());
                }
            }
            values.turnTo(row, places);
            filters.forEach((writer, filter) -> {
                if (holds(filter, values) != taking.contains(writer)) {
                    wrong.add(filter.sql() + " on the row of " + one.get("id").asString());
                }
            });
        }
    }

    private static boolean holds(Filter filter, RowValues row) {
        try {
            return filter.predicate().test(row) == Truth.TRUE;
        } catch (InvalidValue | NotExact refused) {
            return false;
        }
    }

    private static Optional<Filter> filter(JsonNode one, Table table) {
        List<String> parameters = new ArrayList<>();
        for (int i = 1; one.has("params") && one.get("params").has("" + i); i++) {
            parameters.add(one.get("params").get("" + i).asString());
        }
        try {
            return Filter.of(one.get("where").asString(), parameters, table, TestTables::casing);
        } catch (InvalidWhere invalid) {
            return Optional.empty();
        }
    }

    private static Row row(JsonNode one, Map<String, String> columns) {
        JsonNode row = one.has("stream_row") ? one.get("stream_row") : one.get("row");
        @Nullable
        String[] texts = columns.keySet().stream()
                .map(name -> row.get(name).isNull() ? null : row.get(name).asString())
                .toArray(String[]::new);
        return Row.of(texts);
    }

    private static JsonNode json() throws IOException {
        try (InputStream in = RoutingConformanceTest.class.getResourceAsStream("/conformance/where-cases.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }
}
