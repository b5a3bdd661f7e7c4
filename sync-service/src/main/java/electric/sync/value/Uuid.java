package electric.sync.value;

import java.util.UUID;

/** uuid: sixteen unsigned bytes. */
public record Uuid(long high, long low) implements Comparable<Uuid> {

    /** Of Postgres's output: lower case with hyphens, 36 characters. */
    public static Uuid parse(byte[] bytes, int from, int length) {
        if (length != 36) {
            throw Output.unreadable("uuid");
        }
        return new Uuid(parseHigh(bytes, from), parseLow(bytes, from));
    }

    /** The first eight bytes of a 36-character output; with {@link #parseLow}, a uuid without allocation. */
    public static long parseHigh(byte[] bytes, int from) {
        return hex(bytes, from, 8) << 32 | hex(bytes, from + 9, 4) << 16 | hex(bytes, from + 14, 4);
    }

    public static long parseLow(byte[] bytes, int from) {
        return hex(bytes, from + 19, 4) << 48 | hex(bytes, from + 24, 12);
    }

    private static long hex(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                throw Output.unreadable("uuid");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Braces around it and a hyphen after any four digits are allowed, in any case; blanks are not. */
    public static Uuid input(String literal) {
        boolean braces = literal.startsWith("{") && literal.endsWith("}") && literal.length() > 1;
        String inner = braces ? literal.substring(1, literal.length() - 1) : literal;
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            boolean hyphen = c == '-' && digits % 4 == 0 && digits > 0 && digits < 32 && inner.charAt(i - 1) != '-';
            if (hyphen) {
                continue;
            }
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0 || digits == 32) {
                throw InvalidValue.syntax("uuid", literal);
            }
            high = digits < 16 ? high << 4 | digit : high;
            low = digits < 16 ? low : low << 4 | digit;
            digits++;
        }
        if (digits != 32) {
            throw InvalidValue.syntax("uuid", literal);
        }
        return new Uuid(high, low);
    }

    public String print() {
        return new UUID(high, low).toString();
    }

    @Override
    public int compareTo(Uuid other) {
        int highs = Long.compareUnsigned(high, other.high);
        return highs != 0 ? highs : Long.compareUnsigned(low, other.low);
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Uuid";
    }
}
