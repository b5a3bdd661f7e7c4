package electric.sync.where;

import electric.sync.value.ArrayValue;
import electric.sync.value.CaseMapping;
import electric.sync.value.Date;
import electric.sync.value.InvalidValue;
import electric.sync.where.Catalogue.Entry;
import electric.sync.where.Expr.Comparison;
import electric.sync.where.Routine.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Operators between operands whose types are known: chosen, their operands converted, comparisons in their own form. */
final class Operators {
    /** More than a filter of the largest length has, unless what is used twice contains what is used twice. */
    private static final long MOST_NODES = 50_000;

    private static final Map<String, Comparison> COMPARISONS =
            Arrays.stream(Comparison.values()).collect(Collectors.toMap(Comparison::symbol, Function.identity()));
    private static final Set<String> LIKES = Set.of("~~", "!~~", "~~*", "!~~*");

    /** Beside comparisons, those that clients know messages of since there are servers. */
    private static final Set<String> FAMILIAR = Set.of("+", "-", "*", "/", "^", "&", "|", "#", "||", "@>", "<@", "&&");

    private static final Set<String> FAMILIAR_PREFIXES = Set.of("+", "-", "@", "|/", "~");
    private static final Set<Type> INTEGERS = Set.of(Types.INT2, Types.INT4, Types.INT8);
    private static final Set<Type> FLOATS = Set.of(Types.FLOAT4, Types.FLOAT8);
    private static final Set<Type> TIMESTAMPS = Set.of(Types.TIMESTAMP, Types.TIMESTAMPTZ);
    private static final Set<Type> NAMES = Set.of(Types.NAME, Types.TEXT);

    private final Calls calls;
    private final Conversions conversions;
    /** A long filter asks the same over and over. */
    private final Map<Request, Optional<Overloads.Chosen>> overloads = new HashMap<>();

    private record Request(String symbol, List<Type> operands) {}

    /**
     * An operator that can be calculated, and its operands as its parameters are.
     *
     * @param domain the order in which a comparison compares; empty for all others
     */
    private record Chosen(String symbol, Overloads.Chosen overload, Optional<Type> domain, List<Typed> operands) {
        Typed left() {
            return operands.getFirst();
        }

        Typed right() {
            return operands.getLast();
        }
    }

    Operators(Calls calls, Conversions conversions) {
        this.calls = calls;
        this.conversions = conversions;
    }

    static InvalidWhere noOverload(int position) {
        return InvalidWhere.at(position, "Could not select an operator overload");
    }

    /** None of that name, or none for these operands. */
    private static InvalidWhere none(String symbol, int operands, int position) {
        boolean known = operands == 1
                ? FAMILIAR_PREFIXES.contains(symbol)
                : FAMILIAR.contains(symbol) || COMPARISONS.containsKey(symbol) || LIKES.contains(symbol);
        return known
                ? noOverload(position)
                : InvalidWhere.at(
                        position, "unknown " + (operands == 1 ? "unary" : "binary") + " operator \"" + symbol + '"');
    }

    static Typed truth(Expr expr, int position, List<Typed> of) throws InvalidWhere {
        long size = Typed.sizeOf(of);
        if (size > MOST_NODES) {
            throw InvalidWhere.at(position, "this condition is too large: it uses the same expressions too often");
        }
        return new Typed(Folding.fold(expr, position), Collating.NONE, position, size);
    }

    /** With one operand or two. */
    Typed apply(String symbol, List<Typed> operands, int position) throws InvalidWhere {
        return apply(choose(symbol, operands, position), position);
    }

    private Typed apply(Chosen chosen, int position) throws InvalidWhere {
        if (chosen.domain.isPresent()) {
            return compare(chosen, position);
        }
        if (isLike(chosen.symbol, chosen.overload.entry())) {
            return like(chosen, position);
        }
        return calls.call(chosen.overload, new Spelling.Operator(chosen.symbol), chosen.operands, position)
                .orElseThrow(() -> none(chosen.symbol, chosen.operands.size(), position));
    }

