package electric.oracle.judge;

import electric.oracle.scenario.ShapePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Postgres answered to the queries of all shapes at one moment. */
public final class Answers {
    private final Map<String, Integer> places;
    private final long[] digests;
    private final Map<String, TableRows> tables;

    Answers(Map<String, Integer> places, long[] digests, Map<String, TableRows> tables) {
        this.places = places;
        this.digests = digests;
        this.tables = Map.copyOf(tables);
    }

    /** The digest of the rows of a shape. */
    public long digest(ShapePlan shape) {
        return digests[place(shape)];
    }

    /** The rows of a shape by key. */
    public Map<String, Map<String, @Nullable String>> rows(ShapePlan shape) {
        TableRows table = table(shape);
        Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
        table.rows().forEach((key, row) -> {
            if (row.shapes().get(place(shape))) {
                rows.put(key, columns(table.columns(), row, shape.columns()));
            }
        });
        return rows;
    }

    /** Which share of the rows of its table a shape has; none of an empty one. */
    public double share(ShapePlan shape) {
        int all = table(shape).rows().size();
        return all == 0 ? 0 : (double) rows(shape).size() / all;
    }

    Map<String, TableRows> tables() {
        return tables;
    }

    long[] digests() {
        return digests;
    }

    private int place(ShapePlan shape) {
        Integer place = places.get(shape.name());
        if (place == null) {
            throw new IllegalArgumentException("Postgres was not asked for " + shape.name());
        }
        return place;
    }

    private TableRows table(ShapePlan shape) {
        TableRows rows = tables.get(shape.table());
        if (rows == null) {
            throw new IllegalArgumentException("Postgres was not asked for the table " + shape.table());
        }
        return rows;
    }

    private static Map<String, @Nullable String> columns(
            List<String> names, JudgedRow row, Optional<List<String>> selected) {
        Map<String, @Nullable String> columns = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (selected.isEmpty() || selected.get().contains(name)) {
                columns.put(name, row.values().get(i));
            }
        }
        return columns;
    }
}
