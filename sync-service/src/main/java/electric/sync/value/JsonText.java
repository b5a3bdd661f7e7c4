package electric.sync.value;

import java.util.ArrayList;
import java.util.List;

/** The text form of JSON as Postgres reads it. What the parts become is the maker's. */
final class JsonText<T> {
    /** Postgres's own bound is its stack. Nobody's data is so deep, and ours is not large enough for more. */
    private static final int DEEPEST = 500;

    /** Makes values of what is read between two places of the text. */
    interface Maker<T> {
        T nothing(int from, int to);

        T bool(boolean value, int from, int to);

        T number(String digits, int from, int to);

        T string(String value, int from, int to);

        T array(List<T> elements, int from, int to);

        /** Keys as often as they occur. */
        T object(List<String> keys, List<T> values, int from, int to);
    }

    private final String literal;
    private final Maker<T> maker;
    private int at;

    private JsonText(String literal, Maker<T> maker) {
        this.literal = literal;
        this.maker = maker;
    }

    static <T> T read(String literal, Maker<T> maker) {
        JsonText<T> text = new JsonText<>(literal, maker);
        T value = text.value(0);
        text.skipBlanks();
        if (text.at < literal.length()) {
            throw text.malformed();
        }
        return value;
    }

    private InvalidValue malformed() {
        return InvalidValue.of("22P02", "invalid input syntax for type json");
    }

    private void skipBlanks() {
        while (at < literal.length() && " \t\n\r".indexOf(literal.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() {
        skipBlanks();
        if (at == literal.length()) {
            throw malformed();
        }
        return literal.charAt(at);
    }

    private T value(int depth) {
        if (depth == DEEPEST) {
            throw new NotExact("a JSON value nested so deeply");
        }
        char c = next();
        int from = at;
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> maker.string(string(), from, at);
            case 't' -> {
                word("true");
                yield maker.bool(true, from, at);
            }
            case 'f' -> {
                word("false");
                yield maker.bool(false, from, at);
            }
            case 'n' -> {
                word("null");
                yield maker.nothing(from, at);
            }
            default -> {
                number();
                yield maker.number(literal.substring(from, at), from, at);
            }
        };
    }

    private void word(String word) {
        if (!literal.startsWith(word, at)) {
            throw malformed();
        }
        at += word.length();
        refuseMore();
    }

    /** A word or a number must not go on. */
    private void refuseMore() {
        if (at < literal.length()) {
            char c = literal.charAt(at);
            if (Blanks.isLetter(c) || Blanks.isDigit(c) || c == '_' || c >= 128) {
                throw malformed();
            }
        }
    }

    private void number() {
        if (literal.charAt(at) == '-') {
            at++;
        }
        if (at < literal.length() && literal.charAt(at) == '0') {
            at++;
        } else {
            digits();
        }
        if (at < literal.length() && literal.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < literal.length() && (literal.charAt(at) == 'e' || literal.charAt(at) == 'E')) {
            at++;
            if (at < literal.length() && (literal.charAt(at) == '+' || literal.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
        refuseMore();
    }

    private void digits() {
        int from = at;
        while (at < literal.length() && Blanks.isDigit(literal.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw malformed();
        }
    }

    private String string() {
        at++;
        StringBuilder text = new StringBuilder();
        while (true) {
            if (at == literal.length()) {
                throw malformed();
            }
            char c = literal.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            if (c < ' ') {
                throw malformed();
            }
            if (c == '\\') {
                escape(text);
            } else {
                text.append(c);
            }
        }
    }

    private void escape(StringBuilder text) {
        if (at == literal.length()) {
            throw malformed();
        }
        char c = literal.charAt(at++);
        switch (c) {
            case '"', '\\', '/' -> text.append(c);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                char unit = unit();
                if (unit == 0) {
                    throw InvalidValue.of("22P05", "unsupported Unicode escape sequence");
                }
                text.append(unit);
                if (Character.isHighSurrogate(unit)) {
                    if (!literal.startsWith("\\u", at)) {
                        throw malformed();
                    }
                    at += 2;
                    char low = unit();
                    if (!Character.isLowSurrogate(low)) {
                        throw malformed();
                    }
                    text.append(low);
                } else if (Character.isLowSurrogate(unit)) {
                    throw malformed();
                }
            }
            default -> throw malformed();
        }
    }

    private char unit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            char c = at < literal.length() ? literal.charAt(at++) : ' ';
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private T array(int depth) {
        int from = at;
        at++;
        List<T> elements = new ArrayList<>();
        if (next() == ']') {
            at++;
            return maker.array(elements, from, at);
        }
        while (true) {
            elements.add(value(depth + 1));
            char c = next();
            at++;
            if (c == ']') {
                return maker.array(elements, from, at);
            }
            if (c != ',') {
                throw malformed();
            }
        }
    }

    private T object(int depth) {
        int from = at;
        at++;
        List<String> keys = new ArrayList<>();
        List<T> values = new ArrayList<>();
        if (next() == '}') {
            at++;
            return maker.object(keys, values, from, at);
        }
        while (true) {
            if (next() != '"') {
                throw malformed();
            }
            keys.add(string());
            if (next() != ':') {
                throw malformed();
            }
            at++;
            values.add(value(depth + 1));
            char c = next();
            at++;
            if (c == '}') {
                return maker.object(keys, values, from, at);
            }
            if (c != ',') {
                throw malformed();
            }
        }
    }
}
