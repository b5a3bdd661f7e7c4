package electric.sync.pg;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Row;
import electric.sync.change.WalMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads pgoutput, protocol version 1, text format: bytes in, one {@link WalMessage} out. It remembers the relations it was
 * told about, so one decoder belongs to one connection: Postgres describes every relation anew on the next one.
 *
 * <p>Hot: called once per change. Values stay slices of the frame.
 */
public final class PgOutputDecoder {
    /** Postgres counts microseconds from 2000-01-01. */
    private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;

    private static final int KEY_FLAG = 1;

    private final Map<Integer, Relation> relations = new HashMap<>();

    /** Changes come in runs of one relation. */
    private @Nullable Relation lastUsed;

    /**
     * @param frame one whole message, backed by an array that is not written to afterwards
     * @throws UndecodableMessage if the bytes are not one complete message
     */
    public WalMessage decode(ByteBuffer frame) {
        Frame in = new Frame(frame);
        char tag = (char) in.int8();
        WalMessage message = switch (tag) {
            case 'B' -> begin(in);
            case 'C' -> commit(in);
            case 'R' -> described(in);
            case 'I' -> new WalMessage.Changed(insert(in));
            case 'U' -> new WalMessage.Changed(update(in));
            case 'D' -> new WalMessage.Changed(delete(in));
            case 'T' -> new WalMessage.Changed(truncate(in));
            case 'O' -> origin(in);
            case 'Y' -> type(in);
            case 'M' -> logicalMessage(in);
            default ->
                throw new UndecodableMessage("unknown message type " + in.shown(tag)
                        + " on the replication stream: is this server newer than what was asked of it?");
        };
        in.end(tag);
        return message;
    }

    private static WalMessage begin(Frame in) {
        long finalLsn = in.int64();
        long commitTimeMicros = in.int64() + MICROS_FROM_1970_TO_2000;
        return new WalMessage.Begin(finalLsn, commitTimeMicros, in.int32());
    }

    private static WalMessage commit(Frame in) {
        in.int8();
        long commitLsn = in.int64();
        long endLsn = in.int64();
        in.int64();
        return new WalMessage.Commit(commitLsn, endLsn);
    }

    private static WalMessage origin(Frame in) {
        in.int64();
        in.skipText();
        return new WalMessage.Ignored('O');
    }

    private static WalMessage type(Frame in) {
        in.int32();
        in.skipText();
        in.skipText();
        return new WalMessage.Ignored('Y');
    }

    private static WalMessage logicalMessage(Frame in) {
        in.int8();
        in.int64();
        in.skipText();
        in.skip(in.int32());
        return new WalMessage.Ignored('M');
    }

