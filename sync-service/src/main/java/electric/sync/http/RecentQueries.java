package electric.sync.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * The queries that each event loop has seen last. All clients that wait at one place of one shape send the same one, but for
 * the cursor, and a change brings them back all at once.
 */
final class RecentQueries {
    /** For each loop. A query whose place is taken takes it. */
    private static final int PLACES = 256;

    private static final int LONGEST = 1024;
    private static final String CURSOR = Cursor.PARAMETER + "=";

    /** @param cursor what stood there, apart from the rest: clients that ask the same have different ones */
    record Read(ShapeQuery query, String cursor) {}

    /** @param raw without the cursor */
    private record Seen(String raw, ShapeQuery query) {}

    private final FastThreadLocal<@Nullable Seen[]> seen = new FastThreadLocal<>() {
        @Override
        protected @Nullable Seen[] initialValue() {
            return new @Nullable Seen[PLACES];
        }
    };

    /**
     * @param raw as it stands in the target
     * @throws CharacterCodingException when it decodes to something that is not UTF-8
     */
    Read read(String raw) throws CharacterCodingException {
        int from = cursorAt(raw);
        int to = endOfDigits(raw, from);
        if (raw.length() > LONGEST || (to < raw.length() && raw.charAt(to) != '&')) {
            return alone(Query.parse(raw));
        }
        String cursor = raw.substring(from, to);
        String others = cursor.isEmpty() ? raw : raw.substring(0, from).concat(raw.substring(to));
        @Nullable Seen[] places = seen.get();
        int hash = others.hashCode();
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Seen there = places[place];
        if (there == null || !there.raw.equals(others)) {
            Query query = Query.parse(raw);
            if (!Cursor.in(query).equals(cursor)) {
                // It is said again, in another spelling.
                return alone(query);
            }
            there = new Seen(others, new ShapeQuery(query));
            places[place] = there;
        }
        return new Read(there.query, cursor);
    }

    private static Read alone(Query query) {
        return new Read(new ShapeQuery(query), Cursor.in(query));
    }

    /** Where the value of the cursor begins; the end when there is none. */
    private static int cursorAt(String raw) {
        int at = raw.lastIndexOf(CURSOR);
        return at == 0 || (at > 0 && raw.charAt(at - 1) == '&') ? at + CURSOR.length() : raw.length();
    }

    private static int endOfDigits(String raw, int from) {
        int at = from;
        while (at < raw.length() && raw.charAt(at) >= '0' && raw.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
