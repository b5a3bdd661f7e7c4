package electric.sync.serve;

import electric.sync.log.LogOffset;
import electric.sync.shape.ShapeDefinition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for the log of a shape.
 *
 * @param offset where the client stands; {@link LogOffset#BEFORE_ALL} for a new client. Ignored when {@code now}
 * @param now the client wants only what happens from now on
 * @param handle the handle the client holds; {@code null} when it has none, or when its offset makes it meaningless
 * @param live whether to wait when there is nothing new
 * @param streamed whether to go on with what comes later, in the same answer
 * @param knownTags the tags of bytes the client already has
 * @param subset what is asked for instead of the log; {@code null} for the log
 */
public record ShapeRequest(
        ShapeDefinition definition,
        LogOffset offset,
        boolean now,
        @Nullable String handle,
        boolean live,
        boolean streamed,
        Set<String> knownTags,
        @Nullable Subset subset) {}
