package electric.sync.serve;

import electric.sync.shape.ShapeDefinition;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shapes of this server as the edge sees them: what it asks, without knowing how answers come about. */
public interface Shapes {
    /**
     * Answers exactly once, now or later.
     *
     * @param loop where {@code begun} and {@code reply} are called and time is waited for; the caller's event loop
     * @param begun called before the answer when the snapshot of the shape has begun: whatever is waited for then does not
     *     keep the database from others
     * @return to be run, on the loop, when the client has gone away: frees everything the request holds, and no answer comes
     */
    Runnable answer(ShapeRequest request, ScheduledExecutorService loop, Runnable begun, Consumer<Answer> reply);

    /** Whether the handle belongs to a shape of this server. */
    boolean knows(String handle);

    /** Whether there is a shape of the definition: otherwise an answer begins with making one. */
    boolean has(ShapeDefinition definition);

    /** Deletes by definition, by handle, or by both when they agree. */
    ShapeServer.Deletion delete(@Nullable ShapeDefinition definition, @Nullable String handle);
}
