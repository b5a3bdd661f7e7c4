package electric.sync.where;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What becomes of filters by accident. */
public final class Mutants {
    private static final List<String> CHARACTERS = List.of(
            "(", ")", "[", "]", ",", ".", ":", "::", "'", "\"", "$", "$$", "--", "/*", "*/", "+", "-", "*", "=", "<",
            ">", "|", "!", "~", "?", "{", "\\", "\n", "é", "😀", "0", "1e", "_", "$1", "E'", "U&'", "..", ":=", "=>");

    private static final List<String> WORDS = List.of(
            "AND",
            "OR",
            "NOT",
            "IS",
            "NULL",
            "TRUE",
            "BETWEEN",
            "SYMMETRIC",
            "IN",
            "LIKE",
            "ILIKE",
            "SIMILAR",
            "TO",
            "ESCAPE",
            "ANY",
            "ALL",
            "ARRAY",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "CAST",
            "AS",
            "AT",
            "TIME",
            "ZONE",
            "COLLATE",
            "DISTINCT",
            "FROM",
            "ROW",
            "SELECT",
            "WHERE",
            "VALUES",
            "WITH",
            "EXISTS",
            "ISNULL",
            "OVERLAPS",
            "EXTRACT",
            "year",
            "int",
            "interval",
            "timestamp",
            "char",
            "varying",
            "double",
            "precision",
            "left",
            "coalesce",
            "OPERATOR",
            "DEFAULT",
            "UNIQUE",
            "FILTER",
            "OVER",
            "ORDER",
            "BY",
            "LIMIT",
            "FOR",
            "UNION",
            "GROUP",
            "current_date",
            "json",
            "normalized",
            "trim",
            "substring",
            "x",
            "1",
            "1.5",
            "'s'",
            "nulls",
            "first",
            "without",
            "local",
            "setof",
            "variadic",
            "uescape",
            "national",
            "bit",
            "float",
            "only");

    private Mutants() {}

    /** One or two small accidents: a word lost, doubled, moved or put in from elsewhere; a character lost or put in. */
    public static String of(String clause, Random random) {
        String text = clause;
        for (int i = random.nextInt(2); i >= 0; i--) {
            List<String> parts =
                    new ArrayList<>(List.of(text.split("(?<=[\\W&&\\p{ASCII}])|(?=[\\W&&\\p{ASCII}])", -1)));
            int at = random.nextInt(parts.size());
            switch (random.nextInt(5)) {
                case 0 -> parts.remove(at);
                case 1 -> parts.add(at, parts.get(random.nextInt(parts.size())));
                case 2 -> parts.add(at, " " + pick(WORDS, random) + " ");
                case 3 -> parts.add(at, pick(CHARACTERS, random));
                default -> parts.set(at, pick(WORDS, random).toLowerCase(Locale.ROOT));
            }
            text = String.join("", parts);
        }
        return text;
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
