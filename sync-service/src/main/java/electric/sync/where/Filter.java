package electric.sync.where;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import electric.sync.value.CaseMapping;
import electric.sync.value.NotExact;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter on the rows of one table, ready to be asked. Two filters are equal when they are the same clause, however it was
 * spelled, and wherever its constants came from.
 *
 * @param form what makes two filters equal
 */
public record Filter(Expr expr, String form, Predicate predicate) {
    /**
     * Reads a filter; of nothing but blanks, none.
     *
     * @param parameters the values of {@code $1}, {@code $2}, …
     * @param locale may ask the database
     */
    public static Optional<Filter> of(String where, List<String> parameters, Table table, DatabaseLocale locale)
            throws InvalidWhere {
        return of(where, parameters, table, locale, true);
    }

    /**
     * As {@link #of}, for some of the rows of a shape, which are asked for once: subqueries are refused in every version.
     * Only its SQL is used; it is compiled all the same, because that is where the last refusals come from.
     *
     * @param table with those columns that may be asked for
     */
    public static Optional<Filter> ofSubset(String where, List<String> parameters, Table table, DatabaseLocale locale)
            throws InvalidWhere {
        return of(where, parameters, table, locale, false);
    }

    /** Reads one of a table that nobody has: what the first one needs is then there before a client brings it. */
    public static void readFirst() {
        List<Table.Column> columns = List.of(column("id", "int4"), column("name", "text"), column("at", "timestamptz"));
        Table none = new Table(0, new RelationName("", ""), false, columns, List.of());
        try {
            of(
                    "id = $1 AND name = ANY ('{a}') AND at > '2000-01-01 00:00Z'",
                    List.of("1"),
                    none,
                    collation -> CaseMapping.ASCII);
        } catch (InvalidWhere wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private static Table.Column column(String name, String type) {
        ValueType values = new ValueType.BuiltIn(type);
        return new Table.Column(name, 0, -1, type, 0, true, Table.Generated.NO, -1, values, null);
    }

    private static Optional<Filter> of(
            String where, List<String> parameters, Table table, DatabaseLocale locale, boolean subqueries)
            throws InvalidWhere {
        Optional<ParsedExpr> parsed = WhereText.parse(where);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        Parameters typed = new Parameters(parameters);
        Expr expr;
        try {
            expr = Resolver.resolve(parsed.get(), table, typed, locale, subqueries);
        } catch (InvalidWhere refused) {
            // Places are counted as Postgres counts them: in characters where the text is no SQL, in bytes from then
            // on.
            throw refused.inBytesOf(where);
        }
        try {
            return Optional.of(new Filter(expr, NormalForm.of(parsed.get(), typed), Compiler.compile(expr)));
        } catch (NotExact refused) {
            throw InvalidWhere.because(String.valueOf(refused.getMessage()));
        }
    }

    /** The condition as Postgres is asked it; written anew each time, because it is asked once. */
    public String sql() {
        return Sql.of(expr);
    }

    /** The columns it asks for. */
    public Set<Expr.Column> columns() {
        Set<Expr.Column> columns = new LinkedHashSet<>();
        collectColumns(expr, columns);
        return columns;
    }

    private static void collectColumns(Expr part, Set<Expr.Column> columns) {
        if (part instanceof Expr.Column column) {
            columns.add(column);
        }
        Parts.of(part).forEach(inner -> collectColumns(inner, columns));
    }

    /** Why it does not mean the same of the table as it is now; {@code null} when it does. */
    public @Nullable String misfit(Table now) {
        for (Expr.Column asked : columns()) {
            Table.Column column = now.column(asked.name());
            if (column == null) {
                return "column " + asked.name() + ", which its filter asks for, is gone";
            }
            if (!sameValues(asked.type(), Types.of(column.values()))) {
                return "column " + asked.name() + ", which its filter asks for, has another type";
            }
            if (!Objects.equals(asked.collation(), column.collation())) {
                return "column " + asked.name() + ", which its filter asks for, has another collation";
            }
        }
        return null;
    }

    /** A label that is new at the end of an enum changes nothing for the others. */
    private static boolean sameValues(Type before, Type now) {
        if (before instanceof Type.Array array && now instanceof Type.Array arrayNow) {
            return sameValues(array.element(), arrayNow.element()) && Objects.equals(array.domain(), arrayNow.domain());
        }
        if (before instanceof Type.Enumerated old && now instanceof Type.Enumerated renewed) {
            int known = old.labels().size();
            return known <= renewed.labels().size()
                    && old.equals(new Type.Enumerated(
                            renewed.oid(),
                            renewed.schema(),
                            renewed.typeName(),
                            renewed.labels().subList(0, known)));
        }
        return before.equals(now);
    }

    /** Whether it can be asked of rows of the table as it is described: nothing changed, and columns are in their places. */
    public boolean fits(Table table) {
        return misfit(table) == null
                && columns().stream()
                        .allMatch(asked -> asked.index() < table.columns().size()
                                && table.columns().get(asked.index()).name().equals(asked.name()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Filter filter && filter.form.equals(form);
    }

    @Override
    public int hashCode() {
        return form.hashCode();
    }

    /** Never the constants, which may be secrets of whoever asked. */
    @Override
    public String toString() {
        return "Filter[" + form.length() + " characters]";
    }
}
