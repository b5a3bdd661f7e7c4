package electric.sync.pg;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How often a snapshot is taken again because it does not see yet what has been streamed: it will in a moment, or when the
 * standby answers that a commit waits for.
 *
 * <p>Threads: one at a time.
 */
public final class Retakes {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MOST = 400;

    /** What is said when it has been enough. */
    public static final String STALLED = "A committed transaction has not become visible to snapshots for "
            + PAUSE.multipliedBy(MOST).toSeconds() + " s. Check whether it is waiting for a synchronous standby.";

    private int done;

    /**
     * Has the snapshot taken again after a pause.
     *
     * @param take must not block
     * @return whether it will be: it is not when it has been enough
     */
    public boolean again(Runnable take) {
        if (done == MOST) {
            return false;
        }
        done++;
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(take);
        return true;
    }
}
