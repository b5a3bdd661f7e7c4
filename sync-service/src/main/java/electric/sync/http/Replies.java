package electric.sync.http;

import electric.sync.http.Reply.Body;
import electric.sync.ingest.Readiness;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/** Every answer that is not about the log of a shape, and the headers that all answers share. */
final class Replies {
    static final String JSON = "application/json; charset=utf-8";
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final String DEFAULT_CACHE_CONTROL = "max-age=0, private, must-revalidate";
    private static final String EXPOSED_HEADERS = "electric-cursor,electric-handle,electric-has-data,electric-offset,"
            + "electric-schema,electric-up-to-date,electric-internal-known-error,retry-after";

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** What browsers may send. More than clients need today, so that a proxy's headers pass. */
    private static final Set<String> ALLOWED_HEADERS = Set.of(
            "if-none-match",
            "traceparent",
            "tracestate",
            "content-type",
            "authorization",
            "cache-control",
            "accept",
            "x-request-id");

    private record Stamp(long second, String text) {}

    private final String server;
    private final InstantSource clock;
    private volatile Stamp stamp = new Stamp(-1, "");

    Replies(String version, InstantSource clock) {
        this.server = "ElectricSQL/" + version;
        this.clock = clock;
    }

    Reply root(Exchange exchange) {
        return new Reply(HttpResponseStatus.OK, headers(exchange), new Body.Whole(""));
    }

    Reply notFound(Exchange exchange) {
        return new Reply(HttpResponseStatus.NOT_FOUND, headers(exchange), new Body.Whole("Not found"));
    }

    Reply unauthorized(Exchange exchange) {
        HttpHeaders headers = headersWithoutCors(exchange).set(HttpHeaderNames.CONTENT_TYPE, JSON);
        return json(HttpResponseStatus.UNAUTHORIZED, headers, message("Unauthorized - Invalid API secret"));
    }

    Reply health(Exchange exchange, Readiness.Status status) {
        HttpHeaders headers = headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-store, must-revalidate");
        return json(
                status == Readiness.Status.ACTIVE ? HttpResponseStatus.OK : HttpResponseStatus.ACCEPTED,
                headers,
                Map.of("status", status.name().toLowerCase(Locale.ROOT)));
    }

    Reply preflight(Exchange exchange) {
        HttpHeaders headers = headers(exchange)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400")
                .set(HttpHeaderNames.CONNECTION, "keep-alive")
                .remove(HttpHeaderNames.CACHE_CONTROL)
                .remove(HttpHeaderNames.VARY);
        Set<String> allowed = new LinkedHashSet<>();
        for (String line : exchange.request().wantedHeaders()) {
            Arrays.stream(line.split(",", -1))
                    .map(String::strip)
                    .filter(name -> ALLOWED_HEADERS.contains(name.toLowerCase(Locale.ROOT)))
                    .forEach(allowed::add);
        }
        if (!allowed.isEmpty()) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, String.join(",", allowed));
        }
        return new Reply(HttpResponseStatus.NO_CONTENT, headers, new Body.None());
    }

    Reply tooMany(Exchange exchange, Admission.Kind kind, int limit) {
        HttpHeaders headers = headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, isPost(exchange) ? "no-cache" : "no-store")
                .set("surrogate-control", "no-store")
                .set("electric-internal-known-error", "true")
                .set(
                        HttpHeaderNames.RETRY_AFTER,
                        Integer.toString(ThreadLocalRandom.current().nextInt(6, 11)));
        Map<String, String> body = new LinkedHashMap<>();
        body.put("code", "concurrent_request_limit_exceeded");
        body.put("message", "Concurrent " + kind.word + " request limit exceeded (limit: " + limit + "), please retry");
        return json(HttpResponseStatus.SERVICE_UNAVAILABLE, headers, body);
    }

    Reply badBody(Exchange exchange, HttpResponseStatus status, Map<String, String> body) {
        return json(status, headers(exchange).set(HttpHeaderNames.CONTENT_TYPE, JSON), body);
    }

    /** What nobody expected; the log has the details. */
    Reply failed(Exchange exchange) {
        return json(
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                headers(exchange).set(HttpHeaderNames.CONTENT_TYPE, JSON),
                Map.of("error", "Internal server error"));
    }

    Reply invalid(Exchange exchange, Map<String, ?> errors) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", "Invalid request");
        body.put("errors", errors);
        return error(exchange, HttpResponseStatus.BAD_REQUEST, body);
    }

    Reply unavailable(Exchange exchange, String message, int retryAfterSeconds) {
        Reply reply = error(exchange, HttpResponseStatus.SERVICE_UNAVAILABLE, message(message));
        reply.headers().set(HttpHeaderNames.RETRY_AFTER, Integer.toString(retryAfterSeconds));
        return reply;
    }

    /** An error that says something about shapes. */
    Reply error(Exchange exchange, HttpResponseStatus status, Map<String, ?> body) {
        HttpHeaders headers = headers(exchange).set(HttpHeaderNames.CONTENT_TYPE, JSON);
        if (isCacheable(exchange)) {
            headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("surrogate-control", "no-store");
        } else {
            headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        }
        return json(status, headers, body);
    }

    Reply deleted(Exchange exchange) {
        HttpHeaders headers = headers(exchange)
                .set(HttpHeaderNames.CONTENT_TYPE, JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set("electric-has-data", "true");
        return new Reply(HttpResponseStatus.ACCEPTED, headers, new Body.Whole(""));
    }

    static Map<String, String> message(String text) {
        return Map.of("message", text);
    }

    /** Whether caches look at the answer at all: they do not for POST and DELETE. */
    static boolean isCacheable(Exchange exchange) {
        HttpMethod method = exchange.request().method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    private static boolean isPost(Exchange exchange) {
        return exchange.request().method().equals(HttpMethod.POST);
    }

    private static Reply json(HttpResponseStatus status, HttpHeaders headers, Map<String, ?> body) {
        return new Reply(status, headers, new Body.Whole(MAPPER.writeValueAsString(body)));
    }

    /** What every answer carries once its sender has been let in. */
    HttpHeaders headers(Exchange exchange) {
        return headersWithoutCors(exchange)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin(exchange))
                .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS)
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                        exchange.request().route().isShape() ? "GET, POST, HEAD, DELETE, OPTIONS" : "GET, HEAD");
    }

    /** Who may read the answer in a browser. */
    static String origin(Exchange exchange) {
        List<String> origins = exchange.request().origins();
        return origins.size() == 1 ? origins.getFirst() : "*";
    }

    private HttpHeaders headersWithoutCors(Exchange exchange) {
        return new DefaultHttpHeaders()
                .set("electric-server", server)
                .set("x-request-id", exchange.requestId())
                .set(HttpHeaderNames.DATE, date())
                .set(HttpHeaderNames.VARY, "accept-encoding")
                .set(HttpHeaderNames.CACHE_CONTROL, DEFAULT_CACHE_CONTROL);
    }

    /** Written once a second, not once an answer. */
    String date() {
        long millis = clock.millis();
        Stamp current = stamp;
        if (current.second != millis / 1000) {
            current = new Stamp(millis / 1000, HTTP_DATE.format(Instant.ofEpochMilli(millis)));
            stamp = current;
        }
        return current.text;
    }
}
