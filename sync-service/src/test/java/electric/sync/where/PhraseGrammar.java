package electric.sync.where;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be written that has a type: the forms of the language, and every operator, function and cast of Postgres's own
 * catalogue between the types of {@link WideTable}.
 */
final class PhraseGrammar {
    enum Kind {
        FORM,
        OPERATOR,
        FUNCTION,
        CAST
    }

    /** @param words with {@code {}} for each part */
    record Rule(Kind kind, String result, String words, List<String> parts) {
        Rule {
            parts = List.copyOf(parts);
        }
    }

    private static final Set<String> TYPES = WideTable.VALUES.keySet();
    private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
    /** Their results are not a matter of the arguments. */
    private static final Set<String> NO_FUNCTIONS_OF_ARGUMENTS = Set.of("current_setting", "to_regclass");

    private final List<Rule> rules = new ArrayList<>();

    static List<Rule> rules() {
        PhraseGrammar grammar = new PhraseGrammar();
        grammar.forms();
        grammar.catalogue();
        return grammar.rules.stream().distinct().toList();
    }

    private void form(String result, String words, String... parts) {
        rules.add(new Rule(Kind.FORM, result, words, List.of(parts)));
    }

    private void forms() {
        logic();
        TYPES.forEach(this::formsOf);
        TYPES.stream().filter(type -> type.endsWith("[]")).forEach(this::arrayFormsOf);
        TYPES.stream().filter(type -> TYPES.contains(type + "[]")).forEach(this::elementFormsOf);
        for (String pair : List.of("int4 numeric", "int2 float8", "text bpchar", "date timestamp", "bool mood")) {
            String left = pair.substring(0, pair.indexOf(' '));
            String right = pair.substring(pair.indexOf(' ') + 1);
            for (String comparison : COMPARISONS) {
                form("bool", "({}, {}) " + comparison + " ({}, {})", left, right, left, right);
            }
            form("bool", "({}, {}) IN (({}, {}), ({}, {}))", left, right, left, right, left, right);
            form("bool", "ROW({}, {}) IS NULL", left, right);
            form("bool", "({}, {}) IS NOT NULL", left, right);
            form("bool", "({}, {}) IS DISTINCT FROM ({}, {})", left, right, left, right);
        }
        texts();
        times();
        modifiers();
    }

    private void logic() {
        form("bool", "{} AND {}", "bool", "bool");
        form("bool", "{} OR {}", "bool", "bool");
        form("bool", "{} AND {} AND {}", "bool", "bool", "bool");
        form("bool", "{} OR {} OR {}", "bool", "bool", "bool");
        form("bool", "NOT {}", "bool");
        for (String test : List.of("TRUE", "FALSE", "UNKNOWN", "NOT TRUE", "NOT FALSE", "NOT UNKNOWN")) {
            form("bool", "{} IS " + test, "bool");
        }
    }

    private void formsOf(String type) {
        form("bool", "{} IS NULL", type);
        form("bool", "{} IS NOT NULL", type);
        form("bool", "{} NOTNULL", type);
        form(type, "coalesce({}, {})", type, type);
        form(type, "CASE WHEN {} THEN {} ELSE {} END", "bool", type, type);
        form(type, "CASE WHEN {} THEN {} END", "bool", type);
        if (type.equals("json")) {
            return;
        }
        for (String comparison : COMPARISONS) {
            form("bool", "{} " + comparison + " {}", type, type);
            // Of arrays it would be compared with the elements of both.
            if (!type.endsWith("[]")) {
                form("bool", "{} " + comparison + " ANY (ARRAY[{}, {}])", type, type, type);
                form("bool", "{} " + comparison + " ALL (ARRAY[{}, {}])", type, type, type);
            }
        }
        form("bool", "{} IS DISTINCT FROM {}", type, type);
        form("bool", "{} IS NOT DISTINCT FROM {}", type, type);
        form("bool", "{} BETWEEN {} AND {}", type, type, type);
        form("bool", "{} NOT BETWEEN {} AND {}", type, type, type);
        form("bool", "{} BETWEEN SYMMETRIC {} AND {}", type, type, type);
        form("bool", "{} IN ({}, {}, {})", type, type, type, type);
        form("bool", "{} NOT IN ({}, {})", type, type, type);
        form("bool", "{} OPERATOR(pg_catalog.=) {}", type, type);
        form("bool", "CASE {} WHEN {} THEN {} ELSE {} END", type, type, "bool", "bool");
        form(type, "nullif({}, {})", type, type);
        form(type, "greatest({}, {})", type, type);
        form(type, "least({}, {}, {})", type, type, type);
    }

