package electric.sync.serve;

import electric.sync.log.ByteSource;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** No items. */
final class Nothing implements ByteSource {
    static final Nothing INSTANCE = new Nothing();

    private Nothing() {}

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
