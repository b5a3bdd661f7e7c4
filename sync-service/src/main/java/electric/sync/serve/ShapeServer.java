package electric.sync.serve;

import electric.sync.shape.ShapeDefinition;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers requests. Never blocks: an answer that has to be waited for comes later. */
public final class ShapeServer {
    /** What became of a request to delete. */
    public enum Deletion {
        DELETED,
        /** No such shape. */
        UNKNOWN,
        /** Both a definition and a handle were given, and they are not the same shape's. */
        MISMATCH
    }

    /**
     * Answers exactly once, now or later.
     *
     * @param loop where {@code reply} is called; the caller's event loop
     * @return to be run, on the loop, when the client has gone away: frees everything the request holds, and no answer comes
     */
    public Runnable answer(ShapeRequest request, Executor loop, Consumer<Answer> reply) {
        loop.execute(() -> reply.accept(new Answer.Failed("no shapes yet")));
        return () -> {};
    }

    /** Whether the handle belongs to a shape of this server. */
    public boolean knows(String handle) {
        return false;
    }

    /** Deletes by definition, by handle, or by both when they agree. */
    public Deletion delete(@Nullable ShapeDefinition definition, @Nullable String handle) {
        return Deletion.UNKNOWN;
    }
}
