package electric.sync.where;

import static java.util.Map.entry;
import static java.util.stream.Collectors.joining;

import electric.sync.change.Collation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table with two columns of every type that a filter may know something of, and rows of ordinary and extreme values. */
final class WideTable {
    static final List<String> MOODS = List.of("sad", "ok", "happy", "it's");
    static final Collation C = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);

    /** As the test's Postgres was made. */
    private static final Collation BY_DEFAULT =
            new Collation(100, "pg_catalog", "default", Collation.Provider.LIBC, "C.UTF-8", true);

    /** What values there are of each type; all of them are values in every Postgres. */
    static final Map<String, List<String>> VALUES = new TreeMap<>(Map.ofEntries(
            entry("bool", List.of("true", "false")),
            entry("int2", List.of("0", "1", "-1", "2", "7", "100", "32767", "-32768")),
            entry("int4", List.of("0", "1", "-1", "2", "3", "7", "60", "100", "2147483647", "-2147483648")),
            entry(
                    "int8",
                    List.of("0", "1", "-1", "2", "5", "2147483648", "9223372036854775807", "-9223372036854775808")),
            entry(
                    "float4",
                    List.of(
                            "0",
                            "-0",
                            "1",
                            "0.1",
                            "-1.5",
                            "3.4e38",
                            "1e-45",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "16777217")),
            entry(
                    "float8",
                    List.of(
                            "0",
                            "-0",
                            "1",
                            "0.1",
                            "-1.5",
                            "2.5",
                            "1e308",
                            "5e-324",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "9007199254740993")),
            entry(
                    "numeric",
                    List.of(
                            "0",
                            "1",
                            "-1",
                            "0.1",
                            "1.0",
                            "1.50",
                            "-2.5",
                            "3.14159",
                            "1e30",
                            "1e-20",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "123456789012345678901234567890.123",
                            "100")),
            entry(
                    "text",
                    List.of(
                            "",
                            "a",
                            "A",
                            "ab",
                            "b",
                            "abc",
                            " a ",
                            "a%",
                            "_b",
                            "\\",
                            "it's",
                            "Äö",
                            "ß",
                            "\uD83D\uDE00",
                            "\uFFFD",
                            "1",
                            "-7",
                            "1.5",
                            "true",
                            "t",
                            "sad",
                            "2024-02-29",
                            "{1,2}",
                            "a\nb",
                            "NULL",
                            "ABC")),
            entry("varchar", List.of("", "a", "ab", "ab ", "AB", "Ä", "10", "{a}", "x,y")),
            entry("bpchar", List.of("", "a", "ab", "a b", "AB", "ab   ", "12", "\u00e4")),
            entry(
                    "uuid",
                    List.of(
                            "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
                            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "018f3a1e-7c3b-7def-8123-456789abcdef")),
            entry(
                    "date",
                    List.of(
                            "2024-02-29",
                            "2023-12-31",
                            "2000-01-01",
                            "1970-01-01",
                            "0044-03-15 BC",
                            "5874897-12-31",
                            "infinity",
                            "-infinity",
                            "2024-03-31")),
            entry("time", List.of("00:00", "10:00", "23:59:59.999999", "24:00", "12:34:56.5", "00:00:00.000001")),
            entry("timetz", List.of("10:00+00", "12:00+02", "00:00-12", "24:00+00", "23:59:59.5+05:30")),
            entry(
                    "timestamp",
                    List.of(
                            "2024-02-29 10:00",
                            "2023-12-31 23:59:59.999999",
                            "2000-01-01",
                            "1969-12-31 23:00",
                            "0044-03-15 12:00 BC",
                            "infinity",
                            "-infinity",
                            "294276-12-31 23:59:59.999999",
                            "2024-03-31 02:30")),
            entry(
                    "timestamptz",
                    List.of(
                            "2024-02-29 10:00+00",
                            "2023-12-31 23:59:59.999999+00",
                            "2000-01-01 00:00+02",
                            "1969-12-31 23:00+00",
                            "0044-03-15 12:00+00 BC",
                            "infinity",
                            "-infinity",
                            "2024-03-31 01:30+00",
                            "2024-10-27 00:30+00")),
            entry(
                    "interval",
                    List.of(
                            "0",
                            "1 day",
                            "24 hours",
                            "1 mon",
                            "30 days",
                            "-1 mon 3 days 04:05:06.789",
                            "1 year 2 mons",
                            "-00:00:00.000001",
                            "178000000 years",
                            "36:00",
                            "1.5 days")),
            entry("bytea", List.of("\\x", "\\x00", "\\x61", "\\xff00", "\\x6162")),
            entry("mood", List.of("sad", "ok", "happy", "it's")),
            entry(
                    "jsonb",
                    List.of(
                            "null",
                            "1",
                            "1.0",
                            "\"a\"",
                            "true",
                            "[]",
                            "{}",
                            "[1, 2, \"a\"]",
                            "{\"a\": 1}",
                            "{\"a\": {\"b\": [1, null, \"x\"]}, \"c\": false}",
                            "[[1], {\"a\": \"a\"}]",
                            "\"\\u00e4\\n\"",
                            "12345678901234567890.5")),
            entry(
                    "json",
                    List.of(
                            "null",
                            "1.50",
                            "\"a\"",
                            "[1,2, \"a\"]",
                            "{\"a\":1, \"a\":2}",
                            "{\"a\":{\"b\":[1,null]}}",
                            "{}")),
            entry(
                    "inet",
                    List.of(
                            "10.0.0.1",
                            "10.0.0.1/8",
                            "192.168.1.0/24",
                            "::1",
                            "2001:db8::/32",
                            "0.0.0.0/0",
                            "255.255.255.255")),
            entry("cidr", List.of("10.0.0.0/8", "192.168.1.0/24", "10.1.2.3/32", "2001:db8::/32", "::/0")),
            entry("bit", List.of("101", "000", "111")),
            entry("varbit", List.of("", "1", "101", "0000", "11110000")),
            entry("int4[]", List.of("{}", "{1}", "{1,2}", "{2,NULL,1}", "{{1,2},{3,4}}", "[0:1]={7,1}", "{100,-1}")),
            entry("int8[]", List.of("{}", "{1}", "{5,NULL}", "{9223372036854775807,0}")),
            entry("numeric[]", List.of("{}", "{1.0}", "{1,1.5,NaN}", "{NULL,0.1}")),
            entry("float8[]", List.of("{}", "{0.1,NaN}", "{1,-0}", "{NULL,Infinity}")),
            entry(
                    "text[]",
                    List.of(
                            "{}",
                            "{a}",
                            "{a,b,NULL}",
                            "{\"NULL\",\"\"}",
                            "{{a,b},{c,d}}",
                            "{\"it's\",\"a,b\",\"\\\\\"}",
                            "{ab,abc,1}")),
            entry("bool[]", List.of("{}", "{t,f}", "{NULL}", "{t}")),
            entry("uuid[]", List.of("{}", "{00000000-0000-0000-0000-000000000000}", "{NULL}")),
            entry("date[]", List.of("{}", "{2024-02-29,infinity}", "{NULL}")),
            entry("timestamptz[]", List.of("{}", "{\"2024-02-29 10:00+00\",NULL}")),
            entry("mood[]", List.of("{}", "{sad,happy}", "{ok,NULL}"))));

    /** What is chosen to make sense in its place; there are literals only. */
    static final Map<String, List<String>> HINTS = Map.of(
            "a field",
                    List.of(
                            "year",
                            "month",
                            "day",
                            "hour",
                            "minute",
                            "second",
                            "milliseconds",
                            "microseconds",
                            "quarter",
                            "week",
                            "decade",
                            "century",
                            "millennium",
                            "dow",
                            "doy",
                            "isodow",
                            "isoyear",
                            "epoch",
                            "julian",
                            "timezone"),
            "a zone", List.of("UTC", "Europe/Berlin", "America/New_York", "+02", "EST", "Asia/Kolkata", "utc"),
            "a pattern", List.of("", "%", "a%", "%b", "_", "a_c", "%a%", "a\\%", "%\\", "Ä%", "A_", "%%", "\\a%"),
            "a regex", List.of("", "a", "^a", "b$", "a.*c", "[a-c]+", "(a|b)", "^[0-9]+$", "a{2}", "\\d", "A"),
            "a key", List.of("a", "b", "c", "0", "x"),
            "a path", List.of("{a}", "{a,b}", "{a,b,1}", "{0}", "{}", "{-1}"),
            "a small number", List.of("0", "1", "2", "-1", "3", "10"),
            "a flag", List.of("g", "i", ""),
            "a digit", List.of("0", "1", "2", "5", "-2"));

    private static final int MOOD_OID = 99_999;

    private final List<String> names = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final List<Map<String, @Nullable String>> inputs = new ArrayList<>();

    WideTable(Random random, int rows) {
        for (String type : VALUES.keySet()) {
            String name = type.replace("[]", "s");
            names.addAll(List.of(name + "_a", name + "_b"));
            types.addAll(List.of(type, type));
        }
        names.addAll(List.of("positive", "word"));
        types.addAll(List.of("int4", "text"));
        for (int i = 0; i < rows; i++) {
            inputs.add(row(random, i == 0 ? 1 : 0.12));
        }
    }

    private Map<String, @Nullable String> row(Random random, double nulls) {
        Map<String, @Nullable String> row = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            List<String> values = names.get(i).equals("positive")
                    ? List.of("1", "2", "100")
                    : Objects.requireNonNull(VALUES.get(types.get(i)));
            row.put(names.get(i), random.nextDouble() < nulls ? null : pick(values, random));
        }
        return row;
    }

    /** The first more often than the last, so that not everything overflows. */
    static String pick(List<String> values, Random random) {
        double one = random.nextDouble();
        return values.get((int) (values.size() * one * one));
    }

    /** The columns of a type. */
    List<String> columns(String type) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (types.get(i).equals(type)) {
                columns.add(names.get(i));
            }
        }
        return columns;
    }

    void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ("
                    + MOODS.stream().map(Phrase::quoted).collect(joining(", ")) + ")");
            statement.execute("CREATE DOMAIN positive AS int4 CHECK (VALUE > 0)");
            statement.execute("CREATE DOMAIN word AS text COLLATE \"C\"");
            List<String> columns = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                columns.add('"' + names.get(i) + "\" " + declared(i));
            }
            statement.execute("CREATE TABLE wide (id int4 PRIMARY KEY, " + String.join(", ", columns) + ")");
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, @Nullable String> row = inputs.get(i);
                statement.execute("INSERT INTO wide VALUES (" + i + ", "
                        + names.stream().map(name -> literal(row.get(name))).collect(joining(", ")) + ")");
            }
        }
    }

    private static String literal(@Nullable String value) {
        return value == null ? "NULL" : Phrase.quoted(value);
    }

    private String declared(int column) {
        String name = names.get(column);
        if (name.equals("positive") || name.equals("word")) {
            return name;
        }
        String type = types.get(column);
        String modified = switch (type) {
            case "bpchar" -> "bpchar(5)";
            case "bit" -> "bit(3)";
            default -> type;
        };
        return isText(type) ? modified + " COLLATE \"C\"" : modified;
    }

    private static boolean isText(String type) {
        return List.of("text", "varchar", "bpchar", "text[]").contains(type);
    }

    /** As the catalogue describes it. */
    Table table() {
        List<Table.Column> columns = new ArrayList<>();
        columns.add(column("id", "int4", 0));
        for (int i = 0; i < names.size(); i++) {
            columns.add(column(names.get(i), types.get(i), -1));
        }
        return new Table(1, new RelationName("public", "wide"), false, columns, List.of(), BY_DEFAULT);
    }

    private static Table.Column column(String name, String type, int key) {
        boolean array = type.endsWith("[]");
        return new Table.Column(
                name,
                0,
                -1,
                type.replace("[]", ""),
                array ? 1 : 0,
                key >= 0,
                Table.Generated.NO,
                key,
                valueType(type),
                isText(type) ? C : null);
    }

    private static ValueType valueType(String type) {
        if (type.endsWith("[]")) {
            return new ValueType.Array(valueType(type.substring(0, type.length() - 2)));
        }
        return type.equals("mood")
                ? new ValueType.Enumerated(MOOD_OID, "public", "mood", MOODS)
                : new ValueType.BuiltIn(type);
    }

    /** As the stream of changes brings them. */
    List<Row> rows(Statement statement) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("SELECT * FROM wide ORDER BY id")) {
            while (found.next()) {
                @Nullable
                String[] texts = new @Nullable String[found.getMetaData().getColumnCount()];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = found.getString(i + 1);
                }
                rows.add(Row.of(texts));
            }
        }
        return rows;
    }
}