    private Chosen choose(String symbol, List<Typed> operands, int position) throws InvalidWhere {
        // Postgres cannot choose between numbers and intervals; this language can.
        boolean negation = symbol.equals("-")
                && operands.size() == 1
                && operands.getFirst().isUnknown();
        List<Type> types = negation
                ? List.of(Types.FLOAT8)
                : operands.stream().map(Typed::type).toList();
        return chosen(symbol, overload(symbol, types, position), operands, position);
    }

    private Overloads.Chosen overload(String symbol, List<Type> operands, int position) throws InvalidWhere {
        return overloads
                .computeIfAbsent(new Request(symbol, operands), r -> Overloads.operator(r.symbol, r.operands))
                .orElseThrow(() -> none(symbol, operands.size(), position));
    }

    private Chosen chosen(String symbol, Overloads.Chosen overload, List<Typed> operands, int position)
            throws InvalidWhere {
        boolean dated = isDateBesideTimestamp(symbol, overload);
        Optional<Type> domain = domain(symbol, overload);
        // A literal of what cannot be calculated is not even read.
        boolean possible = dated
                || domain.isPresent()
                || isLike(symbol, overload.entry())
                || Routines.find(overload.entry().signature()).isPresent();
        List<Typed> converted = new ArrayList<>();
        for (int i = 0; i < operands.size() && possible; i++) {
            Optional<Typed> operand =
                    conversions.implicit(operands.get(i), overload.parameters().get(i));
            operand.ifPresent(converted::add);
        }
        if (converted.size() < operands.size()) {
            throw none(symbol, operands.size(), position);
        }
        if (dated) {
            Typed left = asTimestamp(converted.getFirst(), overload.parameters().getLast());
            Typed right = asTimestamp(converted.getLast(), overload.parameters().getFirst());
            if (!left.type().equals(Types.DATE) && !right.type().equals(Types.DATE)) {
                return new Chosen(symbol, overload, Optional.of(left.type()), List.of(left, right));
            }
        }
        if (domain.isPresent() && domain.get().equals(Types.FLOAT8)) {
            return new Chosen(
                    symbol, overload, domain, List.of(doubled(converted.getFirst()), doubled(converted.getLast())));
        }
        return new Chosen(symbol, overload, domain, converted);
    }

    private Typed doubled(Typed side) throws InvalidWhere {
        return conversions.implicit(side, Types.FLOAT8).orElseThrow(() -> noOverload(side.position()));
    }

    private static boolean isLike(String symbol, Entry entry) {
        return LIKES.contains(symbol) && entry.parameters().getLast().equals(Types.TEXT);
    }

    /** Whole numbers of any size are alike, and so are timestamps with and without a zone, which is UTC. */
    private static Optional<Type> domain(String symbol, Overloads.Chosen overload) {
        if (!COMPARISONS.containsKey(symbol) || overload.parameters().size() != 2) {
            return Optional.empty();
        }
        Type left = overload.parameters().getFirst();
        Type right = overload.parameters().getLast();
        if (left.equals(right)) {
            return Calls.isCalculable(left) && Types.isComparable(left) ? Optional.of(left) : Optional.empty();
        }
        if (INTEGERS.contains(left) && INTEGERS.contains(right)) {
            return Optional.of(Types.INT8);
        }
        if (FLOATS.contains(left) && FLOATS.contains(right)) {
            return Optional.of(Types.FLOAT8);
        }
        if (TIMESTAMPS.contains(left) && TIMESTAMPS.contains(right)) {
            return Optional.of(Types.TIMESTAMPTZ);
        }
        if (NAMES.contains(left) && NAMES.contains(right)) {
            return Optional.of(Types.TEXT);
        }
        return Optional.empty();
    }

    private static boolean isDateBesideTimestamp(String symbol, Overloads.Chosen overload) {
        return COMPARISONS.containsKey(symbol)
                && overload.parameters().contains(Types.DATE)
                && overload.parameters().stream().anyMatch(TIMESTAMPS::contains);
    }

