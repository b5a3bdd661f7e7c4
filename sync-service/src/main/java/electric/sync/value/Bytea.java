package electric.sync.value;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
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

    public static byte[] substring(byte[] value, long start) {
        return between(value, start - 1, Integer.MAX_VALUE);
    }

    public static byte[] substring(byte[] value, long start, long length) {
        if (length < 0) {
            throw Characters.negativeLength();
        }
        return between(value, start - 1, start - 1 + length);
    }

    private static byte[] between(byte[] value, long from, long to) {
        int first = Math.clamp(from, 0, value.length);
        return Arrays.copyOfRange(value, first, Math.clamp(to, first, value.length));
    }

    public static byte[] overlay(byte[] value, byte[] part, long start, long length) {
        if (start <= 0) {
            throw Characters.negativeLength();
        }
        if (start + length > Integer.MAX_VALUE) {
            throw InvalidValue.outOfRange("integer");
        }
        return concatenate(
                concatenate(between(value, 0, start - 1), part), between(value, start - 1 + length, Integer.MAX_VALUE));
    }

    /** 0 for a part that is not there. */
    public static long position(byte[] value, byte[] part) {
        for (int at = 0; at <= value.length - part.length; at++) {
            if (Arrays.equals(value, at, at + part.length, part, 0, part.length)) {
                return at + 1L;
            }
        }
        return 0;
    }

    public static byte[] trimLeft(byte[] value, byte[] unwanted) {
        int from = 0;
        while (from < value.length && contains(unwanted, value[from])) {
            from++;
        }
        return Arrays.copyOfRange(value, from, value.length);
    }

    public static byte[] trimRight(byte[] value, byte[] unwanted) {
        int to = value.length;
        while (to > 0 && contains(unwanted, value[to - 1])) {
            to--;
        }
        return Arrays.copyOf(value, to);
    }

    public static byte[] trim(byte[] value, byte[] unwanted) {
        return trimRight(trimLeft(value, unwanted), unwanted);
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    public static long byteAt(byte[] value, long index) {
        return value[checked(index, value.length)] & 0xFF;
    }

    /** Counted from the lowest bit of the first byte. */
    public static long bitAt(byte[] value, long index) {
        checked(index, value.length * 8L);
        return value[(int) (index / 8)] >> (index % 8) & 1;
    }

    private static int checked(long index, long length) {
        if (index < 0 || index >= length) {
            throw InvalidValue.of("2202E", "index " + index + " out of valid range, 0.." + (length - 1));
        }
        return (int) index;
    }

    public static byte[] withByteAt(byte[] value, long index, long replacement) {
        byte[] changed = value.clone();
        changed[checked(index, value.length)] = (byte) replacement;
        return changed;
    }

    public static long bitCount(byte[] value) {
        long count = 0;
        for (byte b : value) {
            count += Integer.bitCount(b & 0xFF);
        }
        return count;
    }

    /** As {@code md5} and {@code sha256} and their like. */
    public static byte[] digest(byte[] value, String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(value);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has " + algorithm, missing);
        }
    }

    public static String md5(byte[] value) {
        return HexFormat.of().formatHex(digest(value, "MD5"));
    }

    public static String encode(byte[] value, String format) {
        return switch (Blanks.lower(format)) {
            case "hex" -> HexFormat.of().formatHex(value);
            case "base64" -> Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(value);
            default -> throw otherFormat();
        };
    }

    public static byte[] decode(String text, String format) {
        if (!Blanks.lower(format).equals("hex")) {
            throw otherFormat();
        }
        return hexadecimal("\\x" + text);
    }

    private static NotExact otherFormat() {
        return new NotExact("bytes as text in another format than hex and base64");
    }
}
