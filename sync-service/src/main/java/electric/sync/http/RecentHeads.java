package electric.sync.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests as they arrive, byte by byte, and what each event loop has made of the same bytes before: clients that wait at one
 * place send the same head, but for the cursor, and all of them do when a change brings them back. Reads nothing itself:
 * what a head means is learned from whoever read it.
 */
final class RecentHeads {
    /** For each loop. A head whose place is taken takes it. */
    private static final int PLACES = 64;

    private static final int LONGEST = 2048;
    private static final int TARGET_AT = "GET ".length();
    private static final byte[] START = "GET /v1/shape?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CURSOR = (Cursor.PARAMETER + "=").getBytes(StandardCharsets.US_ASCII);
    private static final List<CharSequence> MEAN_MORE = List.of(
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.EXPECT,
            HttpHeaderNames.UPGRADE);

    /** A request for a shape that has no body and is in order, as it has been read before. */
    record Recognized(RequestHead head, boolean keepAlive, RecentQueries.Read query) {}

    private static final class Known {
        /** Without the cursor. */
        private final byte[] bytes;

        private final int cursorAt;
        private final RequestHead head;
        private final boolean keepAlive;
        private final ShapeQuery query;

        Known(byte[] bytes, int cursorAt, RequestHead head, boolean keepAlive, ShapeQuery query) {
            this.bytes = bytes;
            this.cursorAt = cursorAt;
            this.head = head;
            this.keepAlive = keepAlive;
            this.query = query;
        }
    }

    /** Of one loop, with the head that it looked at last. */
    private static final class Seen {
        private final @Nullable Known[] places = new @Nullable Known[PLACES];

        /** What came last to each place: only who comes twice is kept. */
        private final int[] hashes = new int[PLACES];

        private final byte[] bytes = new byte[LONGEST];
        private int length;
        private int hash;
        private int cursorFrom;
        private int cursorTo;

        int place() {
            return (hash ^ hash >>> 16) & PLACES - 1;
        }

        String cursor() {
            return cursorFrom == cursorTo
                    ? ""
                    : new String(bytes, cursorFrom, cursorTo - cursorFrom, StandardCharsets.US_ASCII);
        }

        boolean is(Known known) {
            return known.cursorAt == cursorFrom
                    && known.bytes.length - cursorFrom == length - cursorTo
                    && Arrays.equals(known.bytes, 0, cursorFrom, bytes, 0, cursorFrom)
                    && Arrays.equals(known.bytes, cursorFrom, known.bytes.length, bytes, cursorTo, length);
        }

        /** Whether it looks like something to remember. The hash is of the request line, without the cursor. */
        boolean take(ByteBuf in) {
            length = in.readableBytes();
            if (length <= START.length || length > LONGEST) {
                return false;
            }
            in.getBytes(in.readerIndex(), bytes, 0, length);
            if (!Arrays.equals(bytes, 0, START.length, START, 0, START.length)) {
                return false;
            }
            int hashed = 0;
            int at = START.length;
            cursorFrom = length;
            cursorTo = length;
            while (at < length && bytes[at] != ' ') {
                byte b = bytes[at++];
                hashed = 31 * hashed + b;
                if (b == '=' && isCursor(at)) {
                    cursorFrom = at;
                    while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
                        at++;
                    }
                    cursorTo = at;
                }
            }
            hash = hashed;
            return true;
        }

        private boolean isCursor(int valueAt) {
            int nameAt = valueAt - CURSOR.length;
            return nameAt >= START.length
                    && Arrays.equals(bytes, nameAt, valueAt, CURSOR, 0, CURSOR.length)
                    && (bytes[nameAt - 1] == '?' || bytes[nameAt - 1] == '&');
        }
    }

    private final RecentQueries queries;
    private final FastThreadLocal<Seen> seen = new FastThreadLocal<>() {
        @Override
        protected Seen initialValue() {
            return new Seen();
        }
    };

    RecentHeads(RecentQueries queries) {
        this.queries = queries;
    }

    /** @param in from the beginning of a request */
    @Nullable
    Recognized find(ByteBuf in) {
        Seen here = seen.get();
        if (!here.take(in)) {
            here.length = 0;
            return null;
        }
        Known known = here.places[here.place()];
        return known != null && here.is(known)
                ? new Recognized(known.head, known.keepAlive, new RecentQueries.Read(known.query, here.cursor()))
                : null;
    }

    /** What has been read of the bytes that were looked for last, which were that request and nothing else. */
    void learn(HttpRequest request) {
        Seen here = seen.get();
        int length = here.length;
        here.length = 0;
        if (length == 0 || !isPlain(request)) {
            return;
        }
        int place = here.place();
        if (here.hashes[place] != here.hash) {
            here.hashes[place] = here.hash;
            return;
        }
        RecentQueries.Read read;
        try {
            read = queries.read(Route.query(request.uri()));
        } catch (CharacterCodingException malformed) {
            // Refused whenever it comes.
            return;
        }
        if (!read.cursor().equals(here.cursor())) {
            return;
        }
        byte[] bytes = Arrays.copyOf(here.bytes, here.cursorFrom + length - here.cursorTo);
        System.arraycopy(here.bytes, here.cursorTo, bytes, here.cursorFrom, length - here.cursorTo);
        String target = new String(
                bytes, TARGET_AT, request.uri().length() - read.cursor().length(), StandardCharsets.US_ASCII);
        here.places[place] = new Known(
                bytes, here.cursorFrom, RequestHead.of(request, target), HttpUtil.isKeepAlive(request), read.query());
    }

    private static boolean isPlain(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && Connection.refusal(request, false) == null
                && MEAN_MORE.stream().noneMatch(headers::contains);
    }
}
