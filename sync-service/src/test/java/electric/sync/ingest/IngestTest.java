package electric.sync.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Lsn;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.WalMessage;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import electric.sync.meter.Meter;
import electric.sync.shape.Shape;
import electric.sync.shape.ShapeDefinition;
import electric.sync.shape.ShapeRegistry;
import electric.sync.shape.ShapeWriter;
import electric.sync.shape.SnapshotBoundary;
import electric.sync.shape.Tables;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTest {
    private static final SnapshotBoundary OLD = new SnapshotBoundary(100, 100, List.of(), 10);

    private final LogStore store = new LogStore(64 << 20, 10_000);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final List<Shape> retired = new ArrayList<>();
    private final List<Integer> ancestors = new ArrayList<>();
    private final Ingest ingest =
            new Ingest(registry, oid -> ancestors, new NotedEndings(retired), new Stages(Meter.off()));

    private final Table items = Tables.table(1, "public", "items", "id*", "value");
    private final Relation relation = Tables.relation(items);
    private final Table others = Tables.table(2, "public", "others", "id*");

    @AfterEach
    void givesAllMemoryBack() {
        ingest.purge();
        assertThat(store.usedBytes()).isZero();
    }

    private ShapeWriter follow(Table table, ShapeDefinition.Replica replica) {
        Shape shape = registry.claim(ShapeDefinition.of(table, null, replica, ShapeDefinition.LogMode.FULL))
                .shape();
        return Objects.requireNonNull(ingest.follow(shape, table));
    }

    private ShapeWriter following(Table table) {
        ShapeWriter writer = follow(table, ShapeDefinition.Replica.DEFAULT);
        assertThat(ingest.snapshotTaken(writer, OLD)).isEqualTo(Ingest.Taken.FITS);
        return writer;
    }

    private void begin(long lsn, int xid) {
        ingest.message(new WalMessage.Begin(lsn, 0, xid));
    }

    private void insert(Relation into, String... values) {
        ingest.message(new WalMessage.Changed(new Change.Insert(into, Row.of(values))));
    }

    private void commit(long lsn) {
        ingest.message(new WalMessage.Commit(lsn, lsn + 8));
    }

    private void transaction(long lsn, int xid, String... ids) {
        begin(lsn, xid);
        for (String id : ids) {
            insert(relation, id, "v");
        }
        commit(lsn);
    }

    private static String log(ShapeWriter writer) {
        if (!writer.shape().log().tail().hasAfter(LogOffset.SNAPSHOT_END)) {
            return "";
        }
        ByteSource source = writer.shape()
                .log()
                .after(LogOffset.SNAPSHOT_END, writer.shape().log().tail())
                .items();
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = source.next(); piece != null; piece = source.next()) {
            text.append(piece.toString(UTF_8));
            piece.release();
        }
        return text.toString();
    }

    @Test
    void showsATransactionOnlyWhenItIsCommitted() { // PG-077, I2
        ShapeWriter writer = following(items);
        begin(500, 200);
        insert(relation, "1", "a");
        insert(relation, "2", "b");
        assertThat(log(writer)).isEmpty();
        assertThat(ingest.lastSeenLsn()).isZero();
        commit(500);
        assertThat(log(writer)).contains("\"1\"").contains("\"2\"");
        assertThat(ingest.lastSeenLsn()).isEqualTo(500);
    }

    @Test
    void saysThatNothingHappenedWhereNothingDid() { // FILTER §3.2, regression 11
        transaction(500, 1, "a");
        ingest.quiet(new Lsn(900));
        assertThat(ingest.lastSeenLsn()).isEqualTo(900);
        assertThat(ingest.applied())
                .as("what Postgres may forget is another matter")
                .isEqualTo(new Lsn(500));
        ingest.quiet(new Lsn(700));
        ingest.started(new Lsn(600));
        assertThat(ingest.lastSeenLsn()).as("never back").isEqualTo(900);
    }

    @Test
    void countsPositionsOverAllChangesWhoeverTakesThem() { // PG-050, PG-051, HTTP-163
        ShapeWriter first = following(items);
        ShapeWriter second = follow(items, ShapeDefinition.Replica.FULL);
        assertThat(ingest.snapshotTaken(second, OLD)).isEqualTo(Ingest.Taken.FITS);
        begin(500, 200);
        insert(Tables.relation(others), "x");
        insert(relation, "1", "a");
        insert(Tables.relation(others), "y");
        insert(relation, "2", "b");
        commit(500);
        assertThat(log(first)).contains("\"op_position\":2,").contains("\"op_position\":6,");
        assertThat(log(second)).isEqualTo(log(first));
    }

    @Test
    void dropsATransactionThatIsSentAgain() { // PG-064, regression 8
        ShapeWriter writer = following(items);
        transaction(500, 200, "1");
        String before = log(writer);
        ingest.interrupted();
        ingest.started(new Lsn(0));
        transaction(500, 200, "1");
        assertThat(log(writer)).isEqualTo(before);
        assertThat(ingest.lastSeenLsn()).isEqualTo(500);
    }

    @Test
    void takesATransactionThatBrokeOffOnlyWhenItComesWhole() { // OPS-011
        ShapeWriter writer = following(items);
        begin(500, 200);
        insert(relation, "1", "a");
        ingest.interrupted();
        assertThat(log(writer)).isEmpty();
        ingest.started(new Lsn(0));
        transaction(500, 200, "1", "2");
        assertThat(log(writer)).containsOnlyOnce("\"op_position\":0,").containsOnlyOnce("\"op_position\":2,");
    }

    @Test
    void leavesTheRestOfAnOpenTransactionToTheSnapshotOfAShapeThatComesInBetween() { // PG-066
        begin(500, 200);
        insert(relation, "1", "a");
        ShapeWriter writer = follow(items, ShapeDefinition.Replica.DEFAULT);
        insert(relation, "2", "b");
        commit(500);
        assertThat(ingest.snapshotTaken(writer, new SnapshotBoundary(200, 205, List.of(200L), 490)))
                .isEqualTo(Ingest.Taken.TOO_EARLY);
        assertThat(ingest.snapshotTaken(writer, new SnapshotBoundary(205, 205, List.of(), 510)))
                .isEqualTo(Ingest.Taken.FITS);
        assertThat(log(writer)).isEmpty();
    }

    @Test
    void wantsAnotherSnapshotWhenOneMissesWhatWentBy() { // ops §5.4 hardening 2, PG-088
        transaction(500, 200, "1");
        ShapeWriter writer = follow(items, ShapeDefinition.Replica.DEFAULT);
        transaction(600, 201, "2");
        assertThat(ingest.snapshotTaken(writer, new SnapshotBoundary(200, 202, List.of(200L, 201L), 700)))
                .isEqualTo(Ingest.Taken.TOO_EARLY);
        assertThat(ingest.snapshotTaken(writer, new SnapshotBoundary(201, 202, List.of(201L), 700)))
                .isEqualTo(Ingest.Taken.FITS);
        assertThat(log(writer)).contains("\"2\"").doesNotContain("\"1\"");
    }

    @Test
    void endsShapesOfATruncatedTableAndNoOthers() { // PG-082, regression 30
        ShapeWriter gone = following(items);
        ShapeWriter kept = following(others);
        begin(500, 200);
        insert(relation, "1", "a");
        ingest.message(new WalMessage.Changed(new Change.Truncate(List.of(relation))));
        insert(Tables.relation(others), "x");
        commit(500);
        assertThat(retired).containsExactly(gone.shape());
        assertThat(registry.byHandle(gone.shape().handle())).isNull();
        assertThat(log(kept)).contains("\"op_position\":4,");
    }

    @Test
    void followsAPartitionThatAppearsLater() { // PG-046
        Table root =
                new Table(10, Tables.table(10, "public", "root", "id*").name(), true, others.columns(), List.of(11));
        ShapeWriter writer = following(root);
        Relation fresh = Tables.relation(Tables.table(12, "elsewhere", "leaf", "id*"));
        ancestors.add(10);
        begin(500, 200);
        ingest.message(new WalMessage.Described(fresh));
        insert(fresh, "7");
        commit(500);
        assertThat(log(writer)).startsWith("{\"key\":\"\\\"public\\\".\\\"root\\\"/\\\"7\\\"\"");
    }

    @Test
    void endsOnlyTheShapeThatCannotTakeAChange() { // I9
        ShapeWriter poisoned = following(items);
        ShapeWriter healthy = following(others);
        begin(500, 200);
        ingest.message(new WalMessage.Changed(new Change.Insert(relation, Row.of("only one value"))));
        insert(Tables.relation(others), "x");
        commit(500);
        assertThat(poisoned.shape().isRetired()).isTrue();
        assertThat(log(healthy)).contains("\"x\"");
    }

    @Test
    void endsOnlyTheShapeForWhichThereIsNoMemory() {
        LogStore small = new LogStore(4_000, 1_000);
        ShapeRegistry registryOfSmall = new ShapeRegistry(small, () -> Instant.EPOCH, () -> 0);
        Ingest tight =
                new Ingest(registryOfSmall, oid -> List.of(), new NotedEndings(retired), new Stages(Meter.off()));
        Shape shape = registryOfSmall
                .claim(ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL))
                .shape();
        ShapeWriter writer = Objects.requireNonNull(tight.follow(shape, items));
        tight.snapshotTaken(writer, OLD);
        tight.message(new WalMessage.Begin(500, 0, 200));
        tight.message(new WalMessage.Changed(new Change.Insert(relation, Row.of("1", "x".repeat(9_000)))));
        tight.message(new WalMessage.Commit(500, 508));
        assertThat(retired).containsExactly(shape);
        assertThat(small.usedBytes()).isZero();
        assertThat(tight.lastSeenLsn()).isEqualTo(500);
    }

    @Test
    void takesLsnsOfTheUpperHalf() { // PG-053, regression 16
        ShapeWriter writer = following(items);
        ingest.started(Lsn.parse("7FFFFFFF/FFFFFF00"));
        transaction(Lsn.parse("80000000/10").value(), 200, "1");
        transaction(Lsn.parse("FFFFFFFF/10").value(), 201, "2");
        assertThat(log(writer))
                .contains("\"lsn\":\"9223372036854775824\"")
                .contains("\"lsn\":\"18446744069414584336\"");
    }

    @Test
    void startsAfreshAtALowerPositionAfterAPurge() { // regression 24
        transaction(500, 200, "1");
        ingest.purge();
        ingest.started(new Lsn(50));
        ShapeWriter writer = following(items);
        transaction(60, 300, "2");
        assertThat(log(writer)).contains("\"2\"");
    }

    @Test
    void endsAShapeOfAllColumnsWhenThereIsAnotherOneThoughAShapeThatNamesThemAllIsToldFirst() {
        Shape naming = registry.claim(ShapeDefinition.of(
                        items, List.of("id", "value"), ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL))
                .shape();
        ShapeWriter first = Objects.requireNonNull(ingest.follow(naming, items));
        assertThat(ingest.snapshotTaken(first, OLD)).isEqualTo(Ingest.Taken.FITS);
        ShapeWriter all = following(items);

        ingest.message(
                new WalMessage.Described(Tables.relation(Tables.table(1, "public", "items", "id*", "value", "more"))));

        assertThat(retired).containsExactly(all.shape());
    }
}
