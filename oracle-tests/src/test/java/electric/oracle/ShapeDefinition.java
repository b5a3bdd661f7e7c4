package electric.oracle;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a client asks to follow.
 *
 * @param table as in the {@code table} parameter: quoted where Postgres would want quotes
 * @param columns the names themselves, unquoted; without them, all columns
 */
record ShapeDefinition(String table, Optional<List<String>> columns, Replica replica, Log log) {
    enum Replica {
        DEFAULT,
        FULL
    }

    enum Log {
        FULL,
        CHANGES_ONLY
    }

    static ShapeDefinition of(String table) {
        return new ShapeDefinition(table, Optional.empty(), Replica.DEFAULT, Log.FULL);
    }

    ShapeDefinition columns(String... names) {
        return new ShapeDefinition(table, Optional.of(List.of(names)), replica, log);
    }

    ShapeDefinition replica(Replica other) {
        return new ShapeDefinition(table, columns, other, log);
    }

    ShapeDefinition log(Log other) {
        return new ShapeDefinition(table, columns, replica, other);
    }

    /** As a query string, sorted by name as stock clients do. */
    String query(Map<String, String> more) {
        Map<String, String> parameters = new TreeMap<>(more);
        parameters.put("table", table);
        columns.ifPresent(names -> parameters.put(
                "columns",
                names.stream()
                        .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(","))));
        if (replica == Replica.FULL) {
            parameters.put("replica", "full");
        }
        parameters.put("log", log == Log.FULL ? "full" : "changes_only");
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
