package electric.sync.where;

import java.util.List;
import java.util.Optional;

/**
 * A subquery, kept as far as it can ever be followed: a set operation or {@code VALUES} has neither columns nor tables
 * here, and of further clauses only that there are some.
 *
 * @param columns the select list, without aliases; {@code *} is a {@link ParsedExpr.Column}
 * @param furtherClauses whether anything stands there beyond columns, tables and filter
 * @param position of its first word
 */
public record ParsedSelect(
        List<ParsedExpr> columns, List<Source> from, Optional<ParsedExpr> where, boolean furtherClauses, int position) {
    public ParsedSelect {
        columns = List.copyOf(columns);
        from = List.copyOf(from);
    }

    /** An item of {@code FROM}. */
    public sealed interface Source {
        /**
         * A table; its alias is not kept, as names in the filter are never qualified.
         *
         * @param names with the schema, if one was written
         * @param only without the tables that inherit from it
         */
        record Table(List<String> names, boolean only, int position) implements Source {
            public Table {
                names = List.copyOf(names);
            }
        }

        /** A join, a subquery, a function. */
        record Other(int position) implements Source {}
    }

    ParsedSelect withFurtherClauses() {
        return new ParsedSelect(columns, from, where, true, position);
    }
}
