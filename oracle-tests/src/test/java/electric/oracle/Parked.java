package electric.oracle;

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

    /** Returns when the request has most likely reached the server. */
    static Parked at(RunningServer server, ShapeClient client) {
        Parked parked = new Parked(client);
        for (int i = 0; i < 3; i++) {
            server.health();
        }
        return parked;
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