    /** A date that is constant is the timestamp at its beginning, if there is one. */
    private static Typed asTimestamp(Typed side, Type timestamp) {
        if (!(side.expr() instanceof Expr.Constant date) || !date.type().equals(Types.DATE)) {
            return side;
        }
        try {
            Object begin = date.value() == null ? null : Date.toTimestamp((Integer) date.value());
            return side.with(new Expr.Constant(timestamp, begin));
        } catch (InvalidValue e) {
            return side;
        }
    }

    private Typed compare(Chosen chosen, int position) throws InvalidWhere {
        Comparison comparison = Objects.requireNonNull(COMPARISONS.get(chosen.symbol));
        boolean ordered = comparison != Comparison.EQUAL && comparison != Comparison.UNEQUAL;
        Type domain = chosen.domain.orElseThrow();
        checkCollation(domain, chosen.operands, ordered, position);
        return truth(
                new Expr.Compare(
                        comparison, domain, chosen.left().expr(), chosen.right().expr()),
                position,
                chosen.operands);
    }

    /** Whether values of the type can be compared as these operands are collated. */
    void checkCollation(Type type, List<Typed> operands, boolean ordered, int position) throws InvalidWhere {
        if (Collating.appliesTo(type)) {
            Collating.of(operands).withDefault(calls.byDefault()).check(ordered, position);
        }
        // Texts inside a jsonb are in the order of the database's own collation.
        if (ordered && holdsJsonb(type)) {
            Collating.implicit(calls.byDefault()).check(true, position);
        }
    }

    private static boolean holdsJsonb(Type type) {
        return type instanceof Type.Array array ? holdsJsonb(array.element()) : type.equals(Types.JSONB);
    }

    private Typed like(Chosen chosen, int position) throws InvalidWhere {
        Collating collating = Collating.of(chosen.operands).withDefault(calls.byDefault());
        collating.check(false, position);
        CaseMapping casing = chosen.symbol.endsWith("*") ? calls.casing(collating, position) : null;
        Typed like =
                truth(new Expr.Like(chosen.left().expr(), chosen.right().expr(), casing), position, chosen.operands);
        return chosen.symbol.startsWith("!") ? not(like, position) : like;
    }

    private static Typed not(Typed operand, int position) throws InvalidWhere {
        return truth(new Expr.Not(operand.expr()), position, List.of(operand));
    }

    Typed distinct(Typed left, Typed right, boolean negated, int position) throws InvalidWhere {
        Chosen chosen = choose("=", List.of(left, right), position);
        if (chosen.domain.isPresent()) {
            Type domain = chosen.domain.get();
            checkCollation(domain, chosen.operands, false, position);
            return truth(
                    new Expr.Distinct(
                            domain, chosen.left().expr(), chosen.right().expr(), negated),
                    position,
                    chosen.operands);
        }
        Typed equal = apply(chosen, position);
        Expr a = chosen.left().expr();
        Expr b = chosen.right().expr();
        Expr same = new Expr.TruthTest(equal.expr(), Truth.TRUE, false);
        Expr bothNull = new Expr.And(List.of(new Expr.NullTest(a, false), new Expr.NullTest(b, false)));
        Typed alike =
                truth(new Expr.Or(List.of(same, bothNull)), position, List.of(equal, chosen.left(), chosen.right()));
        return negated ? alike : not(alike, position);
    }

    /** {@code NULLIF}: the left operand as {@code =} takes it, unless it is equal to the right one. */
    Typed nullIf(Typed left, Typed right, int position) throws InvalidWhere {
        Chosen chosen = choose("=", List.of(left, right), position);
        Typed equal = apply(chosen, position);
        Typed kept = chosen.left();
        Expr.When isEqual = new Expr.When(equal.expr(), new Expr.Constant(kept.type(), null));
        Expr choice = new Expr.Case(kept.type(), List.of(isEqual), Optional.of(kept.expr()));
        Typed sized = truth(choice, position, List.of(equal, kept));
        return new Typed(sized.expr(), kept.collating(), position, sized.size());
    }

