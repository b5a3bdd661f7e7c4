package electric.sync.where;

import static java.util.stream.Collectors.joining;

import electric.sync.where.ParsedExpr.Step;
import java.util.List;
import java.util.stream.Stream;

/** Prints a tree with parentheses around everything, so that no precedence is left to anyone. */
final class Parenthesised {
    private Parenthesised() {}

    static String print(ParsedExpr expression) {
        return switch (expression) {
            case ParsedExpr.BooleanLiteral literal -> String.valueOf(literal.value());
            case ParsedExpr.NullLiteral literal -> "NULL";
            case ParsedExpr.NumberLiteral literal ->
                literal.text().startsWith("-") ? "(" + literal.text() + ")" : literal.text();
            case ParsedExpr.StringLiteral literal -> string(literal.value());
            case ParsedExpr.BitString bits ->
                bits.value().charAt(0) + "'" + bits.value().substring(1) + "'";
            case ParsedExpr.Parameter parameter -> "$" + parameter.number();
            case ParsedExpr.Column column ->
                Stream.concat(
                                column.names().stream().map(Parenthesised::name),
                                column.star() ? Stream.of("*") : Stream.of())
                        .collect(joining("."));
            case ParsedExpr.Indirection indirection ->
                (indirection.operand() instanceof ParsedExpr.Column column ? print(column) : in(indirection.operand()))
                        + indirection.steps().stream().map(Parenthesised::step).collect(joining());
            case ParsedExpr.Cast cast -> "CAST(" + print(cast.operand()) + " AS " + type(cast.type()) + ")";
            case ParsedExpr.Collate collate -> in(collate.operand()) + " COLLATE " + names(collate.collation());
            case ParsedExpr.And and -> join(and.operands(), " AND ");
            case ParsedExpr.Or or -> join(or.operands(), " OR ");
            case ParsedExpr.Not not -> "NOT " + in(not.operand());
            case ParsedExpr.Operation operation ->
                operation.left().map(left -> in(left) + " ").orElse("") + operator(operation.operator()) + " "
                        + in(operation.right());
            case ParsedExpr.Quantified quantified ->
                in(quantified.left()) + " " + operator(quantified.operator()) + (quantified.all() ? " ALL " : " ANY ")
                        + in(quantified.array());
            case ParsedExpr.NullTest test -> in(test.operand()) + " IS " + not(test.negated()) + "NULL";
            case ParsedExpr.TruthTest test -> in(test.operand()) + " IS " + not(test.negated()) + test.truth();
            case ParsedExpr.Distinct distinct ->
                in(distinct.left()) + " IS " + not(distinct.negated()) + "DISTINCT FROM " + in(distinct.right());
            case ParsedExpr.Between between ->
                in(between.operand()) + " " + not(between.negated()) + "BETWEEN "
                        + (between.symmetric() ? "SYMMETRIC " : "") + in(between.low()) + " AND "
                        + in(between.high());
            case ParsedExpr.In list ->
                in(list.operand()) + " " + not(list.negated()) + "IN (" + list(list.values()) + ")";
            case ParsedExpr.InSubquery subquery -> in(subquery.operand()) + " " + not(subquery.negated()) + "IN (…)";
            case ParsedExpr.Subquery subquery -> subquery.form() + " (…)";
            case ParsedExpr.ArrayOf array -> "ARRAY[" + list(array.elements()) + "]";
            case ParsedExpr.Row row -> "ROW(" + list(row.fields()) + ")";
            case ParsedExpr.Case branches ->
                "CASE " + branches.operand().map(Parenthesised::in).orElse("")
                        + branches.branches().stream()
                                .map(when -> " WHEN " + in(when.condition()) + " THEN " + in(when.result()))
                                .collect(joining())
                        + branches.otherwise()
                                .map(otherwise -> " ELSE " + in(otherwise))
                                .orElse("")
                        + " END";
            case ParsedExpr.Choice choice -> choice.function() + "(" + list(choice.arguments()) + ")";
            case ParsedExpr.NullIf nullIf -> "NULLIF(" + list(List.of(nullIf.left(), nullIf.right())) + ")";
            case ParsedExpr.Call call -> call(call);
            case ParsedExpr.NamedArgument argument -> name(argument.name()) + " => " + in(argument.value());
            case ParsedExpr.Unsupported unsupported -> "<" + unsupported.node() + ">";
        };
    }

    /** Postgres remembers that this one was written as SQL has it. */
    private static String call(ParsedExpr.Call call) {
        if (call.name().equals(List.of("pg_catalog", "timezone"))
                && call.arguments().size() == 2) {
            return in(call.arguments().getLast()) + " AT TIME ZONE "
                    + in(call.arguments().getFirst());
        }
        return names(call.name()) + "(" + list(call.arguments()) + ")";
    }

    private static String in(ParsedExpr expression) {
        return "(" + print(expression) + ")";
    }

    private static String join(List<ParsedExpr> operands, String word) {
        return operands.stream().map(Parenthesised::in).collect(joining(word));
    }

    private static String list(List<ParsedExpr> expressions) {
        return expressions.stream().map(Parenthesised::print).collect(joining(", "));
    }

    private static String not(boolean negated) {
        return negated ? "NOT " : "";
    }

    private static String operator(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst();
        }
        String schema = names(names.subList(0, names.size() - 1));
        return "OPERATOR(" + schema + "." + names.getLast() + ")";
    }

    private static String step(Step step) {
        return switch (step) {
            case Step.Field field -> "." + name(field.name());
            case Step.AllFields all -> ".*";
            case Step.Subscript subscript -> "[" + print(subscript.index()) + "]";
            case Step.Slice slice ->
                "[" + slice.lower().map(Parenthesised::in).orElse("") + ":"
                        + slice.upper().map(Parenthesised::in).orElse("") + "]";
        };
    }

    private static String type(ParsedType type) {
        String modifiers = type.modifiers().isEmpty() ? "" : "(" + list(type.modifiers()) + ")";
        String fields = type.fields().map(f -> " " + f.name().replace('_', ' ')).orElse("");
        return names(type.names()) + fields + modifiers + "[]".repeat(type.dimensions());
    }

    private static String names(List<String> names) {
        return names.stream().map(Parenthesised::name).collect(joining("."));
    }

    private static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static String string(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
