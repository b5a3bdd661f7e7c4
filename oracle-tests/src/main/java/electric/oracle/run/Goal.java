package electric.oracle.run;

import electric.oracle.scenario.Fault;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far clients are to follow this time; known when the transactions have committed. */
final class Goal {
    private final boolean refetchAllowed;
    private final boolean errorsAllowed;
    private final boolean everythingTwice;
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile @Nullable Long lsn;
    private volatile long deadline;

    /**
     * @param before what happened just before: what was on its way then may still arrive broken
     * @param steps what happens until then
     */
    Goal(List<Step> before, List<Step> steps) {
        refetchAllowed = steps.stream().anyMatch(Goal::endsShapes);
        errorsAllowed = Stream.concat(before.stream(), steps.stream())
                .anyMatch(step -> step instanceof Break breaks && breaks.errors());
        everythingTwice = steps.stream()
                .anyMatch(step -> step instanceof Break breaks && breaks.fault() == Fault.REQUESTS_REPEATED);
    }

    private static boolean endsShapes(Step step) {
        return (step instanceof Transaction transaction && transaction.effect() == Effect.DISRUPTION)
                || (step instanceof Break breaks && breaks.fault().endsShapes());
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

    /** Once it is known. */
    Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    boolean refetchAllowed() {
        return refetchAllowed;
    }

    /** Whether a request may fail and be sent again. */
    boolean errorsAllowed() {
        return errorsAllowed;
    }

    boolean everythingTwice() {
        return everythingTwice;
    }
}
