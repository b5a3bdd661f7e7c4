package electric.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of the conformance data: a filter, a row, and what Postgres says.
 *
 * @param columns with their types, as in {@code CREATE TABLE}
 * @param row as in {@code INSERT}
 * @param expected {@code true}, {@code false}, {@code null} or {@code error}
 */
record FilterCase(
        String id,
        Tier tier,
        Map<String, String> columns,
        Map<String, @Nullable String> row,
        String where,
        Map<Integer, String> parameters,
        String expected) {
    enum Tier {
        CORE,
        EXTENSION,
        PG_ANALYZE_ERROR,
        PG_RUNTIME_ERROR
    }

    static List<FilterCase> all() {
        List<FilterCase> cases = new ArrayList<>();
        for (JsonNode one : json("where-cases.json")) {
            Map<String, @Nullable String> row = new LinkedHashMap<>();
            one.get("row")
                    .properties()
                    .forEach(column -> row.put(
                            column.getKey(),
                            column.getValue().isNull()
                                    ? null
                                    : column.getValue().asString()));
            cases.add(new FilterCase(
                    one.get("id").asString(),
                    Tier.valueOf(one.get("tier").asString().replace('-', '_').toUpperCase(java.util.Locale.ROOT)),
                    // A table needs something that can change.
                    one.get("schema").isEmpty() ? Map.of("unused", "int4") : strings(one.get("schema")),
                    row,
                    one.get("where").asString(),
                    parameters(one),
                    one.get("expect").isNull() ? "null" : one.get("expect").asString()));
        }
        return cases;
    }

    static Map<Integer, String> parameters(JsonNode one) {
        Map<Integer, String> parameters = new TreeMap<>();
        one.path("params")
                .properties()
                .forEach(parameter -> parameters.put(
                        Integer.valueOf(parameter.getKey()),
                        parameter.getValue().asString()));
        return parameters;
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.properties()
                .forEach(one -> strings.put(one.getKey(), one.getValue().asString()));
        return strings;
    }

    static JsonNode json(String name) {
        try (InputStream in = FilterCase.class.getResourceAsStream("/conformance/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
