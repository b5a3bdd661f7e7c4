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
 * @param parameters of {@code where}, {@code $1} first
 */
public record ShapeDefinition(
        String table,
        Optional<List<String>> columns,
        Replica replica,
        Log log,
        Optional<String> where,
        List<String> parameters) {
    public enum Replica {
        DEFAULT,
        FULL
    }

    public enum Log {
        FULL,
        CHANGES_ONLY
    }

    public static ShapeDefinition of(String table) {
        return new ShapeDefinition(table, Optional.empty(), Replica.DEFAULT, Log.FULL, Optional.empty(), List.of());
    }

    public ShapeDefinition columns(String... names) {
        return new ShapeDefinition(table, Optional.of(List.of(names)), replica, log, where, parameters);
    }

    public ShapeDefinition replica(Replica other) {
        return new ShapeDefinition(table, columns, other, log, where, parameters);
    }

    public ShapeDefinition log(Log other) {
        return new ShapeDefinition(table, columns, replica, other, where, parameters);
    }

    public ShapeDefinition where(String filter, String... values) {
        return new ShapeDefinition(table, columns, replica, log, Optional.of(filter), List.of(values));
    }

    /** As a query string, sorted by name as stock clients do. */
    public String query(Map<String, String> more) {
        Map<String, String> query = new TreeMap<>(more);
        query.put("table", table);
        columns.ifPresent(names -> query.put(
                "columns",
                names.stream()
                        .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(","))));
        where.ifPresent(filter -> query.put("where", filter));
        for (int i = 0; i < parameters.size(); i++) {
            query.put("params[" + (i + 1) + "]", parameters.get(i));
        }
        if (replica == Replica.FULL) {
            query.put("replica", "full");
        }
        query.put("log", log == Log.FULL ? "full" : "changes_only");
        return query.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
