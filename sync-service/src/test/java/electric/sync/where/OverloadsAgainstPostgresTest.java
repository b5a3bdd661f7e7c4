package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which operator or function is meant, asked of a real Postgres: a view keeps the oid of what its parser chose. Types that
 * nothing here can calculate with take part, as they do in Postgres.
 */
final class OverloadsAgainstPostgresTest {
    private static final int BATCH = 500;
    private static final String MOOD = "mood";

    private static final String SETUP = """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
            CREATE FUNCTION type_name(oid) RETURNS text LANGUAGE sql AS $$
                SELECT CASE WHEN typcategory = 'A' AND typelem <> 0 AND typname LIKE '\\_%'
                    THEN substr(typname, 2) || '[]' ELSE typname END FROM pg_type WHERE oid = $1
            $$;
            CREATE FUNCTION chosen(expression text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE
                node text[];
                found text;
            BEGIN
                BEGIN
                    EXECUTE 'CREATE TEMP VIEW asked AS SELECT ' || expression || ' AS x';
                    SELECT regexp_match(ev_action::text, 'TARGETENTRY :expr \\{(\\w+)(?: :(?:opno|funcid) (\\d+))?')
                        INTO node FROM pg_rewrite WHERE ev_class = 'asked'::regclass;
                    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = array_to_string(node, ' ');
                EXCEPTION
                    WHEN SQLSTATE 'ZZ001' THEN found := SQLERRM;
                    WHEN OTHERS THEN RETURN 'none';
                END;
                IF found LIKE 'OPEXPR %' THEN
                    RETURN (SELECT oprname || '(' || coalesce(type_name(oprleft) || ',', '') || type_name(oprright) || ')'
                        FROM pg_operator WHERE oid = substr(found, 8)::oid);
                ELSIF found LIKE 'FUNCEXPR %' THEN
                    RETURN (SELECT proname || '(' || coalesce((SELECT string_agg(type_name(a), ',' ORDER BY i)
                        FROM unnest(proargtypes) WITH ORDINALITY AS x(a, i)), '') || ')'
                        FROM pg_proc WHERE oid = substr(found, 10)::oid);
                END IF;
                RETURN found;
            END
            $$;
            """;

    private record Question(String sql, String ours) {}

    @Test
    void choosesTheOperatorThatPostgresChooses() throws SQLException, IOException {
        Random random = new Random(20_240_229);
        List<String> symbols = names(
                "operator",
                "SELECT oprname, count(*), 0 FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace GROUP BY 1");
        List<Type> types = types();
        List<Question> questions = new ArrayList<>();
        for (String symbol : symbols) {
            for (int i = 0; i < 120; i++) {
                Type left = any(types, random);
                Type right = random.nextInt(3) == 0 ? left : any(types, random);
                questions.add(binary(symbol, left, right));
            }
            for (Type type : Set.copyOf(types)) {
                questions.add(new Question("(" + symbol + " " + sql(type) + ")", operator(symbol, List.of(type))));
            }
        }
        for (Type left : Set.copyOf(types)) {
            for (Type right : Set.copyOf(types)) {
                questions.add(binary("=", left, right));
            }
        }
        check(questions);
    }

    @Test
    void choosesTheFunctionThatPostgresChooses() throws SQLException, IOException {
        Random random = new Random(7);
        List<Type> types = types();
        List<Question> questions = new ArrayList<>();
        List<String> names = names(
                "function",
                "SELECT proname, count(*), sum(pronargs) FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
                        + " AND prorettype <> 'record'::regtype AND proname !~ '^(reg|xid|char$)' GROUP BY 1");
        for (String name : names) {
            List<Integer> arities = Catalogue.functions(name).stream()
                    .map(entry -> entry.parameters().size())
                    .distinct()
                    .toList();
            for (int i = 0; i < 12; i++) {
                int arity = arities.get(random.nextInt(arities.size())) + (random.nextInt(6) == 0 ? 1 : 0);
                List<Type> arguments = new ArrayList<>();
                List<Type> declared = random.nextBoolean() ? near(name, arity, random) : List.of();
                for (int a = 0; a < arity; a++) {
                    arguments.add(
                            a < declared.size() && random.nextInt(4) > 0 && types.contains(declared.get(a))
                                    ? declared.get(a)
                                    : any(types, random));
                }
                String sql = "pg_catalog.\"" + name + "\"("
                        + arguments.stream()
                                .map(OverloadsAgainstPostgresTest::sql)
                                .collect(Collectors.joining(", "))
                        + ")";
                questions.add(new Question(sql, function(name, arguments)));
            }
        }
        check(questions);
    }

    private static List<Type> near(String name, int arity, Random random) {
        List<List<Type>> declared = Catalogue.functions(name).stream()
                .map(Catalogue.Entry::parameters)
                .filter(parameters -> parameters.size() == arity)
                .toList();
        return declared.isEmpty() ? List.of() : declared.get(random.nextInt(declared.size()));
    }

    private static Type any(List<Type> types, Random random) {
        return types.get(random.nextInt(types.size()));
    }

