package electric.sync.log;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** No items. */
public final class Nothing implements ByteSource {
    public static final Nothing INSTANCE = new Nothing();

    private Nothing() {}

    @Override
    public long size() {
        return 0;
    }

    @Override
    public @Nullable Extent extent() {
        return null;
    }

    @Override
    public @Nullable ByteBuf next() {
        return null;
    }

    @Override
    public State state() {
        return State.ENDED;
    }

    @Override
    public void whenMore(Runnable wake) {
        wake.run();
    }

    @Override
    public void close() {}
}
