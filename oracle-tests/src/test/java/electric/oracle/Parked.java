package electric.oracle;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client's next request, under way: a live one waits at the server until something happens. */
final class Parked {
    /** Long, but much shorter than a live request waits where nothing happens. */
    private static final long PROMPTLY_SECONDS = 8;

    private final ShapeClient client;
    private final String handle;
    private final CompletableFuture<ShapeResponse> answer;

    private Parked(ShapeClient client) {
        this.client = client;
        this.handle = client.handle().orElseThrow();
        this.answer = CompletableFuture.supplyAsync(client::step, Thread::startVirtualThread);
    }

    /** Returns when the request has reached the server. */
    static Parked at(RunningServer server, ShapeClient client) {
        // A request that has just been answered may still count.
        awaitThat(() -> server.app().openRequests() <= server.unanswered());
        int before = server.app().openRequests();
        Parked parked = new Parked(client);
        server.remember(parked.answer);
        awaitThat(() -> parked.isAnswered() || server.app().openRequests() > before);
        return parked;
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await("the server to have what was sent to it")
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    ShapeClient client() {
        return client;
    }

    /** The shape it asked for. */
    String handle() {
        return handle;
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    /** What comes long before the time of a live request is up. */
    ShapeResponse answer() {
        return answerWithin(PROMPTLY_SECONDS);
    }

    ShapeResponse answerWithin(long seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("No answer within " + seconds + " s: " + client, late);
        } catch (ExecutionException failed) {
            throw new AssertionError("Failed: " + client, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", interrupted);
        }
    }
}
