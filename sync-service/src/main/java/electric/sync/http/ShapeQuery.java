package electric.sync.http;

import electric.sync.change.Table;
import electric.sync.shape.ShapeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a shape, and what has been made of it so far: read when it is first needed, and not again for those
 * who ask the same. Used on one event loop.
 */
final class ShapeQuery {
    /** What a definition comes to: a table, as it was described when the filter was read, and the shape. */
    record Meaning(Table table, ShapeDefinition definition) {}

    private final Query query;
    private @Nullable ShapeParameters parameters;
    private @Nullable Table meantFor;
    private boolean meantWithGenerated;
    private @Nullable Meaning meaning;

    ShapeQuery(Query query) {
        this.query = query;
    }

    Query query() {
        return query;
    }

    ShapeParameters parameters() throws InvalidParameters {
        ShapeParameters read = parameters;
        if (read == null) {
            read = ShapeParameters.parse(query);
            parameters = read;
        }
        return read;
    }

    /** What it meant the last time; {@code null} when that was for another description of the table, or never. */
    @Nullable
    Meaning meaning(Table table, boolean generatedReplicated) {
        return meantFor == table && meantWithGenerated == generatedReplicated ? meaning : null;
    }

    void means(Table table, boolean generatedReplicated, Meaning found) {
        meantFor = table;
        meantWithGenerated = generatedReplicated;
        meaning = found;
    }
}
