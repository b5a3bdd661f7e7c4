package electric.sync.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.log.ByteSource;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol's decisions without HTTP: http-api §5 to §7, on a loop whose time stands still until it is told to go on. */
class ShapeServerTest {
    private static final SnapshotBoundary BOUNDARY = new SnapshotBoundary(100, 100, List.of(), 10);

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final LogStore store = new LogStore(64 << 20, 400);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final List<Shape> begun = new ArrayList<>();
    private long lastSeenLsn;

    private final ShapeServer server = new ShapeServer(
            registry,
            () -> lastSeenLsn,
            begun::add,
            (shape, reason) -> registry.retire(shape, reason, new StartOutcome.Gone()),
            NoDatabase.subsets(store),
            ShapeServer.Patience.withLongPoll(Duration.ofSeconds(20), Duration.ofSeconds(60)),
            () -> loop.eventLoop().ticker().nanoTime());

    private final Table items = Tables.table(1, "public", "items", "id*", "value");
    private final Relation relation = Tables.relation(items);
    private final ShapeDefinition definition =
            ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
    private final ShapeDefinition other =
            ShapeDefinition.of(items, List.of("id"), ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);

    private final List<Answer> answers = new ArrayList<>();

    @BeforeEach
    void stopTheClock() {
        loop.freezeTime();
    }

    @AfterEach
    void givesAllMemoryBack() {
        registry.all().forEach(s -> s.log().free());
        begun.forEach(s -> s.log().free());
        loop.finishAndReleaseAll();
        assertThat(store.usedBytes()).isZero();
    }

    private int snapshotsBegun;

    private Runnable ask(@Nullable String handle, String offset, boolean live, String... knownTags) {
        return ask(handle, offset, live, answers::add, knownTags);
    }

    private Runnable ask(
            @Nullable String handle, String offset, boolean live, Consumer<Answer> reply, String... knownTags) {
        return server.answer(
                new ShapeRequest(
                        definition,
                        Objects.requireNonNull(LogOffset.parse(offset)),
                        false,
                        handle,
                        live,
                        false,
                        Set.of(knownTags),
                        null),
                loop.eventLoop(),
                () -> snapshotsBegun++,
                reply);
    }

    private Answer answer() {
        loop.runPendingTasks();
        assertThat(answers).hasSize(1);
        return answers.removeFirst();
    }

    private void noAnswer() {
        loop.runPendingTasks();
        assertThat(answers).isEmpty();
    }

