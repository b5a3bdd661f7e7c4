package electric.sync.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of a column are, domains seen through. */
public sealed interface ValueType {
    /** A type that every Postgres has, by its {@code typname}: {@code int4}, {@code varchar}, {@code inet}. */
    record BuiltIn(String name) implements ValueType {}

    /** @param labels in the order of the type */
    record Enumerated(int oid, String schema, String name, List<String> labels) implements ValueType {
        public Enumerated {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Of any number of dimensions: Postgres does not hold a column to those that were declared.
     *
     * @param domain of its elements, which makes it a type that Postgres keeps apart from arrays of what they come down to
     */
    record Array(ValueType element, @Nullable Domain domain) implements ValueType {
        public Array(ValueType element) {
            this(element, null);
        }
    }

    /** A type that is another with conditions, which only Postgres can check. */
    record Domain(int oid, String schema, String name) {}

    /** A row type: of a table, or of {@code CREATE TYPE … AS}. */
    record Composite(String name) implements ValueType {}

    /** A type that the database's owner made, or an extension brought. */
    record Other(String name) implements ValueType {}
}
