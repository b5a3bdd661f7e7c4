package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.log.LogOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for the log of a shape, as far as that can be said without knowing the table.
 *
 * @param now whether only what happens from now on is wanted; {@code offset} then means nothing
 * @param handle {@code null} when the offset makes it meaningless
 * @param streamed whether what comes later is wanted in the same answer
 * @param subset what is wanted instead of the log; {@code null} for the log
 */
record ShapeParameters(
        DefinitionParameters definition,
        RelationName relation,
        LogOffset offset,
        boolean now,
        @Nullable String handle,
        boolean live,
        boolean streamed,
        @Nullable SubsetParameters subset) {

    /** Checks in stages: within the first two all mistakes are reported, of the later ones the first that fails. */
    static ShapeParameters parse(Query query) throws InvalidParameters {
        Casting casting = new Casting(query);
        DefinitionParameters definition = DefinitionParameters.cast(casting);
        String offsetText = casting.text("offset");
        String handle = casting.text("handle");
        boolean live = Objects.requireNonNullElse(casting.flag("live"), false);
        Boolean sse = casting.flag("live_sse");
        if (sse == null) {
            sse = casting.strictTruth("experimental_live_sse", "live_sse");
        }
        SubsetParameters subset = SubsetParameters.cast(casting);
        if (offsetText == null) {
            casting.report("offset", "can't be blank");
        }
        casting.check();
        Objects.requireNonNull(offsetText);

        boolean now = offsetText.equals("now");
        LogOffset offset = now ? LogOffset.BEFORE_ALL : LogOffset.parse(offsetText);
        if (offset == null) {
            throw new InvalidParameters("offset", "has invalid format");
        }
        boolean fromStart = offset.equals(LogOffset.BEFORE_ALL);
        if (!fromStart && handle == null) {
            throw new InvalidParameters("handle", "can't be blank when offset != -1");
        }
        if (live && now) {
            throw new InvalidParameters("live", "can't be true when offset is 'now'");
        }
        if (live && fromStart) {
            throw new InvalidParameters("live", "can't be true when offset == -1");
        }
        boolean streaming = Objects.requireNonNullElse(sse, false);
        if (streaming && !live) {
            throw new InvalidParameters("live_sse", "can't be true unless live is also true");
        }
        return new ShapeParameters(
                definition, definition.relation(), offset, now, fromStart ? null : handle, live, streaming, subset);
    }
}
