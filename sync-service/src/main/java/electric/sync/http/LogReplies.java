package electric.sync.http;

import electric.sync.coding.Coded;
import electric.sync.coding.Coding;
import electric.sync.coding.Compression;
import electric.sync.http.Reply.Body;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.pg.SnapshotIdentity;
import electric.sync.serve.Answer;
import electric.sync.serve.Tag;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers about the log of a shape, as HTTP says them: status, headers, what caches may do with them. */
final class LogReplies {
    private static final String MUST_REFETCH = "[{\"headers\":{\"control\":\"must-refetch\"}}]";

    /** What fits into the first few packets of a connection gets there no sooner for being smaller. */
    static final int SMALLEST_COMPRESSED = 4 * 1024;

    private final Replies replies;
    private final Compression compression;
    private final HttpSettings settings;
    private final InstantSource clock;

    LogReplies(Replies replies, Compression compression, HttpSettings settings, InstantSource clock) {
        this.replies = replies;
        this.compression = compression;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param schema what the columns are, as a header; asked for only where it is told */
    Reply of(Exchange exchange, ShapeParameters request, Supplier<String> schema, Answer answer) {
        return switch (answer) {
            case Answer.Log log -> log(exchange, request, schema, log);
            case Answer.Streamed streamed -> streamed(exchange, request, streamed);
            case Answer.Subset subset -> subset(exchange, schema, subset);
            case Answer.SubsetRefused refused ->
                replies.invalid(exchange, Map.of("subset", Map.of("where", List.of(refused.message()))));
            case Answer.NoData noData -> noData(exchange, request, schema, noData);
            case Answer.NotModified same -> notModified(exchange, request, same);
            case Answer.MustRefetch gone ->
                gone.handle() == null ? mustRefetch(exchange) : mustRefetch(exchange, gone.handle());
            case Answer.OutOfBounds beyond ->
                replies.invalid(exchange, Map.of("offset", List.of("out of bounds for this shape")));
            case Answer.Unavailable not -> {
                Reply reply = replies.unavailable(exchange, not.message(), not.retryAfterSeconds());
                if (not.known()) {
                    reply.headers().set("electric-internal-known-error", "true");
                }
                yield reply;
            }
            case Answer.Refused refused -> replies.invalid(exchange, Map.of("where", List.of(refused.message())));
            case Answer.Failed failed ->
                replies.error(exchange, HttpResponseStatus.INTERNAL_SERVER_ERROR, Replies.message(failed.message()));
        };
    }

    Reply log(Exchange exchange, ShapeParameters request, Supplier<String> schema, Answer.Log log) {
        HttpHeaders headers = position(exchange, request, log.handle(), log.end(), log.upToDate())
                .set(HttpHeaderNames.ETAG, quoted(Tag.of(log.handle(), log.requested(), log.end())))
                .set("electric-has-data", "true");
        if (!request.live()) {
            headers.set("electric-schema", schema.get());
        }
        Coded items = coded(exchange, headers, log.items());
        return new Reply(
                HttpResponseStatus.OK,
                headers,
                new Body.Streamed("[", items, log.upToDate() ? upToDate(log.lastSeenLsn()) : "", "]"));
    }

    private Reply streamed(Exchange exchange, ShapeParameters request, Answer.Streamed streamed) {
        HttpHeaders headers = position(exchange, request, streamed.handle(), streamed.position(), streamed.upToDate())
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE)
                // nginx would hold events back until they fill a buffer.
                .set("x-accel-buffering", "no")
                .set(
                        HttpHeaderNames.ETAG,
                        neverAgain(streamed.handle(), streamed.requested().toString(), streamed.position()))
                .set("electric-has-data", "true");
        return new Reply(
                HttpResponseStatus.OK,
                headers,
                new Body.Events(streamed.items(), settings.events().silence()));
    }

    private Reply subset(Exchange exchange, Supplier<String> schema, Answer.Subset subset) {
        HttpHeaders headers = replies.headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, Replies.JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set("electric-handle", subset.handle())
                .set("electric-offset", subset.position().toString())
                .set("electric-schema", schema.get())
                .set("electric-snapshot", "true");
        SnapshotIdentity seen = subset.identity();
        String running = seen.inProgress().stream()
                .map(xid -> '"' + Long.toUnsignedString(xid) + '"')
                .collect(Collectors.joining(","));
        String opening = "{\"metadata\":{\"xmin\":\"" + Long.toUnsignedString(seen.xmin()) + "\",\"xmax\":\""
                + Long.toUnsignedString(seen.xmax()) + "\",\"xip_list\":[" + running + "],\"database_lsn\":\""
                + seen.walInsertLsn().decimal() + "\",\"snapshot_mark\":" + subset.mark() + "},\"data\":[";
        Coded items = coded(exchange, headers, subset.items());
        return new Reply(HttpResponseStatus.OK, headers, new Body.Streamed(opening, items, "", "]}"));
    }

