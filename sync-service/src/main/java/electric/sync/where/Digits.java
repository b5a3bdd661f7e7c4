package electric.sync.where;

import electric.sync.value.Numeric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many digits the long numbers among the constants of a filter have in all. Calculating takes more than in proportion to them, once for the
 * filter and then for every row, and a few characters can stand for very many.
 */
final class Digits {
    private static final long MOST = 20_000;

    /** Numbers of fewer digits do not count. */
    private static final long FEW = 200;

    private long sum;

    /** Before it is read as a number, or as something with numbers in it. */
    void read(Type type, String text, int position) throws InvalidWhere {
        Type each = type instanceof Type.Array array ? array.element() : type;
        if (each.equals(Types.NUMERIC) || each.equals(Types.JSONB)) {
            add(of(text), position);
        }
    }

    /** Before something is calculated of it. */
    void calculateWith(List<? extends @Nullable Object> values, Type result, int position) throws InvalidWhere {
        for (Object value : values) {
            if (value instanceof Numeric number) {
                add(number.digits(), position);
            } else if (value instanceof String text) {
                read(result, text, position);
            }
        }
    }

    private void add(long digits, int position) throws InvalidWhere {
        sum += digits < FEW ? 0 : digits;
        if (sum > MOST) {
            throw InvalidWhere.at(
                    position, "the long numbers in this filter have more than " + MOST + " digits in all");
        }
    }

    /** Of all long numbers outside of quotes, exponents taken for what they stand for. */
    private static long of(String text) {
        long all = 0;
        long digits = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!quoted && isDigit(c)) {
                digits++;
            } else if (!quoted && (c == 'e' || c == 'E') && digits > 0) {
                digits += exponent(text, i + 1);
            } else if (c != '.' && c != '_' && c != '+' && c != '-') {
                all += digits < FEW ? 0 : digits;
                digits = 0;
                quoted ^= c == '"';
                i += c == '\\' ? 1 : 0;
            }
        }
        return all + (digits < FEW ? 0 : digits);
    }

    private static long exponent(String text, int from) {
        int at = from < text.length() && (text.charAt(from) == '+' || text.charAt(from) == '-') ? from + 1 : from;
        long exponent = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && exponent <= MOST) {
            exponent = exponent * 10 + (text.charAt(at) - '0');
            at++;
        }
        return exponent;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
