package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.change.Table;
import electric.sync.value.ArrayValue;
import electric.sync.value.InvalidValue;
import electric.sync.where.Routine.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives a filter its meaning: finds its columns, chooses types, operators and functions, calculates constants. */
final class Resolver {
    private static final int MOST_SUBSCRIPTS = 6;

    /** Two levels of the tree for each, and who walks it may recurse. */
    private static final int MOST_FIELDS = 64;

    private static final Collation C = new Collation(950, "pg_catalog", "C", Collation.Provider.LIBC, "C", true);
    private static final Collation POSIX =
            new Collation(951, "pg_catalog", "POSIX", Collation.Provider.LIBC, "POSIX", true);
    private static final Map<String, Collation> COLLATIONS = Map.of("C", C, "POSIX", POSIX);

    private final Map<String, Expr.Column> columns = new HashMap<>();
    private final Parameters parameters;
    private final Calls calls;
    private final Conversions conversions;
    private final Operators operators;
    private final Functions functions;
    private final boolean subqueries;

    private Resolver(Table table, Parameters parameters, DatabaseLocale locale, boolean subqueries) {
        for (int i = 0; i < table.columns().size(); i++) {
            Table.Column column = table.columns().get(i);
            columns.put(
                    column.name(), new Expr.Column(i, column.name(), Types.of(column.values()), column.collation()));
        }
        this.subqueries = subqueries;
        this.parameters = parameters;
        this.calls = new Calls(locale, table.byDefault());
        this.conversions = new Conversions(calls, parameters);
        this.operators = new Operators(calls, conversions);
        this.functions = new Functions(calls, conversions, operators);
    }

    static Expr resolve(
            ParsedExpr filter, Table table, List<String> parameters, DatabaseLocale locale, boolean subqueries)
            throws InvalidWhere {
        return resolve(filter, table, new Parameters(parameters), locale, subqueries);
    }

    /** @param parameters are then known to be of the types that the filter uses them as */
    static Expr resolve(
            ParsedExpr filter, Table table, Parameters parameters, DatabaseLocale locale, boolean subqueries)
            throws InvalidWhere {
        Resolver resolver = new Resolver(table, parameters, locale, subqueries);
        Typed whole = resolver.typed(filter);
        if (!whole.type().equals(Types.BOOL)) {
            throw InvalidWhere.because("WHERE clause must return a boolean");
        }
        resolver.parameters.checkAllTyped();
        return whole.expr();
    }

    private Typed typed(ParsedExpr parsed) throws InvalidWhere {
        return switch (parsed) {
            case ParsedExpr.BooleanLiteral literal -> constant(Types.BOOL, literal.value(), literal.position());
            case ParsedExpr.NullLiteral literal -> Typed.literal(null, 0, literal.position());
            case ParsedExpr.NumberLiteral literal -> number(literal);
            case ParsedExpr.StringLiteral literal -> Typed.literal(literal.value(), 0, literal.position());
            case ParsedExpr.BitString literal ->
                throw InvalidWhere.at(literal.position(), "BitString values are not supported");
            case ParsedExpr.Parameter parameter -> parameters.at(parameter.number(), parameter.position());
            case ParsedExpr.Column column -> column(column);
            case ParsedExpr.Indirection indirection -> indirection(indirection);
            case ParsedExpr.Cast cast -> cast(cast);
            case ParsedExpr.Collate collate -> collate(collate);
            case ParsedExpr.And and -> {
                List<Typed> operands = conditions(and.operands());
                yield and(operands, and.position());
            }
            case ParsedExpr.Or or -> {
                List<Typed> operands = conditions(or.operands());
                yield or(operands, or.position());
            }
            case ParsedExpr.Not not -> not(condition(not.operand()), not.position());
            case ParsedExpr.Operation operation -> operation(operation);
            case ParsedExpr.Quantified quantified -> quantified(quantified);
            case ParsedExpr.NullTest test -> nullTest(test);
            case ParsedExpr.TruthTest test -> truthTest(test);
            case ParsedExpr.Distinct distinct -> distinct(distinct);
            case ParsedExpr.Between between -> between(between);
            case ParsedExpr.In in -> in(in);
            case ParsedExpr.InSubquery in -> throw subqueries ? Subqueries.refusal(in) : Subqueries.notInSubsets();
            case ParsedExpr.Subquery subquery ->
                throw subqueries ? Subqueries.refusal(subquery) : Subqueries.notInSubsets();
            case ParsedExpr.ArrayOf array -> array(array, Optional.empty());
            case ParsedExpr.Row row -> row(row);
            case ParsedExpr.Case choice -> choice(choice);
            case ParsedExpr.Choice choice -> choice(choice);
            case ParsedExpr.NullIf nullIf -> nullIf(nullIf);
            case ParsedExpr.Call call -> call(call);
            case ParsedExpr.NamedArgument argument -> throw unsupported("NamedArgExpr", argument.position());
            case ParsedExpr.Unsupported other -> throw unsupported(other.node(), other.position());
        };
    }

