package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Lsn;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcknowledgementTest {
    private static Lsn lsn(long value) {
        return new Lsn(value);
    }

    private static Acknowledgement startingAt(long position) {
        return new Acknowledgement(lsn(position));
    }

    @Test
    void startsBeforeThePositionThatIsNotDone() {
        // A commit record may start exactly where the slot was confirmed.
        assertThat(startingAt(100).flushed()).isEqualTo(lsn(99));
        assertThat(startingAt(100).received()).isEqualTo(lsn(99));
        assertThat(startingAt(0).flushed()).isEqualTo(Lsn.ZERO);
    }

    @Test
    void holdsBackATransactionThatIsNotSafeYet() {
        // PG-068
        Acknowledgement ack = startingAt(100);
        ack.transactionApplied(lsn(200));
        assertThat(ack.received()).isEqualTo(lsn(200));
        assertThat(ack.flushed()).isEqualTo(lsn(99));
        ack.flushBoundary(lsn(150));
        assertThat(ack.flushed()).isEqualTo(lsn(150));
        ack.flushBoundary(lsn(200));
        assertThat(ack.flushed()).isEqualTo(lsn(200));
    }

    @Test
    void isUpToDateWhicheverOfTheTwoComesFirst() {
        // PG-070: of a transaction that touches no shape it is known to be safe before it counts as seen.
        Acknowledgement ack = startingAt(100);
        ack.flushBoundary(lsn(200));
        assertThat(ack.flushed()).isLessThanOrEqualTo(ack.received());
        ack.transactionApplied(lsn(200));
        assertThat(ack.flushed()).isEqualTo(lsn(200));
        ack.keepAlive(lsn(301), false);
        assertThat(ack.flushed()).isEqualTo(lsn(300));
    }

    @Test
    void followsKeepalivesWhileUpToDate() {
        // PG-069, PG-071: not including the position itself, where a commit record may start.
        Acknowledgement ack = startingAt(100);
        ack.keepAlive(lsn(500), false);
        assertThat(ack.received()).isEqualTo(lsn(499));
        assertThat(ack.flushed()).isEqualTo(lsn(499));
    }

    @Test
    void keepsKeepalivesForLaterWhileSomethingIsNotSafe() {
        // PG-069
        Acknowledgement ack = startingAt(100);
        ack.transactionApplied(lsn(200));
        ack.keepAlive(lsn(501), false);
        assertThat(ack.received()).isEqualTo(lsn(500));
        assertThat(ack.flushed()).isEqualTo(lsn(99));
        ack.flushBoundary(lsn(200));
        assertThat(ack.flushed()).isEqualTo(lsn(500));
    }

    @Test
    void ignoresKeepalivesInsideATransaction() {
        // PG-069
        Acknowledgement ack = startingAt(100);
        ack.keepAlive(lsn(500), true);
        assertThat(ack.received()).isEqualTo(lsn(99));
        assertThat(ack.flushed()).isEqualTo(lsn(99));
    }

    @Test
    void neverGoesBack() {
        Acknowledgement ack = startingAt(100);
        ack.transactionApplied(lsn(200));
        ack.flushBoundary(lsn(200));
        ack.transactionApplied(lsn(150));
        ack.flushBoundary(lsn(120));
        ack.keepAlive(lsn(130), false);
        assertThat(ack.received()).isEqualTo(lsn(200));
        assertThat(ack.flushed()).isEqualTo(lsn(200));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x7FFFFFFF_000000FFL, 0x7FFFFFFF_FFFFFFF0L, 0x80000000_00000000L, 0xFFFFFFFF_000000FFL})
    void countsWithoutSign(long start) {
        // PG-053
        Acknowledgement ack = startingAt(start);
        ack.transactionApplied(lsn(start + 0x20));
        assertThat(ack.flushed()).isLessThan(lsn(start + 0x20));
        ack.flushBoundary(lsn(start + 0x20));
        assertThat(ack.flushed()).isEqualTo(lsn(start + 0x20));
        ack.keepAlive(lsn(start + 0x31), false);
        assertThat(ack.flushed()).isEqualTo(lsn(start + 0x30));
        ack.keepAlive(Lsn.ZERO, false);
        assertThat(ack.flushed()).isEqualTo(lsn(start + 0x30));
    }

    @Test
    void neverPassesAnythingUnsafeInAnyOrderOfEvents() {
        // PG-068: a model of writers that become safe late.
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Acknowledgement ack = startingAt(1_000);
            ArrayDeque<Long> unsafe = new ArrayDeque<>();
            long server = 1_000;
            for (int event = 0; event < 50; event++) {
                Lsn before = ack.flushed();
                switch (random.nextInt(3)) {
                    case 0 -> {
                        long commit = server + random.nextInt(5);
                        server = commit + 1 + random.nextInt(20);
                        unsafe.add(commit);
                        ack.transactionApplied(lsn(commit));
                    }
                    case 1 -> {
                        if (!unsafe.isEmpty()) {
                            long safe = unsafe.remove();
                            ack.flushBoundary(lsn(unsafe.isEmpty() ? safe : unsafe.element() - 1));
                        }
                    }
                    default -> {
                        server += random.nextInt(20);
                        ack.keepAlive(lsn(server), false);
                    }
                }
                String what = "-Dseed=" + seed + " round " + round + " event " + event;
                assertThat(ack.flushed().value()).as(what).isLessThan(unsafe.isEmpty() ? server : unsafe.element());
                assertThat(ack.flushed())
                        .as(what)
                        .isGreaterThanOrEqualTo(before)
                        .isLessThanOrEqualTo(ack.received());
            }
        }
    }
}
