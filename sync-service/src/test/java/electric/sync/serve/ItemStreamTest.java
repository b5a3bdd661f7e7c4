package electric.sync.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import electric.sync.shape.EntryFormat;
import electric.sync.shape.Membership;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.SnapshotWriter;
import electric.sync.shape.StartOutcome;
import electric.sync.shape.Tables;
import electric.sync.shape.Transaction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a streaming reader is told and when: http-api §7.4. */
class ItemStreamTest {
    private static final SnapshotBoundary BOUNDARY = new SnapshotBoundary(100, 100, List.of(), 10);

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final LogStore store = new LogStore(64 << 20, 400);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final ShapeServer server = NoDatabase.server(registry, store, Duration.ofSeconds(60));

    private final Table items = Tables.table(1, "public", "items", "id*", "value");
    private final Relation relation = Tables.relation(items);
    private final ShapeDefinition definition =
            ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final Shape shape = registry.claim(definition).shape();
    private final EntryFormat format = new EntryFormat(items, definition);
    private final ShapeWriter writer = new ShapeWriter(shape, format);
    private final SnapshotWriter snapshot = new SnapshotWriter(shape, format, BOUNDARY);
    private final List<Answer> answers = new ArrayList<>();
    private int woken;

    @BeforeEach
    void stopTheClock() {
        loop.freezeTime();
        assertThat(writer.snapshotTaken(BOUNDARY)).isNull();
        shape.follow();
    }

    @AfterEach
    void givesAllMemoryBack() {
        answers.forEach(answer -> ((Answer.Streamed) answer).items().close());
        shape.log().free();
        loop.finishAndReleaseAll();
        assertThat(store.usedBytes()).isZero();
    }

    private Answer.Streamed stream(String offset) {
        server.answer(
                new ShapeRequest(
                        definition,
                        Objects.requireNonNull(LogOffset.parse(offset)),
                        false,
                        shape.handle(),
                        true,
                        true,
                        Set.of(),
                        null),
                loop.eventLoop(),
                () -> {},
                answers::add);
        Answer.Streamed streamed = (Answer.Streamed) answers.getLast();
        streamed.items().wakes(() -> woken++);
        return streamed;
    }

    private void commit(long lsn, int... rows) {
        Transaction transaction = new Transaction(lsn, 200);
        int op = 0;
        for (int row : rows) {
            assertThat(writer.change(
                            transaction,
                            op,
                            new Change.Insert(relation, Row.of("row " + row, "x".repeat(40))),
                            Membership.BOTH))
                    .isNull();
            op += 2;
        }
        writer.commit(transaction);
        shape.announce();
        loop.runPendingTasks();
    }

    private void snapshotOf(int rows) {
        for (int i = 0; i < rows; i++) {
            snapshot.row(Row.of("row " + i, "x".repeat(40)), i);
        }
        snapshot.complete();
    }

