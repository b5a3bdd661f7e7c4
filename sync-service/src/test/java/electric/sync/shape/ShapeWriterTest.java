package electric.sync.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.log.LogStore;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What changes become in a log: http-api §4, requirement numbers at the tests. */
class ShapeWriterTest {
    private static final SnapshotBoundary EMPTY_DATABASE = new SnapshotBoundary(100, 100, List.of(), 10);

    private final LogStore store = new LogStore(64 << 20, 10_000);
    private final ShapeRegistry registry = new ShapeRegistry(store, () -> Instant.EPOCH, () -> 0);
    private final List<Shape> shapes = new ArrayList<>();

    private final Table items = Tables.table(1, "public", "items", "id*", "value", "note");
    private final Relation itemsOnTheStream = Tables.relation(items);
    private final Transaction tx = new Transaction(26733688, 741);

    @AfterEach
    void givesAllMemoryBack() {
        shapes.forEach(s -> s.log().free());
        assertThat(store.usedBytes()).isZero();
    }

    private ShapeWriter writer(Table table, ShapeDefinition definition) {
        Shape shape = registry.claim(definition).shape();
        shapes.add(shape);
        return new ShapeWriter(shape, new EntryFormat(table, definition));
    }

    private ShapeWriter writer(Table table, ShapeDefinition.Replica replica) {
        ShapeWriter writer = writer(table, ShapeDefinition.of(table, null, replica, ShapeDefinition.LogMode.FULL));
        assertThat(writer.snapshotTaken(EMPTY_DATABASE)).isNull();
        return writer;
    }

