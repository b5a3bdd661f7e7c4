package electric.sync.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * What of the head of a request is still asked for when its answer is made. The rest is let go: requests wait, thousands at
 * once, and browsers send many headers.
 *
 * @param origins the lines of {@code origin}
 * @param codings the lines of {@code accept-encoding}
 * @param tags the lines of {@code if-none-match}
 * @param wantedHeaders the lines of {@code access-control-request-headers}
 */
record RequestHead(
        HttpMethod method,
        String target,
        List<String> origins,
        List<String> codings,
        List<String> tags,
        List<String> wantedHeaders) {
    static RequestHead of(HttpRequest request) {
        return new RequestHead(
                request.method(),
                request.uri(),
                request.headers().getAll(HttpHeaderNames.ORIGIN),
                request.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING),
                request.headers().getAll(HttpHeaderNames.IF_NONE_MATCH),
                request.headers().getAll(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS));
    }
}
