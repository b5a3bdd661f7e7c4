package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a regular expression matches, as Postgres says it. */
final class RegularExpressionTest {
    private static final List<String> ATOMS = List.of(
            "a",
            "b",
            "A",
            "B",
            "c",
            "1",
            " ",
            "_",
            "-",
            "é",
            "日",
            "É",
            "\\.",
            ".",
            "[ab]",
            "[^a]",
            "[a-c]",
            "[]a]",
            "[^]a]",
            "[a-]",
            "[-a]",
            "[A-b1]",
            "[[:alpha:]]",
            "[[:digit:]_]",
            "[^[:space:]]",
            "[[:upper:]]",
            "[\\d.]",
            "[\\w-]",
            "[[:punct:]]",
            "[[:cntrl:]]",
            "\\d",
            "\\w",
            "\\s",
            "\\D",
            "\\W",
            "\\S",
            "()",
            "\\-",
            "{",
            "a{",
            "]",
            "}",
            "[é]",
            "[^é]",
            "[é-ü]",
            "[[:nope:]]",
            "[b-a]",
            "\\q",
            "\\n",
            "[a\\]]",
            "ab",
            "\\u00e9");
    private static final List<String> ASSERTIONS = List.of("^", "$", "\\A", "\\Z", "\\m", "\\M", "\\y", "\\Y");
    private static final List<String> QUANTIFIERS = List.of(
            "*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1,2}", "{0,1}", "{2,}", "{1,3}?", "{3,2}", "{256}", "**");
    private static final List<String> LETTERS = List.of(
            "a",
            "b",
            "A",
            "B",
            "c",
            "1",
            "2",
            " ",
            "_",
            "-",
            "é",
            "É",
            "日",
            "\uD83D\uDE00",
            ".",
            "\n",
            "]",
            "{",
            "}",
            "ab",
            "\\",
            "!",
            "k",
            "\u001f");

    private static final Letters LIBC = Letters.libc(
            new CaseMapping(Map.of((int) 'É', (int) 'é'), Map.of((int) 'é', (int) 'É', (int) 'ü', (int) 'Ü')));

    private final Random random = Agreement.random();

