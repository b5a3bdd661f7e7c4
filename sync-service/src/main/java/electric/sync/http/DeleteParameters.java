package electric.sync.http;

import org.jspecify.annotations.Nullable;

/**
 * A valid request to delete a shape.
 *
 * @param definition {@code null} when the shape is named by its handle alone
 */
record DeleteParameters(
        @Nullable DefinitionParameters definition, @Nullable String handle) {
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
            return new DeleteParameters(null, handle);
        }
        definition.relation();
        return new DeleteParameters(definition, handle);
    }
}
