package electric.oracle;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One request and what came back, as a report shows it.
 *
 * @param answer none where the connection broke or nothing came in time
 */
public record Exchange(String query, Optional<HttpResponse<byte[]>> answer) {
    private static final int MOST_SHOWN = 20_000;

    /** The request line, the status, the headers of the protocol, the body. */
    public String text() {
        return "GET /v1/shape?" + query + "\n" + answer.map(Exchange::text).orElse("(no answer)\n");
    }

    private static String text(HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        return "HTTP " + answer.statusCode() + "\n" + headers(answer.headers()) + "\n"
                + (body.length() > MOST_SHOWN ? body.substring(0, MOST_SHOWN) + " …" : body) + "\n";
    }

    private static String headers(HttpHeaders headers) {
        return headers.map().entrySet().stream()
                .filter(header -> header.getKey().startsWith("electric-")
                        || List.of("etag", "content-type", "cache-control", "retry-after")
                                .contains(header.getKey()))
                .map(header -> header.getKey() + ": " + String.join(", ", header.getValue()) + "\n")
                .collect(Collectors.joining());
    }
}