    private WalMessage described(Frame in) {
        int oid = in.int32();
        String schema = in.text();
        RelationName name = new RelationName(schema.isEmpty() ? "pg_catalog" : schema, in.text());
        char identity = (char) in.int8();
        int count = in.count();
        List<Relation.Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean key = (in.int8() & KEY_FLAG) != 0;
            String column = in.text();
            int typeOid = in.int32();
            columns.add(new Relation.Column(column, typeOid, in.int32(), key));
        }
        Relation relation = new Relation(oid, name, identity, columns);
        relations.put(oid, relation);
        lastUsed = relation;
        return new WalMessage.Described(relation);
    }

    private Change insert(Frame in) {
        Relation relation = relation(in.int32());
        in.expect('N', "the new row of an insert");
        return new Change.Insert(relation, in.row(relation));
    }

    private Change update(Frame in) {
        Relation relation = relation(in.int32());
        char kind = (char) in.int8();
        Row old = null;
        switch (kind) {
            case 'O' -> {
                old = in.row(relation);
                in.expect('N', "the new row of an update");
            }
            case 'K' -> {
                in.row(relation);
                in.expect('N', "the new row of an update");
            }
            case 'N' -> {}
            default -> throw new UndecodableMessage("unknown kind of row in an update: " + in.shown(kind));
        }
        Row row = in.row(relation);
        return new Change.Update(relation, old, old == null ? row : row.completedFrom(old));
    }

    private Change delete(Frame in) {
        Relation relation = relation(in.int32());
        char kind = (char) in.int8();
        if (kind != 'K' && kind != 'O') {
            throw new UndecodableMessage("unknown kind of row in a delete: " + in.shown(kind));
        }
        return new Change.Delete(relation, in.row(relation), kind == 'O' || relation.identity() == 'f');
    }

    private Change truncate(Frame in) {
        int count = in.int32();
        in.int8();
        in.room(count, Integer.BYTES);
        List<Relation> truncated = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            truncated.add(relation(in.int32()));
        }
        return new Change.Truncate(truncated);
    }

    private Relation relation(int oid) {
        Relation last = lastUsed;
        if (last != null && last.oid() == oid) {
            return last;
        }
        Relation relation = relations.get(oid);
        if (relation == null) {
            throw new UndecodableMessage("a change of the relation with oid " + Integer.toUnsignedString(oid)
                    + ", which was never described");
        }
        lastUsed = relation;
        return relation;
    }

    /** The unread part of one message. Every read checks that the message has it. */
    private static final class Frame {
        private final byte[] bytes;
        private final int end;
        private int at;

        Frame(ByteBuffer frame) {
            bytes = frame.array();
            at = frame.arrayOffset() + frame.position();
            end = frame.arrayOffset() + frame.limit();
        }

        void room(int count, int width) {
            if (count < 0 || count > (end - at) / width) {
                throw new UndecodableMessage("a message ends before its content does: " + count + " times " + width
                        + " bytes expected, " + (end - at) + " left");
            }
        }

        int int8() {
            room(1, 1);
            return bytes[at++] & 0xFF;
        }

        int int32() {
            room(1, Integer.BYTES);
            int value = bytes[at] << 24
                    | (bytes[at + 1] & 0xFF) << 16
                    | (bytes[at + 2] & 0xFF) << 8
                    | (bytes[at + 3] & 0xFF);
            at += Integer.BYTES;
            return value;
        }

        long int64() {
            long high = int32();
            return high << 32 | Integer.toUnsignedLong(int32());
        }

        int count() {
            room(1, Short.BYTES);
            int value = (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
            at += Short.BYTES;
            // Even an empty column takes a byte, so a wrong count is found before anything of its size is made.
            room(value, 1);
            return value;
        }

        void skip(int length) {
            room(length, 1);
            at += length;
        }

        void skipText() {
            while (int8() != 0) {
                // up to and including the closing zero
            }
        }

        String text() {
            int from = at;
            skipText();
            return new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
        }

        void expect(char kind, String what) {
            char found = (char) int8();
            if (found != kind) {
                throw new UndecodableMessage(what + " is missing: expected " + kind + ", found " + shown(found));
            }
        }

        Row row(Relation relation) {
            int columns = count();
            if (columns != relation.columns().size()) {
                throw new UndecodableMessage("a row of " + relation.name() + " has " + columns + " columns where "
                        + relation.columns().size() + " were described");
            }
            int[] starts = new int[columns];
            int[] lengths = new int[columns];
            for (int i = 0; i < columns; i++) {
                char kind = (char) int8();
                switch (kind) {
                    case 't' -> {
                        int length = int32();
                        starts[i] = at;
                        lengths[i] = length;
                        skip(length);
                    }
                    case 'n' -> lengths[i] = Row.NULL;
                    case 'u' -> lengths[i] = Row.UNCHANGED;
                    default ->
                        throw new UndecodableMessage(
                                "unknown kind of value in a row of " + relation.name() + ": " + shown(kind));
                }
            }
            return new Row(bytes, starts, lengths);
        }

        void end(char tag) {
            if (at != end) {
                throw new UndecodableMessage(
                        "a message of type " + shown(tag) + " has " + (end - at) + " bytes after its end");
            }
        }

        String shown(char tag) {
            return tag > ' ' && tag < 127 ? "'" + tag + "'" : "0x" + Integer.toHexString(tag);
        }
    }
}
