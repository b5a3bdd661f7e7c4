package electric.sync.pg;

import static electric.sync.pg.PgOutputBytes.UNCHANGED;
import static electric.sync.pg.PgOutputBytes.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.WalMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgOutputDecoderTest {
    private static final Relation ITEMS = new Relation(
            16_385,
            new RelationName("public", "Ítems \"x\""),
            'f',
            List.of(
                    new Relation.Column("id", 23, -1, true),
                    new Relation.Column("título", 1043, 260, true),
                    new Relation.Column("note", 25, -1, true)));

    private static final Relation KEYED = new Relation(
            16_390,
            new RelationName("app", "keyed"),
            'd',
            List.of(new Relation.Column("id", 23, -1, true), new Relation.Column("v", 25, -1, false)));

    private final PgOutputDecoder decoder = new PgOutputDecoder();

    private WalMessage decode(PgOutputBytes message) {
        return decoder.decode(message.frame());
    }

    private Change change(PgOutputBytes message) {
        return ((WalMessage.Changed) decode(message)).change();
    }

    private void described() {
        decode(PgOutputBytes.relation(ITEMS));
        decode(PgOutputBytes.relation(KEYED));
    }

    private static List<String> texts(@Nullable Row given) {
        Row row = Objects.requireNonNull(given);
        return IntStream.range(0, row.columnCount())
                .mapToObj(i -> row.length(i) == Row.UNCHANGED ? "<unchanged>" : String.valueOf(row.text(i)))
                .toList();
    }

    @Test
    void readsBeginWithTheTimeSince1970AndPositionsInTheUpperHalf() {
        // PG-053
        WalMessage begin =
                decode(message('B').int64(0xFFFFFFFF_000000FFL).int64(1).int32(0xF000_0001));
        assertThat(begin).isEqualTo(new WalMessage.Begin(0xFFFFFFFF_000000FFL, 946_684_800_000_001L, 0xF000_0001));
    }

    @Test
    void readsCommit() {
        WalMessage commit = decode(message('C')
                .int8(0)
                .int64(0x7FFFFFFF_000000FFL)
                .int64(0x80000000_00000000L)
                .int64(5));
        assertThat(commit).isEqualTo(new WalMessage.Commit(0x7FFFFFFF_000000FFL, 0x80000000_00000000L));
    }

    @Test
    void readsARelationWithItsKeyColumnsAndIdentity() {
        assertThat(decode(PgOutputBytes.relation(ITEMS))).isEqualTo(new WalMessage.Described(ITEMS));
        assertThat(decode(PgOutputBytes.relation(KEYED))).isEqualTo(new WalMessage.Described(KEYED));
    }

    @Test
    void readsAnEmptyNamespaceAsPgCatalog() {
        Relation unnamed = new Relation(7, new RelationName("", "pg_thing"), 'n', List.of());
        assertThat(decode(PgOutputBytes.relation(unnamed)))
                .isEqualTo(new WalMessage.Described(
                        new Relation(7, new RelationName("pg_catalog", "pg_thing"), 'n', List.of())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1600})
    void readsTablesOfAnyWidth(int width) {
        Relation wide = new Relation(
                9,
                new RelationName("s", "t"),
                'f',
                IntStream.range(0, width)
                        .mapToObj(i -> new Relation.Column("c" + i, 25, -1, true))
                        .toList());
        String[] values = IntStream.range(0, width).mapToObj(i -> "v" + i).toArray(String[]::new);
        assertThat(decode(PgOutputBytes.relation(wide))).isEqualTo(new WalMessage.Described(wide));
        Change.Insert insert =
                (Change.Insert) change(message('I').int32(9).int8('N').row(values));
        assertThat(texts(insert.row())).containsExactly(values);
    }

    @Test
    void readsAnInsertAsSlicesOfTheFrame() {
        described();
        byte[] bytes =
                message('I').int32(ITEMS.oid()).int8('N').row("1", "", null).array();
        Change.Insert insert = (Change.Insert) ((WalMessage.Changed) decoder.decode(ByteBuffer.wrap(bytes))).change();
        assertThat(insert.relation()).isEqualTo(ITEMS);
        assertThat(texts(insert.row())).containsExactly("1", "", "null");
        assertThat(insert.row().isNull(2)).isTrue();
        assertThat(insert.row().isNull(1)).isFalse();
        assertThat(insert.row().bytes(0)).isSameAs(bytes);
    }

    @Test
    void fillsUnchangedToastFromTheOldRow() {
        // PG-056
        described();
        Change.Update update = (Change.Update) change(message('U')
                .int32(ITEMS.oid())
                .int8('O')
                .row("1", "old", "x".repeat(100_000))
                .int8('N')
                .row("1", "new", UNCHANGED));
        assertThat(texts(update.old())).containsExactly("1", "old", "x".repeat(100_000));
        assertThat(texts(update.row())).containsExactly("1", "new", "x".repeat(100_000));
        assertThat(update.row().hasUnchanged()).isFalse();
    }

    @Test
    void givesNoOldRowWhenTheIdentityDoesNotProvideAWholeOne() {
        described();
        Change.Update bare =
                (Change.Update) change(message('U').int32(KEYED.oid()).int8('N').row("1", UNCHANGED));
        Change.Update keyed = (Change.Update) change(message('U')
                .int32(KEYED.oid())
                .int8('K')
                .row("1", null)
                .int8('N')
                .row("2", "b"));
        assertThat(bare.old()).isNull();
        assertThat(texts(bare.row())).containsExactly("1", "<unchanged>");
        assertThat(keyed.old()).isNull();
        assertThat(texts(keyed.row())).containsExactly("2", "b");
    }

    @Test
    void saysWhetherADeletedRowIsWhole() {
        described();
        Change.Delete keyOnly =
                (Change.Delete) change(message('D').int32(KEYED.oid()).int8('K').row("1", null));
        Change.Delete whole =
                (Change.Delete) change(message('D').int32(KEYED.oid()).int8('O').row("1", "v"));
        Change.Delete full =
                (Change.Delete) change(message('D').int32(ITEMS.oid()).int8('K').row("1", "a", "b"));
        assertThat(keyOnly.wholeRow()).isFalse();
        assertThat(whole.wholeRow()).isTrue();
        assertThat(full.wholeRow()).isTrue();
        assertThat(texts(whole.old())).containsExactly("1", "v");
    }

    @Test
    void readsATruncateOfSeveralTables() {
        described();
        assertThat(change(message('T').int32(2).int8(3).int32(KEYED.oid()).int32(ITEMS.oid())))
                .isEqualTo(new Change.Truncate(List.of(KEYED, ITEMS)));
    }

    @Test
    void ignoresOriginTypeAndLogicalMessages() {
        // PG-049
        assertThat(decode(message('O').int64(1).text("elsewhere"))).isEqualTo(new WalMessage.Ignored('O'));
        assertThat(decode(message('Y').int32(1).text("public").text("mood"))).isEqualTo(new WalMessage.Ignored('Y'));
        assertThat(decode(message('M')
                        .int8(1)
                        .int64(4)
                        .text("prefix")
                        .int32(3)
                        .int8(1)
                        .int8(0)
                        .int8(3)))
                .isEqualTo(new WalMessage.Ignored('M'));
        assertThat(decode(message('M').int8(0).int64(4).text("").int32(0))).isEqualTo(new WalMessage.Ignored('M'));
    }

    @Test
    void followsARelationWhoseDefinitionChanged() {
        described();
        Relation wider = new Relation(
                KEYED.oid(),
                KEYED.name(),
                'f',
                List.of(
                        new Relation.Column("id", 23, -1, true),
                        new Relation.Column("v", 25, -1, true),
                        new Relation.Column("w", 25, -1, true)));
        decode(PgOutputBytes.relation(wider));
        Change.Insert insert =
                (Change.Insert) change(message('I').int32(KEYED.oid()).int8('N').row("1", "2", "3"));
        assertThat(insert.relation()).isEqualTo(wider);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> decode(message('S').int32(1)))
                .isInstanceOf(UndecodableMessage.class)
                .hasMessageContaining("unknown message type 'S'");
        assertThatThrownBy(() -> decode(message((char) 0)))
                .isInstanceOf(UndecodableMessage.class)
                .hasMessageContaining("0x0");
        assertThatThrownBy(() -> decode(message('I').int32(-2).int8('N').row("1")))
                .isInstanceOf(UndecodableMessage.class)
                .hasMessageContaining("oid 4294967294")
                .hasMessageContaining("never described");
        described();
        assertThatThrownBy(
                        () -> decode(message('I').int32(KEYED.oid()).int8('K').row("1", "2")))
                .isInstanceOf(UndecodableMessage.class);
        assertThatThrownBy(
                        () -> decode(message('U').int32(KEYED.oid()).int8('X').row("1", "2")))
                .isInstanceOf(UndecodableMessage.class);
        assertThatThrownBy(
                        () -> decode(message('D').int32(KEYED.oid()).int8('N').row("1", "2")))
                .isInstanceOf(UndecodableMessage.class);
        assertThatThrownBy(
                        () -> decode(message('I').int32(KEYED.oid()).int8('N').row("1")))
                .isInstanceOf(UndecodableMessage.class)
                .hasMessageContaining("app.keyed has 1 columns where 2 were described");
        assertThatThrownBy(() -> decode(message('I')
                        .int32(KEYED.oid())
                        .int8('N')
                        .int16(2)
                        .int8('b')
                        .int32(0)
                        .int8('n')))
                .isInstanceOf(UndecodableMessage.class)
                .hasMessageContaining("'b'");
    }

    private static List<PgOutputBytes> everyKind() {
        return List.of(
                message('B').int64(10).int64(20).int32(30),
                PgOutputBytes.relation(ITEMS),
                PgOutputBytes.relation(KEYED),
                message('I').int32(ITEMS.oid()).int8('N').row("1", "two", null),
                message('U')
                        .int32(ITEMS.oid())
                        .int8('O')
                        .row("1", "a", "b")
                        .int8('N')
                        .row("1", UNCHANGED, "c"),
                message('U')
                        .int32(KEYED.oid())
                        .int8('K')
                        .row("1", null)
                        .int8('N')
                        .row("1", "x"),
                message('D').int32(KEYED.oid()).int8('K').row("1", null),
                message('T').int32(2).int8(0).int32(ITEMS.oid()).int32(KEYED.oid()),
                message('O').int64(1).text("o"),
                message('Y').int32(1).text("s").text("t"),
                message('M').int8(1).int64(1).text("p").int32(2).int16(3),
                message('C').int8(0).int64(1).int64(2).int64(3));
    }

    @Test
    void refusesEveryMessageCutShortAndEveryOneTooLong() {
        for (PgOutputBytes message : everyKind()) {
            described();
            byte[] whole = message.array();
            // What lies behind the frame in the same array must never be read.
            for (int length = 0; length < whole.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();
                assertThatThrownBy(() -> decoder.decode(cut))
                        .as("%s cut to %s bytes", (char) whole[0], cut.limit())
                        .isInstanceOf(UndecodableMessage.class);
                described();
            }
            assertThatThrownBy(() -> decode(message.int8(0)))
                    .isInstanceOf(UndecodableMessage.class)
                    .hasMessageContaining("bytes after its end");
        }
    }

    @Test
    void survivesAnyDamageWithItsOwnExceptionOnly() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> messages = new ArrayList<>();
        everyKind().forEach(message -> messages.add(message.array()));
        for (int round = 0; round < 200_000; round++) {
            byte[] damaged = messages.get(random.nextInt(messages.size())).clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(damaged.length + 1) : damaged.length;
            try {
                decoder.decode(ByteBuffer.wrap(damaged, 0, length).slice());
            } catch (RuntimeException e) {
                if (!(e instanceof UndecodableMessage)) {
                    fail("-Dseed=" + seed + " round " + round, e);
                }
            }
        }
    }
}
