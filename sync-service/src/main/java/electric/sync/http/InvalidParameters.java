package electric.sync.http;

import java.util.List;
import java.util.Map;

/** A request that says something it may not say. Told to the client field by field. */
final class InvalidParameters extends Exception {
    private static final long serialVersionUID = 1;

    /** Messages by field; a field of a subset has its own map. */
    private final transient Map<String, ?> errors;

    InvalidParameters(Map<String, ?> errors) {
        // Somebody else's mistake: where in our code it was noticed helps nobody.
        super("invalid parameters: " + errors.keySet(), null, false, false);
        this.errors = errors;
    }

    InvalidParameters(String field, String message) {
        this(Map.of(field, List.of(message)));
    }

    /** The same as part of a field. */
    InvalidParameters within(String field) {
        return new InvalidParameters(Map.of(field, errors));
    }

    Map<String, ?> errors() {
        return errors;
    }
}
