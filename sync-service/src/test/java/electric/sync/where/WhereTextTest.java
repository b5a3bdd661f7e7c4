package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WhereTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\r\n \f"})
    @DisplayName("WHERE-007: blank text is no filter")
    void blankTextIsNoFilter(String text) throws InvalidWhere {
        assertThat(WhereText.parse(text)).isEmpty();
    }

    @Test
    @DisplayName("WHERE-007: comments alone are no filter either, but an error")
    void commentsAloneEndTooEarly() {
        assertThat(refusal("/* c */")).isEqualTo("At location 22: syntax error at end of input");
        assertThat(refusal("-- c")).isEqualTo("At location 19: syntax error at end of input");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;", "a ;; ; -- x", "a -- x", "a /* x /* y */ z */", "/* x */ a"})
    @DisplayName("WHERE-001: comments and trailing semicolons")
    void commentsAndTrailingSemicolonsAreAllowed(String text) throws InvalidWhere {
        assertThat(read(text)).isEqualTo("\"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id=1; SELECT 1",
                "id=1;; DELETE FROM t",
                "id=1; (SELECT 1) UNION SELECT 2;",
                "id=1; drop table t",
                "id=1 ORDER BY id; SELECT 1"
            })
    @DisplayName("WHERE-002: a second statement")
    void aSecondStatementIsRefused(String text) {
        assertThat(refusal(text)).isEqualTo("unescaped \";\" causing statement split");
    }

    @Test
    @DisplayName("WHERE-002: a second statement that is none is the syntax error it is")
    void aSecondStatementThatCannotBeReadIsASyntaxError() {
        assertThat(refusal("id=1; id=2")).isEqualTo("At location 21: syntax error at or near \"id\"");
        assertThat(refusal("id=1; SELECT 1 FROM")).isEqualTo("At location 34: syntax error at end of input");
        assertThat(refusal("id=1; 'select'")).isEqualTo("At location 21: syntax error at or near \"'select'\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a GROUP BY a",
                "a GROUP BY (), cube(a), rollup(a, b), grouping sets ((a), ())",
                "a HAVING true",
                "a WINDOW w AS (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING)",
                "a ORDER BY a DESC NULLS LAST, b USING <",
                "a LIMIT 1",
                "a LIMIT ALL OFFSET 2 ROWS",
                "a OFFSET 1",
                "a FETCH FIRST 1 ROW ONLY",
                "a FETCH NEXT ROWS WITH TIES",
                "a FOR UPDATE",
                "a FOR NO KEY UPDATE OF t NOWAIT FOR SHARE SKIP LOCKED",
                "a FOR READ ONLY",
                "a UNION SELECT 1",
                "a EXCEPT ALL (SELECT 1) INTERSECT VALUES (1)",
                "a UNION TABLE t ORDER BY 1;"
            })
    @DisplayName("WHERE-003, WHERE-004: clauses behind the filter")
    void clausesBehindTheFilterAreRefused(String text) {
        assertThat(refusal(text)).isEqualTo("malformed query ending with SQL clauses");
    }

    @Test
    @DisplayName("WHERE-005: size")
    void aClauseOfMoreThanTheMaximumIsRefused() throws InvalidWhere {
        assertThat(WhereText.parse("a" + " ".repeat(WhereText.MAX_BYTES - 1))).isPresent();
        assertThat(refusal("a" + " ".repeat(WhereText.MAX_BYTES))).contains("bigger than maximum size");
        assertThat(refusal("'" + "é".repeat(WhereText.MAX_BYTES / 2) + "'")).contains("bigger than maximum size");
    }

    @Test
    @DisplayName("WHERE-006: NUL and what is no UTF-8")
    void nulAndHalvesOfCharactersAreRefused() {
        assertThat(refusal("a\0 OR true")).isEqualTo("invalid byte sequence for encoding \"UTF8\": 0x00");
        assertThat(refusal("a = '\uD800'")).isEqualTo("where clause is not valid UTF-8");
        assertThat(refusal("a = '\uDC00\uD800'")).isEqualTo("where clause is not valid UTF-8");
    }

    @Test
    @DisplayName("WHERE-008: syntax errors are located in the whole statement")
    void aSyntaxErrorIsLocatedFifteenCharactersLater() {
        assertThatExceptionOfType(InvalidWhere.class)
                .isThrownBy(() -> WhereText.parse("1 x 1"))
                .satisfies(invalid -> {
                    assertThat(invalid.position()).contains(17);
                    assertThat(invalid.reason()).isEqualTo("syntax error at or near \"x\"");
                    assertThat(invalid.message()).isEqualTo("At location 17: syntax error at or near \"x\"");
                });
        assertThat(refusal("'😀' x")).isEqualTo("At location 19: syntax error at or near \"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a OR b AND NOT c = d|(\"a\") OR ((\"b\") AND (NOT ((\"c\") = (\"d\"))))",
                "a & 3 + 1 = 4|((\"a\") & ((3) + (1))) = (4)",
                "- a ^ 2|(- (\"a\")) ^ (2)",
                "a BETWEEN 1 AND 2 = b|((\"a\") BETWEEN (1) AND (2)) = (\"b\")",
                "a = b IS TRUE|((\"a\") = (\"b\")) IS TRUE",
                "a IS NULL IS NULL|((\"a\") IS NULL) IS NULL",
                "a LIKE b # 'x' ESCAPE '!'|(\"a\") ~~ (\"pg_catalog\".\"like_escape\"((\"b\") # ('x'), '!'))",
                "a = ANY(b) = c|((\"a\") = ANY (\"b\")) = (\"c\")",
                "-2147483648|(-2147483648)",
                "- - 1|1",
                "0x1F|31",
                "1_000.5e1_0|1000.5e10",
                "a::int[][3]|CAST(\"a\" AS \"pg_catalog\".\"int4\"[][])",
                "-a::int|- (CAST(\"a\" AS \"pg_catalog\".\"int4\"))",
                "double precision '1'|CAST('1' AS \"pg_catalog\".\"float8\")",
                "interval '1' day to second(3)|CAST('1' AS \"pg_catalog\".\"interval\" DAY TO SECOND(3))",
                "x.y '1'|CAST('1' AS \"x\".\"y\")",
                "numeric(3,1) '1'|CAST('1' AS \"pg_catalog\".\"numeric\"(3, 1))",
                "a::char|CAST(\"a\" AS \"pg_catalog\".\"bpchar\"(1))",
                "char 'abc'|CAST('abc' AS \"pg_catalog\".\"bpchar\")",
                "a[1][2:][:3]|\"a\"[1][(2):][:(3)]",
                "position('b' in a)|\"pg_catalog\".\"position\"(\"a\", 'b')",
                "trim(leading 'x' from a)|\"pg_catalog\".\"ltrim\"(\"a\", 'x')",
                "substring(a similar b escape c)|\"pg_catalog\".\"substring\"(\"a\", \"b\", \"c\")",
                "a OPERATOR(pg_catalog.+) 1 * 2|(\"a\") OPERATOR(\"pg_catalog\".+) ((1) * (2))",
                "(a, b) OVERLAPS (c, d)|\"pg_catalog\".\"overlaps\"(\"a\", \"b\", \"c\", \"d\")",
                "current_date|<SQLValueFunction>",
                "a AT TIME ZONE b COLLATE \"C\"|(\"a\") AT TIME ZONE ((\"b\") COLLATE \"C\")",
                "a IN ((SELECT 1))|(\"a\") IN (…)",
                "a IN ((SELECT 1), 2)|(\"a\") IN (SCALAR (…), 2)",
                "((SELECT 1) UNION (SELECT 2)) + 1|(SCALAR (…)) + (1)",
                "values = exists|(\"values\") = (\"exists\")",
                "a != b|(\"a\") <> (\"b\")"
            })
    void groupsAsPostgresDoes(String text, String grouped) throws InvalidWhere {
        assertThat(read(text)).isEqualTo(grouped);
    }

    @Test
    @DisplayName("WHERE-021, WHERE-022: every spelling of a string")
    void readsEverySpellingOfAString() throws InvalidWhere {
        assertThat(read("'it''s'")).isEqualTo("'it''s'");
        assertThat(read("E'a\\tb\\'\\x41\\101\\u00e9\\U0001F600\\ud83d\\ude00'"))
                .isEqualTo("'a\tb''AAé😀😀'");
        assertThat(read("U&'d\\0061t\\+000061'")).isEqualTo("'data'");
        assertThat(read("U&'d!0061!!' UESCAPE '!'")).isEqualTo("'da!'");
        assertThat(read("$x$a$y$b$x$")).isEqualTo("'a$y$b'");
        assertThat(read("'a' -- c\n\t'b'")).isEqualTo("'ab'");
        assertThat(read("n'a'")).isEqualTo("CAST('a' AS \"pg_catalog\".\"bpchar\")");
        assertThat(read("X'1F'")).isEqualTo("x'1F'");
    }

    @Test
    @DisplayName("WHERE-013, WHERE-017: names are folded, or exact in quotes, and cut at 63 bytes")
    void foldsAndCutsNames() throws InvalidWhere {
        assertThat(read("ÄBC.\"X\"\"y\".Z")).isEqualTo("\"Äbc\".\"X\"\"y\".\"z\"");
        assertThat(read("a".repeat(70))).isEqualTo("\"" + "a".repeat(63) + "\"");
        assertThat(read("a".repeat(62) + "é")).isEqualTo("\"" + "a".repeat(62) + "\"");
        assertThat(read("U&\"\\0041b\"")).isEqualTo("\"Ab\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a = 'x|At location 19: unterminated quoted string at or near \"'x\"",
                "a = $$x|At location 19: unterminated dollar-quoted string at or near \"$$x\"",
                "a = \"x|At location 19: unterminated quoted identifier at or near \"\"x\"",
                "a = B'1|At location 19: unterminated bit string literal at or near \"B'1\"",
                "a /* /* */|At location 17: unterminated /* comment at or near \"/* /* */\"",
                "\"\" = 1|At location 15: zero-length delimited identifier at or near \"\"\"\"",
                "a = 1b2|At location 19: trailing junk after numeric literal at or near \"1b\"",
                "a = 0x|At location 19: invalid hexadecimal integer at or near \"0x\"",
                "a = 1e+|At location 19: trailing junk after numeric literal at or near \"1e+\"",
                "a = $1a|At location 19: trailing junk after parameter at or near \"$1a\"",
                "a = $99999999999|At location 19: parameter number too large at or near \"$99999999999\"",
                "a = E'\\u12'|At location 21: invalid Unicode escape",
                "a = E'\\ud800x'|At location 27: invalid Unicode surrogate pair at or near \"x\"",
                "a = E'\\xff'|invalid byte sequence for encoding \"UTF8\": 0xff",
                "a = E'\\000'|invalid byte sequence for encoding \"UTF8\": 0x00",
                "a = U&'x' UESCAPE 'a'|At location 33: invalid Unicode escape character at or near \"'a'\"",
                "a = U&'x\\12'|At location 23: invalid Unicode escape",
                "a < b < c|At location 21: syntax error at or near \"<\"",
                "a BETWEEN b AND c BETWEEN d AND e|At location 33: syntax error at or near \"BETWEEN\"",
                "a BETWEEN NOT b AND c|At location 25: syntax error at or near \"NOT\"",
                "f(a)[1]|At location 19: syntax error at or near \"[\"",
                "t.*.x = 1|At location 21: improper use of \"*\" at or near \"=\"",
                "a[1](x)|At location 19: syntax error at or near \"(\"",
                "left = 1|At location 20: syntax error at or near \"=\"",
                "UNIQUE (SELECT 1)|At location 15: UNIQUE predicate is not yet implemented",
                "a FROM t|At location 17: syntax error at or near \"FROM\"",
                "{a}|At location 15: syntax error at or near \"{\"",
                "ROW(1) OVERLAPS (a, b)|At location 15: wrong number of parameters on left side of OVERLAPS expression"
            })
    void refusesInPostgresWords(String text, String message) {
        assertThat(refusal(text)).isEqualTo(message);
    }

    @Test
    void positionsAreWhereTheSpecificationHasThem() throws InvalidWhere {
        assertThat(parsed("a + 1 > 10").position()).isEqualTo(6);
        assertThat(parsed("a NOT IN (1)").position()).isEqualTo(2);
        assertThat(parsed("a IS NOT NULL").position()).isEqualTo(2);
        assertThat(parsed("-a").position()).isZero();
        assertThat(parsed("a[1]").position()).isZero();
        assertThat(parsed(" CASE WHEN a THEN b END").position()).isEqualTo(1);
        assertThat(parsed("s IS JSON").position()).isZero();
        assertThat(((ParsedExpr.Cast) parsed("s::json")).type().position()).isEqualTo(3);
        assertThat(parsed("parent = ANY (SELECT 1)").position()).isEqualTo(7);
        ParsedExpr.Operation equals = (ParsedExpr.Operation) parsed("id = (SELECT 1)");
        assertThat(equals.right().position()).isEqualTo(5);
    }

    @Test
    @DisplayName("SUBQ-001…005: subqueries keep what decides about them")
    void subqueriesKeepWhatDecidesAboutThem() throws InvalidWhere {
        ParsedExpr.InSubquery in =
                (ParsedExpr.InSubquery) parsed("(a, b) NOT IN (SELECT x AS y, z FROM ONLY s.\"T\" t WHERE x)");
        assertThat(in.negated()).isTrue();
        assertThat(in.select().columns()).extracting(Parenthesised::print).containsExactly("\"x\"", "\"z\"");
        assertThat(in.select().from()).containsExactly(new ParsedSelect.Source.Table(List.of("s", "T"), true, 37));
        assertThat(in.select().where()).map(Parenthesised::print).contains("\"x\"");
        assertThat(in.select().furtherClauses()).isFalse();
        assertThat(select("a IN (SELECT DISTINCT x FROM t)").furtherClauses()).isTrue();
        assertThat(select("a IN (SELECT x FROM t LIMIT 1)").furtherClauses()).isTrue();
        assertThat(select("a IN (WITH q AS (SELECT 1) SELECT x FROM t)").furtherClauses())
                .isTrue();
        assertThat(select("a IN (SELECT x FROM t UNION SELECT y FROM t)").from())
                .isEmpty();
        assertThat(select("a IN (VALUES (1), (2))").from()).isEmpty();
        assertThat(select("a IN (SELECT x FROM t, u JOIN v USING (x))").from()).hasSize(2);
        assertThat(select("a IN (SELECT x FROM f(1) AS f(x int))").from())
                .containsExactly(new ParsedSelect.Source.Other(20));
        assertThat(select("a IN (TABLE t)").columns())
                .extracting(Parenthesised::print)
                .containsExactly("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "NOT ",
                "- ",
                "a[",
                "ARRAY[",
                "CASE WHEN ",
                "f(",
                "a IN (",
                "a + (",
                "EXISTS (SELECT ",
                "(SELECT (",
                "a::x(",
                "CAST(",
                "a OR (b AND (",
                "@ ",
                "COALESCE(",
                "a BETWEEN (",
                "((SELECT 1) UNION "
            })
    @DisplayName("WHERE-051: nesting ends in a refusal, not in a stack overflow")
    void nestingWithoutEndIsRefused(String opening) throws Exception {
        String text = opening.repeat(WhereText.MAX_BYTES / opening.length());
        assertThat(onSmallStack(text)).contains("nested more than 200 levels deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {" || a", " + 1", "::int", " COLLATE x", " IS NULL", " AT LOCAL", " = ANY(b)", " IN (1)"})
    void aTreeThatGrowsToTheLeftIsBoundedToo(String more) throws Exception {
        assertThat(onSmallStack("a" + more.repeat((WhereText.MAX_BYTES - 1) / more.length())))
                .contains("nested more than 200 levels deep");
        assertThat(onSmallStack("a" + more.repeat(190))).isEqualTo("read");
    }

    @ParameterizedTest
    @ValueSource(strings = {" OR a", " AND a", ",1", ";", "\n'x'", ".a"})
    void widthIsBoundedByTheSizeAlone(String more) {
        String start = more.equals(",1") ? "a IN (1" : more.startsWith("\n") ? "'x'" : "a";
        String end = more.equals(",1") ? ")" : "";
        String text = start + more.repeat((WhereText.MAX_BYTES - start.length() - 1) / more.length()) + end;
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThat(WhereText.parse(text)).isPresent());
    }

    @Test
    @DisplayName("WHERE-052: whatever is sent ends in a filter or in a refusal, soon")
    void anySoupOfWordsEndsInAFilterOrARefusal() {
        List<String> words = List.of(
                "(",
                ")",
                "[",
                "]",
                ",",
                ".",
                ";",
                ":",
                "::",
                "'",
                "\"",
                "$",
                "$$",
                "--",
                "/*",
                "*/",
                "\n",
                "\\",
                "E'",
                "U&'",
                "B'",
                "1",
                "0x",
                "1e",
                "_",
                "a",
                "é",
                "😀",
                "\uD800",
                "\0",
                "+",
                "-",
                "*",
                "=",
                "<",
                "!",
                "~",
                "?",
                " ",
                " ",
                " AND ",
                " OR ",
                " NOT ",
                " IS ",
                " NULL ",
                " IN ",
                " LIKE ",
                " BETWEEN ",
                " SIMILAR ",
                " SELECT ",
                " FROM ",
                " WHERE ",
                " CASE ",
                " WHEN ",
                " END ",
                " CAST(",
                " AS ",
                " int ",
                " ARRAY[",
                " ANY ",
                " OVERLAPS ",
                " ROW(",
                " substring(",
                " trim(",
                " extract(",
                " interval ",
                " UESCAPE ",
                " f(",
                " OPERATOR(",
                " JOIN ",
                " UNION ",
                " VALUES ",
                " WITH ",
                " ORDER BY ",
                " LIMIT ",
                " json_value(",
                " char ",
                " double ",
                " time ",
                "$1");
        Random random = new Random(7);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 50_000; i++) {
                StringBuilder soup = new StringBuilder();
                for (int length = random.nextInt(30); length >= 0; length--) {
                    soup.append(words.get(random.nextInt(words.size())));
                }
                assertThat(refusal(soup.toString())).isNotEmpty();
            }
        });
    }

    /** Less than any thread of the server has. */
    private static String onSmallStack(String text) throws InterruptedException, ExecutionException {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        WhereText.parse(text);
                        outcome.complete("read");
                    } catch (InvalidWhere invalid) {
                        outcome.complete(invalid.message());
                    } catch (StackOverflowError overflow) {
                        outcome.completeExceptionally(overflow);
                    }
                },
                "small stack",
                768 << 10);
        thread.start();
        return outcome.get();
    }

    private static ParsedExpr parsed(String text) throws InvalidWhere {
        return WhereText.parse(text).orElseThrow();
    }

    private static ParsedSelect select(String text) throws InvalidWhere {
        return ((ParsedExpr.InSubquery) parsed(text)).select();
    }

    private static String read(String text) throws InvalidWhere {
        return Parenthesised.print(parsed(text));
    }

    private static String refusal(String text) {
        try {
            return "read as " + WhereText.parse(text);
        } catch (InvalidWhere invalid) {
            return invalid.message();
        }
    }
}
