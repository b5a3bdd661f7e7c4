package electric.sync.where;

import electric.sync.value.Bytea;
import electric.sync.value.Text;
import java.util.List;
import java.util.function.BinaryOperator;

/** Functions of bytea, and those that make one of text and back. */
final class ByteaRoutines {
    private ByteaRoutines() {}

    static void addTo(Implementations all) {
        all.two("byteacat(bytea,bytea)", Bytea::concatenate);
        all.one("length(bytea)", (byte[] value) -> (long) value.length);
        all.one("octet_length(bytea)", (byte[] value) -> (long) value.length);
        all.one("bit_length(bytea)", (byte[] value) -> value.length * 8L);
        all.one("bit_count(bytea)", Bytea::bitCount);
        for (String name : List.of("substring", "substr")) {
            all.<byte[], Long, Object>two(name + "(bytea,int4)", Bytea::substring);
            all.<byte[], Long, Long, Object>three(name + "(bytea,int4,int4)", Bytea::substring);
        }
        all.<byte[], byte[], Long, Long, Object>four("overlay(bytea,bytea,int4,int4)", Bytea::overlay);
        all.three(
                "overlay(bytea,bytea,int4)",
                (byte[] value, byte[] part, Long start) -> Bytea.overlay(value, part, start, part.length));
        all.two("position(bytea,bytea)", Bytea::position);
        trimming(all, "btrim", Bytea::trim);
        trimming(all, "ltrim", Bytea::trimLeft);
        trimming(all, "rtrim", Bytea::trimRight);
        all.<byte[], Long, Object>two("get_byte(bytea,int4)", Bytea::byteAt);
        all.<byte[], Long, Object>two("get_bit(bytea,int8)", Bytea::bitAt);
        all.<byte[], Long, Long, Object>three("set_byte(bytea,int4,int4)", Bytea::withByteAt);
        all.one("md5(text)", (String text) -> Bytea.md5(Text.utf8(text)));
        all.one("md5(bytea)", Bytea::md5);
        for (String size : List.of("224", "256", "384", "512")) {
            all.one("sha" + size + "(bytea)", (byte[] value) -> Bytea.digest(value, "SHA-" + size));
        }
        all.two("encode(bytea,text)", Bytea::encode);
        all.two("decode(text,text)", Bytea::decode);
    }

    private static void trimming(Implementations all, String name, BinaryOperator<byte[]> trim) {
        all.two(name + "(bytea,bytea)", trim);
    }
}
