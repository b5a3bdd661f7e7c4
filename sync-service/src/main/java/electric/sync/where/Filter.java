package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A filter on the rows of one table, ready to be asked. Two filters are equal when they are the same condition: what counts
 * is what they mean, not how they were written or where their constants came from.
 *
 * @param sql the condition as Postgres is asked it
 */
public record Filter(Expr expr, String sql, Predicate predicate) {
    /**
     * Reads a filter; of nothing but blanks, none.
     *
     * @param parameters the values of {@code $1}, {@code $2}, …
     * @param casings how letters change case under a collation; may ask the database
     */
    public static Optional<Filter> of(
            String where, List<String> parameters, Table table, Function<Collation, CaseMapping> casings)
            throws InvalidWhere {
        Optional<ParsedExpr> parsed = WhereText.parse(where);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        Expr expr = Resolver.resolve(parsed.get(), table, parameters, casings);
        return Optional.of(new Filter(expr, Sql.of(expr), Compiler.compile(expr)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Filter filter && filter.sql.equals(sql);
    }

    @Override
    public int hashCode() {
        return sql.hashCode();
    }

    /** Never the constants, which may be secrets of whoever asked. */
    @Override
    public String toString() {
        return "Filter[" + sql.length() + " characters]";
    }
}
