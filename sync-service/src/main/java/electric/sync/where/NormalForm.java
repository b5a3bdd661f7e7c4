package electric.sync.where;

import electric.sync.change.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A clause as it was meant, not as it was spelled: without blanks, comments, spare parentheses and letter case, parameters
 * as literals of the type they turned out to have. Two clauses on a table are the same filter when it is equal; nobody
 * reads it.
 */
final class NormalForm {
    private final Parameters parameters;

    private NormalForm(Parameters parameters) {
        this.parameters = parameters;
    }

    /** @param parameters after the clause was resolved with them */
    static String of(ParsedExpr clause, Parameters parameters) {
        return new NormalForm(parameters).of(clause);
    }

    private String of(ParsedExpr expr) {
        return switch (expr) {
            case ParsedExpr.BooleanLiteral literal -> Boolean.toString(literal.value());
            case ParsedExpr.NullLiteral literal -> "NULL";
            case ParsedExpr.NumberLiteral literal -> literal.text();
            case ParsedExpr.StringLiteral literal -> string(literal.value());
            case ParsedExpr.BitString literal -> "B" + string(literal.value());
            case ParsedExpr.Parameter parameter ->
                string(parameters.value(parameter.number()))
                        + parameters
                                .type(parameter.number())
                                .map(type -> "::" + named(type))
                                .orElse("");
            case ParsedExpr.Column column -> "column" + names(column.names());
            case ParsedExpr.Indirection indirection ->
                of(indirection.operand())
                        + indirection.steps().stream().map(this::of).collect(Collectors.joining());
            case ParsedExpr.Cast cast -> of(cast.operand()) + "::" + of(cast.type());
            case ParsedExpr.Collate collate ->
                "collate" + names(collate.collation()) + list(List.of(collate.operand()));
            case ParsedExpr.And and -> "and" + list(and.operands());
            case ParsedExpr.Or or -> "or" + list(or.operands());
            case ParsedExpr.Not not -> "not" + list(List.of(not.operand()));
            case ParsedExpr.Operation operation ->
                "operator" + names(operation.operator()) + optional(operation.left())
                        + list(List.of(operation.right()));
            case ParsedExpr.Quantified quantified ->
                (quantified.all() ? "all" : "any")
                        + names(quantified.operator())
                        + list(List.of(quantified.left(), quantified.array()));
            case ParsedExpr.NullTest test -> negated(test.negated()) + "null" + list(List.of(test.operand()));
            case ParsedExpr.TruthTest test -> negated(test.negated()) + test.truth() + list(List.of(test.operand()));
            case ParsedExpr.Distinct distinct ->
                negated(distinct.negated()) + "distinct" + list(List.of(distinct.left(), distinct.right()));
            case ParsedExpr.Between between ->
                negated(between.negated())
                        + (between.symmetric() ? "symmetric" : "between")
                        + list(List.of(between.operand(), between.low(), between.high()));
            case ParsedExpr.In in -> negated(in.negated()) + "in" + list(List.of(in.operand())) + list(in.values());
            case ParsedExpr.ArrayOf array -> "array" + list(array.elements());
            case ParsedExpr.Row row -> "row" + list(row.fields());
            case ParsedExpr.Case chosen ->
                "case" + optional(chosen.operand())
                        + chosen.branches().stream()
                                .map(when -> list(List.of(when.condition(), when.result())))
                                .collect(Collectors.joining())
                        + optional(chosen.otherwise());
            case ParsedExpr.Choice choice -> choice.function() + list(choice.arguments());
            case ParsedExpr.NullIf nullIf -> "nullif" + list(List.of(nullIf.left(), nullIf.right()));
            case ParsedExpr.Call call -> "call" + names(call.name()) + list(call.arguments());
            case ParsedExpr.NamedArgument named -> throw refused(named);
            case ParsedExpr.InSubquery subquery -> throw refused(subquery);
            case ParsedExpr.Subquery subquery -> throw refused(subquery);
            case ParsedExpr.Unsupported unsupported -> throw refused(unsupported);
        };
    }

    private static IllegalArgumentException refused(ParsedExpr expr) {
        return new IllegalArgumentException("no filter has a " + expr.getClass().getSimpleName());
    }

    private String of(ParsedExpr.Step step) {
        return switch (step) {
            case ParsedExpr.Step.Field field -> "." + string(field.name());
            case ParsedExpr.Step.AllFields all -> ".*";
            case ParsedExpr.Step.Subscript subscript -> "[" + of(subscript.index()) + "]";
            case ParsedExpr.Step.Slice slice -> "[" + optional(slice.lower()) + ":" + optional(slice.upper()) + "]";
        };
    }

    private String of(ParsedType type) {
        return bare(type.names())
                + (type.modifiers().isEmpty() ? "" : list(type.modifiers()))
                + type.fields().map(Enum::name).orElse("")
                + "[]".repeat(Math.min(type.dimensions(), 1));
    }

    /** As a cast to it is written. */
    private static String named(Type type) {
        return switch (type) {
            case Type.Known known -> bare(List.of(known.name()));
            case Type.Enumerated enumerated -> bare(List.of(enumerated.typeName()));
            case Type.Array array -> {
                ValueType.Domain domain = array.domain();
                yield (domain == null ? named(array.element()) : bare(List.of(domain.name()))) + "[]";
            }
            case Type.Unknown unknown -> "unknown";
            case Type.RowOf row -> "record";
            case Type.Opaque opaque -> bare(List.of(opaque.name()));
        };
    }

    private String list(List<ParsedExpr> list) {
        return list.stream().map(this::of).collect(Collectors.joining(",", "(", ")"));
    }

    private String optional(Optional<ParsedExpr> expr) {
        return list(expr.stream().toList());
    }

    private static String negated(boolean negated) {
        return negated ? "not " : "";
    }

    /** What is Postgres's own is so with and without its schema. */
    private static String names(List<String> names) {
        return "<" + bare(names) + ">";
    }

    private static String bare(List<String> names) {
        List<String> own = names.size() == 2 && names.getFirst().equals("pg_catalog") ? names.subList(1, 2) : names;
        return own.stream().map(NormalForm::string).collect(Collectors.joining("."));
    }

    private static String string(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
