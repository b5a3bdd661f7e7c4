package electric.oracle;

import static java.util.stream.Collectors.joining;

import electric.sync.PostgresTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table with the rows of conformance cases, and the filters asked of all of them. The rows have numbers, and so have the
 * keys of the table; which row is at which key changes.
 *
 * @param failing a row on which every one of the filters fails; not in the table
 */
record FilteredTable(
        String name,
        Map<String, String> columns,
        List<Map<String, @Nullable String>> rows,
        List<Asked> filters,
        @Nullable Map<String, @Nullable String> failing) {
    /**
     * @param truth a letter per row
     * @param cases what is asked here and why
     */
    record Asked(String where, Map<Integer, String> parameters, String truth, List<FilterCase> cases) {
        /** The keys of rows in the filter. */
        Set<String> keys(IntStream rowOfKey) {
            int[] rows = rowOfKey.toArray();
            Set<String> keys = new HashSet<>();
            for (int key = 0; key < rows.length; key++) {
                if (truth.charAt(rows[key]) == 'T') {
                    keys.add(String.valueOf(key));
                }
            }
            return keys;
        }
    }

    /** One table for the cases with the same columns, and others for the filters that fail on some of their rows. */
    static List<FilteredTable> of(List<FilterCase> cases, Connection connection) throws SQLException {
        Map<Map<String, String>, List<FilterCase>> groups = new LinkedHashMap<>();
        cases.forEach(one -> groups.computeIfAbsent(one.columns(), columns -> new ArrayList<>())
                .add(one));
        PostgresTruth truth = new PostgresTruth(connection);
        List<FilteredTable> tables = new ArrayList<>();
        for (Map.Entry<Map<String, String>, List<FilterCase>> group : groups.entrySet()) {
            List<Map<String, @Nullable String>> rows = rows(group.getKey(), group.getValue());
            FilteredTable all = new FilteredTable("f" + tables.size(), group.getKey(), rows, List.of(), null);
            all.create(connection);
            Map<String, List<Asked>> byFailures = new LinkedHashMap<>();
            for (Asked asked : all.asked(group.getValue(), truth)) {
                // Of what Postgres refuses altogether only the refusal is of interest.
                String failures =
                        asked.truth().startsWith("!") ? "" : asked.truth().replaceAll("[^E]", ".");
                byFailures
                        .computeIfAbsent(failures.contains("E") ? failures : "", f -> new ArrayList<>())
                        .add(asked);
            }
            for (Map.Entry<String, List<Asked>> one : byFailures.entrySet()) {
                tables.add(all.without(one.getKey(), "f" + tables.size(), one.getValue()));
            }
            all.drop(connection);
        }
        for (FilteredTable table : tables) {
            table.create(connection);
        }
        return tables;
    }

    private static List<Map<String, @Nullable String>> rows(Map<String, String> columns, List<FilterCase> cases) {
        Set<Map<String, @Nullable String>> rows = new LinkedHashSet<>();
        cases.forEach(one -> rows.add(one.row()));
        Map<String, @Nullable String> nothing = new LinkedHashMap<>();
        columns.keySet().forEach(column -> nothing.put(column, null));
        rows.remove(nothing);
        rows.add(nothing);
        return List.copyOf(rows);
    }

    private List<Asked> asked(List<FilterCase> cases, PostgresTruth truth) throws SQLException {
        Map<List<Object>, List<FilterCase>> byFilter = new LinkedHashMap<>();
        cases.forEach(
                one -> byFilter.computeIfAbsent(List.of(one.where(), one.parameters()), filter -> new ArrayList<>())
                        .add(one));
        List<List<FilterCase>> filters = List.copyOf(byFilter.values());
        List<String> answers = truth.of(
                filters.stream()
                        .map(List::getFirst)
                        .map(one -> PostgresTruth.withLiterals(one.where(), one.parameters()))
                        // The one function that the language has and Postgres has not.
                        .map(condition -> condition.replaceAll("ilike\\((\\w+), *('[^']*')\\)", "$1 ILIKE $2"))
                        .toList(),
                name,
                "row_key");
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            FilterCase one = filters.get(i).getFirst();
            asked.add(new Asked(one.where(), one.parameters(), answers.get(i), filters.get(i)));
        }
        return asked;
    }

    /** The table of the rows on which some filters do not fail. */
    private FilteredTable without(String failures, String otherName, List<Asked> asked) {
        if (failures.isEmpty()) {
            return new FilteredTable(otherName, columns, rows, asked, null);
        }
        List<Integer> kept = IntStream.range(0, rows.size())
                .filter(row -> failures.charAt(row) != 'E')
                .boxed()
                .toList();
        return new FilteredTable(
                otherName,
                columns,
                kept.stream().map(rows::get).toList(),
                asked.stream()
                        .map(one -> new Asked(
                                one.where(),
                                one.parameters(),
                                kept.stream()
                                        .map(row -> String.valueOf(one.truth().charAt(row)))
                                        .collect(joining()),
                                one.cases()))
                        .toList(),
                rows.get(failures.indexOf('E')));
    }

    private void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (row_key int PRIMARY KEY, "
                    + columns.entrySet().stream()
                            .map(column -> '"' + column.getKey() + "\" " + column.getValue())
                            .collect(joining(", "))
                    + ")");
            for (int row = 0; row < rows.size(); row++) {
                statement.execute(insert(row, rows.get(row)));
            }
            statement.execute("CREATE TABLE " + name + "_rows AS TABLE " + name);
        }
    }

    private void drop(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + name + ", " + name + "_rows");
        }
    }

    String insert(int key, Map<String, @Nullable String> row) {
        return "INSERT INTO " + name + " VALUES (" + key + ", "
                + columns.keySet().stream()
                        .map(column -> literal(row.get(column)))
                        .collect(joining(", ")) + ")";
    }

    private static String literal(@Nullable String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }

    /** Gives every key the values of another row. */
    String update(String rowOfKey) {
        return "UPDATE " + name + " t SET "
                + columns.keySet().stream()
                        .map(column -> '"' + column + "\" = r.\"" + column + '"')
                        .collect(joining(", "))
                + " FROM " + name + "_rows r WHERE r.row_key = " + rowOfKey;
    }

    ShapeDefinition definition(Asked asked) {
        return ShapeDefinition.of(name)
                .where(asked.where(), asked.parameters().values().toArray(String[]::new));
    }

    /** What Postgres said when the data was made, where it says something else today. */
    List<String> changed(Asked asked) {
        List<String> changed = new ArrayList<>();
        for (FilterCase one : asked.cases()) {
            int row = rows.indexOf(one.row());
            String today = asked.truth().startsWith("!") || row < 0
                    ? "error"
                    : words(asked.truth().charAt(row));
            if (!today.equals(one.expected())) {
                changed.add(
                        one.id() + " " + one.where() + " " + one.row() + ": was " + one.expected() + ", is " + today);
            }
        }
        return changed;
    }

    private static String words(char letter) {
        return Objects.requireNonNull(
                new HashMap<>(Map.of('T', "true", 'F', "false", 'N', "null", 'E', "error")).get(letter));
    }
}