    /** {@code operand = ANY (ARRAY[values])} of a type that all of them have in common; nothing if they have none. */
    Optional<Typed> in(Typed operand, List<Typed> values, int position) throws InvalidWhere {
        List<Type> types = new ArrayList<>(List.of(operand.type()));
        values.forEach(value -> types.add(value.type()));
        Optional<Type> common = Overloads.common(types);
        if (common.isEmpty() || !Overloads.allBecome(common.get(), types)) {
            return Optional.empty();
        }
        Typed element = new Typed(new Expr.Element(common.get()), Collating.NONE, position, 1);
        Chosen chosen = choose("=", List.of(operand, element), position);
        if (chosen.domain.isEmpty()) {
            return Optional.empty();
        }
        Type domain = chosen.domain.get();
        List<@Nullable Object> list = new ArrayList<>(values.size());
        for (Typed value : values) {
            Typed converted = convert(convert(value, common.get(), position), domain, position);
            list.add(((Expr.Constant) converted.expr()).value());
        }
        List<Typed> all = new ArrayList<>(values);
        all.add(chosen.left());
        checkCollation(domain, all, false, position);
        return Optional.of(truth(new Expr.In(domain, chosen.left().expr(), list), position, all));
    }

    private Typed convert(Typed value, Type to, int position) throws InvalidWhere {
        boolean alike =
                !value.isUnknown() && Calls.isCalculable(to) && value.type().values() == to.values();
        boolean integer = INTEGERS.contains(to) && INTEGERS.contains(value.type());
        boolean timestamp = TIMESTAMPS.contains(to) && TIMESTAMPS.contains(value.type());
        return alike || integer || timestamp
                ? value
                : conversions.implicit(value, to).orElseThrow(() -> noOverload(position));
    }

    Typed quantified(String symbol, Typed left, Typed array, boolean all, int position) throws InvalidWhere {
        String quantifier = all ? "ALL" : "ANY";
        Type each = elementOf(array.type());
        if (each == null) {
            throw InvalidWhere.at(array.position(), "argument of " + quantifier + " must be an array");
        }
        Overloads.Chosen overload = overload(symbol, List.of(left.type(), each), position);
        if (!overload.result().equals(Types.BOOL)) {
            throw InvalidWhere.at(position, "ANY/ALL requires operator that returns bool");
        }
        Type parameter = overload.parameters().getLast();
        if (parameter instanceof Type.Array || !Calls.isCalculable(parameter)) {
            throw none(symbol, 2, position);
        }
        Typed elements = conversions.implicit(array, new Type.Array(parameter)).orElseThrow(() -> noOverload(position));
        Typed element = new Typed(new Expr.Element(parameter), elements.collating(), position, 1);
        Typed test = apply(chosen(symbol, overload, List.of(left, element), position), position);
        return quantified(elements, test, all, position);
    }

    private static @Nullable Type elementOf(Type array) {
        return switch (array) {
            case Type.Array some -> some.element();
            case Type.Unknown unknown -> unknown;
            case Type.Known known -> null;
            case Type.Enumerated e -> null;
            case Type.Opaque opaque -> null;
            case Type.RowOf row -> null;
        };
    }

    /** Equal to one of a constant array, or to none of it, is a list. */
    private static Typed quantified(Typed array, Typed test, boolean all, int position) throws InvalidWhere {
        List<Typed> parts = List.of(array, test);
        if (array.isNull()) {
            return truth(new Expr.Constant(Types.BOOL, null), position, parts);
        }
        if (array.expr() instanceof Expr.Constant constant
                && test.expr() instanceof Expr.Compare compare
                && compare.right() instanceof Expr.Element
                && compare.comparison() == (all ? Comparison.UNEQUAL : Comparison.EQUAL)) {
            List<? extends @Nullable Object> values =
                    ((ArrayValue<?>) Objects.requireNonNull(constant.value())).elements();
            Expr in = new Expr.In(compare.domain(), compare.left(), new ArrayList<@Nullable Object>(values));
            Typed list = truth(in, position, parts);
            return all ? not(list, position) : list;
        }
        return truth(new Expr.Quantified(array.expr(), test.expr(), all), position, parts);
    }
}
