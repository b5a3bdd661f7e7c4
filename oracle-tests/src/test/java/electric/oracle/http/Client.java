package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

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
        String query = definition + "&offset=-1";
        for (Got got = shape(query); ; got = shape(query)) {
            assertThat(got.status()).as(got.body()).isEqualTo(200);
            query = definition + "&" + next(got);
            if (got.has("electric-up-to-date")) {
                return query;
            }
        }
    }

    /** Where the client stands after an answer. */
    static String next(Got got) {
        return "handle=" + got.header("electric-handle") + "&offset=" + got.header("electric-offset");
    }

    /**
     * Asks what will not be answered yet, and returns when it is under way at the server.
     *
     * @param others that wait already
     */
    Wire waiting(String query, Wire... others) {
        // A request that has just been answered may still count.
        awaitOpen(others.length);
        Wire wire = server.wire();
        try {
            wire.request("GET", "/v1/shape?" + query);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        awaitOpen(others.length + 1);
        return wire;
    }

    private void awaitOpen(int requests) {
        await("as many open requests as this test has")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> server.app().openRequests() == requests);
    }

    /** Fit for a query string. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