    private void arrayFormsOf(String array) {
        String element = array.substring(0, array.length() - 2);
        form(element, "({})[{}]", array, "a small number");
        form(element, "({})[{}][{}]", array, "a small number", "a small number");
        form(array, "({})[{}:{}]", array, "a small number", "a small number");
        form(array, "({})[:{}]", array, "a small number");
        form(array, "({})[{}:][:]", array, "a small number");
    }

    private void elementFormsOf(String element) {
        String array = element + "[]";
        form(array, "ARRAY[{}]", element);
        form(array, "ARRAY[{}, {}, {}]", element, element, element);
        form(array, "ARRAY[{}, {}]", array, array);
        for (String comparison : COMPARISONS) {
            form("bool", "{} " + comparison + " ANY ({})", element, array);
            form("bool", "{} " + comparison + " ALL ({})", element, array);
        }
    }

    private void texts() {
        for (String text : List.of("text", "varchar", "bpchar")) {
            for (String like : List.of("LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE", "~~", "!~~*")) {
                form("bool", "{} " + like + " {}", text, "a pattern");
            }
            form("bool", "{} LIKE {} ESCAPE '!'", text, "a pattern");
            form("bool", "{} SIMILAR TO {}", text, "a regex");
            form("bool", "{} ~ {}", text, "a regex");
            form("bool", "{} ~* {}", text, "a regex");
            form("bool", "{} !~ {}", text, "a regex");
            form(text, "{} COLLATE \"C\"", text);
        }
        form("bool", "{} LIKE ANY (ARRAY[{}, {}])", "text", "a pattern", "a pattern");
        form("bool", "{} NOT ILIKE ALL (ARRAY[{}, {}])", "text", "a pattern", "a pattern");
        form("text", "substring({} FROM {} FOR {})", "text", "a small number", "a small number");
        form("text", "substring({} FROM {})", "text", "a regex");
        form("text", "regexp_replace({}, {}, {}, {})", "text", "a regex", "text", "a flag");
        form("int4", "position({} IN {})", "text", "text");
        form("text", "trim(BOTH {} FROM {})", "text", "text");
        form("text", "trim({})", "bpchar");
        form("text", "overlay({} PLACING {} FROM {})", "text", "text", "a small number");
        form("text", "left({}, {})", "text", "a small number");
        form("text", "repeat({}, {})", "text", "a small number");
        form("text", "lpad({}, {}, {})", "text", "a small number", "text");
        form("text", "split_part({}, {}, {})", "text", "text", "a small number");
        form("text", "concat({}, {}, {})", "text", "int4", "bool");
        form("text", "concat_ws({}, {}, {})", "text", "text", "numeric");
        form("bool", "{} IS NFC NORMALIZED", "text");
        form("mood", "{}::mood", "text");
        form("text", "{}::text", "mood");
        form("bool", "like({}, {})", "text", "a pattern");
        form("jsonb", "{} -> {}", "jsonb", "a key");
        form("text", "{} ->> {}", "jsonb", "a key");
        form("text", "{} #>> {}", "jsonb", "a path");
        form("jsonb", "{} #> {}", "jsonb", "a path");
        form("text", "{} ->> {}", "json", "a key");
        form("text", "{} #>> {}", "json", "a path");
        form("bool", "{} ? {}", "jsonb", "a key");
        form("numeric", "round({}, {})", "numeric", "a digit");
        form("numeric", "trunc({}, {})", "numeric", "a digit");
    }

