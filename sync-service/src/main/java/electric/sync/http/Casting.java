package electric.sync.http;

import electric.sync.http.Query.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the parameters of one request their types, and remembers which ones would not take them. */
final class Casting {
    private static final Map<String, Boolean> STRICT_TRUTH =
            Map.of("true", true, "1", true, "false", false, "0", false);

    private final Query query;
    private final Map<String, Object> errors = new LinkedHashMap<>();

    Casting(Query query) {
        this.query = query;
    }

    /** Text that is not blank. */
    @Nullable
    String text(String name) {
        Value value = query.value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Value.Text written) {
            return written.text().isBlank() ? null : written.text();
        }
        invalid(name);
        return null;
    }

    /** On unless it says exactly {@code false}; {@code null} when it is not there at all. */
    @Nullable
    Boolean flag(String name) {
        Value value = query.value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Value.Text written) {
            return !written.text().equals("false");
        }
        if (value instanceof Value.Truth written) {
            return written.truth();
        }
        invalid(name);
        return null;
    }

    /** @param reportedAs the name under which a mistake is reported */
    @Nullable
    Boolean strictTruth(String name, String reportedAs) {
        Value value = query.value(name);
        if (value == null || (value instanceof Value.Text blank && blank.text().isBlank())) {
            return null;
        }
        if (value instanceof Value.Text written && STRICT_TRUTH.containsKey(written.text())) {
            return STRICT_TRUTH.get(written.text());
        }
        if (value instanceof Value.Truth written) {
            return written.truth();
        }
        invalid(reportedAs);
        return null;
    }

    <T> T oneOf(String name, Map<String, T> choices, T otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        T choice = choices.get(text);
        if (choice == null) {
            invalid(name);
            return otherwise;
        }
        return choice;
    }

    /** Names of columns. */
    @Nullable
    List<String> identifiers(String name) {
        Value value = query.value(name);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Value.Text written) {
                return written.text().isBlank() ? null : Identifier.parseList(written.text());
            }
            if (value instanceof Value.Items written) {
                return Identifier.parseAll(written.items());
            }
            invalid(name);
        } catch (Identifier.Malformed e) {
            report(name, e.reason());
        }
        return null;
    }

    /** A map from keys to texts; empty when there is none. */
    Map<String, String> fields(String name) {
        Value value = query.value(name);
        if (value instanceof Value.Fields written) {
            return written.fields();
        }
        if (value != null && !(value instanceof Value.Text blank && blank.text().isBlank())) {
            invalid(name);
        }
        return Map.of();
    }

    /** Whether a subset is asked for, even one without any limits. */
    boolean has(String name) {
        return query.value(name) instanceof Value.Fields;
    }

    private void invalid(String name) {
        report(name, "is invalid");
    }

    void report(String name, String message) {
        errors.putIfAbsent(name, List.of(message));
    }

    /** @param messages by field of this one */
    void report(String name, Map<String, List<String>> messages) {
        errors.putIfAbsent(name, messages);
    }

    /** Ends a stage: what follows makes sense only without errors so far. */
    void check() throws InvalidParameters {
        if (!errors.isEmpty()) {
            throw new InvalidParameters(errors);
        }
    }
}
