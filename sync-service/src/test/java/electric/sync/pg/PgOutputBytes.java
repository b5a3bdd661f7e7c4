package electric.sync.pg;

import electric.sync.change.Relation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes pgoutput messages by hand, as Postgres would. */
final class PgOutputBytes {
    /** Stands for an unchanged out-of-line value. */
    static final String UNCHANGED = new String("unchanged");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static PgOutputBytes message(char tag) {
        return new PgOutputBytes().int8(tag);
    }

    static PgOutputBytes relation(Relation relation) {
        PgOutputBytes message = message('R')
                .int32(relation.oid())
                .text(relation.name().schema())
                .text(relation.name().name())
                .int8(relation.identity())
                .int16(relation.columns().size());
        for (Relation.Column column : relation.columns()) {
            message.int8(column.key() ? 1 : 0)
                    .text(column.name())
                    .int32(column.typeOid())
                    .int32(column.typmod());
        }
        return message;
    }

    PgOutputBytes int8(int value) {
        bytes.write(value);
        return this;
    }

    PgOutputBytes int16(int value) {
        return int8(value >> 8).int8(value);
    }

    PgOutputBytes int32(int value) {
        return int16(value >> 16).int16(value);
    }

    PgOutputBytes int64(long value) {
        return int32((int) (value >> 32)).int32((int) value);
    }

    PgOutputBytes text(String value) {
        bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        return int8(0);
    }

    /** {@code null} is SQL NULL, {@link #UNCHANGED} itself an unchanged value. */
    @SuppressWarnings("ReferenceEquality")
    PgOutputBytes row(@Nullable String... values) {
        int16(values.length);
        for (@Nullable String value : values) {
            if (value == null) {
                int8('n');
            } else if (value == UNCHANGED) {
                int8('u');
            } else {
                byte[] text = value.getBytes(StandardCharsets.UTF_8);
                int8('t').int32(text.length);
                bytes.writeBytes(text);
            }
        }
        return this;
    }

    byte[] array() {
        return bytes.toByteArray();
    }

    /** In the middle of a larger array, as the driver hands out frames. */
    ByteBuffer frame() {
        byte[] message = bytes.toByteArray();
        ByteBuffer larger = ByteBuffer.allocate(message.length + 50);
        larger.position(25).put(message);
        return larger.position(25).limit(25 + message.length).slice();
    }
}
