package electric.sync.shape;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing buffer that JSON is written into. Text arrives as the UTF-8 Postgres sent and is copied in runs; only quotes,
 * backslashes and control characters are rewritten, and eight bytes at a time are checked for them.
 */
final class JsonBytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] bytes;
    private int length;

    JsonBytes(int capacity) {
        bytes = new byte[capacity];
    }

    void clear() {
        length = 0;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(Math.addExact(length, more), (int) Math.min(bytes.length * 2L, 1 << 30)));
        }
    }

    JsonBytes raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    JsonBytes raw(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    JsonBytes raw(byte b) {
        reserve(1);
        bytes[length++] = b;
        return this;
    }

    /** @param number without a sign */
    JsonBytes decimal(long number) {
        reserve(20);
        int digits = 1;
        for (long n = Long.divideUnsigned(number, 10); n != 0; n /= 10) {
            digits++;
        }
        long n = number;
        for (int i = length + digits - 1; i >= length; i--) {
            long tenth = Long.divideUnsigned(n, 10);
            bytes[i] = (byte) ('0' + n - tenth * 10);
            n = tenth;
        }
        length += digits;
        return this;
    }

    /** The inside of a JSON string. */
    JsonBytes text(byte[] source, int from, int count) {
        // Six is the longest an escaped byte becomes; most text needs one.
        reserve(Math.addExact(count, 8));
        int end = from + count;
        int at = from;
        while (at < end) {
            int clean = cleanRun(source, at, end);
            int run = clean - at;
            reserve(run + 6);
            System.arraycopy(source, at, bytes, length, run);
            length += run;
            at = clean;
            if (at < end) {
                escape(source[at++]);
            }
        }
        return this;
    }

    /**
     * The inside of a JSON string that is one part of a row key: as {@link #text}, with every slash doubled so that it
     * cannot be taken for the separator of parts.
     */
    JsonBytes keyText(byte[] source, int from, int count) {
        int end = from + count;
        int start = from;
        for (int i = from; i < end; i++) {
            if (source[i] == '/') {
                text(source, start, i - start + 1);
                raw((byte) '/');
                start = i + 1;
            }
        }
        return text(source, start, end - start);
    }

    private static int cleanRun(byte[] source, int from, int end) {
        int at = from;
        while (at + 8 <= end) {
            long word = (long) LONGS.get(source, at);
            long quote = word ^ (ONES * '"');
            long backslash = word ^ (ONES * '\\');
            // Each term has a byte's high bit set where that byte is below 0x20, a quote, or a backslash.
            long special =
                    (((word - ONES * 0x20) & ~word) | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash))
                            & HIGH;
            if (special != 0) {
                // A borrow can only mark bytes above the first one marked, so the lowest is exact.
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
            at += 8;
        }
        while (at < end) {
            byte b = source[at];
            if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
                return at;
            }
            at++;
        }
        return end;
    }

    private void escape(byte b) {
        bytes[length++] = '\\';
        switch (b) {
            case '"', '\\' -> bytes[length++] = b;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >>> 4];
                bytes[length++] = HEX[b & 0xF];
            }
        }
    }
}
