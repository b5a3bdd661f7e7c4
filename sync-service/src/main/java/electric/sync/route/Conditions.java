package electric.sync.route;

import electric.sync.value.ArrayValue;
import electric.sync.value.CaseMapping;
import electric.sync.value.LikePattern;
import electric.sync.value.PgType;
import electric.sync.where.Expr;
import electric.sync.where.Expr.Comparison;
import electric.sync.where.Truth;
import electric.sync.where.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What has to hold for the rows of a filter, as far as indexes can answer it: of an AND, the operands that they can. */
final class Conditions {
    private final List<Condition> found = new ArrayList<>();

    private Conditions() {}

    /** All of these hold for every row that the filter is true for. Empty where nothing of the kind is known. */
    static List<Condition> of(Expr filter) {
        return of(filter, true);
    }

    /** @param wanted whether the rows that it is true for are meant, or those that it is false for */
    private static List<Condition> of(Expr expr, boolean wanted) {
        Conditions conditions = new Conditions();
        conditions.gather(expr, wanted);
        return conditions.found.contains(Condition.NEVER) ? List.of(Condition.NEVER) : List.copyOf(conditions.found);
    }

    private void gather(Expr expr, boolean wanted) {
        switch (expr) {
            case Expr.And and -> {
                if (wanted) {
                    and.operands().forEach(operand -> gather(operand, true));
                } else {
                    any(and.operands(), false);
                }
            }
            case Expr.Or or -> {
                if (wanted) {
                    any(or.operands(), true);
                } else {
                    or.operands().forEach(operand -> gather(operand, false));
                }
            }
            case Expr.Not not -> gather(not.operand(), !wanted);
            case Expr.Constant constant -> {
                if (!Boolean.valueOf(wanted).equals(constant.value())) {
                    found.add(Condition.NEVER);
                }
            }
            case Expr.Column column -> add(flag(column, wanted));
            case Expr.NullTest test -> {
                if (test.negated() != wanted
                        && test.operand() instanceof Expr.Column column
                        && !(column.type() instanceof Type.Opaque opaque && opaque.composite())) {
                    found.add(new Condition.Null(column.index()));
                }
            }
            case Expr.TruthTest test -> truthTest(test, test.negated() != wanted);
            case Expr.Compare compare -> compare(compare, wanted);
            case Expr.Distinct distinct -> {
                if (distinct.negated() == wanted) {
                    same(distinct);
                }
            }
            case Expr.In in -> {
                if (wanted) {
                    Operand.of(in.operand(), in.domain(), false).ifPresent(operand -> equal(operand, in.values()));
                }
            }
            case Expr.Like like -> {
                if (wanted) {
                    like(like);
                }
            }
            case Expr.Call call -> {
                if (wanted) {
                    contains(call);
                }
            }
            case Expr.Quantified quantified -> {
                if (wanted && !quantified.all()) {
                    isElement(quantified);
                }
            }
            case Expr.Collate collate -> gather(collate.operand(), wanted);
            case Expr.Element element -> {}
            case Expr.Coalesce coalesce -> {}
            case Expr.Extreme extreme -> {}
            case Expr.Case chosen -> {}
            case Expr.ArrayOf array -> {}
            case Expr.Subscript subscript -> {}
            case Expr.Slice slice -> {}
            case Expr.RowOf row -> {}
        }
    }

    /** Ranges on one axis come down to one. */
    private void add(Condition condition) {
        if (condition instanceof Condition.Within within) {
            Range range = within.range();
            for (int i = 0; i < found.size(); i++) {
                if (found.get(i) instanceof Condition.Within other
                        && other.axis().equals(within.axis())) {
                    range = range.and(other.range(), within.axis());
                    found.remove(i);
                }
            }
            if (range.isEmpty(within.axis())) {
                found.add(Condition.NEVER);
            } else if (!range.isEverything()) {
                found.add(new Condition.Within(within.axis(), range));
            }
        } else {
            found.add(condition);
        }
    }

    /** Worth something only if something is known of every one of them. */
    private void any(List<Expr> operands, boolean wanted) {
        List<List<Condition>> branches = new ArrayList<>();
        for (Expr operand : operands) {
            List<Condition> branch = of(operand, wanted);
            if (branch.isEmpty()) {
                return;
            }
            if (branch.size() == 1 && branch.getFirst() instanceof Condition.AnyOf nested) {
                branches.addAll(nested.branches());
            } else {
                branches.add(branch);
            }
        }
        if (branches.size() == 1) {
            branches.getFirst().forEach(this::add);
        } else {
            found.add(oneOf(branches));
        }
    }

