package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Asks a server one thing at a time, each on a connection of its own. */
record Client(RunningServer server) {
    private static final String INVALID = "{\"message\":\"Invalid request\",\"errors\":";

    /** A request and how its answer is read. */
    @FunctionalInterface
    private interface Talk {
        Got on(Wire wire) throws IOException;
    }

    /** Any request but one with a body. */
    Got ask(String method, String target, String... headers) {
        return talk(wire -> method.equals("HEAD")
                ? wire.head(target, headers)
                : wire.request(method, target, headers).read());
    }

    Got get(String target, String... headers) {
        return ask("GET", target, headers);
    }

    Got shape(String query, String... headers) {
        return get("/v1/shape?" + query, headers);
    }

    Got post(String query, String body, String... headers) {
        return talk(wire -> wire.post("/v1/shape?" + query, body, headers));
    }

    Got delete(String query) {
        return ask("DELETE", "/v1/shape?" + query);
    }

    private Got talk(Talk talk) {
        try (Wire wire = server.wire()) {
            return talk.on(wire);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What is wrong with a request for a shape: the {@code errors} of a 400, as they are written. */
    String refused(String query) {
        Got got = shape(query);
        assertThat(got.status()).as(got.body()).isEqualTo(400);
        assertThat(got.body()).startsWith(INVALID).endsWith("}");
        return got.body().substring(INVALID.length(), got.body().length() - 1);
    }

    /** The handle of the shape of a definition, which is made if need be. */
    String handle(String definition) {
        return shape(definition + "&offset=-1").header("electric-handle");
    }

    /** The query with which someone goes on who has everything there is. */
    String upToDate(String definition) {
        return new Follower(this, definition).query();
    }

    /** Where the client stands after an answer. */
    static String next(Got got) {
        return "handle=" + got.header("electric-handle") + "&offset=" + got.header("electric-offset");
    }

    /** Fit for a query string. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
