package electric.sync.where;

import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import java.util.List;

/**
 * Where one may fail on a row and another not, because nobody says in which order operands are asked: an operand of AND
 * fails while another is false, or one of OR while another is true.
 */
final class ErrorOrder {
    private ErrorOrder() {}

    /** Whether Postgres may fail or not. */
    static boolean isFree(Expr expr, RowValues row) {
        return switch (expr) {
            case Expr.And and -> isFree(and.operands(), Truth.FALSE, row) || isFreeWithin(expr, row);
            case Expr.Or or -> isFree(or.operands(), Truth.TRUE, row) || isFreeWithin(expr, row);
            case Expr.NullTest test -> isFree(fieldTests(test), Truth.FALSE, row) || isFreeWithin(expr, row);
            default -> isFreeWithin(expr, row);
        };
    }

    /** A test of a row is one of all its fields. */
    private static List<Expr> fieldTests(Expr.NullTest test) {
        return test.operand() instanceof Expr.RowOf row
                ? row.fields().stream()
                        .<Expr>map(field -> new Expr.NullTest(field, test.negated()))
                        .toList()
                : List.of();
    }

    private static boolean isFreeWithin(Expr expr, RowValues row) {
        return parts(expr).stream().anyMatch(part -> isFree(part, row));
    }

    private static boolean isFree(List<Expr> operands, Truth decides, RowValues row) {
        return operands.stream().anyMatch(operand -> fails(operand, row))
                && operands.stream().anyMatch(operand -> is(operand, decides, row));
    }

    /**
     * Whether Postgres may not fail although this server does: it leaves alone what stands beside a NULL that it finds while
     * planning, or beside the first NULL of rows it compares.
     */
    static boolean isBesideNull(Expr expr, RowValues row) {
        List<Expr> parts = parts(expr);
        boolean here = parts.stream().anyMatch(part -> fails(part, row))
                && parts.stream().anyMatch(part -> isNull(part, row));
        return here || parts.stream().anyMatch(part -> isBesideNull(part, row));
    }

    private static boolean isNull(Expr operand, RowValues row) {
        return is(new Expr.NullTest(operand, false), Truth.TRUE, row);
    }

    private static boolean fails(Expr operand, RowValues row) {
        try {
            Compiler.compile(new Expr.NullTest(operand, false)).test(row);
            return false;
        } catch (InvalidValue | NotExact failed) {
            return true;
        }
    }

    private static boolean is(Expr operand, Truth truth, RowValues row) {
        try {
            return Compiler.compile(operand).test(row) == truth;
        } catch (InvalidValue | NotExact failed) {
            return false;
        }
    }

    private static List<Expr> parts(Expr expr) {
        // What is asked of the elements cannot be asked by itself.
        return expr instanceof Expr.Quantified quantified ? List.of(quantified.array()) : Parts.of(expr);
    }
}
