package electric.sync.where;

/** Makes a predicate of a filter. */
final class Compiler {
    private Compiler() {}

    @SuppressWarnings("DoNotCallSuggester")
    static Predicate compile(Expr filter) {
        throw new UnsupportedOperationException("filters cannot be compiled yet: " + filter.type());
    }
}