    private void pass(long seconds) {
        loop.advanceTimeBy(seconds, TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    /** What comes until there is nothing for now: rows by number, and what is said between them. */
    private static List<String> told(ItemStream stream) {
        List<String> told = new ArrayList<>();
        while (true) {
            switch (stream.next()) {
                case ItemStream.Next.Items next -> {
                    StringBuilder text = new StringBuilder();
                    for (ByteBuf piece = next.items().next();
                            piece != null;
                            piece = next.items().next()) {
                        text.append(piece.toString(UTF_8));
                        piece.release();
                    }
                    next.items().close();
                    java.util.regex.Pattern.compile("\"id\":\"(row \\d+)\"")
                            .matcher(text)
                            .results()
                            .forEach(found -> told.add(found.group(1)));
                }
                case ItemStream.Next.UpToDate upToDate -> told.add("up to date at " + upToDate.lsn());
                case ItemStream.Next.Nothing nothing -> {
                    return told;
                }
                case ItemStream.Next.Over over -> {
                    told.add("over");
                    return told;
                }
            }
        }
    }

    @Test
    void saysNothingAtTheEndOfTheLogUntilSomethingHappens() { // HTTP-228, 229, 231, 234
        snapshotOf(0);
        commit(500, 1);
        Answer.Streamed streamed = stream("500_0");
        assertThat(streamed.position()).hasToString("500_0");
        assertThat(streamed.upToDate()).isTrue();
        assertThat(told(streamed.items())).isEmpty();
        commit(600, 2, 3);
        assertThat(woken).isPositive();
        assertThat(told(streamed.items())).containsExactly("row 2", "row 3", "up to date at 600");
        assertThat(told(streamed.items())).isEmpty();
    }

    @Test
    void goesThroughEveryChunkOfABacklogBeforeItIsUpToDate() { // HTTP-229
        snapshotOf(0);
        commit(500, 1, 2, 3, 4, 5, 6, 7, 8);
        Answer.Streamed streamed = stream("0_inf");
        assertThat(streamed.position()).hasToString("0_inf");
        assertThat(streamed.upToDate()).isFalse();
        assertThat(told(streamed.items()))
                .containsExactly(
                        "row 1", "row 2", "row 3", "row 4", "row 5", "row 6", "row 7", "row 8", "up to date at 500");
    }

    @Test
    void saysThatItIsUpToDateThoughMoreHasComeMeanwhile() { // HTTP-229: a reader may always be a little behind.
        snapshotOf(0);
        ItemStream stream = stream("0_inf").items();
        for (int lsn = 1_000; lsn < 5_000; lsn += 1_000) {
            commit(lsn, lsn);
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            ItemStream.Next.Items.class, items -> items.items().close());
            commit(lsn + 100, lsn + 100);
            assertThat(stream.next()).isEqualTo(new ItemStream.Next.UpToDate(lsn));
            assertThat(told(stream)).containsExactly("row " + (lsn + 100), "up to date at " + (lsn + 100));
        }
    }

    @Test
    void endsWhenItsTimeIsUpThoughThereIsMore() { // HTTP-230: activity does not prolong it.
        snapshotOf(0);
        ItemStream stream = stream("0_inf").items();
        commit(500, 1);
        assertThat(told(stream)).containsExactly("row 1", "up to date at 500");
        commit(600, 2);
        pass(60);
        assertThat(told(stream)).containsExactly("over");
    }

    @Test
    void beginsInTheMiddleOfASnapshotThatIsStillWritten() {
        for (int i = 0; i < 4; i++) {
            snapshot.row(Row.of("row " + i, "x".repeat(40)), i);
        }
        Answer.Streamed streamed = stream("0_0");
        assertThat(streamed.upToDate()).isFalse();
        // The chunk that is being written says by itself when it has more.
        assertThat(streamed.items().next()).isInstanceOf(ItemStream.Next.Items.class);
        snapshot.complete();
        commit(500, 9);
        assertThat(told(streamed.items())).containsExactly("row 9", "up to date at 500");
    }

    @Test
    void whenItsTimeIsUpItStillGoesOnToTheEndOfTheLog() { // HTTP-229, 230
        snapshotOf(0);
        Answer.Streamed streamed = stream("0_inf");
        pass(59);
        assertThat(told(streamed.items())).isEmpty();
        commit(500, 1, 2, 3, 4, 5);
        pass(1);
        assertThat(told(streamed.items()))
                .containsExactly("row 1", "row 2", "row 3", "row 4", "row 5", "up to date at 500", "over");
    }

    @Test
    void endsWithoutAWordWhenTheShapeIsOver() { // HTTP-233
        snapshotOf(0);
        Answer.Streamed streamed = stream("0_inf");
        registry.retire(shape, "test", new StartOutcome.Gone());
        loop.runPendingTasks();
        assertThat(woken).isEqualTo(1);
        assertThat(told(streamed.items())).containsExactly("over");
    }

    @Test
    void beyondTheLogItTellsTheEndAndIsSilent() { // HTTP-204
        snapshotOf(0);
        commit(500, 1);
        Answer.Streamed streamed = stream("700_0");
        assertThat(streamed.position()).hasToString("500_0");
        commit(600, 2);
        assertThat(told(streamed.items())).isEmpty();
        pass(10);
        assertThat(told(streamed.items())).containsExactly("over");
    }

    @Test
    void endsWhenTheServerStops() {
        snapshotOf(0);
        Answer.Streamed streamed = stream("0_inf");
        server.drain();
        loop.runPendingTasks();
        assertThat(told(streamed.items())).containsExactly("over");
        assertThat(told(stream("0_inf").items())).isEmpty();
        pass(0);
        assertThat(told(((Answer.Streamed) answers.getLast()).items())).containsExactly("over");
    }
}
