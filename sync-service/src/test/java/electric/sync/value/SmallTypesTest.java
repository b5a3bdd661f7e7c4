package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** bool, uuid, bytea and the casts of text: WHERE-056, WHERE-058, WHERE-060, WHERE-072, WHERE-075, WHERE-097. */
final class SmallTypesTest {
    @Test
    void readsEverySpellingOfBool() {
        List<String> literals = List.of(
                "t", "tr", "tru", "true", "TRUE", " True ", "y", "ye", "yes", "on", "1", "f", "fa", "fals", "false",
                "n", "no", "of", "off", "0", "o", "", " ", "truee", "01", "2", "nope", "T\n", "é", "on off");
        Agreement.onLiterals(PgType.BOOL, Agreement.withMutants(literals, 500, "truefalsyon01 "), 0);
        Agreement.onOrder(PgType.BOOL, literals, 50);
    }

    @Test
    void readsEverySpellingOfUuid() {
        List<String> literals = List.of(
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
                "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "7fffffff-ffff-ffff-8000-000000000000",
                "",
                "{}",
                "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11}",
                "-a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
                "a0ee--bc999c0b4ef8bb6d6bb9bd380a11",
                " a0eebc999c0b4ef8bb6d6bb9bd380a11");
        Agreement.onLiterals(PgType.UUID, Agreement.withMutants(literals, 2000, "0123456789abcdefABCDEF-{} g"), 0);
        Agreement.onOrder(PgType.UUID, literals, 500);
    }

    @Test
    void readsBytesInHexAndEscapes() {
        List<String> literals = List.of(
                "",
                "\\x",
                "\\xdeadBEEF",
                "\\x de ad",
                "\\xd",
                "\\xdea",
                "\\xg0",
                "abc",
                "a\\\\b",
                "a\\001b",
                "\\377",
                "\\400",
                "\\08",
                "\\",
                "a\\",
                "é",
                "\\x00",
                "\\000",
                "\\X00",
                "\\xde ad\tbe\nef");
        Agreement.onLiterals(PgType.BYTEA, Agreement.withMutants(literals, 1000, "0123456789abf \\x"), 0);
        Agreement.onOrder(PgType.BYTEA, literals, 500);
        Agreement agreement = new Agreement();
        for (String a : List.of("\\x", "\\xff", "\\x0001")) {
            agreement.add(
                    Agreement.quote(a) + "::bytea || '\\x80'::bytea",
                    () -> Bytea.print(Bytea.concatenate(Bytea.input(a), Bytea.input("\\x80"))));
        }
        agreement.holds(0);
    }

    @Test
    void cutsAndPadsTextByCharacters() {
        Agreement agreement = new Agreement();
        for (String text : List.of(
                "", "a", "abc", "abc   ", "日本語", "a\uD83D\uDE00b", "x".repeat(70), "é".repeat(40), "ab ".repeat(30))) {
            String literal = Agreement.quote(text);
            agreement.add("'[' || " + literal + "::varchar(2) || ']'", () -> "[" + Text.varchar(text, 2) + "]");
            agreement.add(
                    "quote_literal(" + literal + "::char(5)::text)", () -> "'" + Text.trim(Text.bpchar(text, 5)) + "'");
            agreement.add("octet_length(" + literal + "::char(5))", () -> "" + Text.utf8(Text.bpchar(text, 5)).length);
            agreement.add(literal + "::name", () -> Text.name(text));
        }
        agreement.holds(0);
    }

    @Test
    void ordersTextByCodePointsAsTheCollationC() {
        List<String> texts =
                List.of("", "a", "B", "b", "ab", "a b", "é", "z", "\uFFFD", "\uD83D\uDE00", "\uE000", "a\u0001");
        Agreement agreement = new Agreement();
        for (String a : texts) {
            for (String b : texts) {
                agreement.add(
                        Agreement.quote(a) + " < " + Agreement.quote(b) + " COLLATE \"C\"",
                        () -> "" + (PgType.TEXT.compare(a, b) < 0));
            }
        }
        agreement.holds(0);
    }

    @Test
    void comparesBpcharWithoutTrailingBlanks() {
        List<String> texts = List.of("", " ", "a", "a  ", "a b", "a\t", "ab");
        Agreement agreement = new Agreement();
        for (String a : texts) {
            for (String b : texts) {
                agreement.add(
                        Agreement.quote(a) + "::bpchar = " + Agreement.quote(b) + "::bpchar",
                        () -> "" + (PgType.BPCHAR.compare(a, b) == 0));
                agreement.add(
                        "(" + Agreement.quote(a) + "::bpchar COLLATE \"C\") < " + Agreement.quote(b) + "::bpchar",
                        () -> "" + (PgType.BPCHAR.compare(a, b) < 0));
            }
        }
        agreement.holds(0);
        byte[] padded = Text.utf8("xxab   ");
        assertThat(Text.trimmedLength(padded, 2, 5)).isEqualTo(2);
    }

    @Test
    void matchesPatternsAsPostgres() {
        Random random = Agreement.random();
        Agreement agreement = new Agreement();
        List<String> atoms =
                List.of("a", "b", "A", "%", "_", "%", "\\%", "\\_", "\\\\", "é", "日", "\n", "\uD83D\uDE00", "ab");
        List<String> letters = List.of("a", "b", "A", "B", "%", "_", "\\", "é", "日", "\n", "\uD83D\uDE00", "ab", "");
        for (int i = 0; i < 8000; i++) {
            String pattern = join(random, atoms, random.nextInt(6)) + (random.nextInt(8) == 0 ? "\\" : "");
            String text = join(random, letters, random.nextInt(7));
            byte[] bytes = Text.utf8(text);
            byte[] lower = Text.utf8(CaseMapping.ASCII.lower(text));
            agreement.add(
                    Agreement.quote(text) + " LIKE " + Agreement.quote(pattern),
                    () -> "" + LikePattern.like(pattern).matches(bytes, 0, bytes.length));
            agreement.add(
                    "(" + Agreement.quote(text) + " COLLATE \"C\") ILIKE " + Agreement.quote(pattern),
                    () -> ""
                            + LikePattern.like(CaseMapping.ASCII.lower(pattern)).matches(lower, 0, lower.length));
        }
        agreement.holds(0);
    }

    @Test
    void everyMatchBeginsWithThePrefix() {
        assertThat(LikePattern.like("ab\\%_c%").prefix()).isEqualTo(Text.utf8("ab%"));
        assertThat(LikePattern.like("%a").prefix()).isNull();
    }

    @Test
    void everyMatchHasTheLongestPart() {
        assertThat(LikePattern.like("ab%cd_efg%\\%x_").longestPart()).isEqualTo(Text.utf8("efg"));
        assertThat(LikePattern.of("%\u00C4B\\_%", CaseMapping.ASCII).longestPart())
                .isEqualTo(Text.utf8("\u00C4b_"));
        assertThat(LikePattern.like("ab\\").longestPart()).isEqualTo(Text.utf8("ab"));
        assertThat(LikePattern.like("%_%").longestPart()).isNull();
        assertThat(LikePattern.like("").longestPart()).isNull();
    }

    private static String join(Random random, List<String> atoms, int count) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(atoms.get(random.nextInt(atoms.size())));
        }
        return String.join("", parts);
    }
}
