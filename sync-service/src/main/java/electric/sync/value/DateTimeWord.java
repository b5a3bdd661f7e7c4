package electric.sync.value;

import java.util.List;

/** What a date or time literal is cut into, before anything is understood. */
record DateTimeWord(Kind kind, String text) {
    private static final int MOST_WORDS = 25;

    enum Kind {
        /** Digits, or digits, a point and digits. */
        NUMBER,
        /** Parts with {@code -}, {@code /} or {@code .} between them. */
        DATE,
        /** Digits with colons between them, and a fraction. */
        TIME,
        /** A sign and digits: an offset from UTC, or a signed number. */
        SIGNED,
        /** A sign and letters. */
        SIGNED_NAME,
        NAME
    }

    /** Cuts a literal, letters in lower case; {@code refusal} is thrown where it cannot be one. */
    static List<DateTimeWord> cut(String literal, InvalidValue refusal) {
        Cutter cutter = new Cutter(Blanks.lower(literal), refusal);
        List<DateTimeWord> words = new java.util.ArrayList<>();
        while (cutter.hasNext()) {
            if (words.size() == MOST_WORDS) {
                throw refusal;
            }
            words.add(cutter.next());
        }
        return words;
    }

    private static final class Cutter {
        private final String text;
        private final InvalidValue refusal;
        private int at;

        Cutter(String text, InvalidValue refusal) {
            this.text = text;
            this.refusal = refusal;
        }

        /** Blanks and most punctuation only separate. */
        boolean hasNext() {
            while (at < text.length() && (Blanks.isBlank(text.charAt(at)) || isSeparator(text.charAt(at)))) {
                at++;
            }
            return at < text.length();
        }

        private boolean isSeparator(char c) {
            boolean begins = c == '+' || c == '-' || c == '.';
            return c > ' ' && c < 127 && !Blanks.isDigit(c) && !Blanks.isLetter(c) && !begins;
        }

        DateTimeWord next() {
            int from = at;
            char c = text.charAt(at);
            if (Blanks.isDigit(c)) {
                return new DateTimeWord(numeric(), text.substring(from, at));
            }
            if (c == '.') {
                at++;
                digits();
                return new DateTimeWord(Kind.NUMBER, text.substring(from, at));
            }
            if (Blanks.isLetter(c)) {
                return new DateTimeWord(named(), text.substring(from, at));
            }
            if (c == '+' || c == '-') {
                return signed(c);
            }
            throw refusal;
        }

        private Kind numeric() {
            digits();
            if (is(at, ':')) {
                while (isDigit(at) || is(at, ':') || is(at, '.')) {
                    at++;
                }
                return Kind.TIME;
            }
            if (!is(at, '-') && !is(at, '/') && !is(at, '.')) {
                return Kind.NUMBER;
            }
            char delimiter = text.charAt(at);
            at++;
            if (isDigit(at)) {
                digits();
                if (!is(at, delimiter)) {
                    return delimiter == '.' ? Kind.NUMBER : Kind.DATE;
                }
                while (isDigit(at) || is(at, delimiter)) {
                    at++;
                }
                return Kind.DATE;
            }
            while (isLetter(at) || isDigit(at) || is(at, delimiter)) {
                at++;
            }
            return Kind.DATE;
        }

        private Kind named() {
            int from = at;
            while (isLetter(at)) {
                at++;
            }
            boolean joined = is(at, '-') || is(at, '/') || is(at, '.');
            if (!joined && (is(at, '+') || isDigit(at))) {
                joined = !DateTimeLiteral.isWord(text.substring(from, at));
            }
            if (!joined) {
                return Kind.NAME;
            }
            while (isLetter(at) || isDigit(at) || (at < text.length() && "+-/_.:".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            return Kind.DATE;
        }

        private DateTimeWord signed(char sign) {
            at = Blanks.skip(text, at + 1);
            int from = at;
            if (isDigit(at)) {
                while (isDigit(at) || is(at, ':') || is(at, '.') || is(at, '-')) {
                    at++;
                }
                return new DateTimeWord(Kind.SIGNED, sign + text.substring(from, at));
            }
            if (isLetter(at)) {
                while (isLetter(at)) {
                    at++;
                }
                return new DateTimeWord(Kind.SIGNED_NAME, sign + text.substring(from, at));
            }
            throw refusal;
        }

        private void digits() {
            while (isDigit(at)) {
                at++;
            }
        }

        private boolean isDigit(int i) {
            return i < text.length() && Blanks.isDigit(text.charAt(i));
        }

        private boolean isLetter(int i) {
            return i < text.length() && Blanks.isLetter(text.charAt(i));
        }

        private boolean is(int i, char c) {
            return i < text.length() && text.charAt(i) == c;
        }
    }
}
