package electric.sync.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * The queries that each event loop has seen last. All clients that wait at one place of one shape send the same one, and a
 * change brings them back all at once.
 */
final class RecentQueries {
    /** For each loop. A query whose place is taken takes it. */
    private static final int PLACES = 256;

    private static final int LONGEST = 1024;

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
    ShapeQuery read(String raw) throws CharacterCodingException {
        if (raw.length() > LONGEST) {
            return new ShapeQuery(Query.parse(raw));
        }
        @Nullable Seen[] places = seen.get();
        int hash = raw.hashCode();
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Seen there = places[place];
        if (there == null || !there.raw.equals(raw)) {
            there = new Seen(raw, new ShapeQuery(Query.parse(raw)));
            places[place] = there;
        }
        return there.query;
    }
}
