package electric.oracle.http;

import electric.oracle.RunningServer;
import electric.oracle.UnderWay;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A request on a connection of its own, under way at the server. */
final class Held implements AutoCloseable {
    private final Wire wire;
    private final UnderWay<Got> answer;

    private Held(RunningServer server, String method, String query) {
        this.wire = server.wire();
        this.answer = UnderWay.at(server, () -> {
            try {
                return wire.request(method, "/v1/shape?" + query).read();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** Returns when the request has reached the server. */
    static Held by(RunningServer server, String method, String query) {
        return new Held(server, method, query);
    }

    static Held by(RunningServer server, String query) {
        return by(server, "GET", query);
    }

    boolean isAnswered() {
        return answer.isAnswered();
    }

    Got answer() {
        return answer.answer();
    }

    /** The client goes away. */
    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
