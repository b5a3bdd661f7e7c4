package electric.sync.where;

import java.util.ArrayList;
import java.util.List;

/** What an expression is made of. */
final class Parts {
    private Parts() {}

    static List<Expr> of(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> List.of();
            case Expr.Constant constant -> List.of();
            case Expr.Element element -> List.of();
            case Expr.And and -> and.operands();
            case Expr.Or or -> or.operands();
            case Expr.Not not -> List.of(not.operand());
            case Expr.NullTest test -> List.of(test.operand());
            case Expr.TruthTest test -> List.of(test.operand());
            case Expr.Compare compare -> List.of(compare.left(), compare.right());
            case Expr.Distinct distinct -> List.of(distinct.left(), distinct.right());
            case Expr.In in -> List.of(in.operand());
            case Expr.Like like -> List.of(like.operand(), like.pattern());
            case Expr.Collate collate -> List.of(collate.operand());
            case Expr.Call call -> call.arguments();
            case Expr.Quantified quantified -> List.of(quantified.array(), quantified.test());
            case Expr.Coalesce coalesce -> coalesce.arguments();
            case Expr.Extreme extreme -> extreme.arguments();
            case Expr.Case chosen -> {
                List<Expr> parts = new ArrayList<>();
                for (Expr.When when : chosen.branches()) {
                    parts.add(when.condition());
                    parts.add(when.result());
                }
                chosen.otherwise().ifPresent(parts::add);
                yield parts;
            }
            case Expr.ArrayOf array -> array.elements();
            case Expr.Subscript subscript -> {
                List<Expr> parts = new ArrayList<>(subscript.subscripts());
                parts.add(subscript.array());
                yield parts;
            }
            case Expr.Slice slice -> {
                List<Expr> parts = new ArrayList<>();
                parts.add(slice.array());
                for (Expr.Bounds bounds : slice.bounds()) {
                    bounds.lower().ifPresent(parts::add);
                    bounds.upper().ifPresent(parts::add);
                }
                yield parts;
            }
            case Expr.RowOf row -> row.fields();
        };
    }
}
