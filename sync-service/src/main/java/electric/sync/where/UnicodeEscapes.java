package electric.sync.where;

/** The escapes of {@code U&'…'} and {@code U&"…"}. */
final class UnicodeEscapes {
    /** Of {@code U&'}. */
    private static final int OPENING = 3;

    private final int[] text;
    private final int start;
    private final char escape;
    private final Lexer lexer;
    private int at;

    UnicodeEscapes(Token token, char escape, Lexer lexer) {
        this.text = token.value().codePoints().toArray();
        this.start = token.start();
        this.escape = escape;
        this.lexer = lexer;
    }

    /** Whether {@code UESCAPE} may name this. */
    static boolean isEscape(String text) {
        return text.length() == 1
                && text.charAt(0) < 0x80
                && Character.digit(text.charAt(0), 16) < 0
                && "+'\" \t\n\r\f\u000B".indexOf(text.charAt(0)) < 0;
    }

    String decode() throws InvalidWhere {
        StringBuilder decoded = new StringBuilder(text.length);
        while (at < text.length) {
            if (text[at] != escape) {
                decoded.appendCodePoint(text[at++]);
            } else if (at + 1 < text.length && text[at + 1] == escape) {
                decoded.append(escape);
                at += 2;
            } else {
                decoded.appendCodePoint(codePoint());
            }
        }
        return decoded.toString();
    }

    private int codePoint() throws InvalidWhere {
        int first = at;
        int value = unit();
        if (value == 0 || value > Character.MAX_CODE_POINT) {
            throw error("invalid Unicode escape value", first);
        }
        if (value >= Character.MIN_LOW_SURROGATE && value <= Character.MAX_LOW_SURROGATE) {
            throw error("invalid Unicode surrogate pair", first);
        }
        if (value < Character.MIN_HIGH_SURROGATE || value > Character.MAX_HIGH_SURROGATE) {
            return value;
        }
        if (at == text.length || text[at] != escape || (at + 1 < text.length && text[at + 1] == escape)) {
            throw error("invalid Unicode surrogate pair", at);
        }
        int second = at;
        int low = unit();
        if (low == 0 || low > Character.MAX_CODE_POINT) {
            throw error("invalid Unicode escape value", second);
        }
        if (low < Character.MIN_LOW_SURROGATE || low > Character.MAX_LOW_SURROGATE) {
            throw error("invalid Unicode surrogate pair", second);
        }
        return Character.toCodePoint((char) value, (char) low);
    }

    /** Four digits, or a plus and six. */
    private int unit() throws InvalidWhere {
        int from = at;
        boolean six = from + 1 < text.length && text[from + 1] == '+';
        int digits = six ? 6 : 4;
        at += six ? 2 : 1;
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length && text[at] < 0x80 ? Character.digit(text[at], 16) : -1;
            if (digit < 0) {
                throw error("invalid Unicode escape", from);
            }
            value = (value << 4) | digit;
            at++;
        }
        return value;
    }

    /** Doubled quotes before it are counted once, as Postgres counts them. */
    private InvalidWhere error(String what, int offset) {
        return lexer.errorWithoutText(what, start + OPENING + offset);
    }
}