    private static InvalidWhere unsupported(String node, int position) {
        return InvalidWhere.at(position, node + " is not supported in this context");
    }

    private List<Typed> all(List<ParsedExpr> parsed) throws InvalidWhere {
        List<Typed> all = new ArrayList<>(parsed.size());
        for (ParsedExpr one : parsed) {
            all.add(typed(one));
        }
        return all;
    }

    private static List<Expr> expressions(List<Typed> all) {
        return all.stream().map(Typed::expr).toList();
    }

    private static List<Type> types(List<Typed> all) {
        return all.stream().map(Typed::type).toList();
    }

    private Typed constant(Type type, @Nullable Object value, int position) {
        Collating collating = Collating.NONE.resultingIn(type, calls.byDefault());
        return new Typed(new Expr.Constant(type, value), collating, position, 1);
    }

    private Typed number(ParsedExpr.NumberLiteral literal) throws InvalidWhere {
        String text = literal.text();
        boolean whole = text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-');
        if (whole && text.length() <= 20) {
            try {
                long value = Long.parseLong(text);
                boolean fits = value == (int) value;
                return constant(fits ? Types.INT4 : Types.INT8, value, literal.position());
            } catch (NumberFormatException e) {
                return numeric(literal);
            }
        }
        return numeric(literal);
    }

    private Typed numeric(ParsedExpr.NumberLiteral literal) throws InvalidWhere {
        calls.digits().read(Types.NUMERIC, literal.text(), literal.position());
        try {
            return constant(Types.NUMERIC, Types.NUMERIC.values().input(literal.text()), literal.position());
        } catch (InvalidValue e) {
            throw InvalidWhere.at(literal.position(), "invalid syntax for type numeric: " + literal.text());
        }
    }

    private Typed column(ParsedExpr.Column column) throws InvalidWhere {
        if (column.star()) {
            throw unsupported("A_Star", column.position());
        }
        Expr.Column found =
                column.names().size() == 1 ? columns.get(column.names().getFirst()) : null;
        if (found == null) {
            throw InvalidWhere.at(column.position(), "unknown reference " + Names.shown(column.names()));
        }
        Collating collating = Collating.NONE.resultingIn(found.type(), found.collation());
        return new Typed(found, collating, column.position(), 1);
    }

    private List<Typed> conditions(List<ParsedExpr> parsed) throws InvalidWhere {
        List<Typed> conditions = new ArrayList<>();
        for (ParsedExpr operand : parsed) {
            conditions.add(condition(operand));
        }
        return conditions;
    }

    private Typed condition(ParsedExpr parsed) throws InvalidWhere {
        Typed operand = typed(parsed);
        if (operand.isUnknown()) {
            return conversions.implicit(operand, Types.BOOL).orElseThrow();
        }
        if (!operand.type().equals(Types.BOOL)) {
            throw InvalidWhere.at(
                    operand.position(),
                    described(operand.expr()) + operand.type().name() + " is not castable to bool");
        }
        return operand;
    }

    private static String described(Expr expr) {
        if (expr instanceof Expr.Column column) {
            return "reference " + Names.shown(List.of(column.name())) + " of type ";
        }
        if (expr instanceof Expr.Call call && call.routine().spelling() instanceof Spelling.Function function) {
            return "function " + function.name() + " returning ";
        }
        return "expression of type ";
    }