    private void pass(long seconds) {
        loop.advanceTimeBy(seconds, TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    private static String items(Answer answer) {
        ByteSource source = ((Answer.Log) answer).items();
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = source.next(); piece != null; piece = source.next()) {
            text.append(piece.toString(UTF_8));
            piece.release();
        }
        return text.toString();
    }

    /** A shape whose snapshot holds some rows of 150 bytes or so, three to a chunk. */
    private ShapeWriter started(int rows) {
        ask(null, "-1", false);
        Shape shape = begun.getLast();
        EntryFormat format = new EntryFormat(items, shape.definition());
        ShapeWriter writer = new ShapeWriter(shape, format);
        assertThat(writer.snapshotTaken(BOUNDARY)).isNull();
        SnapshotWriter snapshot = new SnapshotWriter(shape, format, BOUNDARY);
        for (int i = 0; i < rows; i++) {
            snapshot.row(Row.of("row " + i, "x".repeat(40)), i);
        }
        snapshot.complete();
        shape.follow();
        answer();
        return writer;
    }

    private void commit(ShapeWriter writer, long lsn, String... ids) {
        Transaction transaction = new Transaction(lsn, 200);
        int op = 0;
        for (String id : ids) {
            assertThat(writer.change(transaction, op, new Change.Insert(relation, Row.of(id, "v")), Membership.BOTH))
                    .isNull();
            op += 2;
        }
        writer.commit(transaction);
        lastSeenLsn = lsn;
        writer.shape().announce();
    }

    @Test
    void makesOneShapeForConcurrentFirstRequests() { // HTTP-205, regression 89
        ask(null, "-1", false);
        ask(null, "-1", false);
        assertThat(begun).hasSize(1);
        noAnswer();
    }

    @Test
    void servesTheSnapshotChunkByChunkThenTheChangesThenIsUpToDate() { // HTTP-189, 190, 109
        ShapeWriter writer = started(4);
        String handle = writer.shape().handle();
        ask(null, "-1", false);
        Answer.Log first = (Answer.Log) answer();
        assertThat(first.end()).hasToString("0_0");
        assertThat(first.upToDate()).isFalse();
        assertThat(items(first)).contains("row 0").doesNotContain("row 3");
        ask(handle, "0_0", false);
        Answer.Log second = (Answer.Log) answer();
        assertThat(second.end()).hasToString("0_1");
        assertThat(items(second)).contains("row 3").contains("snapshot-end");
        ask(handle, "0_1", false);
        Answer.Log end = (Answer.Log) answer();
        assertThat(end.end()).hasToString("0_inf");
        assertThat(end.upToDate()).isTrue();
        assertThat(items(end)).isEmpty();
    }

    @Test
    void claimsNoMoreThanWhatWasReadBeforeTheLog() { // HTTP-176, 177, 179
        ShapeWriter writer = started(0);
        commit(writer, 500, "a");
        lastSeenLsn = 900;
        ask(writer.shape().handle(), "0_inf", false);
        assertThat(((Answer.Log) answer()).lastSeenLsn()).isEqualTo(900);
        ask(writer.shape().handle(), "0_inf", true);
        assertThat(((Answer.Log) answer()).lastSeenLsn()).isEqualTo(500);
        ask(writer.shape().handle(), "500_0", false);
        assertThat(((Answer.Log) answer()).lastSeenLsn()).isEqualTo(900);
    }

    @Test
    void holdsALiveRequestUntilACommitAndThenGivesItEverything() { // HTTP-217, 218
        ShapeWriter writer = started(0);
        ask(writer.shape().handle(), "0_0", true);
        noAnswer();
        commit(writer, 500, "a", "b");
        Answer.Log log = (Answer.Log) answer();
        assertThat(log.end()).hasToString("500_2");
        assertThat(log.upToDate()).isTrue();
        assertThat(items(log)).contains("\"a\"").contains("\"b\"");
        ask(writer.shape().handle(), "0_0", true);
        assertThat(((Answer.Log) answer()).end()).hasToString("500_2");
    }

    @Test
    void wakesEveryWaiterForItsOwnOffset() { // HTTP-223
        ShapeWriter writer = started(0);
        commit(writer, 500, "a");
        for (int i = 0; i < 1000; i++) {
            ask(writer.shape().handle(), "500_0", true);
        }
        commit(writer, 600, "b");
        loop.runPendingTasks();
        assertThat(answers)
                .hasSize(1000)
                .allSatisfy(a -> assertThat(((Answer.Log) a).end()).hasToString("600_0"));
    }

    @Test
    void wakesThoseWhoStillWaitWhateverTheOthersDo() { // HTTP-224, I9
        ShapeWriter writer = started(0);
        String handle = writer.shape().handle();
        List<String> got = new ArrayList<>();
        List<Runnable> leave = new ArrayList<>();
        ask(handle, "0_inf", true, answer -> {
            got.add("first");
            leave.get(1).run();
            ask(handle, "500_0", true);
            throw new IllegalStateException("on purpose");
        });
        leave.add(ask(handle, "900_0", true));
        leave.add(ask(handle, "0_inf", true, answer -> got.add("left when the first was answered")));
        ask(handle, "0_inf", true, answer -> got.add("last"));

        commit(writer, 500, "a");
        noAnswer();
        assertThat(got).containsExactly("first", "last");

        // Whoever has asked again or waits for more is told of the next change, and of nothing but the next change.
        leave.getFirst().run();
        commit(writer, 600, "b");
        assertThat(((Answer.Log) answer()).requested()).hasToString("500_0");
    }

    @Test
    void answersEachLongPollWhenItsOwnTimeIsUp() { // HTTP-220
        ShapeWriter writer = started(0);
        List<Integer> over = new ArrayList<>();
        List<Runnable> leave = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            leave.add(ask(writer.shape().handle(), "0_inf", true, answer -> over.add(number)));
            pass(1);
        }
        for (int gone : new int[] {0, 2, 4}) {
            leave.get(gone).run();
        }
        pass(15);
        assertThat(over).isEmpty();
        pass(1);
        assertThat(over).containsExactly(1);
        pass(1);
        assertThat(over).containsExactly(1);
        pass(1);
        assertThat(over).containsExactly(1, 3);

        ask(writer.shape().handle(), "0_inf", true, answer -> over.add(5));
        pass(19);
        assertThat(over).hasSize(2);
        pass(1);
        assertThat(over).containsExactly(1, 3, 5);
    }

