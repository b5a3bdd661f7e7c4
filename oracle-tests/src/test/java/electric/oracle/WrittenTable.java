package electric.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables {@link Writer}s write to: with a key, with a composite one whose order is not the columns', with none. */
enum WrittenTable {
    NOTES,
    GRADES,
    EVENTS;

    List<String> columns() {
        return switch (this) {
            case NOTES -> List.of("id", "title", "body", "n", "flag", "tx");
            case GRADES -> List.of("student", "course", "grade", "remark", "tx");
            case EVENTS -> List.of("seq", "kind", "payload", "tx");
        };
    }

    List<String> key() {
        return switch (this) {
            case NOTES -> List.of("id");
            case GRADES -> List.of("course", "student");
            case EVENTS -> columns();
        };
    }

    static WrittenTable of(ShapeDefinition definition) {
        String table = definition.table();
        return valueOf(table.substring(table.indexOf('.') + 1).toUpperCase(Locale.ROOT));
    }

    String in(String schema) {
        return schema + "." + name().toLowerCase(Locale.ROOT);
    }

    /** A row no writer makes: when it is seen, everything before it has been. */
    String insertOfMarker(String schema) {
        return "INSERT INTO " + in(schema)
                + switch (this) {
                    case NOTES -> " (id, n) VALUES (-1, 0)";
                    case GRADES -> " (course, student) VALUES ('end', -1)";
                    case EVENTS -> " (seq) VALUES (-1)";
                };
    }

    String keyOfMarker(String schema) {
        return switch (this) {
            case NOTES -> keyOf(schema, Map.of("id", "-1"));
            case GRADES -> keyOf(schema, Map.of("course", "end", "student", "-1"));
            case EVENTS -> keyOf(schema, Map.of("seq", "-1"));
        };
    }

    /** What Postgres has, by the keys of the protocol. */
    Map<String, Map<String, @Nullable String>> rows(RunningServer server, String schema) {
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
        for (Map<String, @Nullable String> row : PostgresRows.select(server, "SELECT * FROM " + in(schema))) {
            rows.put(keyOf(schema, row), row);
        }
        return rows;
    }

    private String keyOf(String schema, Map<String, @Nullable String> row) {
        List<@Nullable String> values = new ArrayList<>();
        key().forEach(column -> values.add(row.get(column)));
        return Key.of(List.of(schema, name().toLowerCase(Locale.ROOT)), values);
    }
}
