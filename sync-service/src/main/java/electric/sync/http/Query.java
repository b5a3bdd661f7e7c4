package electric.sync.http;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of a request as they were sent, from the query string and, for a POST, its body. */
final class Query {
    /** A value in one of the forms in which clients can write one. */
    sealed interface Value {
        record Text(String text) implements Value {}

        /** {@code name[]=a&name[]=b}, or an array of strings. */
        record Items(List<String> items) implements Value {}

        /** {@code name[key]=a}, or an object. Never the values: they may be anything. */
        record Fields(Map<String, String> fields) implements Value {}

        /** JSON's {@code true} and {@code false}. */
        record Truth(boolean truth) implements Value {}

        /** Something that is good for no parameter, such as a number where text is wanted. */
        record Misfit() implements Value {}
    }

    private static final String SUBSET = "subset";
    private static final String SUBSET_PREFIX = "subset__";

    /** The keys of a body without a {@code subset} object that are about a subset. */
    private static final Set<String> BODY_SUBSET_KEYS =
            Set.of("where", "order_by", "limit", "offset", "params", "where_expr", "order_by_expr");

    private final Map<String, Value> values;

    private Query(Map<String, Value> values) {
        this.values = values;
    }

    /** @throws CharacterCodingException when the query decodes to something that is not UTF-8 */
    static Query parse(String raw) throws CharacterCodingException {
        Map<String, Value> values = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = Percent.decodeForm(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : Percent.decodeForm(pair.substring(equals + 1));
            put(values, name, value);
        }
        return new Query(values);
    }

    private static void put(Map<String, Value> values, String name, String value) {
        int bracket = name.indexOf('[');
        if (name.startsWith(SUBSET_PREFIX)) {
            field(values, SUBSET, name.substring(SUBSET_PREFIX.length()), value);
        } else if (bracket > 0 && name.endsWith("[]") && bracket == name.length() - 2) {
            String base = name.substring(0, bracket);
            List<String> items = values.get(base) instanceof Value.Items earlier
                    ? new ArrayList<>(earlier.items())
                    : new ArrayList<>();
            items.add(value);
            values.put(base, new Value.Items(List.copyOf(items)));
        } else if (bracket > 0 && name.endsWith("]")) {
            field(values, name.substring(0, bracket), name.substring(bracket + 1, name.length() - 1), value);
        } else {
            values.put(name, new Value.Text(value));
        }
    }

    private static void field(Map<String, Value> values, String name, String key, String value) {
        Map<String, String> fields = values.get(name) instanceof Value.Fields earlier
                ? new LinkedHashMap<>(earlier.fields())
                : new LinkedHashMap<>();
        fields.put(key, value);
        values.put(name, new Value.Fields(fields));
    }

    @Nullable
    Value value(String name) {
        return values.get(name);
    }

    /** These parameters with those of a body over them. */
    Query with(ObjectNode body) {
        Map<String, Value> merged = new LinkedHashMap<>(values);
        JsonNode subset = body.get(SUBSET);
        boolean nested = subset != null && !subset.isNull();
        boolean flat = !nested && body.propertyNames().stream().anyMatch(BODY_SUBSET_KEYS::contains);
        body.forEachEntry((name, node) -> {
            if (flat && BODY_SUBSET_KEYS.contains(name)) {
                field(merged, SUBSET, name, written(node));
            } else if (name.equals(SUBSET) && nested && node.isObject()) {
                merged.putIfAbsent(SUBSET, new Value.Fields(Map.of()));
                node.forEachEntry((key, value) -> field(merged, SUBSET, key, written(value)));
            } else if (name.equals(SUBSET) && nested && node.isArray()) {
                merged.put(SUBSET, new Value.Fields(Map.of()));
            } else if (!node.isNull()) {
                merged.put(name, value(node));
            }
        });
        return new Query(merged);
    }

    /** As it would stand in a query string; what is null is as good as not there. */
    private static String written(JsonNode node) {
        return node.isNull() ? "" : node.isString() ? node.asString() : node.toString();
    }

    private static Value value(JsonNode node) {
        if (node.isString()) {
            return new Value.Text(node.asString());
        }
        if (node.isBoolean()) {
            return new Value.Truth(node.asBoolean());
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            for (JsonNode item : node) {
                if (!item.isString()) {
                    return new Value.Misfit();
                }
                items.add(item.asString());
            }
            return new Value.Items(List.copyOf(items));
        }
        if (node.isObject()) {
            Map<String, String> fields = new LinkedHashMap<>();
            node.forEachEntry((key, item) -> fields.put(key, item.isString() ? item.asString() : item.toString()));
            return new Value.Fields(fields);
        }
        return new Value.Misfit();
    }

    /** Never the values: some are secrets. */
    @Override
    public String toString() {
        return "Query" + values.keySet();
    }
}
