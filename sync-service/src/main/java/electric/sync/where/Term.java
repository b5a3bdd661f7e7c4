package electric.sync.where;

import org.jspecify.annotations.Nullable;

/** A part of a filter that has a value, compiled: an object of its {@link electric.sync.value.PgType}. */
@FunctionalInterface
interface Term {
    /** {@code null} for NULL. */
    @Nullable
    Object value(RowValues row);
}
