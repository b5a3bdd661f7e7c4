package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The head of an answer, copied to where it can be looked at quickly. Names are asked for in lower case. */
final class Head {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int USUAL_BYTES = 2048;
    private static final int MAX_BYTES = 1 << 17;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int[] lines = new int[64];
    private int count;

    /** Takes the head that some bytes begin with. @return how long it is; negative when it has not arrived whole */
    int read(ByteBuf in) throws IOException {
        int readable = in.readableBytes();
        for (int n = USUAL_BYTES; ; n *= 2) {
            if (n > MAX_BYTES) {
                throw new IOException("the head of an answer does not end");
            }
            int have = Math.min(n, readable);
            if (bytes.length < have) {
                bytes = new byte[n];
            }
            in.getBytes(in.readerIndex(), bytes, 0, have);
            int length = findLines(have);
            if (length >= 0 || have == readable) {
                return length;
            }
        }
    }

    private int findLines(int end) {
        count = 0;
        int line = 0;
        for (int at = 0; at < end; at++) {
            if (bytes[at] != '\n') {
                continue;
            }
            if (at - line <= 1) {
                return at + 1;
            }
            if (count == lines.length) {
                lines = Arrays.copyOf(lines, 2 * count);
            }
            line = at + 1;
            lines[count++] = line;
        }
        return -1;
    }

    int status() {
        return Integer.parseInt(new String(bytes, STATUS_AT, 3, StandardCharsets.US_ASCII));
    }

    boolean isOk() {
        return bytes[STATUS_AT] == '2';
    }

    boolean has(String name) {
        return valueAt(name) >= 0;
    }

    boolean is(String name, String value) {
        int at = valueAt(name);
        return at >= 0 && matches(at, value) && bytes[at + value.length()] == '\r';
    }

    @Nullable
    String value(String name) {
        int at = valueAt(name);
        return at < 0 ? null : new String(bytes, at, endOfLine(at) - at, StandardCharsets.UTF_8);
    }

    /** A number of decimal digits; negative when there is no such header. */
    long number(String name) {
        int at = valueAt(name);
        if (at < 0) {
            return -1;
        }
        long number = 0;
        for (; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }

    /** Puts the value of a header into an array. @return behind it; where it would have begun when there is none */
    int copy(String name, byte[] to, int index) {
        int at = valueAt(name);
        if (at < 0) {
            return index;
        }
        int length = endOfLine(at) - at;
        System.arraycopy(bytes, at, to, index, length);
        return index + length;
    }

    private int endOfLine(int from) {
        int at = from;
        while (bytes[at] != '\r' && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Where the value of a header begins; negative when there is none. */
    private int valueAt(String name) {
        for (int i = 0; i < count; i++) {
            int behind = lines[i] + name.length();
            if (behind < bytes.length && bytes[behind] == ':' && matches(lines[i], name)) {
                int at = behind + 1;
                while (bytes[at] == ' ') {
                    at++;
                }
                return at;
            }
        }
        return -1;
    }

    private boolean matches(int at, String text) {
        if (at + text.length() > bytes.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            int b = bytes[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
