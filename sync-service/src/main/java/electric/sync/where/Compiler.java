package electric.sync.where;

import static electric.sync.where.Truth.FALSE;
import static electric.sync.where.Truth.TRUE;
import static electric.sync.where.Truth.UNKNOWN;

import electric.sync.value.ArrayValue;
import electric.sync.value.CaseMapping;
import electric.sync.value.CompositeText;
import electric.sync.value.LikePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a predicate of a filter: a tree of closures, each of which does one thing. As Postgres does, what is given to a
 * function is calculated before the function is asked, and a strict function with a constant NULL is never asked.
 */
final class Compiler {
    private static final Predicate ALWAYS_UNKNOWN = Logic.always(UNKNOWN);

    /** How many places of {@link RowValues#held} this filter uses. */
    private int places;

    /** Where the element of the innermost quantifier is held. */
    private int element = -1;

    /** How often it was asked for. */
    private int elementUses;

    /** What the innermost quantifier calculates before it asks its first element; {@code null} outside. */
    private @Nullable List<Prepared> prepared;

    private record Prepared(Expr expr, int place, Term term) {}

    private Compiler() {}

    static Predicate compile(Expr filter) {
        return new Compiler().condition(filter);
    }

    /** The value of what does not depend on the row. */
    static @Nullable Object constant(Expr expr) {
        return new Compiler().term(expr).value(new RowValues(List.of()));
    }

