package electric.oracle;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Keeps writers and shapes in step, so that each meets the other whatever the speed of the machine: so many transactions
 * for every shape that begins, and neither gets far ahead.
 */
final class Progress {
    private static final int TRANSACTIONS_PER_SHAPE = 4;
    private static final int SHAPES_AHEAD = 5;

    /** Nobody is waited for longer: who waits may hold the very lock the others need. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final int shapes;
    private int shapesBegun;
    private int transactions;

    Progress(int shapes) {
        this.shapes = shapes;
    }

    /** A shape got its first answer. */
    void shapeBegan() {
        lock.lock();
        try {
            shapesBegun++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when it is a shape's turn to begin. */
    void awaitTurn(int shape) throws InterruptedException {
        int before = shape - SHAPES_AHEAD;
        await(() -> shapesBegun >= before && transactions >= before * TRANSACTIONS_PER_SHAPE, LIMIT);
    }

    void awaitAllShapes() throws InterruptedException {
        await(() -> shapesBegun >= shapes, LIMIT);
    }

    /** Returns when that many more shapes have begun, or after the limit. */
    void awaitMoreShapes(int more, Duration limit) throws InterruptedException {
        int wanted = shapesBegun() + more;
        await(() -> shapesBegun >= wanted, limit);
    }

    /** Whether there is another transaction to make; waits for its turn. */
    boolean nextTransaction() throws InterruptedException {
        lock.lock();
        try {
            int mine = ++transactions;
            moved.signalAll();
            if (mine > shapes * TRANSACTIONS_PER_SHAPE) {
                return false;
            }
            await(() -> mine <= (shapesBegun + SHAPES_AHEAD) * TRANSACTIONS_PER_SHAPE, LIMIT);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private int shapesBegun() {
        lock.lock();
        try {
            return shapesBegun;
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