    private static Question binary(String symbol, Type left, Type right) {
        return new Question(
                "(" + sql(left) + " " + symbol + " " + sql(right) + ")", operator(symbol, List.of(left, right)));
    }

    private static String operator(String symbol, List<Type> operands) {
        return Overloads.operator(symbol, operands)
                .map(chosen -> Catalogue.signature(symbol, chosen.entry().parameters()))
                .orElse("none");
    }

    private static String function(String name, List<Type> arguments) {
        Optional<Overloads.Chosen> exact = Overloads.exactFunction(name, arguments);
        boolean cast = exact.isEmpty()
                && arguments.size() == 1
                && Catalogue.hasType(name)
                && Conversions.isCastInDisguise(arguments.getFirst(), Types.builtIn(name));
        return cast
                ? "cast"
                : exact.or(() -> Overloads.function(name, arguments))
                        .map(chosen -> chosen.entry().signature())
                        .orElse("none");
    }

    private static String sql(Type type) {
        if (type instanceof Type.Unknown) {
            return "NULL";
        }
        String name = type instanceof Type.Array array ? plain(array.element()) + "[]" : plain(type);
        return "NULL::" + name;
    }

    private static String plain(Type type) {
        return type instanceof Type.Enumerated ? MOOD : "pg_catalog.\"" + type.name() + "\"";
    }

    /** All that the catalogue has, an enum, arrays of it, and the type of a literal. */
    private static List<Type> types() throws IOException {
        Type mood = new Type.Enumerated(1, "public", MOOD, List.of("sad", "ok", "happy"));
        List<Type> types = new ArrayList<>(List.of(mood, new Type.Array(mood)));
        for (String name : names("type")) {
            boolean array = name.endsWith("[]");
            String element = array ? name.substring(0, name.length() - 2) : name;
            if (Catalogue.hasType(element) && !element.endsWith("vector") && !element.equals("txid_snapshot")) {
                Type type = Types.builtIn(element);
                types.add(array ? new Type.Array(type) : type);
            }
        }
        // Often enough that most questions are of what filters are made of.
        for (int i = 0; i < 10; i++) {
            types.addAll(List.of(
                    new Type.Unknown(),
                    new Type.Unknown(),
                    Types.TEXT,
                    Types.VARCHAR,
                    Types.BPCHAR,
                    Types.INT4,
                    Types.INT8,
                    Types.INT2,
                    Types.NUMERIC,
                    Types.FLOAT8,
                    Types.FLOAT4,
                    Types.DATE,
                    Types.TIME,
                    Types.TIMESTAMP,
                    Types.TIMESTAMPTZ,
                    Types.INTERVAL,
                    new Type.Array(Types.INT4),
                    new Type.Array(Types.TEXT)));
        }
        return List.copyOf(types);
    }

    private static List<String> names(String kind) throws IOException {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.tsv")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .filter(fields -> fields[0].equals(kind))
                    .map(fields -> fields[1])
                    .toList();
        }
    }

    /** Those that this version of Postgres has as many of as the catalogue, with as many parameters. */
    private static List<String> names(String kind, String counted) throws SQLException, IOException {
        Map<String, Long> ours = names(kind).stream().collect(Collectors.groupingBy(n -> n, Collectors.counting()));
        List<String> same = new ArrayList<>();
        TestPostgres postgres = TestPostgres.shared();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(counted + " ORDER BY 1")) {
            while (row.next()) {
                String name = row.getString(1);
                long parameters = kind.equals("operator")
                        ? 0
                        : Catalogue.functions(name).stream()
                                .mapToLong(entry -> entry.parameters().size())
                                .sum();
                if (ours.getOrDefault(name, 0L) == row.getLong(2) && parameters == row.getLong(3)) {
                    same.add(name);
                }
            }
        }
        return same;
    }

    private static void check(List<Question> all) throws SQLException {
        List<Question> questions = all.stream().distinct().toList();
        List<String> wrong = new ArrayList<>();
        int chosen = 0;
        TestPostgres postgres = TestPostgres.shared();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(postgres.freshDatabase()))) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SETUP);
            }
            for (int from = 0; from < questions.size(); from += BATCH) {
                List<Question> batch = questions.subList(from, Math.min(questions.size(), from + BATCH));
                List<String> answers = answers(connection, batch);
                for (int i = 0; i < batch.size(); i++) {
                    String answer = answers.get(i).matches("COERCEVIAIO|RELABELTYPE|CONST|COERCETODOMAIN")
                            ? "cast"
                            : answers.get(i);
                    chosen += answer.equals("none") ? 0 : 1;
                    if (!answer.equals(batch.get(i).ours)) {
                        wrong.add(batch.get(i).sql + ": " + batch.get(i).ours + ", but Postgres says " + answer);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(chosen).isGreaterThan(900);
    }

    private static List<String> answers(Connection connection, List<Question> batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT chosen(e) FROM unnest(?::text[]) WITH ORDINALITY AS x(e, i) ORDER BY i")) {
            Array expressions = connection.createArrayOf(
                    "text", batch.stream().map(Question::sql).toArray());
            statement.setArray(1, expressions);
            List<String> answers = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    answers.add(row.getString(1));
                }
            }
            return answers;
        }
    }
}