    /** Values of one column beside each other are as a list of them. */
    private static Condition oneOf(List<List<Condition>> branches) {
        List<Object> keys = new ArrayList<>();
        Axis axis = null;
        for (List<Condition> branch : branches) {
            if (branch.size() > 1
                    || !(branch.getFirst() instanceof Condition.Equal equal)
                    || (axis != null && !equal.axis().equals(axis))) {
                return new Condition.AnyOf(branches);
            }
            axis = equal.axis();
            keys.addAll(equal.keys());
        }
        return axis == null ? Condition.NEVER : new Condition.Equal(axis, keys);
    }

    private static Condition flag(Expr.Column column, boolean wanted) {
        return new Condition.Equal(new Axis(column.index(), Axis.Kind.BOOL, PgType.BOOL), List.of(wanted ? 1L : 0L));
    }

    /** @param holds whether it is, rather than is not, of that truth */
    private void truthTest(Expr.TruthTest test, boolean holds) {
        switch (test.truth()) {
            case TRUE, FALSE -> {
                boolean truth = test.truth() == Truth.TRUE;
                if (holds) {
                    gather(test.operand(), truth);
                } else if (test.operand() instanceof Expr.Column column) {
                    found.add(new Condition.AnyOf(
                            List.of(List.of(flag(column, !truth)), List.of(new Condition.Null(column.index())))));
                }
            }
            case UNKNOWN -> {
                if (holds && test.operand() instanceof Expr.Column column) {
                    found.add(new Condition.Null(column.index()));
                }
            }
        }
    }

    private void compare(Expr.Compare compare, boolean wanted) {
        Comparison comparison = wanted ? compare.comparison() : opposite(compare.comparison());
        if (compare.right() instanceof Expr.Constant constant) {
            compare(compare.left(), comparison, compare.domain(), constant.value());
        } else if (compare.left() instanceof Expr.Constant constant) {
            compare(compare.right(), mirrored(comparison), compare.domain(), constant.value());
        }
    }

    private void compare(Expr side, Comparison comparison, Type domain, @Nullable Object constant) {
        if (constant == null) {
            found.add(Condition.NEVER);
            return;
        }
        boolean ordered = comparison != Comparison.EQUAL && comparison != Comparison.UNEQUAL;
        Operand operand = Operand.of(side, domain, ordered).orElse(null);
        if (operand == null || !operand.sees(constant)) {
            return;
        }
        switch (comparison) {
            case EQUAL -> equal(operand, List.of(constant));
            case UNEQUAL -> {
                if (operand.axis().kind() == Axis.Kind.BOOL) {
                    equal(operand, List.of(!(Boolean) constant));
                }
            }
            case LESS -> within(operand, Range.Cut.START, operand.cut(constant, false));
            case LESS_OR_EQUAL -> within(operand, Range.Cut.START, operand.cut(constant, true));
            case GREATER -> within(operand, operand.cut(constant, true), Range.Cut.END);
            case GREATER_OR_EQUAL -> within(operand, operand.cut(constant, false), Range.Cut.END);
        }
    }

    private void within(Operand operand, Range.Cut from, Range.Cut to) {
        add(new Condition.Within(operand.axis(), new Range(from, to)));
    }

