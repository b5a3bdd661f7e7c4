package electric.sync.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShapeLogTest {
    private static final byte[] CLOSING = "}".getBytes(UTF_8);

    private final LogStore store = new LogStore(64 << 20, 100);
    private final ShapeLog log = store.newLog();

    @AfterEach
    void givesAllMemoryBack() {
        log.free();
        assertThat(store.usedBytes()).isZero();
    }

    static String read(ByteSource source) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = source.next(); piece != null; piece = source.next()) {
            text.append(piece.toString(UTF_8));
            piece.release();
        }
        return text.toString();
    }

    private void append(long tx, int op, String item) {
        byte[] bytes = item.getBytes(UTF_8);
        log.begin(tx, op, bytes, bytes.length - 1);
        log.end(CLOSING);
    }

    private static String item(int size, int number) {
        String start = "{" + number + ":";
        return start + "x".repeat(size - start.length() - 1) + "}";
    }

    @Test
    void endsAtTheSnapshotWhileThereAreNoChanges() {
        assertThat(log.tail().end()).isEqualTo(LogOffset.SNAPSHOT_END);
        assertThat(log.tail().hasAfter(LogOffset.snapshotChunk(0))).isFalse();
    }

    @Test
    void showsNothingOfATransactionBeforeItIsPublished() {
        append(5, 0, item(20, 1));
        assertThat(log.tail().hasAfter(LogOffset.SNAPSHOT_END)).isFalse();
        log.publish();
        assertThat(log.tail().end()).isEqualTo(new LogOffset(5, 0));
    }

    @Test
    void servesWhatLiesAfterAnOffsetThatMatchesNoEntry() { // HTTP-197
        append(5, 0, item(20, 1));
        append(5, 4, item(20, 2));
        append(9, 0, item(20, 3));
        log.publish();
        assertThat(read(log.after(new LogOffset(5, 1), log.tail()).items()))
                .isEqualTo(item(20, 2) + ",\n" + item(20, 3));
        assertThat(read(log.after(new LogOffset(5, LogOffset.INFINITE), log.tail())
                        .items()))
                .isEqualTo(item(20, 3));
        assertThat(read(log.after(new LogOffset(0, 3), log.tail()).items())).startsWith(item(20, 1));
    }

    @Test
    void closesAChunkAtTheEntryThatFillsItAlsoInsideATransaction() { // HTTP-194
        for (int i = 0; i < 7; i++) {
            append(5, 2 * i, item(40, i));
        }
        log.publish();
        // 40 + 40 + 40 >= 100: the third closes.
        ShapeLog.Span first = log.after(LogOffset.SNAPSHOT_END, log.tail());
        assertThat(first.end()).isEqualTo(new LogOffset(5, 4));
        ShapeLog.Span second = log.after(first.end(), log.tail());
        assertThat(second.end()).isEqualTo(new LogOffset(5, 10));
        assertThat(log.after(second.end(), log.tail()).end()).isEqualTo(new LogOffset(5, 12));
    }

    @Test
    void keepsChunkEndsWhateverIsAppendedLater() { // HTTP-198, I4
        for (int i = 0; i < 4; i++) {
            append(i + 1, 0, item(60, i));
            log.publish();
        }
        String before = read(log.after(LogOffset.SNAPSHOT_END, log.tail()).items());
        for (int i = 4; i < 40; i++) {
            append(i + 1, 0, item(60, i));
            log.publish();
        }
        assertThat(read(log.after(LogOffset.SNAPSHOT_END, log.tail()).items())).isEqualTo(before);
    }

    @Test
    void takesAnEntryLargerThanAChunkAlone() {
        append(1, 0, item(700_000, 1));
        append(2, 0, item(20, 2));
        log.publish();
        assertThat(read(log.after(LogOffset.SNAPSHOT_END, log.tail()).items())).isEqualTo(item(700_000, 1));
    }

    @Test
    void refusesToPublishAnEntryThatIsNotEnded() {
        log.begin(1, 0, CLOSING, 1);
        assertThatThrownBy(log::publish).isInstanceOf(IllegalStateException.class);
        log.end(CLOSING);
    }

    @Test
    void tellsAReaderThatTheLogIsGone() {
        append(1, 0, item(20, 1));
        log.publish();
        ByteSource source = log.after(LogOffset.SNAPSHOT_END, log.tail()).items();
        log.free();
        assertThat(source.next()).isNull();
        assertThat(source.state()).isEqualTo(ByteSource.State.BROKEN);
    }

    @Test
    void refusesToGrowBeyondItsMemory() {
        LogStore small = new LogStore(2_000, 100);
        ShapeLog crowded = small.newLog();
        byte[] big = new byte[5_000];
        assertThatThrownBy(() -> crowded.begin(1, 0, big, big.length)).isInstanceOf(LogStoreFull.class);
        crowded.free();
        assertThat(small.usedBytes()).isZero();
    }

    @Test
    void takesAsMuchMemoryAsASmallSnapshotHasBytes() {
        SnapshotLog snapshot = log.snapshot();
        snapshot.startWriting();
        snapshot.append(item(50, 1).getBytes(UTF_8), 50, 0);
        snapshot.append(item(60, 2).getBytes(UTF_8), 60, 0);
        snapshot.complete("{}".getBytes(UTF_8));
        assertThat(store.usedBytes()).isEqualTo(50 + 2 + 60 + 2);
        assertThat(read(snapshot.chunk(0))).isEqualTo(item(50, 1) + ",\n" + item(60, 2));
        assertThat(read(snapshot.chunk(1))).isEqualTo("{}");
    }

    @Test
    void leavesToALateReaderWhatItHasTakenWhileTheLogGrowsAndGoes() {
        append(1, 0, item(40, 1));
        log.publish();
        ByteBuf taken = Objects.requireNonNull(
                log.after(LogOffset.SNAPSHOT_END, log.tail()).items().next());
        append(2, 0, item(40, 2));
        append(3, 0, item(2_000, 3));
        log.publish();
        log.free();
        ShapeLog another = store.newLog();
        another.begin(1, 0, item(40, 9).getBytes(UTF_8), 40);
        assertThat(taken.toString(UTF_8)).isEqualTo(item(40, 1));
        taken.release();
        another.end(new byte[0]);
        another.free();
    }

    /** Random transactions, some discarded half way, against a plain list; every offset must give what the list gives. */
    @Test
    void agreesWithAListWhateverIsAppendedDiscardedAndAsked() {
        long seed = System.nanoTime();
        System.out.println("ShapeLogTest seed " + seed);
        Random random = new Random(seed);
        record Entry(LogOffset offset, String item) {}
        List<Entry> model = new ArrayList<>();
        long tx = 1;
        for (int round = 0; round < 400; round++) {
            tx += 1 + random.nextInt(3);
            List<Entry> transaction = new ArrayList<>();
            int op = 0;
            for (int n = random.nextInt(6); n >= 0; n--) {
                int size = random.nextInt(20) == 0 ? 2_000 : 12 + random.nextInt(60);
                transaction.add(new Entry(new LogOffset(tx, op), item(size, random.nextInt(1000))));
                op += 1 + random.nextInt(4);
            }
            for (Entry entry : transaction) {
                append(entry.offset.tx(), (int) entry.offset.op(), entry.item);
            }
            if (random.nextInt(4) == 0) {
                log.discard();
            } else {
                log.publish();
                model.addAll(transaction);
            }
        }
        for (int ask = 0; ask < 500; ask++) {
            LogOffset from = new LogOffset(random.nextLong(tx + 2), random.nextInt(12));
            List<Entry> expected =
                    model.stream().filter(e -> e.offset.compareTo(from) > 0).toList();
            assertThat(log.tail().hasAfter(from)).isEqualTo(!expected.isEmpty());
            StringBuilder all = new StringBuilder();
            LogOffset at = from;
            while (log.tail().hasAfter(at)) {
                ShapeLog.Span span = log.after(at, log.tail());
                all.append(all.isEmpty() ? "" : ",\n").append(read(span.items()));
                assertThat(span.end()).isGreaterThan(at);
                at = span.end();
            }
            assertThat(all.toString())
                    .as("after %s, seed %s", from, seed)
                    .isEqualTo(expected.stream().map(Entry::item).collect(Collectors.joining(",\n")));
        }
    }
}