    /** The items in the coding the client likes best, and a header that says which. */
    private Coded coded(Exchange exchange, HttpHeaders headers, ByteSource items) {
        AcceptEncoding accepted = AcceptEncoding.of(exchange.request().codings());
        boolean small = items.size() != ByteSource.NOT_KNOWN && items.size() < SMALLEST_COMPRESSED;
        Coding wanted =
                small && accepted.accepts(Coding.IDENTITY) ? Coding.IDENTITY : accepted.best(compression::offers);
        Coded coded = compression.answer(wanted, items);
        if (coded.coding() != Coding.IDENTITY) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, coded.coding().word);
        }
        return coded;
    }

    private Reply noData(Exchange exchange, ShapeParameters request, Supplier<String> schema, Answer.NoData noData) {
        String requested = noData.now() ? "now" : noData.requested().toString();
        HttpHeaders headers = position(exchange, request, noData.handle(), noData.end(), true)
                .set(HttpHeaderNames.ETAG, neverAgain(noData.handle(), requested, noData.end()))
                .set("electric-has-data", "false");
        if (!request.live()) {
            headers.set("electric-schema", schema.get());
        }
        return new Reply(HttpResponseStatus.OK, headers, new Body.Whole("[" + upToDate(noData.lastSeenLsn()) + "]"));
    }

    private Reply notModified(Exchange exchange, ShapeParameters request, Answer.NotModified same) {
        HttpHeaders headers = position(exchange, request, same.handle(), same.end(), same.upToDate())
                .set(HttpHeaderNames.ETAG, quoted(Tag.of(same.handle(), same.requested(), same.end())))
                .set("electric-has-data", "true");
        return new Reply(HttpResponseStatus.NOT_MODIFIED, headers, new Body.None());
    }

    private Reply mustRefetch(Exchange exchange, String handle) {
        HttpHeaders headers = replies.headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, Replies.JSON)
                .set(
                        HttpHeaderNames.CACHE_CONTROL,
                        Replies.isCacheable(exchange) ? "public, max-age=60, must-revalidate" : "no-cache")
                .set("electric-handle", handle)
                .set(HttpHeaderNames.ETAG, quoted(handle + "::"));
        return new Reply(HttpResponseStatus.CONFLICT, headers, new Body.Whole(MUST_REFETCH));
    }

    private Reply mustRefetch(Exchange exchange) {
        HttpHeaders headers = replies.headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, Replies.JSON)
                .set(
                        HttpHeaderNames.CACHE_CONTROL,
                        Replies.isCacheable(exchange) ? "public, max-age=1, must-revalidate" : "no-cache");
        return new Reply(HttpResponseStatus.CONFLICT, headers, new Body.Whole(MUST_REFETCH));
    }

    /** The headers that tell a client where it stands and a cache how long that is true. */
    private HttpHeaders position(
            Exchange exchange, ShapeParameters request, String handle, LogOffset end, boolean upToDate) {
        HttpHeaders headers = replies.headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, Replies.JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, cacheControl(exchange, request))
                .set("electric-handle", handle)
                .set("electric-offset", end.toString());
        if (upToDate) {
            headers.set("electric-up-to-date", "");
        }
        if (request.live()) {
            headers.set("electric-cursor", cursor(exchange));
        }
        return headers;
    }

    String cursor(Exchange exchange) {
        return Cursor.next(exchange.cursor(), settings.longPollTimeout(), clock.instant(), ThreadLocalRandom.current());
    }

    private String cacheControl(Exchange exchange, ShapeParameters request) {
        if (!Replies.isCacheable(exchange)) {
            return "no-cache";
        }
        if (!request.now() && request.offset().equals(LogOffset.BEFORE_ALL)) {
            return "public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746";
        }
        if (request.streamed()) {
            return "public, max-age=" + Math.max(1, settings.events().lifetime().toSeconds() - 1);
        }
        if (request.live()) {
            return "public, max-age=5, stale-while-revalidate=5";
        }
        return "public, max-age=" + settings.cacheMaxAgeSeconds() + ", stale-while-revalidate="
                + settings.cacheStaleAgeSeconds();
    }

    static String upToDate(long lastSeenLsn) {
        return "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\""
                + Long.toUnsignedString(lastSeenLsn) + "\"}}";
    }

    /** The tag of an answer that must never be mistaken for what a client already has. */
    private static String neverAgain(String handle, String requested, LogOffset end) {
        return quoted(handle + ":" + requested + ":" + end + ":"
                + Long.toUnsignedString(ThreadLocalRandom.current().nextLong()));
    }

    private static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
