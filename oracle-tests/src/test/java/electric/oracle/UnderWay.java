package electric.oracle;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What has been asked of a server and reached it, which answers when there is something to say. */
public final class UnderWay<A> {
    /** Long, but much shorter than a live request waits where nothing happens. */
    private static final long PROMPTLY_SECONDS = 8;

    private final CompletableFuture<A> answer;

    private UnderWay(Supplier<A> asking) {
        this.answer = CompletableFuture.supplyAsync(asking, Thread::startVirtualThread);
    }

    /** Returns when the request has reached the server. */
    public static <A> UnderWay<A> at(RunningServer server, Supplier<A> asking) {
        // A request that has just been answered may still count.
        awaitThat(() -> server.app().openRequests() <= server.unanswered());
        int before = server.app().openRequests();
        UnderWay<A> asked = new UnderWay<>(asking);
        server.remember(asked.answer);
        awaitThat(() -> asked.isAnswered() || server.app().openRequests() > before);
        return asked;
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await("the server to have what was sent to it")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    public boolean isAnswered() {
        return answer.isDone();
    }

    /** What comes long before the time of a live request is up. */
    public A answer() {
        return answerWithin(PROMPTLY_SECONDS);
    }

    A answerWithin(long seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("No answer within " + seconds + " s", late);
        } catch (ExecutionException failed) {
            throw new AssertionError("No answer", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", interrupted);
        }
    }
}