    private Typed cast(ParsedExpr.Cast cast) throws InvalidWhere {
        NamedType type = NamedType.of(
                cast.type(), columns.values().stream().map(Expr.Column::type).toList());
        if (cast.operand() instanceof ParsedExpr.ArrayOf array && type.type() instanceof Type.Array of) {
            return conversions.cast(array(array, Optional.of(of)), type, cast.position());
        }
        Typed operand = typed(cast.operand());
        if (operand.isRow()) {
            throw InvalidWhere.at(
                    operand.position(),
                    "unknown cast from type " + operand.type().name() + " to type "
                            + type.type().name());
        }
        return conversions.cast(operand, type, cast.position());
    }

    private Typed collate(ParsedExpr.Collate collate) throws InvalidWhere {
        Typed operand = parameters.known(typed(collate.operand()));
        List<String> names = collate.collation();
        boolean builtIn =
                names.size() == 1 || (names.size() == 2 && names.getFirst().equals("pg_catalog"));
        Collation collation = builtIn ? COLLATIONS.get(names.getLast()) : null;
        if (collation == null) {
            throw unsupported("CollateClause", collate.position());
        }
        Typed text =
                operand.isUnknown() ? conversions.implicit(operand, Types.TEXT).orElseThrow() : operand;
        if (!Collating.appliesTo(text.type())) {
            throw InvalidWhere.at(
                    collate.position(),
                    "collations are not supported by type " + text.type().name());
        }
        return new Typed(
                new Expr.Collate(text.expr(), collation),
                Collating.explicit(collation),
                collate.position(),
                text.size() + 1);
    }

    private Typed operation(ParsedExpr.Operation operation) throws InvalidWhere {
        List<Typed> operands = new ArrayList<>();
        if (operation.left().isPresent()) {
            operands.add(typed(operation.left().get()));
        }
        operands.add(typed(operation.right()));
        String symbol = symbol(operation.operator(), operands.size(), operation.position());
        return operator(symbol, operands, operation.position());
    }

    private static String symbol(List<String> operator, int operands, int position) throws InvalidWhere {
        boolean builtIn = operator.size() == 1
                || (operator.size() == 2 && operator.getFirst().equals("pg_catalog"));
        if (!builtIn) {
            throw InvalidWhere.at(
                    position, "unknown " + (operands == 1 ? "unary" : "binary") + " operator " + Names.shown(operator));
        }
        return operator.getLast();
    }

    /** The parameters among the operands may have found their types meanwhile. */
    private Typed operator(String symbol, List<Typed> operands, int position) throws InvalidWhere {
        List<Typed> known = operands.stream().map(parameters::known).toList();
        return known.stream().anyMatch(Typed::isRow)
                ? rowComparison(symbol, known, position)
                : operators.apply(symbol, known, position);
    }

    private Typed rowComparison(String symbol, List<Typed> operands, int position) throws InvalidWhere {
        List<List<Typed>> pairs = pairs(operands, position);
        if (pairs.size() > MOST_FIELDS) {
            throw InvalidWhere.at(position, "rows of more than " + MOST_FIELDS + " fields cannot be compared");
        }
        return switch (symbol) {
            case "=" -> and(each("=", pairs, position), position);
            case "<>" -> or(each("<>", pairs, position), position);
            case "<", ">", "<=", ">=" -> ordered(symbol, pairs, position);
            default -> throw Operators.noOverload(position);
        };
    }

