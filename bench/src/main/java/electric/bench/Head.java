package electric.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The head of an answer, where it was received: looked at, not copied. Header names are expected in lower case. */
final class Head {
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final ByteBuf bytes;
    private final int start;
    private final int end;

    Head(ByteBuf bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** Behind the empty line that ends a head; negative when it has not arrived. */
    static int end(ByteBuf in) {
        int from = in.readerIndex();
        int to = in.writerIndex();
        while (true) {
            int lineBreak = in.indexOf(from, to, (byte) '\n');
            if (lineBreak < 0) {
                return -1;
            }
            if (lineBreak >= 3 && in.getByte(lineBreak - 2) == '\n') {
                return lineBreak + 1;
            }
            from = lineBreak + 1;
        }
    }

    int status() {
        return Integer.parseInt(bytes.toString(start + STATUS_AT, 3, StandardCharsets.US_ASCII));
    }

    boolean isOk() {
        return bytes.getByte(start + STATUS_AT) == '2';
    }

    boolean has(String name) {
        return valueAt(name) >= 0;
    }

    boolean is(String name, String value) {
        int at = valueAt(name);
        return at >= 0 && matches(at, value) && bytes.getByte(at + value.length()) == '\r';
    }

    @Nullable
    String value(String name) {
        int at = valueAt(name);
        return at < 0 ? null : bytes.toString(at, endOfLine(at) - at, StandardCharsets.UTF_8);
    }

    /** Appends the value of a header; whether there is one. */
    boolean copy(String name, ByteBuf to) {
        int at = valueAt(name);
        if (at < 0) {
            return false;
        }
        to.writeBytes(bytes, at, endOfLine(at) - at);
        return true;
    }

    private int endOfLine(int from) {
        return bytes.indexOf(from, end, (byte) '\n') - 1;
    }

    /** Where the value of a header begins; negative when there is none. */
    private int valueAt(String name) {
        int line = bytes.indexOf(start, end, (byte) '\n') + 1;
        while (line < end) {
            int behind = line + name.length();
            if (behind < end && bytes.getByte(behind) == ':' && matches(line, name)) {
                int at = behind + 1;
                while (bytes.getByte(at) == ' ') {
                    at++;
                }
                return at;
            }
            line = bytes.indexOf(line, end, (byte) '\n') + 1;
        }
        return -1;
    }

    private boolean matches(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            int b = bytes.getByte(at + i);
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