    private Predicate condition(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> Logic.column(column.index());
            case Expr.Constant constant -> Logic.always(Logic.truth(constant.value()));
            case Expr.And and -> and(and.operands());
            case Expr.Or or -> or(or.operands());
            case Expr.Not not -> Logic.not(condition(not.operand()));
            case Expr.NullTest test -> nullTest(test);
            case Expr.TruthTest test -> truthTest(test);
            case Expr.Compare compare ->
                compare(Verdict.of(compare.comparison()), compare.domain(), compare.left(), compare.right());
            case Expr.Distinct distinct -> distinct(distinct);
            case Expr.In in -> in(in);
            case Expr.Like like -> like(like);
            case Expr.Quantified quantified -> quantified(quantified);
            case Expr.Collate collate -> condition(collate.operand());
            case Expr.Call call -> Logic.condition(term(call));
            case Expr.Element one -> Logic.condition(term(one));
            case Expr.Coalesce coalesce -> Logic.condition(term(coalesce));
            case Expr.Extreme extreme -> Logic.condition(term(extreme));
            case Expr.Case choice -> Logic.condition(term(choice));
            case Expr.Subscript subscript -> Logic.condition(term(subscript));
            case Expr.ArrayOf array -> throw noCondition(array);
            case Expr.Slice slice -> throw noCondition(slice);
            case Expr.RowOf row -> throw noCondition(row);
        };
    }

    private static IllegalStateException noCondition(Expr expr) {
        return new IllegalStateException(expr.type().name() + " is no condition");
    }

    private Term term(Expr expr) {
        List<Prepared> mine = prepared;
        boolean cheap = expr instanceof Expr.Column || expr instanceof Expr.Constant || expr instanceof Expr.Element;
        if (mine == null || cheap) {
            return calculation(expr);
        }
        for (Prepared one : mine) {
            if (one.expr() == expr) {
                return held(one.place());
            }
        }
        int usesBefore = elementUses;
        prepared = null;
        Term whole = calculation(expr);
        prepared = mine;
        if (elementUses > usesBefore) {
            return calculation(expr);
        }
        int place = places++;
        mine.add(new Prepared(expr, place, whole));
        return held(place);
    }

    private static Term held(int place) {
        return row -> row.held(place);
    }

    private Term calculation(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> column(column.index());
            case Expr.Constant constant -> {
                Object value = constant.value();
                yield row -> value;
            }
            case Expr.And and -> Logic.term(condition(and));
            case Expr.Or or -> Logic.term(condition(or));
            case Expr.Not not -> Logic.term(condition(not));
            case Expr.NullTest test -> Logic.term(condition(test));
            case Expr.TruthTest test -> Logic.term(condition(test));
            case Expr.Compare compare -> Logic.term(condition(compare));
            case Expr.Distinct distinct -> Logic.term(condition(distinct));
            case Expr.In in -> Logic.term(condition(in));
            case Expr.Like like -> Logic.term(condition(like));
            case Expr.Quantified quantified -> Logic.term(condition(quantified));
            case Expr.Collate collate -> term(collate.operand());
            case Expr.Call call -> call(call);
            case Expr.Element one -> element();
            case Expr.Coalesce coalesce -> coalesce(terms(coalesce.arguments()));
            case Expr.Extreme extreme -> extreme(extreme);
            case Expr.Case choice -> choice(choice);
            case Expr.ArrayOf array -> array(array);
            case Expr.Subscript subscript -> Elements.at(term(subscript.array()), terms(subscript.subscripts()));
            case Expr.Slice slice -> slice(slice);
            case Expr.RowOf row -> throw new IllegalStateException("a row has no value");
        };
    }

    private Term[] terms(List<Expr> exprs) {
        return exprs.stream().map(this::term).toArray(Term[]::new);
    }

    private static Term column(int column) {
        return row -> row.isNull(column) ? null : row.value(column);
    }

    private Predicate[] conditions(List<Expr> exprs) {
        return exprs.stream().map(this::condition).toArray(Predicate[]::new);
    }

    private Predicate and(List<Expr> exprs) {
        if (exprs.stream().anyMatch(operand -> isConstant(operand, false))) {
            return Logic.always(FALSE);
        }
        return Logic.and(conditions(exprs));
    }

    private Predicate or(List<Expr> exprs) {
        if (exprs.stream().anyMatch(operand -> isConstant(operand, true))) {
            return Logic.always(TRUE);
        }
        return Logic.or(conditions(exprs));
    }

    private static boolean isConstant(Expr expr, @Nullable Object value) {
        return expr instanceof Expr.Constant constant && Objects.equals(constant.value(), value);
    }

    private Predicate nullTest(Expr.NullTest test) {
        boolean negated = test.negated();
        if (test.operand() instanceof Expr.RowOf row) {
            Predicate[] fields =
                    row.fields().stream().map(field -> isNull(field, negated)).toArray(Predicate[]::new);
            return values -> {
                for (Predicate field : fields) {
                    if (field.test(values) == FALSE) {
                        return FALSE;
                    }
                }
                return TRUE;
            };
        }
        if (test.operand() instanceof Expr.Column column
                && column.type() instanceof Type.Opaque opaque
                && opaque.composite()) {
            return fieldsAreNull(column.index(), negated);
        }
        return isNull(test.operand(), negated);
    }

    /** A composite value is NULL when all of its fields are, and is not when none is. */
    private static Predicate fieldsAreNull(int index, boolean negated) {
        return row -> {
            if (row.isNull(index)) {
                return Truth.of(!negated);
            }
            byte[] bytes = row.bytes(index);
            int start = row.start(index);
            int length = row.length(index);
            return Truth.of(
                    negated
                            ? CompositeText.noFieldIsNull(bytes, start, length)
                            : CompositeText.everyFieldIsNull(bytes, start, length));
        };
    }

    /** A row within a row is never NULL, whatever is in it. */
    private Predicate isNull(Expr expr, boolean negated) {
        if (expr instanceof Expr.RowOf) {
            return Logic.always(Truth.of(negated));
        }
        if (expr instanceof Expr.Column column) {
            int index = column.index();
            return row -> Truth.of(row.isNull(index) != negated);
        }
        Term operand = term(expr);
        return row -> Truth.of((operand.value(row) == null) != negated);
    }

    private Predicate truthTest(Expr.TruthTest test) {
        Predicate operand = condition(test.operand());
        Truth wanted = test.truth();
        boolean negated = test.negated();
        return row -> Truth.of((operand.test(row) == wanted) != negated);
    }

    private static Expr withoutCollation(Expr expr) {
        Expr plain = expr;
        while (plain instanceof Expr.Collate collate) {
            plain = collate.operand();
        }
        return plain;
    }

    private Predicate compare(Verdict verdict, Type domain, Expr written, Expr against) {
        Expr left = withoutCollation(written);
        Expr right = withoutCollation(against);
        if (isConstant(left, null) || isConstant(right, null)) {
            return ALWAYS_UNKNOWN;
        }
        if (left instanceof Expr.Constant && right instanceof Expr.Column) {
            return compare(verdict.flipped(), domain, right, left);
        }
        if (left instanceof Expr.Column column && right instanceof Expr.Constant constant) {
            return Comparisons.withConstant(verdict, domain, column, Objects.requireNonNull(constant.value()));
        }
        if (left instanceof Expr.Column a && right instanceof Expr.Column b) {
            return Comparisons.ofColumns(verdict, domain, a, b);
        }
        Term a = term(left);
        Term b = term(right);
        Domain values = new Domain(domain);
        return row -> {
            Object x = a.value(row);
            Object y = b.value(row);
            return x == null || y == null ? UNKNOWN : Comparisons.order(verdict, values, x, y);
        };
    }

    /** Where the comparison is unknown, it is because of a NULL: two of them are not distinct. */
    private Predicate distinct(Expr.Distinct distinct) {
        boolean negated = distinct.negated();
        Predicate equal =
                compare(Verdict.of(Expr.Comparison.EQUAL), distinct.domain(), distinct.left(), distinct.right());
        Predicate leftIsNull = isNull(withoutCollation(distinct.left()), false);
        Predicate rightIsNull = isNull(withoutCollation(distinct.right()), false);
        return row -> switch (equal.test(row)) {
            case TRUE -> Truth.of(negated);
            case FALSE -> Truth.of(!negated);
            case UNKNOWN -> Truth.of((leftIsNull.test(row) != rightIsNull.test(row)) != negated);
        };
    }

    private Predicate in(Expr.In in) {
        List<Object> values = new ArrayList<>();
        for (Object value : in.values()) {
            if (value != null) {
                values.add(value);
            }
        }
        Truth otherwise = values.size() < in.values().size() ? UNKNOWN : FALSE;
        Expr operand = withoutCollation(in.operand());
        if (in.values().isEmpty()) {
            Term calculated = term(operand);
            return row -> {
                Object unused = calculated.value(row);
                return FALSE;
            };
        }
        return operand instanceof Expr.Column column
                ? Membership.ofColumn(column, in.domain(), values, otherwise)
                : Membership.ofTerm(term(operand), in.domain(), values, otherwise);
    }

    private Predicate like(Expr.Like like) {
        Expr operand = withoutCollation(like.operand());
        Expr pattern = withoutCollation(like.pattern());
        CaseMapping casing = like.casing();
        if (isConstant(operand, null) || isConstant(pattern, null)) {
            return ALWAYS_UNKNOWN;
        }
        if (pattern instanceof Expr.Constant constant) {
            LikePattern compiled = LikePattern.of((String) Objects.requireNonNull(constant.value()), casing);
            return operand instanceof Expr.Column column && Patterns.isText(column.type())
                    ? Patterns.like(column.index(), compiled, casing)
                    : Patterns.like(term(operand), compiled, casing);
        }
        Term text = term(operand);
        Term sought = term(pattern);
        return row -> {
            Object x = text.value(row);
            Object y = sought.value(row);
            return x == null || y == null ? UNKNOWN : Patterns.matches(LikePattern.of((String) y, casing), x, casing);
        };
    }

    private Term call(Expr.Call call) {
        Routine routine = call.routine();
        Term[] arguments = terms(call.arguments());
        Routine.Body body = routine.body();
        if (!routine.strict()) {
            return row -> body.apply(values(arguments, row));
        }
        if (call.arguments().stream().anyMatch(argument -> isConstant(argument, null))) {
            return row -> null;
        }
        return row -> {
            @Nullable Object[] values = values(arguments, row);
            for (Object value : values) {
                if (value == null) {
                    return null;
                }
            }
            return body.apply(values);
        };
    }

    private static @Nullable Object[] values(Term[] terms, RowValues row) {
        @Nullable Object[] values = new @Nullable Object[terms.length];
        for (int i = 0; i < terms.length; i++) {
            values[i] = terms[i].value(row);
        }
        return values;
    }

    private Term element() {
        elementUses++;
        return held(element);
    }

    /** What is compared with the elements is calculated once, and also where there are none: it may fail. */
    private Predicate quantified(Expr.Quantified quantified) {
        Term array = term(quantified.array());
        List<Prepared> outerPrepared = prepared;
        int outerElement = element;
        int outerUses = elementUses;
        List<Prepared> first = new ArrayList<>();
        prepared = first;
        element = places++;
        Predicate ofAny = condition(quantified.test());
        Predicate test = quantified.array() instanceof Expr.Constant constant && constant.value() != null
                ? ofEach((ArrayValue<?>) constant.value(), ofAny, quantified)
                : Elements.quantified(array, element, ofAny, quantified.all());
        prepared = outerPrepared;
        element = outerElement;
        elementUses = outerUses;
        return after(List.copyOf(first), test);
    }

    private static Predicate after(List<Prepared> first, Predicate test) {
        return first.isEmpty()
                ? test
                : row -> {
                    for (Prepared one : first) {
                        row.hold(one.place(), one.term().value(row));
                    }
                    return test.test(row);
                };
    }

    /** Known elements are asked as what they are: each pattern and each constant is made ready once. */
    private Predicate ofEach(ArrayValue<?> elements, Predicate ofAny, Expr.Quantified quantified) {
        List<Predicate> tests = new ArrayList<>();
        int usesBefore = elementUses;
        for (Object one : elements.elements()) {
            tests.add(condition(withElement(quantified.test(), one)));
            if (elementUses > usesBefore) {
                return Elements.quantified(row -> elements, element, ofAny, quantified.all());
            }
        }
        Predicate[] each = tests.toArray(Predicate[]::new);
        return quantified.all() ? Logic.and(each) : Logic.or(each);
    }

    /** The test of one element, where the element stands on the right as usual. */
    private static Expr withElement(Expr test, @Nullable Object value) {
        return switch (test) {
            case Expr.Element element -> new Expr.Constant(element.type(), value);
            case Expr.Not not -> new Expr.Not(withElement(not.operand(), value));
            case Expr.Compare compare ->
                compare.right() instanceof Expr.Element element
                        ? new Expr.Compare(
                                compare.comparison(), compare.domain(), compare.left(), withElement(element, value))
                        : compare;
            case Expr.Like like ->
                like.pattern() instanceof Expr.Element element
                        ? new Expr.Like(like.operand(), withElement(element, value), like.casing())
                        : like;
            default -> test;
        };
    }

    private static Term coalesce(Term[] arguments) {
        return row -> {
            for (Term argument : arguments) {
                Object value = argument.value(row);
                if (value != null) {
                    return value;
                }
            }
            return null;
        };
    }

    /** Of equal values the first. */
    private Term extreme(Expr.Extreme extreme) {
        Term[] arguments = terms(extreme.arguments());
        Domain domain = new Domain(extreme.type());
        int wanted = extreme.greatest() ? 1 : -1;
        return row -> {
            Object best = null;
            for (Term argument : arguments) {
                Object value = argument.value(row);
                if (value != null && (best == null || Integer.signum(domain.compare(value, best)) == wanted)) {
                    best = value;
                }
            }
            return best;
        };
    }

    private Term choice(Expr.Case choice) {
        Predicate[] conditions = choice.branches().stream()
                .map(when -> condition(when.condition()))
                .toArray(Predicate[]::new);
        Term[] results =
                choice.branches().stream().map(when -> term(when.result())).toArray(Term[]::new);
        Term otherwise = choice.otherwise().map(this::term).orElse(row -> null);
        return row -> {
            for (int i = 0; i < conditions.length; i++) {
                if (conditions[i].test(row) == TRUE) {
                    return results[i].value(row);
                }
            }
            return otherwise.value(row);
        };
    }

    private Term array(Expr.ArrayOf array) {
        Term[] elements = terms(array.elements());
        boolean nested = array.elements().stream().anyMatch(element -> element.type() instanceof Type.Array);
        return nested
                ? row -> ArrayValue.nested(Elements.arrays(elements, row))
                : row -> ArrayValue.of(Arrays.asList(values(elements, row)));
    }

    private Term slice(Expr.Slice slice) {
        Term array = term(slice.array());
        Term[] lower = slice.bounds().stream()
                .map(bounds -> bounds.lower().map(this::term).orElse(row -> (long) Integer.MIN_VALUE))
                .toArray(Term[]::new);
        Term[] upper = slice.bounds().stream()
                .map(bounds -> bounds.upper().map(this::term).orElse(row -> (long) Integer.MAX_VALUE))
                .toArray(Term[]::new);
        return Elements.slice(array, lower, upper);
    }
}
