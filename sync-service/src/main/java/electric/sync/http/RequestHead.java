package electric.sync.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * What of the head of a request is still asked for when its answer is made. The rest is let go: requests wait, thousands at
 * once, and browsers send many headers.
 *
 * @param origins the pages that ask, as browsers tell
 * @param codings what the client can read, line by line
 * @param tags what the client says it has, line by line
 * @param wantedHeaders what a browser asks leave to send, line by line
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
