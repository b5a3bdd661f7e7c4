package electric.sync.http;

import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where a request goes. Who may pass and what browsers are told is decided from this, never from the text of the path. */
enum Route {
    ROOT,
    HEALTH,
    READ_SHAPE,
    DELETE_SHAPE,
    PREFLIGHT,
    NOWHERE;

    private static final List<String> SHAPE_PATH = List.of("v1", "shape");
    private static final String AS_CLIENTS_WRITE_IT = "/v1/shape?";
    private static final List<String> HEALTH_PATH = List.of("v1", "health");

    static Route of(HttpMethod method, String target) {
        List<String> path = target.startsWith(AS_CLIENTS_WRITE_IT) ? SHAPE_PATH : segments(target);
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (path.isEmpty() && reads) {
            return ROOT;
        }
        if (path.equals(HEALTH_PATH) && reads) {
            return HEALTH;
        }
        if (path.equals(SHAPE_PATH)) {
            if (reads || method.equals(HttpMethod.POST)) {
                return READ_SHAPE;
            }
            if (method.equals(HttpMethod.DELETE)) {
                return DELETE_SHAPE;
            }
            if (method.equals(HttpMethod.OPTIONS)) {
                return PREFLIGHT;
            }
        }
        return NOWHERE;
    }

    /** Whether this leads to shapes, whatever is to be done with them. */
    boolean isShape() {
        return this == READ_SHAPE || this == DELETE_SHAPE || this == PREFLIGHT;
    }

    /** The part of the target after the question mark, not decoded. */
    static String query(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    private static List<String> segments(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        if (scheme > 0) {
            // The absolute form, which proxies send: the authority is not part of the path.
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "" : path.substring(slash);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(decoded(segment));
            }
        }
        return segments;
    }

    /** Decoded once; malformed percent-encoding leaves the segment as it is, and it matches nothing. */
    private static String decoded(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int octet = Percent.octet(segment, i);
            if (octet < 0) {
                return segment;
            }
            bytes.write(octet);
            i += 2;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
