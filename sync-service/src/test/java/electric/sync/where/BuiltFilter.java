package electric.sync.where;

/** For tests of other rooms: a filter of an expression that was put together by hand. */
public final class BuiltFilter {
    private BuiltFilter() {}

    public static Filter of(Expr expr) {
        return new Filter(expr, Sql.of(expr), Compiler.compile(expr));
    }
}
