package electric.sync.where;

import java.util.Optional;
import java.util.Set;

/** The text of a filter: {@code <text>} in {@code SELECT 1 WHERE <text>}. */
public final class WhereText {
    /** Of a clause in UTF-8. */
    public static final int MAX_BYTES = 65_536;

    /** The first words of statements; of these the rest is not read, as they are refused anyway. */
    private static final Set<String> STATEMENTS = Set.of(
            "abort",
            "alter",
            "analyse",
            "analyze",
            "begin",
            "call",
            "checkpoint",
            "close",
            "cluster",
            "comment",
            "commit",
            "copy",
            "create",
            "deallocate",
            "declare",
            "delete",
            "discard",
            "do",
            "drop",
            "end",
            "execute",
            "explain",
            "fetch",
            "grant",
            "import",
            "insert",
            "listen",
            "load",
            "lock",
            "merge",
            "move",
            "notify",
            "prepare",
            "reassign",
            "refresh",
            "reindex",
            "release",
            "reset",
            "revoke",
            "rollback",
            "savepoint",
            "security",
            "set",
            "show",
            "start",
            "truncate",
            "unlisten",
            "update",
            "vacuum",
            "with");

    private static final String PREFIX = "SELECT 1 WHERE ";

    private WhereText() {}

    /** Reads a filter; of nothing but blanks, none. */
    public static Optional<ParsedExpr> parse(String text) throws InvalidWhere {
        int[] characters = characters(text, "where");
        return isBlank(text) ? Optional.empty() : Optional.of(filter(characters));
    }

    static boolean isBlank(String text) {
        return text.chars().allMatch(c -> c == ' ' || (c >= '\t' && c <= '\r'));
    }

    /** @param clause what the text is, for who wrote too much of it */
    static int[] characters(String text, String clause) throws InvalidWhere {
        if (!isUtf8OfBytes(text, MAX_BYTES, clause)) {
            throw InvalidWhere.because(clause + " clause is bigger than maximum size of " + MAX_BYTES + " bytes");
        }
        return text.codePoints().toArray();
    }

    private static boolean isUtf8OfBytes(String text, int most, String clause) throws InvalidWhere {
        if (text.length() > most) {
            return false;
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw InvalidWhere.because("invalid byte sequence for encoding \"UTF8\": 0x00");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw InvalidWhere.because(clause + " clause is not valid UTF-8");
                }
                i++;
                bytes += 4;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return bytes <= most;
    }

    private static ParsedExpr filter(int[] text) throws InvalidWhere {
        Tokens tokens = new Tokens(new Lexer(text, PREFIX.length()));
        ExprParser expressions = new ExprParser(tokens);
        ParsedExpr filter = expressions.expression();
        boolean furtherClauses = expressions.selects().clausesAfterFilter();
        boolean furtherStatements = false;
        while (tokens.take(";")) {
            if (expressions.selects().atStatement()) {
                furtherStatements = true;
                expressions.selects().select();
            } else if (tokens.at(Token.Kind.KEYWORD)
                    && STATEMENTS.contains(tokens.peek().value())) {
                throw statementSplit();
            }
        }
        if (!tokens.at(Token.Kind.END)) {
            throw tokens.unexpected();
        }
        if (furtherStatements) {
            throw statementSplit();
        }
        if (furtherClauses) {
            throw InvalidWhere.because("malformed query ending with SQL clauses");
        }
        return filter;
    }

    private static InvalidWhere statementSplit() {
        return InvalidWhere.because("unescaped \";\" causing statement split");
    }
}
