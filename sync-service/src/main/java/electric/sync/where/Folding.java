package electric.sync.where;

import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import java.util.List;

/** Calculates what does not depend on the row. */
final class Folding {
    private Folding() {}

    /** The constant that it is; itself where it is none. */
    static Expr fold(Expr expr, int position) throws InvalidWhere {
        try {
            return isConstant(expr) ? new Expr.Constant(expr.type(), Compiler.constant(expr)) : expr;
        } catch (InvalidValue e) {
            throw Calls.failed();
        } catch (NotExact e) {
            throw InvalidWhere.at(position, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isConstant(Expr expr) {
        if (expr instanceof Expr.Compare compare) {
            // As Postgres plans it: what is strict and has a NULL is not asked.
            return isNull(compare.left()) || isNull(compare.right()) || areConstant(Parts.of(compare));
        }
        boolean hasNoValue = expr instanceof Expr.Column
                || expr instanceof Expr.Element
                || expr instanceof Expr.RowOf
                || expr instanceof Expr.Collate;
        return !hasNoValue && areConstant(Parts.of(expr));
    }

    private static boolean areConstant(List<Expr> parts) {
        return parts.stream().allMatch(Expr.Constant.class::isInstance);
    }

    private static boolean isNull(Expr expr) {
        return expr instanceof Expr.Constant constant && constant.value() == null;
    }
}