    private void equal(Operand operand, List<? extends @Nullable Object> constants) {
        List<Object> keys = new ArrayList<>();
        for (Object constant : constants) {
            if (constant != null) {
                if (!operand.sees(constant)) {
                    return;
                }
                Object key = operand.key(constant);
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        found.add(keys.isEmpty() ? Condition.NEVER : new Condition.Equal(operand.axis(), keys));
    }

    private void same(Expr.Distinct distinct) {
        Expr column = distinct.right() instanceof Expr.Constant ? distinct.left() : distinct.right();
        Expr other = column == distinct.left() ? distinct.right() : distinct.left();
        if (!(other instanceof Expr.Constant constant)) {
            return;
        }
        Object value = constant.value();
        if (value != null) {
            Operand.of(column, distinct.domain(), false).ifPresent(operand -> equal(operand, List.of(value)));
        } else if (column instanceof Expr.Column itself) {
            found.add(new Condition.Null(itself.index()));
        }
    }

    private void like(Expr.Like like) {
        if (!(like.pattern() instanceof Expr.Constant constant)) {
            return;
        }
        if (constant.value() == null) {
            found.add(Condition.NEVER);
            return;
        }
        Expr matched = like.operand() instanceof Expr.Collate collate ? collate.operand() : like.operand();
        if (!(matched instanceof Expr.Column column) || !isText(column.type())) {
            return;
        }
        CaseMapping casing = like.casing();
        LikePattern pattern = LikePattern.of((String) constant.value(), casing);
        byte[] prefix = casing == null ? pattern.prefix() : null;
        byte[] part = pattern.longestPart();
        if (prefix != null) {
            Axis axis = new Axis(column.index(), Axis.Kind.TEXT, PgType.TEXT);
            add(new Condition.Within(axis, new Range(new Range.Cut(prefix, false), behind(prefix))));
        }
        if (part != null && (prefix == null || prefix.length < part.length)) {
            add(Condition.HasPart.of(column.index(), casing, part));
        }
    }

    private static boolean isText(Type type) {
        return type instanceof Type.Known known && (known.values() == PgType.TEXT || known.values() == PgType.BPCHAR);
    }

    /** After everything that begins so, in the order of bytes. */
    private static Range.Cut behind(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xFF) {
            last--;
        }
        if (last < 0) {
            return Range.Cut.END;
        }
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return new Range.Cut(next, false);
    }

    private void contains(Expr.Call call) {
        if (call.arguments().size() != 2) {
            return;
        }
        Expr left = call.arguments().get(0);
        Expr right = call.arguments().get(1);
        switch (call.routine().name()) {
            case "arraycontains" -> holds(left, right, true);
            case "arraycontained" -> holds(right, left, true);
            case "arrayoverlap" -> {
                if (right instanceof Expr.Constant) {
                    holds(left, right, false);
                } else {
                    holds(right, left, false);
                }
            }
            default -> {}
        }
    }

    /** @param all whether all of the constant's elements have to be in the array, rather than one */
    private void holds(Expr array, Expr constant, boolean all) {
        if (!(constant instanceof Expr.Constant elements)) {
            return;
        }
        if (!(elements.value() instanceof ArrayValue<?> values)) {
            found.add(Condition.NEVER);
            return;
        }
        if (!(array instanceof Expr.Column column)
                || !column.type().equals(elements.type())
                || !(column.type() instanceof Type.Array type)) {
            return;
        }
        if (all && values.elements().contains(null)) {
            found.add(Condition.NEVER);
            return;
        }
        PgType<Object> elementType = elementType(type.element());
        // In one order whatever that of the constant is, so that filters share their ways.
        TreeSet<Object> distinct = new TreeSet<>(elementType::compare);
        values.elements().stream().filter(Objects::nonNull).forEach(distinct::add);
        List<Condition> each = new ArrayList<>();
        for (Object element : distinct) {
            each.add(new Condition.Holds(column.index(), elementType, element));
        }
        if (all) {
            found.addAll(each);
        } else {
            found.add(new Condition.AnyOf(each.stream().map(List::of).toList()));
        }
    }

    /** Labels are elements if they are equal, known or not. */
    @SuppressWarnings("unchecked")
    private static PgType<Object> elementType(Type element) {
        PgType<?> type = element instanceof Type.Enumerated ? PgType.TEXT : element.values();
        return (PgType<Object>) type;
    }

    private void isElement(Expr.Quantified quantified) {
        if (!(quantified.array() instanceof Expr.Column column)
                || !(column.type() instanceof Type.Array array)
                || !(quantified.test() instanceof Expr.Compare compare)
                || compare.comparison() != Comparison.EQUAL) {
            return;
        }
        Expr other = compare.left() instanceof Expr.Element ? compare.right() : compare.left();
        boolean asked = compare.left() instanceof Expr.Element || compare.right() instanceof Expr.Element;
        if (!asked || !(other instanceof Expr.Constant constant)) {
            return;
        }
        Object value = constant.value();
        if (value == null) {
            found.add(Condition.NEVER);
        } else if (Operand.kind(array.element(), compare.domain(), false).isPresent()) {
            found.add(new Condition.Holds(column.index(), elementType(compare.domain()), value));
        }
    }

    private static Comparison opposite(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> Comparison.UNEQUAL;
            case UNEQUAL -> Comparison.EQUAL;
            case LESS -> Comparison.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparison.GREATER;
            case GREATER -> Comparison.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparison.LESS;
        };
    }

    private static Comparison mirrored(Comparison comparison) {
        return switch (comparison) {
            case EQUAL, UNEQUAL -> comparison;
            case LESS -> Comparison.GREATER;
            case LESS_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
            case GREATER -> Comparison.LESS;
            case GREATER_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
        };
    }
}
