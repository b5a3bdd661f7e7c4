package electric.sync.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * text, varchar, bpchar and name as UTF-8. Equality is of bytes in every deterministic collation; the order is that of the
 * collations {@code C}, {@code POSIX}, {@code C.UTF-8} and their like, and of no other.
 */
public final class Text {
    private Text() {}

    /** The order of code points, which is that of the UTF-8 bytes and not that of Java's strings. */
    public static int compare(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
        return Arrays.compareUnsigned(a, aFrom, aFrom + aLength, b, bFrom, bFrom + bLength);
    }

    /** The order of code points. */
    public static int compare(String a, String b) {
        return Arrays.compareUnsigned(utf8(a), utf8(b));
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The length of a bpchar without the blanks it is padded with, which neither compare nor count. */
    public static int trimmedLength(byte[] bytes, int from, int length) {
        int end = from + length;
        while (end > from && bytes[end - 1] == ' ') {
            end--;
        }
        return end - from;
    }

    /** A bpchar as text: without its trailing blanks. */
    public static String trim(String padded) {
        int end = padded.length();
        while (end > 0 && padded.charAt(end - 1) == ' ') {
            end--;
        }
        return padded.substring(0, end);
    }

    /** An explicit cast to {@code varchar(characters)}: the rest is dropped in silence. */
    public static String varchar(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters));
    }

    /** An explicit cast to {@code char(characters)}: cut or padded to that length. */
    public static String bpchar(String text, int characters) {
        int length = text.codePointCount(0, text.length());
        return length < characters ? text + " ".repeat(characters - length) : varchar(text, characters);
    }

    /** A cast to {@code name}: at most 63 bytes, whole characters. */
    public static String name(String text) {
        byte[] bytes = utf8(text);
        if (bytes.length < 64) {
            return text;
        }
        int end = 63;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Output.text(bytes, 0, end);
    }
}
