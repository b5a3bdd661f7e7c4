package electric.oracle;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.UpToDate;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came back for one request. Reading it checks the head, and the body against the head. */
public sealed interface ShapeResponse {
    JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @param schema only where the request was not live */
    record Log(
            String handle,
            Offset offset,
            boolean upToDate,
            boolean hasData,
            String cursor,
            Optional<Schema> schema,
            List<LogItem> items,
            int bytes)
            implements ShapeResponse {}

    /** The handle is no more. */
    record MustRefetch(Optional<String> handle) implements ShapeResponse {}

    static ShapeResponse read(ShapeRequest request, HttpResponse<byte[]> response) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        return switch (response.statusCode()) {
            case 200 -> log(request, response.headers(), parse(body), response.body().length);
            case 409 -> mustRefetch(response.headers(), body);
            case 429, 502, 503, 504 -> throw new Violation.Unavailable("status " + response.statusCode() + ": " + body);
            default -> throw new Violation("status " + response.statusCode() + ": " + body);
        };
    }

    private static ShapeResponse mustRefetch(HttpHeaders headers, String body) {
        Violation.unless(
                parse(body).toString().equals("[{\"headers\":{\"control\":\"must-refetch\"}}]"),
                "the body of a 409 is " + body);
        Optional<String> handle = headers.firstValue("electric-handle");
        Violation.unless(
                headers.firstValue("etag").equals(handle.map(name -> '"' + name + "::\"")),
                "the etag of a 409 for " + handle + " is " + headers.firstValue("etag"));
        Violation.unless(headers.firstValue("electric-offset").isEmpty(), "a 409 with an offset");
        return new MustRefetch(handle);
    }

    private static Log log(ShapeRequest request, HttpHeaders headers, JsonNode body, int bytes) {
        Violation.unless(body.isArray(), "the body is no array: " + body);
        List<LogItem> items = new ArrayList<>();
        body.forEach(item -> items.add(LogItem.parse(item)));

        String handle = required(headers, "electric-handle");
        Violation.unless(handle.matches("[0-9A-Za-z_-]+"), "not a handle: " + handle);
        Offset offset = Offset.parse(required(headers, "electric-offset"));
        boolean upToDate = headers.firstValue("electric-up-to-date").isPresent();
        Violation.unless(
                headers.firstValue("electric-up-to-date").orElse("").isEmpty(), "electric-up-to-date has a value");
        boolean hasData = required(headers, "electric-has-data").equals("true");
        Violation.unless(
                required(headers, "content-type").equals("application/json; charset=utf-8"), "not JSON: " + headers);
        checkTag(request, required(headers, "etag"), handle, offset, hasData);
        checkItems(request, items, offset, upToDate);
        return new Log(
                handle,
                offset,
                upToDate,
                hasData,
                cursor(request, headers),
                schema(request, headers),
                List.copyOf(items),
                bytes);
    }

    private static void checkItems(ShapeRequest request, List<LogItem> items, Offset offset, boolean upToDate) {
        for (int i = 0; i < items.size(); i++) {
            boolean closesLog = items.get(i) instanceof UpToDate;
            Violation.unless(
                    closesLog == (upToDate && i == items.size() - 1),
                    "up-to-date belongs at the end, and only with the header: item " + i + " of " + items.size());
        }
        Violation.unless(!upToDate || !items.isEmpty(), "up to date by the header, but not by the body");
        Violation.unless(
                !upToDate || !request.offset().equals(Offset.BEFORE_ALL), "the answer to -1 is never up to date");
        Violation.unless(
                upToDate || offset.compareTo(request.offset()) > 0,
                "neither up to date nor any further than " + request.offset() + ": " + offset);
        items.stream()
                .filter(Change.class::isInstance)
                .map(Change.class::cast)
                .reduce((first, next) -> next)
                .ifPresentOrElse(
                        change -> Violation.unless(
                                change.offset().equals(offset),
                                "the offset is " + offset + ", the last item is " + change),
                        () -> Violation.unless(
                                request.offset().isVirtual() ? offset.isVirtual() : offset.equals(request.offset()),
                                "from " + request.offset() + " to " + offset + " without any change"));
        if (request.live() && items.size() > 1 && items.getLast() instanceof UpToDate end) {
            Violation.unless(
                    end.globalLastSeenLsn() == offset.tx(), "a long poll with data is up to date at its own " + offset);
        }
    }

    private static void checkTag(ShapeRequest request, String tag, String handle, Offset offset, boolean hasData) {
        String start = '"' + handle + ':' + request.offset() + ':' + offset;
        Violation.unless(
                hasData ? tag.equals(start + '"') : tag.startsWith(start + ':') && tag.endsWith("\""),
                "the etag of " + request + " to " + offset + " is " + tag);
    }

    private static String cursor(ShapeRequest request, HttpHeaders headers) {
        if (!request.live()) {
            Violation.unless(headers.firstValue("electric-cursor").isEmpty(), "a cursor although not live");
            return "";
        }
        String cursor = required(headers, "electric-cursor");
        long before = request.cursor().isEmpty() ? 0 : Long.parseLong(request.cursor());
        // Always 0 where requests are held for less than a second.
        Violation.unless(
                Long.parseLong(cursor) > before || cursor.equals("0"),
                "the cursor went from " + before + " to " + cursor);
        return cursor;
    }

    private static Optional<Schema> schema(ShapeRequest request, HttpHeaders headers) {
        if (request.live()) {
            Violation.unless(headers.firstValue("electric-schema").isEmpty(), "a schema although live");
            return Optional.empty();
        }
        // The client library reads header bytes as Latin-1; column names are UTF-8.
        byte[] raw = required(headers, "electric-schema").getBytes(StandardCharsets.ISO_8859_1);
        return Optional.of(Schema.parse(parse(new String(raw, StandardCharsets.UTF_8))));
    }

    private static String required(HttpHeaders headers, String name) {
        List<String> values = headers.allValues(name);
        Violation.unless(values.size() == 1, name + " should be there once: " + headers.map());
        return values.getFirst();
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException malformed) {
            throw new Violation("not JSON, " + malformed.getOriginalMessage() + ": " + body);
        }
    }
}
