package electric.sync.http;

import electric.sync.change.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What clients are told about the columns of shapes, as a header: made once for all shapes that have the same columns of a
 * table.
 *
 * <p>Threads: any.
 */
final class Schemas {
    /** Then all are made anew: more tables are rather generated than in use. */
    private static final int MOST = 500;

    private final BiFunction<Table, List<String>, String> json;
    private final Map<Columns, String> made = new ConcurrentHashMap<>();

    /** Of a table as it was described once; when it is described again, that is another. */
    private record Columns(Table table, List<String> names) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Columns columns && table == columns.table && names.equals(columns.names);
        }

        @Override
        public int hashCode() {
            return 31 * table.oid() + names.hashCode();
        }
    }

    Schemas(BiFunction<Table, List<String>, String> json) {
        this.json = json;
    }

    String of(Table table, List<String> names) {
        Columns columns = new Columns(table, names);
        String schema = made.get(columns);
        if (schema == null) {
            schema = ascii(json.apply(table, names));
            if (made.size() >= MOST) {
                made.clear();
            }
            made.put(columns, schema);
        }
        return schema;
    }

    /** Browsers read header values as Latin-1, so names outside ASCII are escaped as JSON allows anywhere in a string. */
    private static String ascii(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x7f) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }
}