    private static List<List<Typed>> pairs(List<Typed> operands, int position) throws InvalidWhere {
        List<Typed> left = operands.getFirst().fields();
        List<Typed> right = operands.getLast().fields();
        if (operands.size() != 2 || left.size() != right.size()) {
            throw Operators.noOverload(position);
        }
        List<List<Typed>> pairs = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            pairs.add(List.of(left.get(i), right.get(i)));
        }
        return pairs;
    }

    private List<Typed> each(String symbol, List<List<Typed>> pairs, int position) throws InvalidWhere {
        List<Typed> each = new ArrayList<>();
        for (List<Typed> pair : pairs) {
            each.add(operator(symbol, pair, position));
        }
        return each;
    }

    /** The first fields that are not equal decide; a NULL before that leaves it open. */
    private Typed ordered(String symbol, List<List<Typed>> pairs, int position) throws InvalidWhere {
        Typed rest = operator(symbol, pairs.getLast(), position);
        for (List<Typed> pair : pairs.subList(0, pairs.size() - 1).reversed()) {
            Typed before = operator(symbol.substring(0, 1), pair, position);
            Typed equal = operator("=", pair, position);
            rest = or(List.of(before, and(List.of(equal, rest), position)), position);
        }
        return rest;
    }

    private static Typed and(List<Typed> operands, int position) throws InvalidWhere {
        return operands.size() == 1
                ? operands.getFirst()
                : Operators.truth(new Expr.And(expressions(operands)), position, operands);
    }

    private static Typed or(List<Typed> operands, int position) throws InvalidWhere {
        return operands.size() == 1
                ? operands.getFirst()
                : Operators.truth(new Expr.Or(expressions(operands)), position, operands);
    }

    private static Typed not(Typed operand, int position) throws InvalidWhere {
        return Operators.truth(new Expr.Not(operand.expr()), position, List.of(operand));
    }

    private Typed quantified(ParsedExpr.Quantified quantified) throws InvalidWhere {
        int position = quantified.position();
        Typed left = typed(quantified.left());
        Typed array = typed(quantified.array());
        String symbol = symbol(quantified.operator(), 2, position);
        if (left.isRow()) {
            throw Operators.noOverload(position);
        }
        return operators.quantified(
                symbol, parameters.known(left), parameters.known(array), quantified.all(), position);
    }

    private Typed nullTest(ParsedExpr.NullTest test) throws InvalidWhere {
        Typed operand = typed(test.operand());
        return nullTest(operand.isRow() ? knownFields(operand) : operand, test.negated(), test.position());
    }

    /** A literal in it is text, if nothing else is known. */
    private static Typed knownFields(Typed row) throws InvalidWhere {
        List<Typed> fields = new ArrayList<>();
        for (Typed field : row.fields()) {
            if (field.isRow()) {
                throw unsupported("RowExpr", row.position());
            }
            fields.add(
                    field.expr() instanceof Expr.Constant constant && field.isUnknown()
                            ? field.with(new Expr.Constant(Types.TEXT, constant.value()))
                            : field);
        }
        return Typed.row(fields, row.position());
    }

    private static Typed nullTest(Typed operand, boolean negated, int position) throws InvalidWhere {
        return Operators.truth(new Expr.NullTest(operand.expr(), negated), position, List.of(operand));
    }

    private Typed truthTest(ParsedExpr.TruthTest test) throws InvalidWhere {
        Typed operand = typed(test.operand());
        Typed bool =
                operand.isUnknown() ? conversions.implicit(operand, Types.BOOL).orElseThrow() : operand;
        if (!bool.type().equals(Types.BOOL)) {
            throw InvalidWhere.at(
                    test.position(),
                    "argument of IS " + (test.negated() ? "NOT " : "") + test.truth() + " must be bool, not "
                            + bool.type().name());
        }
        Truth truth = switch (test.truth()) {
            case TRUE -> Truth.TRUE;
            case FALSE -> Truth.FALSE;
            case UNKNOWN -> Truth.UNKNOWN;
        };
        return Operators.truth(new Expr.TruthTest(bool.expr(), truth, test.negated()), test.position(), List.of(bool));
    }

    private Typed distinct(ParsedExpr.Distinct distinct) throws InvalidWhere {
        Typed left = typed(distinct.left());
        Typed right = typed(distinct.right());
        int position = distinct.position();
        boolean leftIsNull = distinct.left() instanceof ParsedExpr.NullLiteral;
        if (leftIsNull || distinct.right() instanceof ParsedExpr.NullLiteral) {
            Typed other = leftIsNull ? right : left;
            boolean composite = other.type() instanceof Type.Opaque opaque && opaque.composite();
            if (other.isRow() || composite) {
                // Here Postgres does not look into the row.
                throw Operators.noOverload(position);
            }
            return nullTest(other, !distinct.negated(), position);
        }
        if (!left.isRow() && !right.isRow()) {
            return operators.distinct(parameters.known(left), parameters.known(right), distinct.negated(), position);
        }
        List<Typed> each = new ArrayList<>();
        for (List<Typed> pair : pairs(List.of(left, right), position)) {
            each.add(operators.distinct(
                    parameters.known(pair.getFirst()), parameters.known(pair.getLast()), false, position));
        }
        Typed some = or(each, position);
        return distinct.negated() ? not(some, position) : some;
    }

    private Typed between(ParsedExpr.Between between) throws InvalidWhere {
        Typed operand = typed(between.operand());
        Typed low = typed(between.low());
        Typed high = typed(between.high());
        int position = between.position();
        boolean negated = between.negated();
        Typed ascending = within(operand, low, high, negated, position);
        if (!between.symmetric()) {
            return ascending;
        }
        List<Typed> both = List.of(ascending, within(operand, high, low, negated, position));
        return negated ? and(both, position) : or(both, position);
    }

    private Typed within(Typed operand, Typed low, Typed high, boolean negated, int position) throws InvalidWhere {
        Typed first = operator(negated ? "<" : ">=", List.of(operand, low), position);
        Typed second = operator(negated ? ">" : "<=", List.of(operand, high), position);
        List<Typed> both = List.of(first, second);
        return negated ? or(both, position) : and(both, position);
    }

    private Typed in(ParsedExpr.In in) throws InvalidWhere {
        Typed operand = typed(in.operand());
        List<Typed> values = all(in.values()).stream().map(parameters::known).toList();
        int position = in.position();
        List<Typed> tests = new ArrayList<>();
        List<Typed> constants = values.stream().filter(Typed::isConstant).toList();
        Optional<Typed> together = operand.isRow() || constants.size() < 2
                ? Optional.empty()
                : operators.in(parameters.known(operand), constants, position);
        if (together.isPresent()) {
            tests.add(in.negated() ? not(together.get(), position) : together.get());
        }
        for (Typed value : values) {
            if (together.isEmpty() || !value.isConstant()) {
                tests.add(operator(in.negated() ? "<>" : "=", List.of(operand, value), position));
            }
        }
        return in.negated() ? and(tests, position) : or(tests, position);
    }

    private Typed indirection(ParsedExpr.Indirection indirection) throws InvalidWhere {
        Typed array = typed(indirection.operand());
        List<ParsedExpr.Step> steps = indirection.steps();
        boolean subscripts = steps.stream()
                .allMatch(step -> step instanceof ParsedExpr.Step.Subscript || step instanceof ParsedExpr.Step.Slice);
        if (!(array.type() instanceof Type.Array type)
                || !Calls.isCalculable(type)
                || !subscripts
                || steps.size() > MOST_SUBSCRIPTS) {
            throw unsupported("A_Indirection", indirection.position());
        }
        List<Typed> parts = new ArrayList<>(List.of(array));
        boolean sliced = steps.stream().anyMatch(ParsedExpr.Step.Slice.class::isInstance);
        Expr taken = sliced ? slice(array, type, steps, parts) : subscript(array, type, steps, parts);
        Collating collating = Collating.of(parts).resultingIn(taken.type(), calls.byDefault());
        return new Typed(
                Folding.fold(taken, indirection.position()), collating, indirection.position(), Typed.sizeOf(parts));
    }

    private Expr subscript(Typed array, Type.Array type, List<ParsedExpr.Step> steps, List<Typed> parts)
            throws InvalidWhere {
        List<Expr> subscripts = new ArrayList<>();
        for (ParsedExpr.Step step : steps) {
            subscripts.add(index(((ParsedExpr.Step.Subscript) step).index(), parts));
        }
        return new Expr.Subscript(type.element(), array.expr(), subscripts);
    }

    /** Beside a slice, {@code [i]} is {@code [1:i]}. */
    private Expr slice(Typed array, Type.Array type, List<ParsedExpr.Step> steps, List<Typed> parts)
            throws InvalidWhere {
        List<Expr.Bounds> bounds = new ArrayList<>();
        for (ParsedExpr.Step step : steps) {
            if (step instanceof ParsedExpr.Step.Slice slice) {
                Optional<Expr> lower = slice.lower().isPresent()
                        ? Optional.of(index(slice.lower().get(), parts))
                        : Optional.empty();
                Optional<Expr> upper = slice.upper().isPresent()
                        ? Optional.of(index(slice.upper().get(), parts))
                        : Optional.empty();
                bounds.add(new Expr.Bounds(lower, upper));
            } else if (step instanceof ParsedExpr.Step.Subscript subscript) {
                Expr one = new Expr.Constant(Types.INT4, 1L);
                bounds.add(new Expr.Bounds(Optional.of(one), Optional.of(index(subscript.index(), parts))));
            }
        }
        return new Expr.Slice(type, array.expr(), bounds);
    }

    private Expr index(ParsedExpr parsed, List<Typed> parts) throws InvalidWhere {
        Typed given = typed(parsed);
        Typed index = conversions
                .assigned(given, Types.INT4)
                .orElseThrow(
                        () -> InvalidWhere.at(given.position(), given.type().name() + " cannot be matched to int8"));
        parts.add(index);
        return index.expr();
    }

    /** @param wanted what a cast around it asks for: then each element is cast */
    private Typed array(ParsedExpr.ArrayOf array, Optional<Type.Array> wanted) throws InvalidWhere {
        List<Typed> elements = new ArrayList<>();
        boolean nested = false;
        for (ParsedExpr element : array.elements()) {
            Typed one = element instanceof ParsedExpr.ArrayOf inner ? array(inner, wanted) : typed(element);
            nested |= one.type() instanceof Type.Array;
            elements.add(one);
        }
        if (elements.isEmpty() && wanted.isEmpty()) {
            throw InvalidWhere.at(array.position(), "cannot determine type of empty array");
        }
        if (elements.isEmpty()) {
            return constant(wanted.get(), ArrayValue.empty(), array.position());
        }
        Type common = wanted.isEmpty()
                ? common("ARRAY", elements, array.position())
                : nested ? wanted.get() : wanted.get().element();
        Type.Array type;
        if (!nested) {
            type = new Type.Array(common);
        } else if (common instanceof Type.Array arrays) {
            type = arrays;
        } else {
            throw InvalidWhere.at(array.position(), "ARRAY types " + common.name() + " and array cannot be matched");
        }
        if (!Calls.isCalculable(type)) {
            throw unsupported("A_ArrayExpr", array.position());
        }
        List<Typed> converted = new ArrayList<>();
        for (Typed element : elements) {
            converted.add(
                    wanted.isPresent()
                            ? conversions.cast(element, NamedType.of(common), element.position())
                            : become(common, element, "ARRAY", array.position()));
        }
        Collating collating = Collating.of(converted).resultingIn(type, calls.byDefault());
        return new Typed(
                Folding.fold(new Expr.ArrayOf(type, expressions(converted)), array.position()),
                collating,
                array.position(),
                Typed.sizeOf(converted));
    }

    private static Type common(String what, List<Typed> all, int position) throws InvalidWhere {
        if (all.stream().anyMatch(Typed::isRow)) {
            throw unsupported("RowExpr", position);
        }
        Optional<Type> common = Overloads.common(types(all));
        if (common.isEmpty()) {
            throw notMatching(what, all, position);
        }
        return common.get();
    }

    /** Names the first type, and the first of another category. */
    private static InvalidWhere notMatching(String what, List<Typed> all, int position) {
        List<Type> known = types(all).stream()
                .filter(type -> !(type instanceof Type.Unknown))
                .toList();
        Type first = known.getFirst();
        Type other = known.stream()
                .filter(type -> Catalogue.category(type) != Catalogue.category(first))
                .findFirst()
                .orElse(known.getLast());
        return InvalidWhere.at(
                position, what + " types " + other.name() + " and " + first.name() + " cannot be matched");
    }

    private Typed become(Type common, Typed operand, String what, int position) throws InvalidWhere {
        return conversions
                .implicit(operand, common)
                .orElseThrow(() -> InvalidWhere.at(
                        position,
                        what + " types " + operand.type().name() + " and " + common.name() + " cannot be matched"));
    }

    private Typed row(ParsedExpr.Row row) throws InvalidWhere {
        List<Typed> fields = all(row.fields());
        if (fields.isEmpty()) {
            throw unsupported("RowExpr", row.position());
        }
        return Typed.row(fields, row.position());
    }

    private Typed choice(ParsedExpr.Case choice) throws InvalidWhere {
        Optional<Typed> subject = Optional.empty();
        if (choice.operand().isPresent()) {
            Typed operand = typed(choice.operand().get());
            subject = Optional.of(
                    operand.isUnknown()
                            ? conversions.implicit(operand, Types.TEXT).orElseThrow()
                            : operand);
        }
        List<Typed> conditions = new ArrayList<>();
        List<Typed> results = new ArrayList<>();
        for (ParsedExpr.When branch : choice.branches()) {
            conditions.add(
                    subject.isEmpty()
                            ? condition(branch.condition())
                            : operator("=", List.of(subject.get(), typed(branch.condition())), branch.position()));
            results.add(typed(branch.result()));
        }
        List<Typed> all = new ArrayList<>(results);
        Optional<Typed> otherwise = choice.otherwise().isPresent()
                ? Optional.of(typed(choice.otherwise().get()))
                : Optional.empty();
        // Where nothing is said, NULL is; and what is otherwise is asked for its type first.
        all.addFirst(otherwise.orElseGet(() -> Typed.literal(null, 0, choice.position())));
        Type type = common("CASE", all, choice.position());
        if (!Calls.isCalculable(type)) {
            throw unsupported("CaseExpr", choice.position());
        }
        List<Typed> values = new ArrayList<>();
        List<Expr.When> branches = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Typed value = become(type, results.get(i), "CASE", choice.position());
            values.add(value);
            branches.add(new Expr.When(conditions.get(i).expr(), value.expr()));
        }
        Optional<Expr> last = Optional.empty();
        if (otherwise.isPresent()) {
            Typed value = become(type, otherwise.get(), "CASE", choice.position());
            values.add(value);
            last = Optional.of(value.expr());
        }
        Collating collating = Collating.of(values).resultingIn(type, calls.byDefault());
        List<Typed> parts = new ArrayList<>(conditions);
        parts.addAll(values);
        Typed sized = Operators.truth(new Expr.Case(type, branches, last), choice.position(), parts);
        return new Typed(sized.expr(), collating, choice.position(), sized.size());
    }

    private Typed choice(ParsedExpr.Choice choice) throws InvalidWhere {
        List<Typed> given =
                all(choice.arguments()).stream().map(parameters::known).toList();
        String name = choice.function().name().toLowerCase(Locale.ROOT);
        int position = choice.position();
        Optional<Type> common = given.stream().anyMatch(Typed::isRow)
                ? Optional.empty()
                : Overloads.common(types(given))
                        .filter(type -> Calls.isCalculable(type) && Overloads.allBecome(type, types(given)));
        Type type = common.orElseThrow(() -> Functions.noOverload(name, given, position));
        List<Typed> arguments = new ArrayList<>();
        for (Typed argument : given) {
            arguments.add(conversions
                    .implicit(argument, type)
                    .orElseThrow(() -> Functions.noOverload(name, given, position)));
        }
        if (choice.function() != ParsedExpr.Choice.Function.COALESCE) {
            if (!Calls.isCalculable(type) || !Types.isComparable(type)) {
                throw Functions.noOverload(name, given, position);
            }
            operators.checkCollation(type, arguments, true, position);
        }
        Expr expr = switch (choice.function()) {
            case COALESCE -> new Expr.Coalesce(type, expressions(arguments));
            case GREATEST -> new Expr.Extreme(type, true, expressions(arguments));
            case LEAST -> new Expr.Extreme(type, false, expressions(arguments));
        };
        Collating collating = Collating.of(arguments).resultingIn(type, calls.byDefault());
        return new Typed(Folding.fold(expr, position), collating, position, Typed.sizeOf(arguments));
    }

    private Typed nullIf(ParsedExpr.NullIf nullIf) throws InvalidWhere {
        Typed left = typed(nullIf.left());
        Typed right = typed(nullIf.right());
        if (left.isRow() || right.isRow()) {
            throw Operators.noOverload(nullIf.position());
        }
        return operators.nullIf(parameters.known(left), parameters.known(right), nullIf.position());
    }

    private Typed call(ParsedExpr.Call call) throws InvalidWhere {
        if (call.aggregate()) {
            throw unsupported("aggregation", call.position());
        }
        if (call.variadic()) {
            throw InvalidWhere.at(call.position(), "explicit VARIADIC function calls are not currently supported");
        }
        List<Typed> arguments =
                all(call.arguments()).stream().map(parameters::known).toList();
        return functions.call(call.name(), arguments, call.position());
    }
}