    @Test
    void answersALongPollThatTimesOutWithThePositionOfThatMoment() { // HTTP-220, 178
        ShapeWriter writer = started(0);
        ask(writer.shape().handle(), "0_inf", true);
        pass(19);
        noAnswer();
        lastSeenLsn = 777;
        pass(1);
        Answer.NoData noData = (Answer.NoData) answer();
        assertThat(noData.lastSeenLsn()).isEqualTo(777);
        assertThat(noData.end()).hasToString("0_inf");
        assertThat(noData.now()).isFalse();
    }

    @Test
    void tellsWaitersOfARetiredShapeToRefetchWithoutAHandle() { // HTTP-213
        ShapeWriter writer = started(0);
        ask(writer.shape().handle(), "0_inf", true);
        noAnswer();
        registry.retire(writer.shape(), "test", new StartOutcome.Gone());
        assertThat(answer()).isEqualTo(new Answer.MustRefetch(null));
    }

    @Test
    void pointsUnknownAndForeignHandlesToTheShapeOfTheDefinition() { // HTTP-210, 211
        ShapeWriter writer = started(0);
        ask("1-2", "0_inf", false);
        assertThat(answer()).isEqualTo(new Answer.MustRefetch(writer.shape().handle()));
        server.answer(
                new ShapeRequest(
                        other, LogOffset.SNAPSHOT_END, false, writer.shape().handle(), false, false, Set.of(), null),
                loop.eventLoop(),
                () -> snapshotsBegun++,
                answers::add);
        Answer.MustRefetch elsewhere = (Answer.MustRefetch) answer();
        assertThat(elsewhere.handle())
                .isEqualTo(begun.getLast().handle())
                .isNotEqualTo(writer.shape().handle());
    }

    @Test
    void waitsHalfALongPollForAnOffsetBeyondTheLog() { // HTTP-202, 203
        ShapeWriter writer = started(0);
        commit(writer, 500, "a");
        ask(writer.shape().handle(), "600_0", false);
        ask(writer.shape().handle(), "700_0", false);
        noAnswer();
        commit(writer, 600, "b");
        assertThat(((Answer.Log) answer()).upToDate()).isTrue();
        pass(10);
        assertThat(answer()).isEqualTo(new Answer.OutOfBounds());
        ask(writer.shape().handle(), "0_99", false);
        assertThat(items(answer())).contains("\"a\"");
    }

    @Test
    void knowsWhatTheClientHasAlready() { // HTTP-124, 126, 129
        ShapeWriter writer = started(0);
        String handle = writer.shape().handle();
        commit(writer, 500, "a");
        ask(null, "-1", false, handle + ":-1:0_0");
        assertThat(((Answer.NotModified) answer()).end()).hasToString("0_0");
        ask(handle, "400_3", false, "x", handle + ":400_3:500_0");
        assertThat(((Answer.NotModified) answer()).upToDate()).isTrue();
        ask(handle, "500_0", true, handle + ":500_0:500_0");
        assertThat(answer()).isInstanceOf(Answer.NotModified.class);
        ask("1-2", "500_0", true, handle + ":500_0:500_0");
        assertThat(answer()).isInstanceOf(Answer.MustRefetch.class); // HTTP-053
    }

    @Test
    void givesAllWhoWaitTheSameFailureOfAStart() { // PG-097
        ask(null, "-1", false);
        ask(null, "-1", false);
        registry.retire(begun.getFirst(), "no privilege", new StartOutcome.Unavailable("permission denied", 10, true));
        loop.runPendingTasks();
        assertThat(answers)
                .containsExactly(
                        new Answer.Unavailable("permission denied", 10, true),
                        new Answer.Unavailable("permission denied", 10, true));
        answers.clear();
        ask(null, "-1", false);
        assertThat(begun).hasSize(2);
    }

