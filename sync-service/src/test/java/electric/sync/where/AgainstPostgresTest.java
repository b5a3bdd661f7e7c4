package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import electric.sync.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is read, compared with what a real Postgres reads. A failure shows the seed and the shortest filter that still
 * fails; {@code -Dwhere.seed} and {@code -Dwhere.filters} repeat or lengthen a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AgainstPostgresTest {
    private static final long SEED = Long.getLong("where.seed", 1);
    private static final int FILTERS = Integer.getInteger("where.filters", 1500);

    /** The transaction of this one has failed: Postgres still parses, and then says only that. */
    private Connection parsing;

    private Connection grouping;

    @BeforeAll
    void connect() throws SQLException {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        grouping = postgres.connect(database);
        parsing = postgres.connect(database);
        assumeThat(grouping.getMetaData().getDatabaseMajorVersion())
                .as("earlier majors read less, and other words")
                .isGreaterThanOrEqualTo(17);
        try (Statement statement = grouping.createStatement()) {
            statement.execute("SET allow_system_table_mods = on");
            statement.execute("CREATE TABLE t (a bool, b bool, c bool, d bool)");
            statement.execute("CREATE FUNCTION two(bool, bool) RETURNS bool RETURN $1 AND $2");
            statement.execute("CREATE FUNCTION one(bool) RETURNS bool RETURN $1");
            statement.execute("CREATE FUNCTION pg_catalog.like_escape(bool, bool) RETURNS bool RETURN $1");
            statement.execute("CREATE FUNCTION pg_catalog.similar_to_escape(bool) RETURNS bool RETURN $1");
            statement.execute("CREATE FUNCTION pg_catalog.similar_to_escape(bool, bool) RETURNS bool RETURN $1");
            statement.execute("CREATE FUNCTION pg_catalog.timezone(bool, bool) RETURNS bool RETURN $1");
            for (String operator : RandomFilter.OPERATORS) {
                statement.execute("CREATE OPERATOR " + operator + " (leftarg = bool, rightarg = bool, function = two)");
            }
            for (String operator : RandomFilter.PREFIXES) {
                statement.execute("CREATE OPERATOR " + operator + " (rightarg = bool, function = one)");
            }
        }
        grouping.setAutoCommit(false);
        parsing.setAutoCommit(false);
        serverError("SELECT 1 / 0");
    }

    @AfterAll
    void disconnect() throws SQLException {
        grouping.close();
        parsing.close();
    }

    @Test
    @DisplayName("I6: a filter is grouped as Postgres groups it")
    void randomFiltersAreGroupedAsPostgresDoes() {
        int compared = 0;
        for (int i = 0; i < FILTERS; i++) {
            long seed = SEED * 1_000_003 + i;
            List<String> words = RandomFilter.of(seed);
            String difference = differentGrouping(words);
            if (difference != null) {
                List<String> shortest = RandomFilter.shrunk(words, shorter -> differentGrouping(shorter) != null);
                throw new AssertionError("seed " + seed + ": " + text(shortest) + "\n" + differentGrouping(shortest));
            }
            compared += isSyntax(text(words)) ? 0 : 1;
        }
        assertThat(compared).isGreaterThan(FILTERS / 3);
    }

    @Test
    @DisplayName("I6: what is refused is refused in Postgres's words at Postgres's position")
    void mutatedFiltersAreRefusedAsPostgresDoes() throws IOException {
        List<String> clauses = realClauses();
        Random random = new Random(SEED);
        for (int i = 0; i < FILTERS; i++) {
            String clause =
                    i % 3 == 0 ? text(RandomFilter.of(random.nextLong())) : clauses.get(random.nextInt(clauses.size()));
            compare(Mutants.of(clause, random));
        }
    }

    @Test
    void realClausesAreReadAsPostgresDoes() throws IOException {
        for (String clause : realClauses()) {
            compare(clause);
        }
    }

    @Test
    void everyKeywordIsWhatItIsInPostgres() throws SQLException {
        List<String> different = new ArrayList<>();
        try (Connection connection = TestPostgres.shared().connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet words = statement.executeQuery("SELECT word, catcode FROM pg_get_keywords()")) {
            while (words.next()) {
                Keywords.Category category = Keywords.category(words.getString(1));
                // Words that came with later majors are names like any other.
                String code = category == null ? "U" : category.name().substring(0, 1);
                if (!code.equals(words.getString(2))) {
                    different.add(words.getString(1) + ": " + code + " and " + words.getString(2));
                }
            }
        }
        assertThat(different).isEmpty();
    }

    private void compare(String clause) {
        String difference = difference(clause);
        if (difference == null) {
            return;
        }
        List<String> characters =
                clause.codePoints().mapToObj(Character::toString).toList();
        List<String> shortest =
                RandomFilter.shrunk(characters, shorter -> difference(String.join("", shorter)) != null);
        String text = String.join("", shortest);
        throw new AssertionError("seed " + SEED + ": " + clause + "\nshortened: " + text + "\n" + difference(text));
    }

    /** Null if there is none. */
    private @Nullable String difference(String clause) {
        boolean skipped = SKIPPED.matcher(clause).find();
        if (clause.isBlank() || clause.indexOf(';') >= 0 || skipped) {
            return null;
        }
        String ours;
        try {
            WhereText.parse(clause);
            ours = "read";
        } catch (InvalidWhere invalid) {
            ours = invalid.message();
        }
        String theirs = theirs(clause);
        if (ours.equals(theirs) || (ours.startsWith("malformed query") && theirs.equals("read"))) {
            return null;
        }
        // Until Postgres 17 junk behind a number is one character, from 18 on a whole name: 1a of 1abc, 0o of 0oz.
        return theirs.contains("trailing junk") && !ours.equals("read")
                ? null
                : "ours:   " + ours + "\ntheirs: " + theirs;
    }

    private String theirs(String clause) {
        ServerErrorMessage error = serverError("SELECT 1 WHERE " + clause);
        if (error == null || Objects.equals(error.getSQLState(), "25P02")) {
            return "read";
        }
        String location = error.getPosition() > 0 ? "At location " + (error.getPosition() - 1) + ": " : "";
        return location + error.getMessage();
    }

    private @Nullable ServerErrorMessage serverError(String sql) {
        try (Statement statement = parsing.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return null;
        } catch (PSQLException failed) {
            return Objects.requireNonNull(failed.getServerErrorMessage(), failed.getMessage());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private boolean isSyntax(String clause) {
        try {
            WhereText.parse(clause);
            return false;
        } catch (InvalidWhere invalid) {
            return true;
        }
    }

    /** Null if there is none, or if Postgres finds no types for it. */
    private @Nullable String differentGrouping(List<String> words) {
        String clause = text(words);
        ParsedExpr parsed;
        try {
            parsed = WhereText.parse(clause).orElseThrow();
        } catch (InvalidWhere invalid) {
            String theirs = theirs(clause);
            return theirs.equals(invalid.message()) ? null : "ours:   " + invalid.message() + "\ntheirs: " + theirs;
        }
        if (!theirs(clause).equals("read")) {
            return "theirs: " + theirs(clause);
        }
        String printed = Parenthesised.print(parsed);
        try (Statement statement = grouping.createStatement()) {
            String original = view(clause, statement);
            String ours = original == null ? null : view(printed, statement);
            return Objects.equals(original, ours)
                    ? null
                    : "ours:   " + ours + "\ntheirs: " + original + "\nas " + printed;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** As Postgres prints the expression; null if it finds no types. */
    private @Nullable String view(String expression, Statement statement) throws SQLException {
        try {
            statement.execute("CREATE VIEW v AS SELECT (" + expression + ") AS x FROM t");
            try (ResultSet view = statement.executeQuery("SELECT pg_get_viewdef('v')")) {
                view.next();
                return view.getString(1);
            }
        } catch (PSQLException failed) {
            if (!Objects.equals(failed.getSQLState(), "42883") && !Objects.equals(failed.getSQLState(), "42P13")) {
                throw new IllegalStateException(expression, failed);
            }
            return null;
        } finally {
            grouping.rollback();
            statement.execute("SET search_path = public, pg_catalog");
        }
    }

    private static String text(List<String> words) {
        return String.join(" ", words);
    }

    private static List<String> realClauses() throws IOException {
        List<String> clauses = new ArrayList<>();
        for (JsonNode row : json("where-cases.json")) {
            clauses.add(row.get("where").asString());
        }
        for (JsonNode row : json("where-validation-cases.json").get("cases")) {
            clauses.add(row.get("where").asString());
        }
        clauses.addAll(SYNTAX);
        return clauses.stream().distinct().toList();
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream in = AgainstPostgresTest.class.getResourceAsStream("/conformance/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }

    /**
     * JSON and XML constructors are refused without a look at what stands in their parentheses, so that errors in there
     * go unseen; and pgjdbc sends {@code ??} as {@code ?}.
     */
    private static final Pattern SKIPPED = Pattern.compile("(?i)json\\w*\\s*\\(|xml|\\?\\?");

    private static final List<String> SYNTAX = List.of(
            "E'\\x41\\101\\u0041\\U00000041\\n' = U&'\\0041\\+000041'",
            "U&'d!0061' UESCAPE '!' = $q$it$q$",
            "'a'\n'b' = 'ab' -- c",
            "a /* x /* y */ z */ + 1 > 0x1F",
            "1_000 + 0b1 + 0o7 + .5 + 5. + 1e5 + 1.5E-3 > $1",
            "a @- b",
            "a +- b",
            "a =- b",
            "a <>- b",
            "a*-b",
            "a->>'x' = b#>>'{a}'",
            "CAST(a AS double precision) = b::timestamp(3) with time zone",
            "a::time without time zone = time(0) '10:00'",
            "timestamp with time zone '2024-01-01' = a",
            "interval '1' year to month = interval(3) '1 second'",
            "a::interval minute to second(2) = interval '1' second(3)",
            "a::national character varying(3) = bit varying '1'",
            "a::setof int array[3] = b::x.y(1,2)[][]",
            "extract(year from a) = position(b in c)",
            "extract('epoch' from a) = overlay(a placing b from 1 for 2)",
            "substring(a from 1 for 2) = substring(a for 2 from 1)",
            "substring(a similar b escape c) = substring(a, 1, 2)",
            "trim(both from a) = trim(leading 'x' from a, b) || trim(a, b)",
            "normalize(a, NFC) = b and a is not nfkc normalized",
            "a is json object with unique keys or a is document",
            "coalesce(a, b) = nullif(a, b) and greatest(a, b) > least(a, b)",
            "f(a, x => 1, y := 2, variadic b)",
            "f(distinct a order by b desc nulls last) filter (where c) over (partition by d order by e)",
            "f(*) over w or f(all a) within group (order by b using <)",
            "sum(a) over (order by b rows 1 preceding exclude no others)",
            "collation for (a) = current_schema and current_time(3) < localtime",
            "treat(a as b) = xmlexists('x' passing by ref b by value)",
            "a[1][2:3][:][a:] = ($1).x.y[1] and (a).b.* is null",
            "a.b.c[1].d = (select 1)[1]",
            "case a when 1 then 2 when b then c end = case when a then b else c end",
            "a in (select b from c where d) and (a, b) not in (select * from only x.y as z)",
            "a in (select b c, d as e from f g, h (i) join j using (k) left outer join (l cross join m) on true)",
            "exists (with a as materialized (select 1), b (c) as (table d) select from b order by 1 limit all)",
            "a = any (values (1), (2)) and a > all (select 1 union all (select 2 except select 3) offset 1 row)",
            "a = some (array[[1,2],[3,4]]) or a like any (array[]) or a not ilike all ((b))",
            "((select 1) union select 2) = 1 and (((select 1))) = 1",
            "array(select 1 fetch first row only) = array((select 1))",
            "a in (select f(x) from f(1) with ordinality as g(a, b), lateral g(2) h(c int), rows from (i(1), j(2)) k)",
            "a in (select x from y tablesample bernoulli (10) repeatable (1) group by distinct cube (a), () having b)",
            "a in (select x from y window w as (v partition by z) for no key update of y skip locked)",
            "(a, b) overlaps row(c, d) or row() is null",
            "a operator(pg_catalog.=) b and operator(x.-) c and a operator(+) any (b)",
            "a collate \"C\" < b collate x.y and a at time zone b at local",
            "a is distinct from b and a is not distinct from c or not a is unknown",
            "a not similar to b escape c and a similar to b",
            "a isnull = b notnull",
            "values > exists and between < row or interval = time",
            "x 'y' = a.b 'c' and numeric(1) '2' = f(1, 2) 'z'",
            "int '1' = json '{}' and n'x' = char(3) 'y'",
            "grouping(a, b) = merge_action() or json_object('a': 1) is null");
}