    private static String log(ShapeWriter writer) {
        if (!writer.shape().log().tail().hasAfter(LogOffset.SNAPSHOT_END)) {
            return "";
        }
        ByteSource items = writer.shape()
                .log()
                .after(LogOffset.SNAPSHOT_END, writer.shape().log().tail())
                .items();
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = items.next(); piece != null; piece = items.next()) {
            text.append(piece.toString(UTF_8));
            piece.release();
        }
        return text.toString();
    }

    private void apply(ShapeWriter writer, Change... changes) {
        int op = 0;
        for (Change change : changes) {
            assertThat(writer.change(tx, op, change, Membership.BOTH)).isNull();
            op += 2;
        }
        writer.commit(tx);
    }

    private Change insert(@Nullable String... values) {
        return new Change.Insert(itemsOnTheStream, Row.of(values));
    }

    private Change update(Row old, Row row) {
        return new Change.Update(itemsOnTheStream, old, row);
    }

    @Test
    void writesInsertsWithAllColumnsAndMarksTheLastOfTheTransaction() { // HTTP-150, 151, 152
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        apply(writer, insert("1", "a", null), insert("2", "b\"", "n"));
        assertThat(log(writer)).isEqualTo("""
                        {"key":"\\"public\\".\\"items\\"/\\"1\\"","value":{"id":"1","value":"a","note":null},"headers":{"operation":"insert","relation":["public","items"],"lsn":"26733688","op_position":0,"txids":[741]}},
                        {"key":"\\"public\\".\\"items\\"/\\"2\\"","value":{"id":"2","value":"b\\"","note":"n"},"headers":{"operation":"insert","relation":["public","items"],"lsn":"26733688","op_position":2,"txids":[741],"last":true}}""");
    }

    @Test
    void writesOnlyKeyAndChangedColumnsOfAnUpdate() { // HTTP-153
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        apply(writer, update(Row.of("1", "orig", null), Row.of("1", "updated", null)));
        assertThat(log(writer)).isEqualTo("""
                        {"key":"\\"public\\".\\"items\\"/\\"1\\"","value":{"id":"1","value":"updated"},"headers":{"operation":"update","relation":["public","items"],"lsn":"26733688","op_position":0,"txids":[741],"last":true}}""");
    }

    @Test
    void writesWholeRowsAndPreviousValuesInFullMode() { // HTTP-154, 155
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.FULL);
        apply(
                writer,
                update(Row.of("1", "orig", "x"), Row.of("1", null, "x")),
                new Change.Delete(itemsOnTheStream, Row.of("1", null, "x"), true));
        assertThat(log(writer))
                .contains("\"value\":{\"id\":\"1\",\"value\":null,\"note\":\"x\"},\"old_value\":{\"value\":\"orig\"}")
                .contains(
                        "\"value\":{\"id\":\"1\",\"value\":null,\"note\":\"x\"},\"headers\":{\"operation\":\"delete\"");
    }

    @Test
    void writesOnlyTheKeyOfADelete() { // HTTP-155
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        apply(writer, new Change.Delete(itemsOnTheStream, Row.of("1", "a", "b"), true));
        assertThat(log(writer)).contains("\"value\":{\"id\":\"1\"},\"headers\":{\"operation\":\"delete\"");
    }

    private String asSeenBy(Membership membership, Change change) {
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        assertThat(writer.change(tx, 0, change, membership)).isNull();
        writer.commit(tx);
        String log = log(writer);
        shapes.forEach(s -> {
            registry.retire(s, "done", new StartOutcome.Gone());
            s.log().free();
        });
        shapes.clear();
        return log;
    }

    private static String operation(String log) {
        return log.isEmpty() ? "" : log.replaceAll("(?s).*\"operation\":\"(\\w+)\".*", "$1");
    }

    @Test
    @DisplayName("FILTER-003…008: a row enters, stays, leaves or never was there")
    void writesWhatAChangeIsToThoseWhoFilter() {
        Change insert = insert("1", "a", null);
        Change delete = new Change.Delete(itemsOnTheStream, Row.of("1", "a", null), true);
        Change update = update(Row.of("1", "a", null), Row.of("1", "b", null));
        Change nothing = update(Row.of("1", "a", null), Row.of("1", "a", null));

        assertThat(operation(asSeenBy(Membership.AFTER, insert))).isEqualTo("insert");
        assertThat(operation(asSeenBy(Membership.NEITHER, insert))).isEmpty();
        assertThat(operation(asSeenBy(Membership.BEFORE, delete))).isEqualTo("delete");
        assertThat(operation(asSeenBy(Membership.NEITHER, delete))).isEmpty();
        assertThat(operation(asSeenBy(Membership.BOTH, update))).isEqualTo("update");
        assertThat(operation(asSeenBy(Membership.BEFORE, update))).isEqualTo("delete");
        assertThat(asSeenBy(Membership.AFTER, update))
                .contains(
                        "\"value\":{\"id\":\"1\",\"value\":\"b\",\"note\":null},\"headers\":{\"operation\":\"insert\"");
        assertThat(asSeenBy(Membership.NEITHER, update)).isEmpty();
        assertThat(asSeenBy(Membership.BOTH, nothing)).isEmpty();
    }

    @Test
    @DisplayName("FILTER-006, 007, 009: with the key changed, each shape gets its own entry of one change")
    void keepsApartWhatAMoveIsToEach() {
        EntryFormat shared = new EntryFormat(
                items, ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        Change move = update(Row.of("1", "a", null), Row.of("2", "b", null));
        List<String> logs = new ArrayList<>();
        for (Membership membership :
                List.of(Membership.BOTH, Membership.BEFORE, Membership.AFTER, Membership.BOTH, Membership.BEFORE)) {
            Shape shape = registry.claim(ShapeDefinition.of(
                            items,
                            List.of("id", "value", "note".repeat(logs.size())),
                            ShapeDefinition.Replica.DEFAULT,
                            logs.size() % 2 == 0 ? ShapeDefinition.LogMode.FULL : ShapeDefinition.LogMode.CHANGES_ONLY))
                    .shape();
            ShapeWriter writer = new ShapeWriter(shape, shared);
            assertThat(writer.snapshotTaken(EMPTY_DATABASE)).isNull();
            assertThat(writer.change(tx, 0, move, membership)).isNull();
            writer.commit(tx);
            logs.add(log(writer));
            registry.retire(shape, "done", new StartOutcome.Gone());
            shape.log().free();
        }
        assertThat(logs.get(0))
                .contains("\"operation\":\"delete\"", "key_change_to", "\"operation\":\"insert\"", "key_change_from");
        assertThat(logs.get(1))
                .contains("{\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"1\\\"\"", "\"operation\":\"delete\"")
                .doesNotContain("key_change", "insert");
        assertThat(logs.get(2))
                .contains("{\"key\":\"\\\"public\\\".\\\"items\\\"/\\\"2\\\"\"", "\"operation\":\"insert\"")
                .doesNotContain("key_change", "delete");
        assertThat(logs.get(3)).isEqualTo(logs.get(0));
        assertThat(logs.get(4)).isEqualTo(logs.get(1));
    }

    @Test
    @DisplayName("WHERE-099: where it cannot be said whether a row belongs, the shape is over")
    void endsWhereMembershipIsNotKnown() {
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        assertThat(writer.change(tx, 0, insert("1", "a", null), new Membership.Unknown("no answer")))
                .isEqualTo("no answer");
    }

    @Test
    void remembersOfHeldChangesWhetherTheyBelongAndForgetsTroubleThatTheSnapshotHolds() {
        ShapeDefinition definition =
                ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL);
        ShapeWriter writer = writer(items, definition);
        Transaction seen = new Transaction(10, 5);
        Transaction unseen = new Transaction(20, 8);
        assertThat(writer.change(seen, 0, insert("0", "a", null), new Membership.Unknown("no answer")))
                .isNull();
        writer.commit(seen);
        assertThat(writer.change(unseen, 0, insert("1", "a", null), Membership.AFTER))
                .isNull();
        assertThat(writer.change(unseen, 2, insert("2", "b", null), Membership.NEITHER))
                .isNull();
        writer.commit(unseen);

        assertThat(writer.snapshotTaken(new SnapshotBoundary(7, 8, List.of(), 30)))
                .isNull();
        assertThat(log(writer)).contains("/\\\"1\\\"\"", "\"last\":true").doesNotContain("/\\\"2\\\"", "/\\\"0\\\"");
    }

    @Test
    void splitsAnUpdateOfTheKeyIntoDeleteAndInsert() { // HTTP-156, PG-050, regression 20
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.FULL);
        apply(writer, insert("9", "z", null), update(Row.of("1", "x", null), Row.of("2", "x", null)));
        assertThat(log(writer)).contains("""
                        "headers":{"operation":"delete","relation":["public","items"],"key_change_to":"\\"public\\".\\"items\\"/\\"2\\"","lsn":"26733688","op_position":2,"txids":[741]}}""").endsWith("""
                        "value":{"id":"2","value":"x","note":null},"headers":{"operation":"insert","relation":["public","items"],"key_change_from":"\\"public\\".\\"items\\"/\\"1\\"","lsn":"26733688","op_position":3,"txids":[741],"last":true}}""").doesNotContain("old_value");
        assertThat(writer.shape().log().tail().end()).isEqualTo(new LogOffset(26733688, 3));
    }

    @Test
    void leavesOutUpdatesThatChangeNoSelectedColumn() { // HTTP-158, PG-057
        ShapeWriter writer = writer(
                items,
                ShapeDefinition.of(
                        items, List.of("id", "value"), ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        assertThat(writer.snapshotTaken(EMPTY_DATABASE)).isNull();
        apply(writer, update(Row.of("1", "a", "b"), Row.of("1", "a", "c")));
        assertThat(log(writer)).isEmpty();
        assertThat(writer.shape().log().tail().end()).isEqualTo(LogOffset.SNAPSHOT_END);
    }

    @Test
    void identifiesRowsWithoutAPrimaryKeyByAllTheirColumns() { // HTTP-147, 155
        Table keyless = Tables.table(2, "public", "t", "b", "a");
        Relation relation = Tables.relation(keyless);
        ShapeWriter writer = writer(keyless, ShapeDefinition.Replica.DEFAULT);
        apply(
                writer,
                new Change.Insert(relation, Row.of("1", null)),
                new Change.Update(relation, Row.of("1", null), Row.of("1", "a/b")),
                new Change.Delete(relation, Row.of("1", "a/b"), true));
        assertThat(log(writer))
                .contains("{\"key\":\"\\\"public\\\".\\\"t\\\"/\\\"1\\\"/_\",\"value\":{\"b\":\"1\",\"a\":null}")
                .contains("\"key_change_to\":\"\\\"public\\\".\\\"t\\\"/\\\"1\\\"/\\\"a//b\\\"\"")
                .contains("\"value\":{\"b\":\"1\",\"a\":\"a/b\"},\"headers\":{\"operation\":\"delete\"");
    }

    @Test
    void quotesNamesInKeysAndRelations() { // HTTP-145, 173
        Table odd = Tables.table(3, "we\"ird.s", "ta/b\\l", "i\"d*", "a,b '\\");
        ShapeWriter writer = writer(odd, ShapeDefinition.Replica.DEFAULT);
        apply(writer, new Change.Insert(Tables.relation(odd), Row.of("1", "x")));
        assertThat(log(writer)).startsWith("""
                        {"key":"\\"we\\"\\"ird.s\\".\\"ta/b\\\\l\\"/\\"1\\"","value":{"i\\"d":"1","a,b '\\\\":"x"},"headers":{"operation":"insert","relation":["we\\"ird.s","ta/b\\\\l"]""");
    }

    @Test
    void gathersSeveralKeyColumnsInKeyOrder() { // HTTP-145
        Table table = new Table(
                4,
                new RelationName("s", "t"),
                false,
                List.of(
                        new Table.Column(
                                "a",
                                25,
                                -1,
                                "text",
                                0,
                                true,
                                Table.Generated.NO,
                                1,
                                new ValueType.BuiltIn("text"),
                                null),
                        new Table.Column(
                                "b",
                                25,
                                -1,
                                "text",
                                0,
                                true,
                                Table.Generated.NO,
                                0,
                                new ValueType.BuiltIn("text"),
                                null)),
                List.of());
        ShapeWriter writer = writer(table, ShapeDefinition.Replica.DEFAULT);
        apply(writer, new Change.Insert(Tables.relation(table), Row.of("first", "second")));
        assertThat(log(writer)).startsWith("{\"key\":\"\\\"s\\\".\\\"t\\\"/\\\"second\\\"/\\\"first\\\"\"");
    }

    @Test
    void dropsWhatTheSnapshotHoldsAndKeepsWhatItDoesNot() { // PG-086
        ShapeWriter writer = writer(
                items, ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        Transaction seen = new Transaction(500, 99);
        Transaction running = new Transaction(600, 101);
        Transaction later = new Transaction(700, 105);
        for (Transaction t : List.of(seen, running, later)) {
            assertThat(writer.change(t, 0, insert("x" + t.xid(), null, null), Membership.BOTH))
                    .isNull();
            assertThat(writer.commit(t)).isFalse();
        }
        assertThat(writer.snapshotTaken(new SnapshotBoundary(100, 105, List.of(101L), 550)))
                .isNull();
        assertThat(log(writer)).doesNotContain("x99").contains("x101").contains("x105");
        assertThat(writer.shape().log().tail().end()).isEqualTo(new LogOffset(700, 0));
    }

    @Test
    void stopsComparingOnlyBehindTheWrittenLogNotAtTheFirstUnseenTransaction() { // ops §5.4 hardening 1, PG-088
        ShapeWriter writer = writer(
                items, ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        assertThat(writer.snapshotTaken(new SnapshotBoundary(100, 103, List.of(101L), 1000)))
                .isNull();
        // 104 stalled at its commit: written to the log before the snapshot, not seen by it.
        Transaction stalled = new Transaction(900, 104);
        Transaction seen = new Transaction(950, 102);
        Transaction behind = new Transaction(1001, 50);
        for (Transaction t : List.of(stalled, seen, behind)) {
            assertThat(writer.change(t, 0, insert("x" + t.xid(), null, null), Membership.BOTH))
                    .isNull();
            writer.commit(t);
        }
        assertThat(log(writer)).contains("x104").doesNotContain("x102").contains("x50");
    }

    @Test
    void forgetsAnInterruptedTransactionAndTakesItWhenItComesAgain() {
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        assertThat(writer.change(tx, 0, insert("1", null, null), Membership.BOTH))
                .isNull();
        assertThat(writer.change(tx, 2, insert("2", null, null), Membership.BOTH))
                .isNull();
        writer.interrupted(tx);
        Transaction again = new Transaction(tx.lsn(), tx.xid());
        assertThat(writer.change(again, 0, insert("1", null, null), Membership.BOTH))
                .isNull();
        writer.commit(again);
        assertThat(log(writer)).containsOnlyOnce("\"key\":\"").contains("\"last\":true");
    }

    @Test
    void isOverWhenTheOldRowIsMissing() { // PG-076
        ShapeWriter writer = writer(items, ShapeDefinition.Replica.DEFAULT);
        assertThat(writer.change(
                        tx, 0, new Change.Update(itemsOnTheStream, null, Row.of("1", "a", "b")), Membership.BOTH))
                .contains("did not have old data")
                .contains("ALTER TABLE \"public\".\"items\" REPLICA IDENTITY FULL");
    }

    @Test
    void isOverWhenTheTableNoLongerFits() { // PG-079, PG-080, HTTP-214
        ShapeWriter all = writer(items, ShapeDefinition.Replica.DEFAULT);
        ShapeWriter some = writer(
                items,
                ShapeDefinition.of(
                        items, List.of("id", "value"), ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        assertThat(all.described(Tables.relation(items))).isNull();
        Relation wider = Tables.relation(Tables.table(1, "public", "items", "id*", "value", "note", "more"));
        assertThat(all.described(wider)).contains("added or removed");
        assertThat(some.described(wider)).isNull();
        Relation renamedColumn = Tables.relation(Tables.table(1, "public", "items", "id*", "worth", "note"));
        assertThat(some.described(renamedColumn)).contains("value is gone");
        Relation renamed = Tables.relation(Tables.table(1, "public", "things", "id*", "value", "note"));
        assertThat(some.described(renamed)).contains("is now called public.things");
        Relation retyped = new Relation(
                1,
                items.name(),
                'f',
                List.of(
                        new Relation.Column("id", 25, -1, true),
                        new Relation.Column("value", 23, -1, true),
                        new Relation.Column("note", 25, -1, true)));
        assertThat(some.described(retyped)).contains("value has another type");
    }

    @Test
    void writesSnapshotRowsWithTheSameKeysAsChanges() { // HTTP-143, HTTP-149
        EntryFormat format = new EntryFormat(
                items, ShapeDefinition.of(items, null, ShapeDefinition.Replica.DEFAULT, ShapeDefinition.LogMode.FULL));
        JsonBytes out = new JsonBytes(16);
        format.snapshotRow(out, Row.of("a/b", "v", null), new byte[0]);
        assertThat(new String(out.array(), 0, out.length(), UTF_8)).isEqualTo("""
                        {"key":"\\"public\\".\\"items\\"/\\"a//b\\"","value":{"id":"a/b","value":"v","note":null},"headers":{"operation":"insert","relation":["public","items"]}}""");
    }
}
