package electric.sync.where;

import electric.sync.where.Token.Kind;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Cuts a clause into tokens, one when asked: what the grammar refuses first is what is reported. */
final class Lexer {
    /** Positions of syntax errors count from the start of {@code SELECT 1 WHERE <clause>}. */
    private static final int MAX_NAME_BYTES = 63;

    private static final BigInteger MAX_INT4 = BigInteger.valueOf(Integer.MAX_VALUE);

    private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";
    private static final String SINGLES = ",()[].;:+-*/%^<>=";
    /** An operator with one of these may end in a sign. */
    private static final String NOT_IN_STANDARD_OPERATORS = "~!@#^&|`?%";

    private final int[] text;
    private final int prefixLength;
    private int at;

    /** @param prefixLength how far the text stands from where positions of errors are counted */
    Lexer(int[] text, int prefixLength) {
        this.text = text;
        this.prefixLength = prefixLength;
    }

    Token next() throws InvalidWhere {
        skipBlanks();
        int start = at;
        if (start == text.length) {
            return new Token(Kind.END, "", start, start);
        }
        int c = text[at];
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return number();
        }
        if (isNameStart(c)) {
            return nameOrPrefixedString();
        }
        return switch (c) {
            case '\'' -> quoted(Kind.STRING, 1);
            case '"' -> quotedName(Kind.IDENTIFIER, 1);
            case '$' -> dollar();
            case ':' -> colon();
            case '.' -> symbol(peek(1) == '.' ? 2 : 1);
            case ',', '(', ')', '[', ']', ';' -> symbol(1);
            default -> isOperator(c) ? operator() : symbol(1);
        };
    }

    /** What is wrong, with the text that begins where it is. */
    InvalidWhere error(String what, int from, int to) {
        String near = from == text.length ? " at end of input" : " at or near \"" + string(from, to) + "\"";
        return errorWithoutText(what + near, from);
    }

    InvalidWhere errorWithoutText(String what, int from) {
        return InvalidWhere.at(prefixLength, from, what);
    }

    private void skipBlanks() throws InvalidWhere {
        while (at < text.length) {
            if (isBlank(text[at])) {
                at++;
            } else if (text[at] == '-' && peek(1) == '-') {
                at = endOfLine(at);
            } else if (text[at] == '/' && peek(1) == '*') {
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipComment() throws InvalidWhere {
        int start = at;
        int depth = 0;
        do {
            if (at + 1 >= text.length) {
                throw error("unterminated /* comment", start, text.length);
            }
            if (text[at] == '/' && text[at + 1] == '*') {
                depth++;
                at += 2;
            } else if (text[at] == '*' && text[at + 1] == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0);
    }

    private Token nameOrPrefixedString() throws InvalidWhere {
        int start = at;
        int next = peek(1);
        switch (text[at]) {
            case 'e', 'E' -> {
                if (next == '\'') {
                    return escapeString();
                }
            }
            case 'b', 'B' -> {
                if (next == '\'') {
                    return quoted(Kind.BIT_STRING, 2);
                }
            }
            case 'x', 'X' -> {
                if (next == '\'') {
                    return quoted(Kind.BIT_STRING, 2);
                }
            }
            case 'n', 'N' -> {
                if (next == '\'') {
                    at++;
                    return new Token(Kind.KEYWORD, "nchar", start, at);
                }
            }
            case 'u', 'U' -> {
                if (next == '&' && peek(2) == '\'') {
                    return quoted(Kind.UNICODE_STRING, 3);
                }
                if (next == '&' && peek(2) == '"') {
                    return quotedName(Kind.UNICODE_IDENTIFIER, 3);
                }
            }
            default -> {}
        }
        while (at < text.length && isNamePart(text[at])) {
            at++;
        }
        String name = folded(start, at);
        return Keywords.category(name) == null
                ? new Token(Kind.IDENTIFIER, truncated(name), start, at)
                : new Token(Kind.KEYWORD, name, start, at);
    }

    /** Only ASCII letters are folded: Postgres leaves others alone where the database's encoding has many bytes. */
    private String folded(int from, int to) {
        StringBuilder name = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            int c = text[i];
            name.appendCodePoint(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        return name.toString();
    }

    /** A name as Postgres keeps it: as many whole characters as fit 63 bytes. */
    static String truncated(String name) {
        if (name.length() <= MAX_NAME_BYTES / 3) {
            return name;
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_NAME_BYTES) {
            return name;
        }
        int length = MAX_NAME_BYTES;
        while ((bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** @param opening the length of what opens it */
    private Token quotedName(Kind kind, int opening) throws InvalidWhere {
        int start = at;
        at += opening;
        StringBuilder name = new StringBuilder();
        while (true) {
            if (at == text.length) {
                throw error("unterminated quoted identifier", start, at);
            }
            int c = text[at++];
            if (c == '"') {
                if (peek(0) != '"') {
                    break;
                }
                at++;
            }
            name.appendCodePoint(c);
        }
        if (name.isEmpty()) {
            throw error("zero-length delimited identifier", start, at);
        }
        String value = name.toString();
        return new Token(kind, kind == Kind.IDENTIFIER ? truncated(value) : value, start, at);
    }

    /** A string without escapes. Of a bit string, the letter that says its base stays in front. */
    private Token quoted(Kind kind, int opening) throws InvalidWhere {
        int start = at;
        StringBuilder value = new StringBuilder();
        if (kind == Kind.BIT_STRING) {
            value.append(folded(start, start + 1));
        }
        at += opening;
        while (true) {
            if (at == text.length) {
                throw error(unterminated(kind, start), start, at);
            }
            int c = text[at++];
            if (c != '\'') {
                value.appendCodePoint(c);
            } else if (peek(0) == '\'' && kind != Kind.BIT_STRING) {
                value.append('\'');
                at++;
            } else if (!continues()) {
                return new Token(kind, value.toString(), start, at);
            }
        }
    }

    private String unterminated(Kind kind, int start) {
        if (kind != Kind.BIT_STRING) {
            return "unterminated quoted string";
        }
        boolean binary = text[start] == 'b' || text[start] == 'B';
        return binary ? "unterminated bit string literal" : "unterminated hexadecimal string literal";
    }

    /** Whether the string just closed goes on behind a line break, as SQL has it; if so, it is open again. */
    private boolean continues() {
        boolean newLine = false;
        int i = at;
        while (i < text.length) {
            if (isBlank(text[i])) {
                newLine |= isNewLine(text[i]);
                i++;
            } else if (text[i] == '-' && i + 1 < text.length && text[i + 1] == '-') {
                i = endOfLine(i);
            } else {
                break;
            }
        }
        if (!newLine || i == text.length || text[i] != '\'') {
            return false;
        }
        at = i + 1;
        return true;
    }

    private Token escapeString() throws InvalidWhere {
        int start = at;
        at += 2;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            if (at == text.length) {
                throw error("unterminated quoted string", start, at);
            }
            int c = text[at++];
            if (c == '\\' && at < text.length) {
                escape(bytes);
            } else if (c != '\'') {
                addUtf8(c, bytes);
            } else if (peek(0) == '\'') {
                bytes.write('\'');
                at++;
            } else if (!continues()) {
                return new Token(Kind.STRING, decoded(bytes.toByteArray()), start, at);
            }
        }
    }

    private void escape(ByteArrayOutputStream bytes) throws InvalidWhere {
        int c = text[at];
        if (c == 'u' || c == 'U') {
            unicodeEscape(bytes);
        } else if (c >= '0' && c <= '7') {
            bytes.write(digits(8, 3));
        } else if (c == 'x' && Character.digit(ascii(peek(1)), 16) >= 0) {
            at++;
            bytes.write(digits(16, 2));
        } else {
            at++;
            addUtf8(unescaped(c), bytes);
        }
    }

    private static int unescaped(int c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> c;
        };
    }

    private void unicodeEscape(ByteArrayOutputStream bytes) throws InvalidWhere {
        int start = at - 1;
        long value = unicodeDigits(start);
        if (value >= Character.MIN_HIGH_SURROGATE && value <= Character.MAX_HIGH_SURROGATE) {
            int second = at;
            if (peek(0) != '\\' || (peek(1) != 'u' && peek(1) != 'U')) {
                throw error("invalid Unicode surrogate pair", second, Math.min(second + 1, text.length));
            }
            at++;
            long low = unicodeDigits(second);
            if (low < Character.MIN_LOW_SURROGATE || low > Character.MAX_LOW_SURROGATE) {
                throw error("invalid Unicode surrogate pair", second, at);
            }
            value = Character.toCodePoint((char) value, (char) low);
        } else if (value >= Character.MIN_LOW_SURROGATE && value <= Character.MAX_LOW_SURROGATE) {
            throw error("invalid Unicode surrogate pair", start, at);
        }
        if (value == 0 || value > Character.MAX_CODE_POINT) {
            throw error("invalid Unicode escape value", start, at);
        }
        addUtf8((int) value, bytes);
    }

    /** Reads {@code uXXXX} or {@code UXXXXXXXX}. */
    private long unicodeDigits(int escapeStart) throws InvalidWhere {
        int count = text[at] == 'u' ? 4 : 8;
        at++;
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = Character.digit(ascii(peek(0)), 16);
            if (digit < 0) {
                throw errorWithoutText("invalid Unicode escape", escapeStart);
            }
            value = (value << 4) | digit;
            at++;
        }
        return value;
    }

    private int digits(int radix, int most) {
        int value = 0;
        for (int i = 0; i < most; i++) {
            int digit = Character.digit(ascii(peek(0)), radix);
            if (digit < 0) {
                break;
            }
            value = value * radix + digit;
            at++;
        }
        return value;
    }

    /** Escapes can write any byte, so what they wrote may not be UTF-8. */
    private static String decoded(byte[] bytes) throws InvalidWhere {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean malformed = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(in, out, true)
                .isError();
        String value = out.flip().toString();
        int zero = value.indexOf('\0');
        if (!malformed && zero < 0) {
            return value;
        }
        int bad = zero < 0 ? in.position() : value.substring(0, zero).getBytes(StandardCharsets.UTF_8).length;
        StringBuilder sequence = new StringBuilder();
        for (int i = bad; i < Math.min(bad + utf8Length(bytes[bad]), bytes.length); i++) {
            sequence.append(" 0x").append(Character.forDigit((bytes[i] >> 4) & 0xF, 16));
            sequence.append(Character.forDigit(bytes[i] & 0xF, 16));
        }
        throw InvalidWhere.because("invalid byte sequence for encoding \"UTF8\":" + sequence);
    }

    /** As the first byte promises. */
    private static int utf8Length(byte first) {
        if ((first & 0xE0) == 0xC0) {
            return 2;
        }
        if ((first & 0xF0) == 0xE0) {
            return 3;
        }
        return (first & 0xF8) == 0xF0 ? 4 : 1;
    }

    private static void addUtf8(int c, ByteArrayOutputStream bytes) {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
    }

    /** A parameter, a dollar-quoted string, or a dollar. */
    private Token dollar() throws InvalidWhere {
        int start = at;
        if (isDigit(peek(1))) {
            return parameter();
        }
        int end = start + 1;
        while (end < text.length
                && text[end] != '$'
                && isNamePart(text[end])
                && !(end == start + 1 && isDigit(text[end]))) {
            end++;
        }
        if (end == text.length || text[end] != '$') {
            return symbol(1);
        }
        int length = end + 1 - start;
        for (int i = end + 1; i + length <= text.length; i++) {
            if (text[i] == '$' && isSame(start, i, length)) {
                at = i + length;
                return new Token(Kind.STRING, string(end + 1, i), start, at);
            }
        }
        throw error("unterminated dollar-quoted string", start, text.length);
    }

    private boolean isSame(int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            if (text[a + i] != text[b + i]) {
                return false;
            }
        }
        return true;
    }

    private Token parameter() throws InvalidWhere {
        int start = at++;
        while (isDigit(peek(0))) {
            at++;
        }
        if (isNameStart(peek(0))) {
            throw error("trailing junk after parameter", start, at + 1);
        }
        BigInteger number = new BigInteger(string(start + 1, at));
        if (number.compareTo(MAX_INT4) > 0) {
            throw error("parameter number too large", start, at);
        }
        return new Token(Kind.PARAMETER, number.toString(), start, at);
    }

    private Token number() throws InvalidWhere {
        int start = at;
        int radix = text[at] == '0' ? radix(peek(1)) : 10;
        if (radix != 10) {
            return integer(start, radix);
        }
        skipDigits(10);
        boolean whole = true;
        if (peek(0) == '.' && peek(1) != '.') {
            whole = false;
            at++;
            if (isDigit(peek(0))) {
                skipDigits(10);
            }
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            whole = false;
            boolean signed = peek(1) == '+' || peek(1) == '-';
            if (isDigit(peek(signed ? 2 : 1))) {
                at += signed ? 2 : 1;
                skipDigits(10);
            } else if (signed) {
                throw error("trailing junk after numeric literal", start, at + 2);
            }
        }
        refuseJunk(start);
        String digits = string(start, at).replace("_", "");
        return whole ? integer(start, new BigInteger(digits)) : new Token(Kind.NUMBER, digits, start, at);
    }

    private static int radix(int letter) {
        return switch (letter) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private Token integer(int start, int radix) throws InvalidWhere {
        at += 2;
        skipDigits(radix);
        if (at == start + 2) {
            String name = radix == 16 ? "hexadecimal" : radix == 8 ? "octal" : "binary";
            throw error("invalid " + name + " integer", start, peek(0) == '_' ? at + 1 : at);
        }
        refuseJunk(start);
        return integer(start, new BigInteger(string(start + 2, at).replace("_", ""), radix));
    }

    private Token integer(int start, BigInteger value) {
        Kind kind = value.compareTo(MAX_INT4) > 0 ? Kind.NUMBER : Kind.INTEGER;
        return new Token(kind, value.toString(), start, at);
    }

    /** One underscore is allowed before each digit but the first decimal one. */
    private void skipDigits(int radix) {
        while (true) {
            if (Character.digit(ascii(peek(0)), radix) >= 0) {
                at++;
            } else if (peek(0) == '_' && Character.digit(ascii(peek(1)), radix) >= 0) {
                at += 2;
            } else {
                return;
            }
        }
    }

    private void refuseJunk(int start) throws InvalidWhere {
        if (isNameStart(peek(0))) {
            throw error("trailing junk after numeric literal", start, at + 1);
        }
    }

    private Token colon() {
        return symbol(peek(1) == ':' || peek(1) == '=' ? 2 : 1);
    }

    private Token symbol(int length) {
        int start = at;
        at += length;
        return new Token(Kind.SYMBOL, string(start, at), start, at);
    }

    private Token operator() throws InvalidWhere {
        int start = at;
        int end = start + 1;
        while (end < text.length && isOperator(text[end]) && !isCommentStart(end)) {
            end++;
        }
        if (isSign(text[end - 1]) && !mayEndInSign(start, end)) {
            while (end > start + 1 && isSign(text[end - 1])) {
                end--;
            }
        }
        at = end;
        String operator = string(start, end);
        if (operator.length() > MAX_NAME_BYTES) {
            throw error("operator too long", start, end);
        }
        return switch (operator) {
            case "!=" -> new Token(Kind.SYMBOL, "<>", start, end);
            case "<>", "<=", ">=", "=>" -> new Token(Kind.SYMBOL, operator, start, end);
            default -> {
                boolean single = operator.length() == 1 && SINGLES.contains(operator);
                yield new Token(single ? Kind.SYMBOL : Kind.OPERATOR, operator, start, end);
            }
        };
    }

    private boolean isCommentStart(int i) {
        return i + 1 < text.length
                && ((text[i] == '/' && text[i + 1] == '*') || (text[i] == '-' && text[i + 1] == '-'));
    }

    private boolean mayEndInSign(int from, int to) {
        for (int i = from; i < to - 1; i++) {
            if (NOT_IN_STANDARD_OPERATORS.indexOf(text[i]) >= 0) {
                return true;
            }
        }
        return false;
    }

    private int endOfLine(int from) {
        int i = from;
        while (i < text.length && !isNewLine(text[i])) {
            i++;
        }
        return i;
    }

    /** -1 behind the end. */
    private int peek(int ahead) {
        return at + ahead < text.length ? text[at + ahead] : -1;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from);
    }

    /** Other scripts have digits too, which are none to Postgres. */
    private static int ascii(int c) {
        return c < 0x80 ? c : -1;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isNewLine(int c) {
        return c == '\n' || c == '\r';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSign(int c) {
        return c == '+' || c == '-';
    }

    private static boolean isOperator(int c) {
        return OPERATOR_CHARACTERS.indexOf(c) >= 0;
    }

    private static boolean isNameStart(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isNamePart(int c) {
        return isNameStart(c) || isDigit(c) || c == '$';
    }
}