    @Test
    void tellsWhoWaitsThatTheFilterCannotBeCalculated() { // where §2.11
        ask(null, "-1", false);
        registry.retire(begun.getFirst(), "its snapshot failed", new StartOutcome.Refused("division by zero"));
        loop.runPendingTasks();
        assertThat(answers).containsExactly(new Answer.Refused("division by zero"));
    }

    @Test
    void givesUpOnASnapshotThatDoesNotBegin() { // ops §5.6
        ask(null, "-1", false);
        pass(44);
        noAnswer();
        pass(1);
        assertThat(answer())
                .isEqualTo(new Answer.Unavailable(
                        "Snapshot query took too long to start reading from the database", 10, true));
    }

    @Test
    void letsAClientThatAsksForTheNextChunkOfARunningSnapshotWait() { // HTTP-199, HTTP-200
        ask(null, "-1", false);
        Shape shape = begun.getFirst();
        EntryFormat format = new EntryFormat(items, shape.definition());
        SnapshotWriter snapshot = new SnapshotWriter(shape, format, BOUNDARY);
        snapshot.row(Row.of("row 0", "x".repeat(400)), 1);
        shape.follow();
        assertThat(items(answer())).contains("row 0");
        ask(shape.handle(), "0_0", false);
        noAnswer();
        snapshot.complete();
        Answer.Log next = (Answer.Log) answer();
        assertThat(next.end()).hasToString("0_1");
        assertThat(items(next)).startsWith("{\"headers\":{\"control\":\"snapshot-end\"");
    }

    @Test
    void saysOnceThatTheSnapshotHasBegunHoweverLongItWaitsThen() { // HTTP-259
        Runnable leave = ask(null, "-1", false);
        assertThat(snapshotsBegun).isZero();
        leave.run();
        ShapeWriter writer = started(0);
        assertThat(snapshotsBegun).as("for the one who is still there").isEqualTo(1);
        ask(writer.shape().handle(), "0_inf", true);
        assertThat(snapshotsBegun).isEqualTo(2);
        assertThat(answers).isEmpty();
    }

    @Test
    void answersNowAtOnceWithTheEndOfTheLog() { // HTTP-254
        ShapeWriter writer = started(2);
        lastSeenLsn = 42;
        server.answer(
                new ShapeRequest(definition, LogOffset.BEFORE_ALL, true, null, false, false, Set.of(), null),
                loop.eventLoop(),
                () -> snapshotsBegun++,
                answers::add);
        assertThat(answer())
                .isEqualTo(new Answer.NoData(
                        writer.shape().handle(), LogOffset.BEFORE_ALL, true, LogOffset.SNAPSHOT_END, 42));
    }

    @Test
    void forgetsAClientThatWentAway() { // HTTP-224, regression 141
        ShapeWriter writer = started(0);
        Runnable gone = ask(writer.shape().handle(), "0_inf", true);
        gone.run();
        commit(writer, 500, "a");
        pass(60);
        noAnswer();
    }

    @Test
    void letsEverybodyGoWhenDraining() { // OPS-044
        ShapeWriter writer = started(0);
        ask(writer.shape().handle(), "0_inf", true);
        server.drain();
        assertThat(answer()).isInstanceOf(Answer.NoData.class);
        ask(writer.shape().handle(), "0_inf", true);
        assertThat(answer()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void deletesByDefinitionByHandleOrByBothWhenTheyAgree() { // HTTP-040 to 043
        String handle = started(0).shape().handle();
        assertThat(server.delete(definition, "1-2")).isEqualTo(ShapeServer.Deletion.MISMATCH);
        assertThat(server.delete(other, null)).isEqualTo(ShapeServer.Deletion.UNKNOWN);
        assertThat(server.delete(null, "1-2")).isEqualTo(ShapeServer.Deletion.UNKNOWN);
        assertThat(server.delete(definition, handle)).isEqualTo(ShapeServer.Deletion.DELETED);
        assertThat(server.knows(handle)).isFalse();
        assertThat(server.delete(null, handle)).isEqualTo(ShapeServer.Deletion.UNKNOWN);
    }
}
