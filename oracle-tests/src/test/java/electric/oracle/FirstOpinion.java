package electric.oracle;

import static java.util.stream.Collectors.joining;

import electric.sync.where.ParsedExpr;
import electric.sync.where.ParsedType;
import java.util.List;
import java.util.Locale;

/** How this server groups a filter, in the spelling of {@link Grouping}. */
final class FirstOpinion {
    private FirstOpinion() {}

    static String of(ParsedExpr expression) {
        return switch (expression) {
            case ParsedExpr.BooleanLiteral literal -> String.valueOf(literal.value());
            case ParsedExpr.NullLiteral literal -> "null";
            case ParsedExpr.NumberLiteral literal ->
                literal.text().startsWith("-") ? "(- " + literal.text().substring(1) + ")" : literal.text();
            case ParsedExpr.StringLiteral literal -> "'" + literal.value() + "'";
            case ParsedExpr.BitString bits -> bits.value();
            case ParsedExpr.Parameter parameter -> "$" + parameter.number();
            case ParsedExpr.Column column -> String.join(".", column.names());
            case ParsedExpr.Indirection indirection -> {
                String text = of(indirection.operand());
                for (ParsedExpr.Step step : indirection.steps()) {
                    text = Grouping.subscripted(text, step(step));
                }
                yield text;
            }
            case ParsedExpr.Cast cast -> "(" + of(cast.operand()) + " ::" + type(cast.type()) + ")";
            case ParsedExpr.Collate collate ->
                "(" + of(collate.operand()) + " COLLATE " + collate.collation().getLast() + ")";
            case ParsedExpr.And and ->
                Grouping.logic(
                        "AND", and.operands().stream().map(FirstOpinion::of).toList());
            case ParsedExpr.Or or ->
                Grouping.logic(
                        "OR", or.operands().stream().map(FirstOpinion::of).toList());
            case ParsedExpr.Not not -> "(NOT " + of(not.operand()) + ")";
            case ParsedExpr.Operation operation ->
                "(" + operation.left().map(left -> of(left) + " ").orElse("")
                        + operation.operator().getLast() + " " + of(operation.right()) + ")";
            case ParsedExpr.Quantified quantified ->
                "(" + of(quantified.left()) + " " + quantified.operator().getLast() + " "
                        + (quantified.all() ? "all" : "any") + "(" + of(quantified.array()) + "))";
            case ParsedExpr.NullTest test -> "(" + of(test.operand()) + " IS " + not(test.negated()) + "NULL)";
            case ParsedExpr.TruthTest test ->
                "(" + of(test.operand()) + " IS " + not(test.negated()) + test.truth() + ")";
            case ParsedExpr.Distinct distinct ->
                "(" + of(distinct.left()) + " IS " + not(distinct.negated()) + "DISTINCT FROM " + of(distinct.right())
                        + ")";
            case ParsedExpr.Between between ->
                "(" + of(between.operand()) + " " + not(between.negated()) + "BETWEEN "
                        + (between.symmetric() ? "SYMMETRIC " : "") + of(between.low()) + " AND "
                        + of(between.high()) + ")";
            case ParsedExpr.In in ->
                "(" + of(in.operand()) + " " + not(in.negated()) + "IN (" + list(in.values()) + "))";
            case ParsedExpr.ArrayOf array -> "array[" + list(array.elements()) + "]";
            case ParsedExpr.Row row -> "row(" + list(row.fields()) + ")";
            case ParsedExpr.Case branches ->
                "case(" + branches.operand().map(FirstOpinion::of).orElse("")
                        + branches.branches().stream()
                                .map(when -> "; " + of(when.condition()) + ": " + of(when.result()))
                                .collect(joining())
                        + branches.otherwise().map(other -> "; " + of(other)).orElse("") + ")";
            case ParsedExpr.Choice choice ->
                choice.function().name().toLowerCase(Locale.ROOT) + "(" + list(choice.arguments()) + ")";
            case ParsedExpr.NullIf nullIf -> "nullif(" + list(List.of(nullIf.left(), nullIf.right())) + ")";
            case ParsedExpr.Call call -> call(call);
            case ParsedExpr.NamedArgument argument -> argument.name() + " => " + of(argument.value());
            case ParsedExpr.InSubquery subquery -> "subquery";
            case ParsedExpr.Subquery subquery -> "subquery";
            case ParsedExpr.Unsupported unsupported -> unsupported.node();
        };
    }

    private static String call(ParsedExpr.Call call) {
        if (call.name().equals(List.of("pg_catalog", "timezone"))
                && call.arguments().size() == 2) {
            return "(" + of(call.arguments().getLast()) + " AT TIME ZONE "
                    + of(call.arguments().getFirst()) + ")";
        }
        return call.name().getLast() + "(" + list(call.arguments()) + ")";
    }

    private static String list(List<ParsedExpr> expressions) {
        return expressions.stream().map(FirstOpinion::of).collect(joining(", "));
    }

    private static String step(ParsedExpr.Step step) {
        return switch (step) {
            case ParsedExpr.Step.Subscript subscript -> "[" + of(subscript.index()) + "]";
            case ParsedExpr.Step.Slice slice ->
                "[" + slice.lower().map(FirstOpinion::of).orElse("") + ":"
                        + slice.upper().map(FirstOpinion::of).orElse("") + "]";
            case ParsedExpr.Step.Field field -> "." + field.name();
            case ParsedExpr.Step.AllFields all -> ".*";
        };
    }

    private static String type(ParsedType type) {
        return type.names().getLast() + "[]".repeat(type.dimensions());
    }

    private static String not(boolean negated) {
        return negated ? "NOT " : "";
    }
}
