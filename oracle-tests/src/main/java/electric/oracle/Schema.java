package electric.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The selected columns, as in {@code electric-schema}. */
record Schema(Map<String, JsonNode> columns) {
    Schema {
        columns = Map.copyOf(columns);
    }

    static Schema parse(JsonNode json) {
        Violation.unless(json.isObject(), "electric-schema is no object: " + json);
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> column : json.properties()) {
            Violation.unless(column.getValue().has("type"), "a column without a type: " + json);
            columns.put(column.getKey(), column.getValue());
        }
        return new Schema(columns);
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
