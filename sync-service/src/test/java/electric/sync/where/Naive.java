package electric.sync.where;

import electric.sync.value.ArrayValue;
import electric.sync.value.CaseMapping;
import electric.sync.value.InvalidValue;
import electric.sync.value.LikePattern;
import electric.sync.value.NotExact;
import electric.sync.value.PgType;
import electric.sync.value.Text;
import electric.sync.where.Expr.Bounds;
import electric.sync.where.Expr.Comparison;
import electric.sync.where.Expr.When;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The second meaning of filters: walks the tree for every row, with an object for every value, slowly and plainly. With the
 * compiled one it shares the bodies of routines and the types, nothing else.
 */
final class Naive {
    private final List<@Nullable String> row;
    private @Nullable Object element;

    private Naive(List<@Nullable String> row) {
        this.row = row;
    }

    /** @param row the text of each column of the table as Postgres sends it */
    static Truth truth(Expr filter, List<@Nullable String> row) {
        return truth(new Naive(row).value(filter));
    }

    private static Truth truth(@Nullable Object bool) {
        return bool == null ? Truth.UNKNOWN : Truth.of((Boolean) bool);
    }

    private static @Nullable Boolean bool(Truth truth) {
        return truth == Truth.UNKNOWN ? null : (Boolean) (truth == Truth.TRUE);
    }

