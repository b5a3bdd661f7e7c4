package electric.sync.http;

import electric.sync.change.RelationName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names of tables and columns as people write them: folded unless quoted, as in SQL. */
final class Identifier {
    private static final int MAX_LENGTH = 63;
    private static final Pattern UNQUOTED = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}_0-9$]*");

    private Identifier() {}

    /** The message is for the client, who knows which parameter it is about. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Malformed(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    static String parse(String text) throws Malformed {
        boolean quoted = text.startsWith("\"") && text.endsWith("\"");
        String name = quoted ? unquoted(text) : folded(text);
        if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
            throw new Malformed("Identifier is too long (max length is " + MAX_LENGTH + ")");
        }
        return name;
    }

    private static String unquoted(String text) throws Malformed {
        String inside = text.length() < 2 ? "" : text.substring(1, text.length() - 1);
        if (inside.isEmpty()) {
            throw new Malformed("Invalid zero-length delimited identifier");
        }
        if (inside.replace("\"\"", "").contains("\"")) {
            throw new Malformed("Invalid identifier with unescaped quote: " + inside);
        }
        return inside.replace("\"\"", "\"");
    }

    /** Only ASCII letters are folded: Postgres leaves others alone where the database's encoding has many bytes. */
    private static String folded(String text) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed("Invalid zero-length delimited identifier");
        }
        if (!UNQUOTED.matcher(text).matches()) {
            throw new Malformed("Invalid unquoted identifier contains special characters: " + text);
        }
        StringBuilder folded = new StringBuilder(text);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return folded.toString();
    }

    /** A table's name, in schema {@code public} unless it says another. */
    static RelationName parseTable(String text) throws Malformed {
        List<String> parts = split(text, '.');
        return switch (parts.size()) {
            case 1 -> new RelationName("public", parse(parts.getFirst()));
            case 2 -> new RelationName(parse(parts.getFirst()), parse(parts.getLast()));
            default -> throw new Malformed("Invalid relation identifier, too many delimiters: " + text);
        };
    }

    /** Names between commas. */
    static List<String> parseList(String text) throws Malformed {
        return parseAll(split(text, ','));
    }

    static List<String> parseAll(List<String> texts) throws Malformed {
        List<String> names = new ArrayList<>();
        for (String text : texts) {
            names.add(parse(text));
        }
        return List.copyOf(names);
    }

    /** Splits where the delimiter is not between quotes. */
    private static List<String> split(String text, char delimiter) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == delimiter && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
