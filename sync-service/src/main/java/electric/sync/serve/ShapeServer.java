package electric.sync.serve;

import electric.sync.shape.ShapeDefinition;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers requests. Never blocks: an answer that has to be waited for comes later. */
public final class ShapeServer implements Shapes {
    /** What became of a request to delete. */
    public enum Deletion {
        DELETED,
        /** No such shape. */
        UNKNOWN,
        /** Both a definition and a handle were given, and they are not the same shape's. */
        MISMATCH
    }

    @Override
    public Runnable answer(ShapeRequest request, Executor loop, Consumer<Answer> reply) {
        loop.execute(() -> reply.accept(new Answer.Failed("no shapes yet")));
        return () -> {};
    }

    @Override
    public boolean knows(String handle) {
        return false;
    }

    @Override
    public Deletion delete(@Nullable ShapeDefinition definition, @Nullable String handle) {
        return Deletion.UNKNOWN;
    }
}
