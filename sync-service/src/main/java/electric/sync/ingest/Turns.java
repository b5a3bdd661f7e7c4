package electric.sync.ingest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the workers, and the turns they share. Who comes while little goes on has a turn of its own at once.
 * While some turns are running, those who come wait, and share the next ones in equal parts: under pressure that is less
 * work, and nobody waits for a company that does not come. A turn that lasts counts no longer, and those of it who have not
 * been served go back to the head of the queue: nobody waits long for somebody slow (I9).
 *
 * <p>Threads: any.
 */
final class Turns<T> {
    private static final int MOST_IN_A_TURN = 64;

    private final int abreast;
    private final int mostWaiting;
    private final Duration patience;
    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final Consumer<Turn> served;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final List<Turn> running = new ArrayList<>();

    /** Turns that the workers have been asked for and that have not begun. */
    private int coming;

    private boolean looking;

    /**
     * @param abreast how many turns there are at once, those not counted that last
     * @param mostWaiting beyond them nobody is let in
     * @param patience how long those who come wait for a turn to end, and those who share one for each other
     * @param served takes a turn, on a worker: whom it leaves in it gets another
     */
    Turns(
            int abreast,
            int mostWaiting,
            Duration patience,
            Executor workers,
            ScheduledExecutorService timer,
            Consumer<Turn> served) {
        this.abreast = abreast;
        this.mostWaiting = mostWaiting;
        this.patience = patience;
        this.workers = workers;
        this.timer = timer;
        this.served = served;
    }

    /** Some of those who waited. */
    final class Turn {
        private final ArrayDeque<T> rest = new ArrayDeque<>();
        private final long begunNanos = System.nanoTime();
        private boolean lasts;

        /** Who has not been served yet; some of them may be gone the next moment. */
        List<T> rest() {
            synchronized (Turns.this) {
                return List.copyOf(rest);
            }
        }

        /**
         * Whose turn it is, who is then no longer in it.
         *
         * @param rather who comes first, if there is one
         */
        @Nullable
        T next(Predicate<T> rather) {
            synchronized (Turns.this) {
                for (T one : rest) {
                    if (rather.test(one)) {
                        rest.remove(one);
                        return one;
                    }
                }
                return rest.poll();
            }
        }

        /** @return whether it was still in this turn */
        boolean remove(T one) {
            synchronized (Turns.this) {
                return rest.remove(one);
            }
        }

        private void giveBack() {
            while (!rest.isEmpty()) {
                waiting.addFirst(rest.removeLast());
            }
        }
    }

    /** Does not block; refuses who is too many. */
    void add(T one) {
        synchronized (this) {
            if (waiting.size() >= mostWaiting) {
                throw new RejectedExecutionException("too many are waiting");
            }
            waiting.add(one);
        }
        begin();
    }

    private void begin() {
        int wanted;
        synchronized (this) {
            int quick = 0;
            for (Turn turn : running) {
                quick += turn.lasts ? 0 : 1;
            }
            wanted = Math.max(0, Math.min(abreast - quick, waiting.size()) - coming);
            coming += wanted;
            if (quick == abreast && !waiting.isEmpty()) {
                lookLater();
            }
        }
        for (int i = 0; i < wanted; i++) {
            try {
                workers.execute(this::turn);
            } catch (RejectedExecutionException busy) {
                synchronized (this) {
                    coming--;
                    lookLater();
                }
            }
        }
    }

    private void turn() {
        Turn turn = new Turn();
        synchronized (this) {
            int share = Math.min(MOST_IN_A_TURN, Math.ceilDiv(waiting.size(), coming));
            coming--;
            for (int i = 0; i < share; i++) {
                turn.rest.add(waiting.remove());
            }
            running.add(turn);
            if (share > 1 || !waiting.isEmpty()) {
                lookLater();
            }
        }
        try {
            served.accept(turn);
        } finally {
            synchronized (this) {
                running.remove(turn);
                turn.giveBack();
            }
            begin();
        }
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            ScheduledFuture<?> unused = timer.schedule(this::look, patience.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        synchronized (this) {
            looking = false;
            long now = System.nanoTime();
            boolean unserved = false;
            for (Turn turn : running) {
                if (now - turn.begunNanos >= patience.toNanos()) {
                    turn.lasts = true;
                    turn.giveBack();
                }
                unserved |= !turn.rest.isEmpty();
            }
            if (unserved || !waiting.isEmpty()) {
                lookLater();
            }
        }
        begin();
    }
}
