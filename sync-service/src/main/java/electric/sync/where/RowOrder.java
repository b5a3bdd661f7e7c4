package electric.sync.where;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * By which columns rows are put in order. Nothing but names of columns gets through, because what stands here is a part of
 * the query that Postgres is asked.
 */
public record RowOrder(List<Key> keys) {
    static final String PREFIX = "SELECT 1 ORDER BY ";

    public RowOrder {
        keys = List.copyOf(keys);
    }

    /** @param nulls where the NULLs go; empty for where Postgres puts them */
    public record Key(String column, boolean descending, Optional<Nulls> nulls) {}

    /** Where the rows go that have nothing to be ordered by. */
    public enum Nulls {
        FIRST,
        LAST
    }

    /**
     * Reads an {@code ORDER BY}; of nothing but blanks, none.
     *
     * @param allowed which columns may be named
     */
    public static Optional<RowOrder> of(String text, Table table, Predicate<String> allowed) throws InvalidWhere {
        if (WhereText.isBlank(text)) {
            return Optional.empty();
        }
        Tokens tokens = new Tokens(new Lexer(WhereText.characters(text, "order by"), PREFIX.length()));
        ExprParser expressions = new ExprParser(tokens);
        List<Key> keys = new ArrayList<>();
        do {
            ParsedExpr expression = expressions.expression();
            boolean descending = direction(tokens, expressions);
            Optional<Nulls> nulls = Optional.empty();
            if (tokens.take(Tokens.NULLS_BEFORE_ORDER)) {
                nulls = Optional.of(tokens.next().is("first") ? Nulls.FIRST : Nulls.LAST);
            }
            keys.add(new Key(column(expression, table, allowed), descending, nulls));
        } while (tokens.take(","));
        if (tokens.at(";")) {
            throw InvalidWhere.because("Unexpected `;` in order by");
        }
        boolean furtherClauses = expressions.selects().clausesAfterFilter();
        if (!tokens.at(Token.Kind.END)) {
            throw tokens.unexpected();
        }
        if (furtherClauses) {
            throw InvalidWhere.because("malformed query ending with SQL clauses");
        }
        return Optional.of(new RowOrder(keys));
    }

    private static boolean direction(Tokens tokens, ExprParser expressions) throws InvalidWhere {
        if (tokens.at("using")) {
            int position = tokens.next().start();
            if (!expressions.atOperator() && !tokens.at("operator")) {
                throw tokens.unexpected();
            }
            String operator = String.join(".", expressions.operator());
            return switch (operator) {
                case "<", "pg_catalog.<" -> false;
                case ">", "pg_catalog.>" -> true;
                default -> throw at(position, "USING " + operator + " is not supported in ORDER BY clauses");
            };
        }
        return !tokens.take("asc") && tokens.take("desc");
    }

    private static String column(ParsedExpr expression, Table table, Predicate<String> allowed) throws InvalidWhere {
        if (!(expression instanceof ParsedExpr.Column column)) {
            throw at(
                    expression.position(),
                    expression instanceof ParsedExpr.Parameter parameter
                            ? "parameter $" + parameter.number() + " is not supported in ORDER BY clauses"
                            : node(expression) + " expressions are not allowed in ORDER BY clauses");
        }
        if (column.star()) {
            throw at(column.position(), "A_Star expressions are not allowed in ORDER BY clauses");
        }
        String name = column.names().getFirst();
        if (column.names().size() > 1 || table.column(name) == null || !allowed.test(name)) {
            throw at(column.position(), "unknown reference " + Names.shown(column.names()));
        }
        return name;
    }

    private static InvalidWhere at(int position, String reason) {
        return InvalidWhere.at(PREFIX.length() + position, reason);
    }

    /** As Postgres calls what was written. */
    private static String node(ParsedExpr expression) {
        return switch (expression) {
            case ParsedExpr.BooleanLiteral literal -> "A_Const";
            case ParsedExpr.NullLiteral literal -> "A_Const";
            case ParsedExpr.NumberLiteral literal -> "A_Const";
            case ParsedExpr.StringLiteral literal -> "A_Const";
            case ParsedExpr.BitString literal -> "A_Const";
            case ParsedExpr.Parameter parameter -> "ParamRef";
            case ParsedExpr.Column column -> "ColumnRef";
            case ParsedExpr.Indirection indirection -> "A_Indirection";
            case ParsedExpr.Cast cast -> "TypeName";
            case ParsedExpr.Collate collate -> "CollateClause";
            case ParsedExpr.And and -> "BoolExpr";
            case ParsedExpr.Or or -> "BoolExpr";
            case ParsedExpr.Not not -> "BoolExpr";
            case ParsedExpr.Operation operation -> "A_Expr";
            case ParsedExpr.Quantified quantified -> "A_Expr";
            case ParsedExpr.NullTest test -> "NullTest";
            case ParsedExpr.TruthTest test -> "BooleanTest";
            case ParsedExpr.Distinct distinct -> "A_Expr";
            case ParsedExpr.Between between -> "A_Expr";
            case ParsedExpr.In in -> "A_Expr";
            case ParsedExpr.InSubquery in -> "SubLink";
            case ParsedExpr.Subquery subquery -> "SubLink";
            case ParsedExpr.ArrayOf array -> "A_ArrayExpr";
            case ParsedExpr.Row row -> "RowExpr";
            case ParsedExpr.Case branches -> "CaseExpr";
            case ParsedExpr.Choice choice ->
                choice.function() == ParsedExpr.Choice.Function.COALESCE ? "CoalesceExpr" : "MinMaxExpr";
            case ParsedExpr.NullIf nullIf -> "A_Expr";
            case ParsedExpr.Call call -> "FuncCall";
            case ParsedExpr.NamedArgument argument -> "NamedArgExpr";
            case ParsedExpr.Unsupported unsupported -> unsupported.node();
        };
    }

    /** As Postgres is asked it; every name is quoted. */
    public String sql() {
        return keys.stream()
                .map(key -> RelationName.quote(key.column())
                        + (key.descending() ? " DESC" : " ASC")
                        + key.nulls().map(nulls -> " NULLS " + nulls).orElse(""))
                .collect(Collectors.joining(", "));
    }
}
