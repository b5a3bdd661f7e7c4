package electric.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The selected columns, as in {@code electric-schema}.
 *
 * @param booleans those that may come in either of two spellings
 */
public record Schema(Map<String, JsonNode> columns, Set<String> booleans) {
    public Schema {
        columns = Map.copyOf(columns);
        booleans = Set.copyOf(booleans);
    }

    static Schema parse(JsonNode json) {
        Violation.unless(json.isObject(), "electric-schema is no object: " + json);
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        Set<String> booleans = new HashSet<>();
        for (Map.Entry<String, JsonNode> column : json.properties()) {
            Violation.unless(column.getValue().has("type"), "a column without a type: " + json);
            columns.put(column.getKey(), column.getValue());
            if (column.getValue().get("type").asString().equals("bool")
                    && !column.getValue().has("dims")) {
                booleans.add(column.getKey());
            }
        }
        return new Schema(columns, booleans);
    }

    Set<String> names() {
        return columns.keySet();
    }

    boolean hasPrimaryKey() {
        return columns.values().stream().anyMatch(column -> column.has("pk_index"));
    }

    /** In the order of the primary key; empty without one. */
    List<String> primaryKey() {
        List<String> names = new ArrayList<>(columns.keySet());
        names.removeIf(name -> !at(name).has("pk_index"));
        names.sort(Comparator.comparingInt(name -> at(name).get("pk_index").intValue()));
        return names;
    }

    /** Booleans as Postgres prints them: {@code true} and {@code t} are one. */
    Map<String, @Nullable String> plain(Map<String, @Nullable String> row) {
        if (booleans.isEmpty()) {
            return row;
        }
        Map<String, @Nullable String> plain = new HashMap<>(row);
        for (String name : booleans) {
            plain.computeIfPresent(name, (column, value) -> switch (value) {
                case "true" -> "t";
                case "false" -> "f";
                default -> value;
            });
        }
        return plain;
    }

    void checkNulls(Map<String, @Nullable String> row) {
        row.forEach((name, value) -> Violation.unless(
                value != null || !at(name).has("not_null"), "null in " + name + ", which is not_null by the schema"));
    }

    private JsonNode at(String name) {
        JsonNode column = columns.get(name);
        if (column == null) {
            throw new Violation("the column " + name + " is not in the schema");
        }
        return column;
    }
}
