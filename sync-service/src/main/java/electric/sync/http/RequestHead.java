package electric.sync.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of the head of a request is still asked for when its answer is made. The rest is let go: requests wait, thousands at
 * once, and browsers send many headers.
 *
 * @param requestId the client's own name for it; {@code null} when it has none, or none that will do
 * @param origins the pages that ask, as browsers tell
 * @param codings what the client can read, line by line
 * @param tags what the client says it has, line by line
 * @param wantedHeaders what a browser asks leave to send, line by line
 */
record RequestHead(
        HttpMethod method,
        String target,
        Route route,
        @Nullable String requestId,
        List<String> origins,
        List<String> codings,
        List<String> tags,
        List<String> wantedHeaders) {
    private static final int SHORTEST_ID = 20;
    private static final int LONGEST_ID = 200;

    static RequestHead of(HttpRequest request) {
        return of(request, request.uri());
    }

    /** @param target what stands for it in the log */
    static RequestHead of(HttpRequest request, String target) {
        String theirs = request.headers().get("x-request-id");
        return new RequestHead(
                request.method(),
                target,
                Route.of(request.method(), request.uri()),
                theirs != null && theirs.length() >= SHORTEST_ID && theirs.length() <= LONGEST_ID ? theirs : null,
                request.headers().getAll(HttpHeaderNames.ORIGIN),
                request.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING),
                request.headers().getAll(HttpHeaderNames.IF_NONE_MATCH),
                request.headers().getAll(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS));
    }
}
