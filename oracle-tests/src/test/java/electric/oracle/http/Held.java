package electric.oracle.http;

import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request that is under way at the server, which answers when there is something to say. */
final class Held implements AutoCloseable {
    /** Long, but much shorter than a live request waits where nothing happens. */
    private static final long PROMPTLY_SECONDS = 8;

    private final Wire wire;
    private final CompletableFuture<Got> answer;

    private Held(Wire wire) {
        this.wire = wire;
        this.answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return wire.read();
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                },
                Thread::startVirtualThread);
    }

    /** Returns when the request has reached the server. */
    static Held by(RunningServer server, String method, String query) {
        // A request that has just been answered may still count.
        awaitThat(() -> server.app().openRequests() <= server.unanswered());
        int before = server.app().openRequests();
        Wire wire = server.wire();
        try {
            wire.request(method, "/v1/shape?" + query);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Held held = new Held(wire);
        server.remember(held.answer);
        awaitThat(() -> held.isAnswered() || server.app().openRequests() > before);
        return held;
    }

    static Held by(RunningServer server, String query) {
        return by(server, "GET", query);
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await("the server to have what was sent to it")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    /** What comes long before the time of a live request is up. */
    Got answer() {
        try {
            return answer.get(PROMPTLY_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("No answer within " + PROMPTLY_SECONDS + " s", late);
        } catch (ExecutionException failed) {
            throw new AssertionError("No answer", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", interrupted);
        }
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
