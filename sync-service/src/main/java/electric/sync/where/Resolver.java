package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.util.List;
import java.util.function.Function;

/** Gives a filter its meaning: finds its columns, chooses types, operators and functions, calculates constants. */
final class Resolver {
    private Resolver() {}

    @SuppressWarnings("DoNotCallSuggester")
    static Expr resolve(
            ParsedExpr filter, Table table, List<String> parameters, Function<Collation, CaseMapping> casings)
            throws InvalidWhere {
        throw InvalidWhere.because("filtering is not available in this version");
    }
}
