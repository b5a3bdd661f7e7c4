package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(20);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    /** What the workers have been asked for: here they work when they are told to. */
    private final Queue<Runnable> asked = new ArrayDeque<>();

    private final List<List<Integer>> served = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }

    private Turns<Integer> turns(int abreast, Consumer<Turns<Integer>.Turn> during) {
        return new Turns<>(abreast, 100, NEVER, asked::add, timer, turn -> {
            served.add(turn.rest());
            during.accept(turn);
            serveAll(turn);
        });
    }

    private static void serveAll(Turns<Integer>.Turn turn) {
        while (!turn.rest().isEmpty()) {
            turn.next(any -> true);
        }
    }

    private void work() {
        for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
            task.run();
        }
    }

    private static void add(Turns<Integer> turns, int from, int to) {
        IntStream.rangeClosed(from, to).forEach(turns::add);
    }

    @Test
    void givesWhoComesAloneATurnAtOnce() {
        Turns<Integer> turns = turns(2, turn -> {});

        turns.add(1);
        work();
        turns.add(2);
        work();

        assertThat(served).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void letsThoseShareATurnWhoCameDuringTheOneBefore() {
        List<Turns<Integer>> made = new ArrayList<>();
        Turns<Integer> turns = turns(1, turn -> {
            if (turn.rest().equals(List.of(1))) {
                add(made.getFirst(), 2, 5);
                assertThat(asked).isEmpty();
            }
        });
        made.add(turns);

        turns.add(1);
        work();

        assertThat(served).containsExactly(List.of(1), List.of(2, 3, 4, 5));
    }

    @Test
    void dividesThoseWhoWaitAmongTheTurnsThatBegin() {
        Turns<Integer> turns = turns(2, turn -> work());

        add(turns, 1, 7);
        work();

        assertThat(served).containsExactly(List.of(1, 2, 3, 4), List.of(5, 6, 7));
    }

    @Test
    void makesATurnNoLongerThanItMayBe() {
        Turns<Integer> turns = turns(1, turn -> {});

        add(turns, 1, 100);
        work();

        assertThat(served).extracting(List::size).containsExactly(64, 36);
    }

    @Test
    void servesThoseFirstWhoGoTogether() {
        List<Integer> order = new ArrayList<>();
        Turns<Integer> turns = new Turns<>(1, 100, NEVER, asked::add, timer, turn -> {
            for (Integer next = turn.next(any -> true); next != null; ) {
                order.add(next);
                int parity = next % 2;
                next = turn.next(other -> other % 2 == parity);
            }
        });

        add(turns, 1, 6);
        work();

        assertThat(order).containsExactly(1, 3, 5, 2, 4, 6);
    }

    @Test
    void givesThoseAnotherTurnWhomOneLeaves() {
        Turns<Integer> turns = new Turns<>(1, 100, NEVER, asked::add, timer, turn -> {
            served.add(turn.rest());
            assertThat(turn.next(any -> true)).isNotNull();
        });

        add(turns, 1, 3);
        work();

        assertThat(served).containsExactly(List.of(1, 2, 3), List.of(2, 3), List.of(3));
    }

    @Test
    void givesThoseAnotherTurnWhoWaitForSomebodySlow() { // I9
        CountDownLatch slow = new CountDownLatch(1);
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        Turns<Integer> turns = new Turns<>(1, 100, SOON, threads, timer, turn -> {
            for (Integer next = turn.next(any -> true); next != null; next = turn.next(any -> true)) {
                if (next == 1) {
                    awaitQuietly(slow);
                }
                done.add(next);
            }
        });

        add(turns, 1, 5);

        await().untilAsserted(() -> assertThat(done).containsExactly(2, 3, 4, 5));
        turns.add(6);
        await().untilAsserted(() -> assertThat(done).containsExactly(2, 3, 4, 5, 6));
        slow.countDown();
        await().untilAsserted(() -> assertThat(done).containsExactly(2, 3, 4, 5, 6, 1));
    }

    @Test
    void refusesWhoIsTooMany() {
        Turns<Integer> turns = turns(1, turn -> {});

        add(turns, 1, 100);

        assertThatThrownBy(() -> turns.add(101)).isInstanceOf(RejectedExecutionException.class);
        work();
        turns.add(101);
    }

    @Test
    void asksTheWorkersAgainWhenTheyHadNoRoom() {
        AtomicBoolean full = new AtomicBoolean(true);
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        Turns<Integer> turns = new Turns<>(
                1,
                100,
                SOON,
                task -> {
                    if (full.getAndSet(false)) {
                        throw new RejectedExecutionException("full");
                    }
                    threads.execute(task);
                },
                timer,
                turn -> {
                    done.addAll(turn.rest());
                    serveAll(turn);
                });

        turns.add(1);

        await().untilAsserted(() -> assertThat(done).contains(1));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
