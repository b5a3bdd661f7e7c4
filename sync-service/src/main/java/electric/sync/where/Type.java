package electric.sync.where;

import electric.sync.change.ValueType;
import electric.sync.value.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type of an expression. Modifiers are no part of it. */
public sealed interface Type {
    /** As in messages: {@code int4}, {@code int4[]}, {@code enum mood}. */
    String name();

    /** How values of this type are read, compared and printed. Only types with values can be asked. */
    default PgType<?> values() {
        throw new IllegalStateException(name() + " has no values");
    }

    /**
     * A type whose values this server knows.
     *
     * @param name its {@code typname}
     * @param values how they are read, compared and printed; types that differ in name only share it
     */
    record Known(String name, PgType<?> values) implements Type {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Labels are compared as text, and ordered as the type declares them. */
    record Enumerated(int oid, String schema, String typeName, List<String> labels) implements Type {
        public Enumerated {
            labels = List.copyOf(labels);
        }

        @Override
        public String name() {
            return "enum " + typeName;
        }

        @Override
        public PgType<?> values() {
            return PgType.enumeration(typeName, labels);
        }
    }

    /**
     * Of any number of dimensions.
     *
     * @param element what its elements come down to
     * @param domain what they are, where that is a domain: such an array is no array of what it comes down to
     */
    record Array(Type element, ValueType.@Nullable Domain domain) implements Type {
        Array(Type element) {
            this(element, null);
        }

        @Override
        public String name() {
            return (domain == null ? element.name() : domain.name()) + "[]";
        }

        @Override
        public PgType<?> values() {
            return element.values().array();
        }
    }

    /** A row of values in parentheses. */
    record RowOf(List<Type> fields) implements Type {
        public RowOf {
            fields = List.copyOf(fields);
        }

        @Override
        public String name() {
            return "row of ("
                    + String.join(", ", fields.stream().map(Type::name).toList()) + ")";
        }
    }

    /** A literal before it is known what it is taken for. */
    record Unknown() implements Type {
        @Override
        public String name() {
            return "unknown";
        }
    }

    /**
     * A type of which only {@code IS NULL} can be asked.
     *
     * @param composite whether its values are rows, whose fields that is asked of
     */
    record Opaque(String name, boolean composite) implements Type {
        Opaque(String name) {
            this(name, false);
        }
    }
}
