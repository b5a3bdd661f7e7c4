package electric.sync.coding;

import electric.sync.log.ByteSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** One answer in a coding: text, then the pieces of the items as they are, then text. */
public sealed interface Coded permits Coded.Plain, GzipAnswer, ZstdAnswer {
    Coding coding();

    /** The items in this coding, which whoever gets this must close. */
    ByteSource items();

    /** Writes what stands before the items: ASCII. */
    void begin(ByteBuf out, String text);

    /** Writes what stands behind the items, when they have {@link ByteSource.State#ENDED}: ASCII. */
    void end(ByteBuf out, String text);

    /** As it is. */
    record Plain(ByteSource items) implements Coded {
        @Override
        public Coding coding() {
            return Coding.IDENTITY;
        }

        @Override
        public void begin(ByteBuf out, String text) {
            ByteBufUtil.writeAscii(out, text);
        }

        @Override
        public void end(ByteBuf out, String text) {
            ByteBufUtil.writeAscii(out, text);
        }
    }
}
