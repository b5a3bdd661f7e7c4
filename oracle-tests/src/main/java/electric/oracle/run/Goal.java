package electric.oracle.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** How far clients are to follow this time; known when the transactions have committed. */
final class Goal {
    private final boolean refetchAllowed;
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile @Nullable Long lsn;
    private volatile long deadline;

    /** @param refetchAllowed whether something happens that may end shapes */
    Goal(boolean refetchAllowed) {
        this.refetchAllowed = refetchAllowed;
    }

    void set(long commit, Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
        lsn = commit;
        known.countDown();
    }

    Optional<Long> lsn() {
        return Optional.ofNullable(lsn);
    }

    void await() throws InterruptedException {
        known.await();
    }

    boolean isOver() {
        return lsn != null && System.nanoTime() > deadline;
    }

    boolean refetchAllowed() {
        return refetchAllowed;
    }
}
