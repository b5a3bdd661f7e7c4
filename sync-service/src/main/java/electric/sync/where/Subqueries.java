package electric.sync.where;

import electric.sync.where.ParsedSelect.Source;
import java.util.List;
import java.util.Optional;

/** Subqueries: read and understood as far as it takes to say why they cannot be followed. */
final class Subqueries {
    /** A position in the text that is parsed, {@code SELECT 1 WHERE <clause>}. */
    private static final int PREFIX = "SELECT 1 WHERE ".length();

    private Subqueries() {}

    /** {@code IN (SELECT …)}. */
    static InvalidWhere refusal(ParsedExpr.InSubquery in) {
        return invalid(in.select())
                .orElseGet(() -> isOfColumns(in.operand())
                        ? InvalidWhere.at(in.position(), "subqueries are not available in this version")
                        : InvalidWhere.at(
                                in.position(),
                                "currently, left side of `IN (SELECT ...)` can only be a column reference or a list of"
                                        + " column references"));
    }

    /** Any other place. */
    static InvalidWhere refusal(ParsedExpr.Subquery subquery) {
        return invalid(subquery.select())
                .orElseGet(() -> InvalidWhere.at(
                        subquery.position(), "only `value IN (SELECT ...)` sublinks are supported right now"));
    }

    static InvalidWhere notInSubsets() {
        return InvalidWhere.because("Subqueries are not allowed in subsets");
    }

    private static boolean isOfColumns(ParsedExpr operand) {
        return operand instanceof ParsedExpr.Column
                || (operand instanceof ParsedExpr.Row row
                        && row.fields().stream().allMatch(ParsedExpr.Column.class::isInstance));
    }

    private static Optional<InvalidWhere> invalid(ParsedSelect select) {
        for (ParsedExpr column : select.columns()) {
            boolean plain = column instanceof ParsedExpr.Column c
                    && !c.star()
                    && c.names().size() == 1;
            if (!plain) {
                return Optional.of(InvalidWhere.at(PREFIX, start(column), "Expected a plain column reference"));
            }
        }
        List<Source> from = select.from();
        if (from.size() != 1 || !(from.getFirst() instanceof Source.Table)) {
            return Optional.of(InvalidWhere.because("Expected a single table reference"));
        }
        return select.furtherClauses()
                ? Optional.of(InvalidWhere.because("SELECT statement must not contain any clauses"))
                : Optional.empty();
    }

    /** Of its first word, which is not always where it is said to be. */
    private static int start(ParsedExpr expr) {
        return switch (expr) {
            case ParsedExpr.Cast cast -> Math.min(cast.position(), start(cast.operand()));
            case ParsedExpr.Collate collate -> start(collate.operand());
            case ParsedExpr.And and -> start(and.operands().getFirst());
            case ParsedExpr.Or or -> start(or.operands().getFirst());
            case ParsedExpr.Operation operation ->
                operation.left().map(Subqueries::start).orElse(operation.position());
            case ParsedExpr.Quantified quantified -> start(quantified.left());
            case ParsedExpr.NullTest test -> start(test.operand());
            case ParsedExpr.TruthTest test -> start(test.operand());
            case ParsedExpr.Distinct distinct -> start(distinct.left());
            case ParsedExpr.Between between -> start(between.operand());
            case ParsedExpr.In in -> start(in.operand());
            case ParsedExpr.InSubquery in -> start(in.operand());
            default -> expr.position();
        };
    }
}