    private void times() {
        for (String time : List.of("timestamp", "timestamptz", "date", "interval", "time", "timetz")) {
            form("numeric", "extract({} FROM {})", "a field", time);
            form("float8", "date_part({}, {})", "a field", time);
        }
        for (String time : List.of("timestamp", "timestamptz", "interval")) {
            form(time, "date_trunc({}, {})", "a field", time);
        }
        form("timestamptz", "date_trunc({}, {}, {})", "a field", "timestamptz", "a zone");
        form("timestamp", "{} AT TIME ZONE {}", "timestamptz", "a zone");
        form("timestamptz", "{} AT TIME ZONE {}", "timestamp", "a zone");
        form("timetz", "{} AT TIME ZONE {}", "timetz", "a zone");
        form("bool", "({}, {}) OVERLAPS ({}, {})", "date", "date", "date", "interval");
        form("bool", "({}, {}) OVERLAPS ({}, {})", "timestamp", "timestamp", "timestamp", "timestamp");
    }

    private void modifiers() {
        List<String> texts = List.of("varchar(2)", "bpchar(3)", "char", "character varying(1)");
        for (String modified : texts) {
            form(
                    modified.startsWith("char") || modified.startsWith("bp") ? "bpchar" : "varchar",
                    "{}::" + modified,
                    "text");
        }
        form("numeric", "{}::numeric(5,2)", "numeric");
        form("numeric", "CAST({} AS numeric(3))", "float8");
        form("timestamp", "{}::timestamp(0)", "timestamp");
        form("timestamptz", "{}::timestamptz(3)", "timestamptz");
        form("time", "{}::time(1)", "time");
        form("interval", "{}::interval(2)", "interval");
        form("interval", "{}::interval day to hour", "interval");
        form("bit", "{}::bit(4)", "int4");
        form("varbit", "{}::varbit(2)", "varbit");
    }

    private void catalogue() {
        try (InputStream in = PhraseGrammar.class.getResourceAsStream("/electric/sync/where/catalogue.tsv")) {
            new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .forEach(this::entry);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void entry(String[] entry) {
        switch (entry[0]) {
            case "operator" -> {
                boolean prefix = entry[2].equals("-");
                List<String> parts = prefix ? List.of(entry[3]) : List.of(entry[2], entry[3]);
                concrete(Kind.OPERATOR, entry[4], (prefix ? "" : "{} ") + entry[1] + " {}", parts);
            }
            case "function" -> {
                List<String> parts = entry[2].isEmpty() ? List.of() : List.of(entry[2].split(","));
                if (parts.isEmpty() || entry[4].equals("v") || NO_FUNCTIONS_OF_ARGUMENTS.contains(entry[1])) {
                    return;
                }
                String name = Keywords.category(entry[1]) == null ? entry[1] : '"' + entry[1] + '"';
                String holes = String.join(", ", Collections.nCopies(parts.size(), "{}"));
                concrete(Kind.FUNCTION, entry[3], name + "(" + holes + ")", parts);
            }
            case "cast" -> {
                concrete(Kind.CAST, entry[2], "{}::" + entry[2], List.of(entry[1]));
                if (TYPES.contains(entry[1] + "[]") && TYPES.contains(entry[2] + "[]")) {
                    concrete(Kind.CAST, entry[2] + "[]", "{}::" + entry[2] + "[]", List.of(entry[1] + "[]"));
                }
            }
            default -> {
                String type = entry[1];
                if (TYPES.contains(type)) {
                    rules.add(new Rule(Kind.CAST, "text", "{}::text", List.of(type)));
                    rules.add(new Rule(Kind.CAST, type, "CAST({} AS " + type + ")", List.of("text")));
                }
            }
        }
    }

    /** With types in place of those that stand for any. */
    private void concrete(Kind kind, String result, String words, List<String> parts) {
        boolean polymorphic = Stream.concat(Stream.of(result), parts.stream()).anyMatch(type -> type.startsWith("any"));
        for (String element : polymorphic ? List.of("int4", "text", "numeric", "mood", "timestamptz") : List.of("")) {
            List<String> types =
                    parts.stream().map(type -> concrete(type, element)).toList();
            String type = concrete(result, element);
            if (TYPES.containsAll(types) && TYPES.contains(type)) {
                rules.add(new Rule(kind, type, words, types));
            }
        }
    }

    private static String concrete(String type, String element) {
        Map<String, String> types = Map.of(
                "anyarray", element + "[]",
                "anycompatiblearray", element + "[]",
                "anyelement", element,
                "anycompatible", element,
                "anynonarray", element,
                "anycompatiblenonarray", element,
                "anyenum", "mood");
        return types.getOrDefault(type, type);
    }
}
