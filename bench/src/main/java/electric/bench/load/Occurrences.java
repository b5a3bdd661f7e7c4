package electric.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Counts how often some bytes occur in others that come in parts. */
final class Occurrences {
    private final byte[] sought;
    private int matched;
    private long seen;

    /** @param sought its first character must not occur in it again */
    Occurrences(String sought) {
        this.sought = sought.getBytes(StandardCharsets.US_ASCII);
    }

    void count(ByteBuf part) {
        int end = part.writerIndex();
        for (int at = part.readerIndex(); at < end; ) {
            if (matched == 0) {
                at = part.indexOf(at, end, sought[0]);
                if (at < 0) {
                    return;
                }
            }
            byte b = part.getByte(at);
            matched = b == sought[matched] ? matched + 1 : b == sought[0] ? 1 : 0;
            if (matched == sought.length) {
                seen++;
                matched = 0;
            }
            at++;
        }
    }

    long seen() {
        return seen;
    }
}
