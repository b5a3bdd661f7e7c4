package electric.oracle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One element of the body of a log response. Whatever is not in the protocol is refused when it is read. */
public sealed interface LogItem {
    record SnapshotRow(String key, Map<String, @Nullable String> value, List<String> relation) implements LogItem {}

    /** @param offset from {@code lsn} and {@code op_position} */
    record Change(
            Operation operation,
            String key,
            Map<String, @Nullable String> value,
            Optional<Map<String, @Nullable String>> oldValue,
            List<String> relation,
            Offset offset,
            List<Long> txids,
            boolean last,
            Optional<String> keyChangeFrom,
            Optional<String> keyChangeTo)
            implements LogItem {}

    record SnapshotEnd(Boundary boundary) implements LogItem {}

    record UpToDate(long globalLastSeenLsn) implements LogItem {}

    enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    static LogItem parse(JsonNode item) {
        JsonNode headers = item.get("headers");
        Violation.unless(headers != null && headers.isObject(), "no headers in " + item);
        if (headers.has("control")) {
            onlyFields(item, Set.of("headers"), Set.of());
            return control(headers);
        }
        if (headers.has("lsn")) {
            return change(item, headers);
        }
        onlyFields(item, Set.of("key", "value", "headers"), Set.of());
        onlyFields(headers, Set.of("operation", "relation"), Set.of());
        Violation.unless(text(headers, "operation").equals("insert"), "a snapshot row that is no insert: " + item);
        return new SnapshotRow(text(item, "key"), row(item, "value"), relation(headers));
    }

    private static LogItem control(JsonNode headers) {
        return switch (text(headers, "control")) {
            case "up-to-date" -> {
                onlyFields(headers, Set.of("control", "global_last_seen_lsn"), Set.of());
                yield new UpToDate(decimal(headers, "global_last_seen_lsn"));
            }
            case "snapshot-end" -> {
                onlyFields(headers, Set.of("control", "xmin", "xmax", "xip_list"), Set.of());
                Set<Long> running = new HashSet<>();
                for (JsonNode xid : headers.get("xip_list")) {
                    Violation.unless(xid.isString(), "an xip that is no string: " + headers);
                    running.add(Long.parseLong(xid.stringValue()));
                }
                yield new SnapshotEnd(new Boundary(decimal(headers, "xmin"), decimal(headers, "xmax"), running));
            }
            default -> throw new Violation("an unknown control item: " + headers);
        };
    }

    private static LogItem change(JsonNode item, JsonNode headers) {
        onlyFields(item, Set.of("key", "value", "headers"), Set.of("old_value"));
        onlyFields(
                headers,
                Set.of("operation", "relation", "lsn", "op_position", "txids"),
                Set.of("last", "key_change_from", "key_change_to"));
        Violation.unless(!headers.has("last") || headers.get("last").isBoolean(), "last is no boolean: " + headers);
        Violation.unless(headers.get("op_position").isIntegralNumber(), "op_position is no integer: " + headers);
        List<Long> txids = new ArrayList<>();
        for (JsonNode txid : headers.get("txids")) {
            Violation.unless(txid.isIntegralNumber(), "a txid that is no integer: " + headers);
            txids.add(txid.longValue());
        }
        Violation.unless(!txids.isEmpty(), "no txids: " + headers);
        boolean last = headers.has("last");
        Violation.unless(!last || headers.get("last").booleanValue(), "last is either true or absent: " + headers);
        return new Change(
                operation(text(headers, "operation")),
                text(item, "key"),
                row(item, "value"),
                item.has("old_value") ? Optional.of(row(item, "old_value")) : Optional.empty(),
                relation(headers),
                new Offset(decimal(headers, "lsn"), headers.get("op_position").longValue()),
                List.copyOf(txids),
                last,
                headers.has("key_change_from") ? Optional.of(text(headers, "key_change_from")) : Optional.empty(),
                headers.has("key_change_to") ? Optional.of(text(headers, "key_change_to")) : Optional.empty());
    }

    private static Operation operation(String name) {
        return switch (name) {
            case "insert" -> Operation.INSERT;
            case "update" -> Operation.UPDATE;
            case "delete" -> Operation.DELETE;
            default -> throw new Violation("an unknown operation: " + name);
        };
    }

    private static List<String> relation(JsonNode headers) {
        JsonNode relation = headers.get("relation");
        Violation.unless(relation.isArray() && relation.size() == 2, "relation is not [schema, table]: " + headers);
        return List.of(relation.get(0).stringValue(), relation.get(1).stringValue());
    }

    private static Map<String, @Nullable String> row(JsonNode item, String field) {
        JsonNode columns = item.get(field);
        Violation.unless(columns.isObject(), field + " is no object: " + item);
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> column : columns.properties()) {
            JsonNode value = column.getValue();
            Violation.unless(
                    value.isString() || value.isNull(), column.getKey() + " is neither a string nor null: " + item);
            row.put(column.getKey(), value.isNull() ? null : value.stringValue());
        }
        return row;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        Violation.unless(value != null && value.isString(), field + " is no string: " + node);
        return value.stringValue();
    }

    private static long decimal(JsonNode node, String field) {
        String text = text(node, field);
        Violation.unless(text.matches("0|[1-9][0-9]*"), field + " is not decimal: " + node);
        return Long.parseLong(text);
    }

    private static void onlyFields(JsonNode node, Collection<String> required, Collection<String> optional) {
        for (String field : required) {
            Violation.unless(node.has(field), field + " is missing: " + node);
        }
        for (String field : node.propertyNames()) {
            Violation.unless(required.contains(field) || optional.contains(field), "unknown " + field + ": " + node);
        }
    }
}