    private String pattern(int depth) {
        StringBuilder pattern = new StringBuilder();
        int parts = random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            int kind = random.nextInt(12);
            if (kind == 0) {
                pattern.append(ASSERTIONS.get(random.nextInt(ASSERTIONS.size())));
            } else if (kind == 1) {
                pattern.append('|');
            } else if (kind < 4 && depth > 0) {
                pattern.append(List.of("(", "(?:", "(?=", "(?!").get(random.nextInt(4)))
                        .append(pattern(depth - 1))
                        .append(random.nextInt(40) == 0 ? "" : ")");
            } else {
                pattern.append(ATOMS.get(random.nextInt(ATOMS.size())));
            }
            if (random.nextInt(3) == 0) {
                pattern.append(QUANTIFIERS.get(random.nextInt(QUANTIFIERS.size())));
            }
        }
        return (depth == 2 && random.nextInt(15) == 0 ? "(?i)" : "") + pattern;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.get(random.nextInt(LETTERS.size())));
        }
        return text.toString();
    }

    @Test
    void matchesAsPostgresUnderTheCollationC() {
        Agreement agreement = new Agreement();
        for (int i = 0; i < 20_000; i++) {
            String pattern = pattern(2);
            String text = text();
            String sql = "(" + Agreement.quote(text) + " COLLATE \"C\") %s " + Agreement.quote(pattern);
            agreement.add(
                    sql.formatted("~"),
                    () -> ""
                            + RegularExpression.compile(pattern, Letters.ASCII, false)
                                    .matches(text));
            agreement.add(
                    sql.formatted("~*"),
                    () -> ""
                            + RegularExpression.compile(pattern, Letters.ASCII, true)
                                    .matches(text));
        }
        agreement.holds(0.02);
    }

    /** A locale knows more letters than we do: then there is no answer rather than a wrong one. */
    @Test
    void neverContradictsALocale() {
        Agreement agreement = new Agreement();
        for (int i = 0; i < 10_000; i++) {
            String pattern = pattern(2);
            String text = text();
            agreement.add(
                    Agreement.quote(text) + " ~ " + Agreement.quote(pattern),
                    () -> "" + RegularExpression.compile(pattern, LIBC, false).matches(text));
            agreement.add(
                    Agreement.quote(text) + " ~* " + Agreement.quote(pattern),
                    () -> "" + RegularExpression.compile(pattern, LIBC, true).matches(text));
            agreement.add(
                    "(" + Agreement.quote(text) + " COLLATE \"und-x-icu\") ~ " + Agreement.quote(pattern),
                    () -> ""
                            + RegularExpression.compile(pattern, Letters.ICU, false)
                                    .matches(text));
            agreement.add(
                    "(" + Agreement.quote(text) + " COLLATE \"und-x-icu\") ~* " + Agreement.quote(pattern),
                    () -> ""
                            + RegularExpression.compile(pattern, Letters.ICU, true)
                                    .matches(text));
        }
        agreement.holds(0.2);
    }

    @Test
    void readsWhatPeopleWrite() {
        List<String> patterns = List.of(
                "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$",
                "^\\d{3}-\\d{4}$",
                "^(foo|bar)",
                "(^|,)admin(,|$)",
                "\\yerror\\y",
                "^[^@]+@example\\.(com|org)$",
                "^\\s*$",
                "v[0-9]+(\\.[0-9]+)*",
                "***=a.b",
                "***:a+",
                "***a",
                "(a*)*b",
                "(?i)ADMIN",
                "^(?!.*admin)",
                "(?ic)FOO",
                "(?z)a",
                "(?",
                "x{0,255}y");
        List<String> texts = List.of(
                "ann@example.com",
                "555-1234",
                "foobar",
                "user,admin",
                "an error here",
                "terrors",
                "  \t",
                "v1.2.3",
                "a.b",
                "axb",
                "aaab",
                "",
                "xxxy",
                "***a");
        Agreement agreement = new Agreement();
        for (String pattern : patterns) {
            for (String text : texts) {
                agreement.add(
                        Agreement.quote(text) + " ~ " + Agreement.quote(pattern),
                        () -> ""
                                + RegularExpression.compile(pattern, LIBC, false)
                                        .matches(text));
            }
        }
        agreement.holds(0);
    }

    @Test
    void refusesWhatItCannotFollow() {
        for (String pattern : List.of(
                "(a)\\1",
                "(?<!a)b",
                "(?n)a",
                "[[.a.]]",
                "[[=a=]]",
                "(".repeat(200) + ")".repeat(200),
                "\\x41",
                "((a{200}){200}){200}")) {
            assertThatThrownBy(() -> RegularExpression.compile(pattern, Letters.ASCII, false))
                    .as(pattern)
                    .isInstanceOf(NotExact.class);
        }
    }

    /** Postgres's words: see REGEXP in its errcodes. */
    @Test
    void saysPostgresWords() {
        assertThatThrownBy(() -> RegularExpression.compile("a(", Letters.ASCII, false))
                .isInstanceOfSatisfying(InvalidValue.class, refused -> {
                    assertThat(refused.sqlState()).isEqualTo("2201B");
                    assertThat(refused.text()).isEqualTo("invalid regular expression: parentheses () not balanced");
                });
    }

    @Test
    @Timeout(20)
    void aHostilePatternEndsSoon() {
        RegularExpression hostile = RegularExpression.compile("^(([a-z])+.)+[A-Z]([a-z])+$", Letters.ASCII, false);
        assertThat(hostile.matches("a".repeat(100_000))).isFalse();
        RegularExpression wide = RegularExpression.compile("(a?){100}(a|b|ab){70}x", Letters.ASCII, false);
        assertThatThrownBy(() -> wide.matches("ab".repeat(1_000_000))).isInstanceOf(NotExact.class);
    }
}
