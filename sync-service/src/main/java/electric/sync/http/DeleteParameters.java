package electric.sync.http;

import electric.sync.change.RelationName;
import org.jspecify.annotations.Nullable;

/**
 * A valid request to delete a shape.
 *
 * @param relation {@code null} when the shape is named by its handle alone; the definition then means nothing
 */
record DeleteParameters(
        DefinitionParameters definition,
        @Nullable RelationName relation,
        @Nullable String handle) {
    static DeleteParameters parse(Query query) throws InvalidParameters {
        Casting casting = new Casting(query);
        DefinitionParameters definition = DefinitionParameters.cast(casting);
        String handle = casting.text("handle");
        casting.strictTruth("live", "live");
        casting.strictTruth("live_sse", "live_sse");
        casting.check();
        if (definition.table() == null) {
            if (handle == null) {
                throw new InvalidParameters("handle", "can't be blank when shape definition is missing");
            }
            return new DeleteParameters(definition, null, handle);
        }
        return new DeleteParameters(definition, definition.relation(), handle);
    }
}
