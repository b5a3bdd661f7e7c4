package electric.sync.value;

/** The right side of SIMILAR TO, which Postgres rewrites as a regular expression. */
public final class SimilarPattern {
    private SimilarPattern() {}

    public static String toRegularExpression(String pattern) {
        return toRegularExpression(pattern, "\\");
    }

    /** @param escape one character, or none */
    public static String toRegularExpression(String pattern, String escape) {
        if (Characters.length(escape) > 1) {
            throw InvalidValue.of("22019", "invalid escape string");
        }
        int escaping = escape.isEmpty() ? -1 : escape.codePointAt(0);
        StringBuilder result = new StringBuilder("^(?:");
        boolean escaped = false;
        boolean inBrackets = false;
        int before = 0;
        for (int c : pattern.codePoints().toArray()) {
            if (escaped) {
                if (c == '"' && !inBrackets) {
                    throw new NotExact("a SIMILAR TO pattern in three parts");
                }
                result.append('\\').appendCodePoint(c);
                escaped = false;
            } else if (c == escaping) {
                escaped = true;
            } else if (inBrackets) {
                if (c == '[' || ((c == ']' || c == '^') && (before == '[' || before == '^'))) {
                    throw new NotExact("brackets that versions of Postgres take in different ways");
                }
                result.append(c == '\\' ? "\\" : "").appendCodePoint(c);
                inBrackets = c != ']';
            } else {
                inBrackets = c == '[';
                append(c, result);
            }
            before = c;
        }
        return result.append(")$").toString();
    }

    private static void append(int c, StringBuilder result) {
        switch (c) {
            case '%' -> result.append(".*");
            case '_' -> result.append('.');
            case '(' -> result.append("(?:");
            case '\\', '.', '^', '$' -> result.append('\\').append((char) c);
            default -> result.appendCodePoint(c);
        }
    }
}