    private @Nullable Object value(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> column(column);
            case Expr.Constant constant -> constant.value();
            case Expr.And and -> logical(and.operands(), false);
            case Expr.Or or -> logical(or.operands(), true);
            case Expr.Not not -> {
                Object operand = value(not.operand());
                yield operand == null ? null : (Boolean) !((Boolean) operand);
            }
            case Expr.NullTest test -> nullTest(test);
            case Expr.TruthTest test -> (truth(value(test.operand())) == test.truth()) != test.negated();
            case Expr.Compare compare -> compare(compare);
            case Expr.Distinct distinct -> distinct(distinct);
            case Expr.In in -> in(in);
            case Expr.Like like -> like(like);
            case Expr.Collate collate -> value(collate.operand());
            case Expr.Call call -> call(call);
            case Expr.Quantified quantified -> quantified(quantified);
            case Expr.Element one -> element;
            case Expr.Coalesce coalesce -> coalesce(coalesce.arguments());
            case Expr.Extreme extreme -> extreme(extreme);
            case Expr.Case choice -> choice(choice);
            case Expr.ArrayOf array -> array(array);
            case Expr.Subscript subscript -> subscript(subscript);
            case Expr.Slice slice -> slice(slice);
            case Expr.RowOf fields -> throw new AssertionError("a row has no value");
        };
    }

    private @Nullable Object column(Expr.Column column) {
        String text = row.get(column.index());
        if (text == null) {
            return null;
        }
        byte[] bytes = Text.utf8(text);
        return column.type().values().parse(bytes, 0, bytes.length);
    }

    /** A constant decides wherever it stands, as Postgres plans it; else what decides first. */
    private @Nullable Object logical(List<Expr> operands, boolean decisive) {
        for (Expr operand : operands) {
            if (operand instanceof Expr.Constant constant && Objects.equals(constant.value(), decisive)) {
                return decisive;
            }
        }
        boolean unknown = false;
        for (Expr operand : operands) {
            Object one = value(operand);
            if (one == null) {
                unknown = true;
            } else if ((Boolean) one == decisive) {
                return decisive;
            }
        }
        return unknown ? null : (Boolean) !decisive;
    }

    private Object nullTest(Expr.NullTest test) {
        for (boolean isNull : fieldsAreNull(test)) {
            if (isNull == test.negated()) {
                return false;
            }
        }
        return true;
    }

    /** For each field of a row whether it is NULL; of what is no row just that. */
    private List<Boolean> fieldsAreNull(Expr.NullTest test) {
        Expr expr = test.operand();
        if (expr instanceof Expr.RowOf fields) {
            return fields.fields().stream().map(this::isNullHere).toList();
        }
        if (expr instanceof Expr.Column column
                && column.type() instanceof Type.Opaque opaque
                && opaque.composite()
                && !isNullHere(expr)) {
            String text = Objects.requireNonNull(row.get(column.index()));
            if (text.equals("()") && test.negated()) {
                throw new NotExact("no field, or one that is NULL");
            }
            return emptyFields(text);
        }
        return List.of(isNullHere(expr));
    }

    private boolean isNullHere(Expr expr) {
        return switch (expr) {
            case Expr.RowOf inner -> false;
            case Expr.Column column -> row.get(column.index()) == null;
            default -> value(expr) == null;
        };
    }

    /** Of {@code (1,,"a,b","")}: which fields have not even quotes. */
    private static List<Boolean> emptyFields(String composite) {
        String withoutTexts = composite.replaceAll("\"([^\"\\\\]|\"\"|\\\\.)*\"", "x");
        String inner = withoutTexts.substring(1, withoutTexts.length() - 1);
        return Arrays.stream(inner.split(",", -1)).map(String::isEmpty).toList();
    }

    /** A strict function is not asked where a NULL is written out: what else it is given is not calculated. */
    private static boolean isNull(Expr expr) {
        return switch (expr) {
            case Expr.Constant constant -> constant.value() == null;
            case Expr.Collate collate -> isNull(collate.operand());
            default -> false;
        };
    }

    @SuppressWarnings("unchecked")
    private static PgType<Object> values(Type type) {
        return (PgType<Object>) type.values();
    }

    private static boolean equal(Type domain, Object a, Object b) {
        return domain instanceof Type.Enumerated ? a.equals(b) : values(domain).compare(a, b) == 0;
    }

    private @Nullable Object compare(Expr.Compare compare) {
        if (isNull(compare.left()) || isNull(compare.right())) {
            return null;
        }
        Object left = value(compare.left());
        Object right = value(compare.right());
        if (left == null || right == null) {
            return null;
        }
        Type domain = compare.domain();
        Comparison comparison = compare.comparison();
        return switch (comparison) {
            case EQUAL -> equal(domain, left, right);
            case UNEQUAL -> !equal(domain, left, right);
            case LESS -> values(domain).compare(left, right) < 0;
            case LESS_OR_EQUAL -> values(domain).compare(left, right) <= 0;
            case GREATER -> values(domain).compare(left, right) > 0;
            case GREATER_OR_EQUAL -> values(domain).compare(left, right) >= 0;
        };
    }

    private Object distinct(Expr.Distinct distinct) {
        Object left = value(distinct.left());
        Object right = value(distinct.right());
        boolean same = (left == null || right == null) ? left == right : equal(distinct.domain(), left, right);
        return same == distinct.negated();
    }

    private @Nullable Object in(Expr.In in) {
        Object operand = value(in.operand());
        if (in.values().isEmpty()) {
            return false;
        }
        if (operand == null) {
            return null;
        }
        boolean unknown = false;
        for (Object one : in.values()) {
            if (one == null) {
                unknown = true;
            } else if (equal(in.domain(), operand, one)) {
                return true;
            }
        }
        return unknown ? null : false;
    }

    private @Nullable Object like(Expr.Like like) {
        if (isNull(like.operand()) || isNull(like.pattern())) {
            return null;
        }
        String text = (String) value(like.operand());
        String pattern = (String) value(like.pattern());
        if (text == null || pattern == null) {
            return null;
        }
        CaseMapping casing = like.casing();
        int[] points = (casing == null ? text : casing.lower(text)).codePoints().toArray();
        int[] wanted =
                (casing == null ? pattern : casing.lower(pattern)).codePoints().toArray();
        return matches(points, 0, wanted, 0) == Match.YES;
    }

    /** As Postgres matches: {@code ABORT} where more text could not help. */
    private enum Match {
        YES,
        NO,
        ABORT
    }

    private static Match matches(int[] text, int textFrom, int[] pattern, int patternFrom) {
        int t = textFrom;
        int p = patternFrom;
        while (t < text.length && p < pattern.length) {
            if (pattern[p] == '%') {
                return matchesAfterAny(text, t, pattern, p);
            }
            if (pattern[p] != '_') {
                p += pattern[p] == '\\' ? 1 : 0;
                if (p == pattern.length) {
                    throw endsInEscape();
                }
                if (pattern[p] != text[t]) {
                    return Match.NO;
                }
            }
            t++;
            p++;
        }
        if (t < text.length) {
            return Match.NO;
        }
        while (p < pattern.length && pattern[p] == '%') {
            p++;
        }
        return p == pattern.length ? Match.YES : Match.ABORT;
    }

    private static Match matchesAfterAny(int[] text, int textFrom, int[] pattern, int patternFrom) {
        int t = textFrom;
        int p = patternFrom;
        while (p < pattern.length && (pattern[p] == '%' || pattern[p] == '_')) {
            if (pattern[p] == '_') {
                if (t == text.length) {
                    return Match.ABORT;
                }
                t++;
            }
            p++;
        }
        if (p == pattern.length) {
            return Match.YES;
        }
        if (pattern[p] == '\\' && p + 1 == pattern.length) {
            throw endsInEscape();
        }
        for (; t < text.length; t++) {
            Match rest = matches(text, t, pattern, p);
            if (rest != Match.NO) {
                return rest;
            }
        }
        return Match.ABORT;
    }

    /** Its words are the value room's own, which alone can say them. */
    private static InvalidValue endsInEscape() {
        try {
            LikePattern.like("\\").matches(new byte[] {'x'}, 0, 1);
        } catch (InvalidValue expected) {
            return expected;
        }
        throw new AssertionError("a pattern that ends in its escape is an error");
    }

    private @Nullable Object call(Expr.Call call) {
        Routine routine = call.routine();
        if (routine.strict() && call.arguments().stream().anyMatch(Naive::isNull)) {
            return null;
        }
        @Nullable
        Object[] arguments = call.arguments().stream().map(this::value).toArray();
        for (Object argument : arguments) {
            if (argument == null && routine.strict()) {
                return null;
            }
        }
        return routine.body().apply(arguments);
    }

    private @Nullable Object quantified(Expr.Quantified quantified) {
        calculateWhatAsksNoElement(quantified.test());
        ArrayValue<?> array = (ArrayValue<?>) value(quantified.array());
        if (array == null) {
            return null;
        }
        Truth answer = Truth.of(quantified.all());
        for (Object one : array.elements()) {
            Object outer = element;
            element = one;
            Truth truth = truth(value(quantified.test()));
            element = outer;
            if (truth == Truth.of(!quantified.all())) {
                return bool(truth);
            }
            answer = truth == Truth.UNKNOWN ? truth : answer;
        }
        return bool(answer);
    }

    /** It may fail, also where there is no element to ask. */
    private void calculateWhatAsksNoElement(Expr expr) {
        List<Expr> parts = switch (expr) {
            case Expr.Compare compare -> List.of(compare.left(), compare.right());
            case Expr.Like like -> List.of(like.operand(), like.pattern());
            case Expr.Call call -> call.arguments();
            case Expr.Not not -> List.of(not.operand());
            case Expr.Collate collate -> List.of(collate.operand());
            default -> List.of();
        };
        if (parts.stream().anyMatch(Naive::isNull)) {
            return;
        }
        for (Expr part : parts) {
            if (asksElement(part)) {
                calculateWhatAsksNoElement(part);
            } else {
                Object unused = value(part);
            }
        }
    }

    private static boolean asksElement(Expr expr) {
        return switch (expr) {
            case Expr.Element one -> true;
            case Expr.Compare compare -> asksElement(compare.left()) || asksElement(compare.right());
            case Expr.Like like -> asksElement(like.operand()) || asksElement(like.pattern());
            case Expr.Call call -> call.arguments().stream().anyMatch(Naive::asksElement);
            case Expr.Not not -> asksElement(not.operand());
            case Expr.Collate collate -> asksElement(collate.operand());
            default -> false;
        };
    }

    private @Nullable Object coalesce(List<Expr> arguments) {
        for (Expr argument : arguments) {
            Object value = value(argument);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private @Nullable Object extreme(Expr.Extreme extreme) {
        PgType<Object> type = values(extreme.type());
        Object best = null;
        for (Expr argument : extreme.arguments()) {
            Object value = value(argument);
            if (best == null) {
                best = value;
            } else if (value != null) {
                int order = type.compare(value, best);
                best = (extreme.greatest() ? order > 0 : order < 0) ? value : best;
            }
        }
        return best;
    }

    private @Nullable Object choice(Expr.Case choice) {
        for (When branch : choice.branches()) {
            if (truth(value(branch.condition())) == Truth.TRUE) {
                return value(branch.result());
            }
        }
        return choice.otherwise().isPresent() ? value(choice.otherwise().get()) : null;
    }

    @SuppressWarnings("unchecked")
    private Object array(Expr.ArrayOf array) {
        List<@Nullable Object> elements = new ArrayList<>();
        array.elements().forEach(one -> elements.add(value(one)));
        if (array.elements().stream().noneMatch(one -> one.type() instanceof Type.Array)) {
            return ArrayValue.of(elements);
        }
        List<@Nullable ArrayValue<Object>> inner = new ArrayList<>();
        elements.forEach(one -> inner.add((ArrayValue<Object>) one));
        return ArrayValue.nested(inner);
    }

    private @Nullable Object subscript(Expr.Subscript subscript) {
        ArrayValue<?> array = (ArrayValue<?>) value(subscript.array());
        if (array == null) {
            return null;
        }
        List<@Nullable Object> at = new ArrayList<>();
        subscript.subscripts().forEach(one -> at.add(value(one)));
        return at.contains(null) ? null : array.at(ints(at));
    }

    private static int[] ints(List<@Nullable Object> numbers) {
        return numbers.stream()
                .mapToInt(one -> ((Long) Objects.requireNonNull(one)).intValue())
                .toArray();
    }

    private @Nullable Object slice(Expr.Slice slice) {
        ArrayValue<?> array = (ArrayValue<?>) value(slice.array());
        if (array == null) {
            return null;
        }
        List<@Nullable Object> from = new ArrayList<>();
        List<@Nullable Object> to = new ArrayList<>();
        for (Bounds bounds : slice.bounds()) {
            from.add(bounds.lower().isPresent() ? value(bounds.lower().get()) : (Object) (long) Integer.MIN_VALUE);
            to.add(bounds.upper().isPresent() ? value(bounds.upper().get()) : (Object) (long) Integer.MAX_VALUE);
        }
        return from.contains(null) || to.contains(null) ? null : array.slice(ints(from), ints(to));
    }
}
