package electric.sync.value;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** bytea: bytes, ordered as unsigned. */
public final class Bytea {
    private Bytea() {}

    /** Of Postgres's output in hexadecimal. */
    public static byte[] parse(byte[] bytes, int from, int length) {
        if (length < 2 || length % 2 != 0 || bytes[from] != '\\' || bytes[from + 1] != 'x') {
            throw Output.unreadable("bytea");
        }
        byte[] value = new byte[length / 2 - 1];
        for (int i = 0; i < value.length; i++) {
            int high = Character.digit(bytes[from + 2 + 2 * i], 16);
            int low = Character.digit(bytes[from + 3 + 2 * i], 16);
            if (high < 0 || low < 0) {
                throw Output.unreadable("bytea");
            }
            value[i] = (byte) (high << 4 | low);
        }
        return value;
    }

    public static byte[] input(String literal) {
        return literal.startsWith("\\x") ? hexadecimal(literal) : escaped(literal);
    }

    private static byte[] hexadecimal(String literal) {
        ByteArrayOutputStream value = new ByteArrayOutputStream(literal.length() / 2);
        int at = 2;
        while (at < literal.length()) {
            char c = literal.charAt(at);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                at++;
                continue;
            }
            int high = digit(literal, at);
            if (at + 1 == literal.length()) {
                throw InvalidValue.of("22023", "invalid hexadecimal data: odd number of digits");
            }
            value.write(high << 4 | digit(literal, at + 1));
            at += 2;
        }
        return value.toByteArray();
    }

    private static int digit(String literal, int at) {
        int digit = literal.charAt(at) < 128 ? Character.digit(literal.charAt(at), 16) : -1;
        if (digit < 0) {
            String bad =
                    new StringBuilder().appendCodePoint(literal.codePointAt(at)).toString();
            throw InvalidValue.of("22023", "invalid hexadecimal digit: \"" + bad + "\"");
        }
        return digit;
    }

    /** A backslash before three octal digits or another backslash; anything else is itself. */
    private static byte[] escaped(String literal) {
        byte[] text = literal.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream value = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\\') {
                value.write(text[i]);
            } else if (i + 1 < text.length && text[i + 1] == '\\') {
                value.write('\\');
                i++;
            } else if (i + 3 < text.length
                    && isOctal(text[i + 1], '3')
                    && isOctal(text[i + 2], '7')
                    && isOctal(text[i + 3], '7')) {
                value.write((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 | (text[i + 3] - '0'));
                i += 3;
            } else {
                throw InvalidValue.of("22P02", "invalid input syntax for type bytea");
            }
        }
        return value.toByteArray();
    }

    private static boolean isOctal(byte b, char highest) {
        return b >= '0' && b <= highest;
    }

    public static String print(byte[] value) {
        return "\\x" + HexFormat.of().formatHex(value);
    }

    public static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }

    public static byte[] concatenate(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
