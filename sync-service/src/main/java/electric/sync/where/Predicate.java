package electric.sync.where;

/**
 * A filter, compiled. Immutable, and shared by whoever has the same filter.
 *
 * <p>Where Postgres would fail on the row, this throws {@link electric.sync.value.InvalidValue}; where the answer is not
 * certain, {@link electric.sync.value.NotExact}. Neither may be taken for {@code FALSE}.
 */
@FunctionalInterface
public interface Predicate {
    Truth test(RowValues row);
}
