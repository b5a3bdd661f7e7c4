package electric.oracle.judge;

import static java.util.stream.Collectors.joining;

import electric.oracle.Key;
import electric.oracle.RowDigest;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks Postgres what every shape is, all in one repeatable-read transaction. A row is asked about once: what a filter of the
 * row alone says of a row that looks the same does not change. Filters with subqueries are asked anew each time.
 */
public final class Truth implements AutoCloseable {
    /** As the protocol wants values printed. */
    private static final String DISPLAY = "SET bytea_output = hex; SET DateStyle = 'ISO, DMY'; SET TimeZone = 'UTC';"
            + " SET extra_float_digits = 1; SET IntervalStyle = iso_8601";

    private static final Pattern PARAMETER = Pattern.compile("'(?:[^']|'')*'|\\$(\\d+)");
    private static final int MOST_REMEMBERED = 50_000;

    private Connection connection;
    private final String schema;
    private final List<ShapePlan> shapes;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, AskedTable> tables = new LinkedHashMap<>();
    private Optional<Answers> before = Optional.empty();
    private int statements;

    /** A table, and how it is asked. */
    private final class AskedTable {
        private final String name;
        private final List<Integer> shapesHere;
        private final boolean remembers;
        private final Map<List<@Nullable String>, JudgedRow> known = new HashMap<>();
        private List<String> columns = List.of();
        private List<Integer> keyColumns = List.of();
        private List<String> relation = List.of();
        private List<int[]> selected = List.of();
        private @Nullable PreparedStatement all;
        private @Nullable String some;

        private AskedTable(String name, List<Integer> shapesHere) {
            this.name = name;
            this.shapesHere = shapesHere;
            this.remembers = shapesHere.stream()
                    .map(shapes::get)
                    .map(ShapePlan::filterClass)
                    .allMatch(filter -> filter.compareTo(FilterClass.O2) <= 0);
        }
    }

