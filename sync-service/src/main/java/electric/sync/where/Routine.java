package electric.sync.where;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of Postgres, or the function behind an operator or a cast, for the types it was chosen for.
 *
 * @param name as in {@code pg_proc}: {@code int4pl}
 * @param strict whether it is NULL as soon as an argument is, without being asked
 * @param body calculates exactly what Postgres does
 * @param spelling how it is written in SQL
 */
public record Routine(String name, List<Type> parameters, Type result, boolean strict, Body body, Spelling spelling) {
    public Routine {
        parameters = List.copyOf(parameters);
    }

    /**
     * Arguments and result as the objects of {@link electric.sync.value.PgType}, {@code null} for NULL. Fails with
     * {@link electric.sync.value.InvalidValue} where Postgres fails.
     */
    @FunctionalInterface
    public interface Body {
        @Nullable
        Object apply(@Nullable Object[] arguments);
    }

    /** How a call is written. */
    public sealed interface Spelling {
        /** Between two operands, or before one. */
        record Operator(String symbol) implements Spelling {}

        record Function(String name) implements Spelling {}

        /** @param type in SQL, modifiers included */
        record Cast(String type) implements Spelling {}
    }
}
