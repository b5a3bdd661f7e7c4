package electric.sync.where;

/** A filter as SQL that means the same in every session: fully parenthesised, constants with their types. */
final class Sql {
    private Sql() {}

    @SuppressWarnings("DoNotCallSuggester")
    static String of(Expr filter) {
        throw new UnsupportedOperationException("filters cannot be written yet: " + filter.type());
    }
}
