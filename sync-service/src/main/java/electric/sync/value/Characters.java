package electric.sync.value;

/** What Postgres's functions of text do, counting in code points from 1. Collations have no part in it. */
public final class Characters {
    /** Postgres would go up to a gigabyte; a filter may not. */
    private static final int LONGEST_RESULT = 1 << 20;

    private Characters() {}

    public static long length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static void bound(long characters) {
        if (characters > LONGEST_RESULT) {
            throw new NotExact("a text of more characters than a filter may make");
        }
    }

    /** Characters {@code from} to {@code to}, both from 0, the last one excluded; what lies outside is not there. */
    private static String between(String text, long from, long to) {
        int length = (int) length(text);
        int first = Math.clamp(from, 0, length);
        int last = Math.clamp(to, first, length);
        return text.substring(text.offsetByCodePoints(0, first), text.offsetByCodePoints(0, last));
    }

    public static String substring(String text, long start) {
        return between(text, start - 1, Integer.MAX_VALUE);
    }

    public static String substring(String text, long start, long length) {
        if (length < 0) {
            throw negativeLength();
        }
        return between(text, start - 1, start - 1 + length);
    }

    static InvalidValue negativeLength() {
        return InvalidValue.of("22011", "negative substring length not allowed");
    }

    /** Without the last ones where the count is negative. */
    public static String left(String text, long count) {
        return between(text, 0, count < 0 ? length(text) + count : count);
    }

    /** Without the first ones where the count is negative. */
    public static String right(String text, long count) {
        if (count == Integer.MIN_VALUE) {
            throw new NotExact("the count has no opposite");
        }
        return between(text, count < 0 ? -count : length(text) - count, Integer.MAX_VALUE);
    }

    /** 0 for a part that is not there. */
    public static long position(String text, String part) {
        int at = text.indexOf(part);
        return at < 0 ? 0 : text.codePointCount(0, at) + 1L;
    }

    public static String trimLeft(String text, String characters) {
        int at = 0;
        while (at < text.length() && characters.indexOf(text.codePointAt(at)) >= 0) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(at);
    }

    public static String trimRight(String text, String characters) {
        int end = text.length();
        while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    public static String trim(String text, String characters) {
        return trimRight(trimLeft(text, characters), characters);
    }

    public static String padLeft(String text, long length, String fill) {
        return padding(text, length, fill) + left(text, Math.max(length, 0));
    }

    public static String padRight(String text, long length, String fill) {
        return left(text, Math.max(length, 0)) + padding(text, length, fill);
    }

    private static String padding(String text, long length, String fill) {
        long missing = length - length(text);
        if (missing <= 0 || fill.isEmpty()) {
            return "";
        }
        bound(length);
        return between(fill.repeat((int) (missing / length(fill)) + 1), 0, missing);
    }

    public static String repeat(String text, long times) {
        if (times <= 0) {
            return "";
        }
        bound(text.length() * times);
        return text.repeat((int) times);
    }

    public static String replace(String text, String from, String to) {
        if (from.isEmpty()) {
            return text;
        }
        if (to.length() > from.length()) {
            long most = text.length() / from.length();
            bound(text.length() + most * (to.length() - from.length()));
        }
        return text.replace(from, to);
    }

    /** Each character by its counterpart; one without a counterpart is dropped. */
    public static String translate(String text, String from, String to) {
        int[] originals = from.codePoints().toArray();
        int[] replacements = to.codePoints().toArray();
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            int at = 0;
            while (at < originals.length && originals[at] != character) {
                at++;
            }
            if (at == originals.length) {
                result.appendCodePoint(character);
            } else if (at < replacements.length) {
                result.appendCodePoint(replacements[at]);
            }
        });
        return result.toString();
    }

    public static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    /** A field of a text, from 1, or from the end with -1; empty where there is none. */
    public static String field(String text, String separator, long number) {
        if (number == 0) {
            throw InvalidValue.of("22023", "field position must not be zero");
        }
        if (separator.isEmpty()) {
            return Math.abs(number) == 1 ? text : "";
        }
        long wanted = number > 0 ? number : fields(text, separator) + number + 1;
        int from = 0;
        for (long field = 1; field <= wanted; field++) {
            int end = text.indexOf(separator, from);
            if (field == wanted) {
                return text.substring(from, end < 0 ? text.length() : end);
            }
            if (end < 0) {
                return "";
            }
            from = end + separator.length();
        }
        return "";
    }

    private static long fields(String text, String separator) {
        long count = 1;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length())) {
            count++;
        }
        return count;
    }

    public static String overlay(String text, String part, long start, long length) {
        if (start <= 0) {
            throw negativeLength();
        }
        if (start + length > Integer.MAX_VALUE) {
            throw InvalidValue.outOfRange("integer");
        }
        return between(text, 0, start - 1) + part + between(text, start - 1 + length, Integer.MAX_VALUE);
    }

    /** The code point of the first character; 0 where there is none. */
    public static long code(String text) {
        return text.isEmpty() ? 0 : text.codePointAt(0);
    }

    public static String ofCode(long code) {
        if (code < 0) {
            throw InvalidValue.of("54000", "character number must be positive");
        }
        if (code == 0) {
            throw InvalidValue.of("54000", "null character not permitted");
        }
        if (code > Character.MAX_CODE_POINT) {
            throw InvalidValue.of("54000", "requested character too large for encoding: " + code);
        }
        if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
            throw InvalidValue.of("54000", "requested character not valid for encoding: " + code);
        }
        return Character.toString((int) code);
    }

    /** As a literal of SQL. */
    public static String quoted(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    /** A pattern of LIKE with another escape character than the backslash, written with the backslash. */
    public static String likeEscape(String pattern, String escape) {
        if (escape.isEmpty()) {
            return pattern.replace("\\", "\\\\");
        }
        if (length(escape) != 1) {
            throw InvalidValue.of("22025", "invalid escape string");
        }
        int wanted = escape.codePointAt(0);
        if (wanted == '\\') {
            return pattern;
        }
        StringBuilder result = new StringBuilder();
        boolean escaped = false;
        for (int character : pattern.codePoints().toArray()) {
            if (character == wanted && !escaped) {
                result.append('\\');
                escaped = true;
                continue;
            }
            if (character == '\\' && !escaped) {
                result.append('\\');
            }
            result.appendCodePoint(character);
            escaped = false;
        }
        return result.toString();
    }

    /** The length of a modifier of {@code varchar} or {@code char}, from Postgres's code; none where below 0. */
    private static long limit(long modifier) {
        return modifier - 4;
    }

    /** As a cast to {@code varchar(n)}: an explicit one drops what is too much, any other drops blanks only. */
    public static String varchar(String text, long modifier, boolean explicit) {
        long limit = limit(modifier);
        if (limit < 0 || length(text) <= limit) {
            return text;
        }
        if (!explicit) {
            dropsBlanksOnly(text, limit, "character varying");
        }
        return between(text, 0, limit);
    }

    /** As a cast to {@code char(n)}. */
    public static String bpchar(String text, long modifier, boolean explicit) {
        long limit = limit(modifier);
        if (limit < 0) {
            return text;
        }
        if (!explicit && length(text) > limit) {
            dropsBlanksOnly(text, limit, "character");
        }
        bound(limit);
        return Text.bpchar(text, (int) limit);
    }

    private static void dropsBlanksOnly(String text, long limit, String type) {
        if (!Text.trim(between(text, limit, Integer.MAX_VALUE)).isEmpty()) {
            throw InvalidValue.of("22001", "value too long for type " + type + "(" + limit + ")");
        }
    }
}