    /**
     * @param connection of Postgres, with binary transfer off, for this alone
     * @param schema where the tables of the shapes are
     */
    public Truth(Connection connection, String schema, List<ShapePlan> shapes) throws SQLException {
        this.connection = connection;
        this.schema = schema;
        this.shapes = List.copyOf(shapes);
        Map<String, List<Integer>> byTable = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            places.put(shapes.get(i).name(), i);
            byTable.computeIfAbsent(shapes.get(i).table(), table -> new ArrayList<>())
                    .add(i);
        }
        byTable.forEach((table, theirs) -> tables.put(table, new AskedTable(table, theirs)));
        prepare();
    }

    /** After Postgres was restarted; the rows are the same. */
    public void reconnect(Connection another) throws SQLException {
        connection = another;
        for (AskedTable table : tables.values()) {
            table.all = null;
            table.some = null;
        }
        prepare();
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(DISPLAY);
            statement.execute("SET search_path = " + schema);
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
    }

    /** Tables may have been altered: they are looked at anew. */
    public void lookAgain() throws SQLException {
        for (AskedTable table : tables.values()) {
            closeStatements(table);
            table.known.clear();
        }
        // Their columns may be others.
        before = Optional.empty();
    }

    /** What Postgres answers now. */
    public Answers ask() throws SQLException {
        Map<String, TableRows> rows = new HashMap<>();
        for (AskedTable table : tables.values()) {
            rows.put(table.name, ask(table));
        }
        connection.commit();
        Answers answers = new Answers(places, digests(rows), rows);
        before = Optional.of(answers);
        return answers;
    }

    private long[] digests(Map<String, TableRows> now) {
        long[] digests = before.map(answers -> answers.digests().clone()).orElseGet(() -> new long[shapes.size()]);
        for (AskedTable table : tables.values()) {
            Map<String, JudgedRow> old = before.map(answers -> answers.tables().get(table.name))
                    .map(TableRows::rows)
                    .orElse(Map.of());
            Map<String, JudgedRow> rows =
                    Objects.requireNonNull(now.get(table.name), table.name).rows();
            rows.forEach((key, row) -> {
                JudgedRow was = old.get(key);
                if (was != row) {
                    if (was != null) {
                        add(digests, table, was, -1);
                    }
                    add(digests, table, row, 1);
                }
            });
            old.forEach((key, row) -> {
                if (!rows.containsKey(key)) {
                    add(digests, table, row, -1);
                }
            });
        }
        return digests;
    }

    private static void add(long[] digests, AskedTable table, JudgedRow row, int sign) {
        for (int i = 0; i < table.shapesHere.size(); i++) {
            int shape = table.shapesHere.get(i);
            if (row.shapes().get(shape)) {
                long columns = 0;
                for (int column : table.selected.get(i)) {
                    columns += row.columns()[column];
                }
                digests[shape] += sign * RowDigest.row(row.key(), columns);
            }
        }
    }

    private TableRows ask(AskedTable table) throws SQLException {
        PreparedStatement all = table.all;
        if (all == null) {
            look(table);
            all = prepareAll(table);
        }
        Map<String, JudgedRow> rows = new HashMap<>();
        Map<String, List<@Nullable String>> unknown = new HashMap<>();
        try (ResultSet result = all.executeQuery()) {
            while (result.next()) {
                List<@Nullable String> values = new ArrayList<>(table.columns.size());
                for (int i = 0; i < table.columns.size(); i++) {
                    values.add(result.getString(i + 2));
                }
                JudgedRow known = table.known.get(values);
                if (known == null) {
                    unknown.put(result.getString(1), values);
                } else {
                    rows.put(key(table, values), known);
                }
            }
        }
        if (!unknown.isEmpty()) {
            judge(table, unknown, rows);
        }
        return new TableRows(table.columns, rows);
    }

    private void judge(AskedTable table, Map<String, List<@Nullable String>> unknown, Map<String, JudgedRow> rows)
            throws SQLException {
        if (table.known.size() > MOST_REMEMBERED) {
            table.known.clear();
        }
        String some = prepareSome(table);
        String asked = unknown.keySet().stream().collect(joining("','", " (ARRAY['", "'])"));
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("EXECUTE " + some + asked)) {
            while (result.next()) {
                List<@Nullable String> values =
                        Objects.requireNonNull(unknown.get(result.getString(1)), "a row that was not asked about");
                String answers = result.getString(2);
                BitSet belongs = new BitSet();
                for (int i = 0; i < table.shapesHere.size(); i++) {
                    if (answers.charAt(i) == 't') {
                        belongs.set(table.shapesHere.get(i));
                    }
                }
                String key = key(table, values);
                long[] columns = new long[values.size()];
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = RowDigest.column(RowDigest.text(table.columns.get(i)), values.get(i));
                }
                JudgedRow row = new JudgedRow(values, RowDigest.text(key), columns, belongs);
                rows.put(key, row);
                if (table.remembers) {
                    table.known.put(values, row);
                }
            }
        }
    }

    private static String key(AskedTable table, List<@Nullable String> values) {
        List<@Nullable String> parts = new ArrayList<>();
        for (int column : table.keyColumns) {
            parts.add(values.get(column));
        }
        return Key.of(table.relation, parts);
    }

    private void look(AskedTable table) throws SQLException {
        List<String> columns = texts("SELECT attname FROM pg_attribute WHERE attrelid = " + regclass(table)
                + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
        List<String> key = texts(
                "SELECT attname FROM pg_index, unnest(indkey::int2[]) WITH ORDINALITY AS k (num, place), pg_attribute"
                        + " WHERE indrelid = " + regclass(table)
                        + " AND indisprimary AND attrelid = indrelid AND attnum = num ORDER BY place");
        table.columns = columns;
        table.keyColumns =
                (key.isEmpty() ? columns : key).stream().map(columns::indexOf).toList();
        table.relation = texts("SELECT unnest(ARRAY[nspname, relname]) FROM pg_class JOIN pg_namespace ns ON ns.oid ="
                + " relnamespace WHERE pg_class.oid = " + regclass(table));
        List<int[]> selected = new ArrayList<>();
        for (int shape : table.shapesHere) {
            selected.add(shapes.get(shape).columns().orElse(columns).stream()
                    .mapToInt(columns::indexOf)
                    .toArray());
        }
        table.selected = selected;
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        }
        return texts;
    }

    private PreparedStatement prepareAll(AskedTable table) throws SQLException {
        PreparedStatement all = connection.prepareStatement("SELECT tableoid || ctid::text"
                + table.columns.stream()
                        .map(name -> ", \"" + name.replace("\"", "\"\"") + '"')
                        .collect(joining())
                + " FROM " + inSchema(table.name));
        table.all = all;
        return all;
    }

    /** Not one of the driver's, for which a question mark in a filter would be a parameter. */
    private String prepareSome(AskedTable table) throws SQLException {
        String prepared = table.some;
        if (prepared == null) {
            prepared = "some_" + ++statements;
            try (Statement statement = connection.createStatement()) {
                statement.execute(table.shapesHere.stream()
                        .map(shape -> condition(shapes.get(shape)))
                        .collect(joining(
                                ",\n",
                                "PREPARE " + prepared
                                        + " (text[]) AS SELECT tableoid || ctid::text, array_to_string(ARRAY[\n",
                                "], '') FROM " + inSchema(table.name) + " WHERE tableoid || ctid::text = ANY ($1)")));
            }
            table.some = prepared;
        }
        return prepared;
    }

    private String condition(ShapePlan shape) {
        return shape.where()
                .map(clause -> "((" + withLiterals(clause.replace(Scenario.SCHEMA, schema), shape.parameters())
                        + "\n) IS TRUE)")
                .orElse("true");
    }

    /** The clause with the values of its parameters in their places. */
    static String withLiterals(String clause, List<String> parameters) {
        return PARAMETER
                .matcher(clause)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null
                                ? found.group()
                                : "'"
                                        + parameters
                                                .get(Integer.parseInt(found.group(1)) - 1)
                                                .replace("'", "''")
                                        + "'"));
    }

    private String regclass(AskedTable table) {
        return "'" + inSchema(table.name).replace("'", "''") + "'::regclass";
    }

    private String inSchema(String table) {
        return schema + "." + table;
    }

    private static void closeStatements(AskedTable table) throws SQLException {
        PreparedStatement all = table.all;
        if (all != null) {
            all.close();
        }
        table.all = null;
        table.some = null;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
