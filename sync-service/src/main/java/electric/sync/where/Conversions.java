package electric.sync.where;

import electric.sync.value.ArrayValue;
import electric.sync.value.Interval;
import electric.sync.value.IntervalFields;
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import electric.sync.value.PgType;
import electric.sync.where.Catalogue.Cast;
import electric.sync.where.Catalogue.CastContext;
import electric.sync.where.Catalogue.CastMethod;
import electric.sync.where.Catalogue.Entry;
import electric.sync.where.Routine.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From one type to another: those that happen by themselves, and casts. */
final class Conversions {
    private static final int MOST_BYTES_OF_NAME = 63;

    /** How a value gets from type to type. */
    private enum Path {
        NONE,
        SAME,
        RELABEL,
        FUNCTION,
        ELEMENTS,
        TEXT
    }

    private final Calls calls;
    private final Parameters parameters;

    Conversions(Calls calls, Parameters parameters) {
        this.calls = calls;
        this.parameters = parameters;
    }

    /** {@code can_coerce_type}, pseudo-types apart. */
    static boolean isPossible(Type from, Type to, CastContext context) {
        boolean takesAny = to.name().equals("any")
                || (from instanceof Type.RowOf && to.name().equals("record"));
        return takesAny || from instanceof Type.Unknown || path(from, to, context) != Path.NONE;
    }

    /** Whether a function of one argument that is called as a type is, is a cast. */
    static boolean isCastInDisguise(Type from, Type to) {
        return switch (path(from, to, CastContext.EXPLICIT)) {
            case SAME, RELABEL, TEXT -> true;
            case NONE, FUNCTION, ELEMENTS -> from instanceof Type.Unknown;
        };
    }

    private static Path path(Type from, Type to, CastContext context) {
        if (from.equals(to)) {
            return Path.SAME;
        }
        Optional<Cast> cast = Catalogue.cast(from, to);
        if (cast.isPresent()) {
            return cast.get().context().compareTo(context) > 0
                    ? Path.NONE
                    : switch (cast.get().method()) {
                        case BINARY -> Path.RELABEL;
                        case FUNCTION -> Path.FUNCTION;
                        case TEXT -> Path.TEXT;
                    };
        }
        if (from instanceof Type.RowOf) {
            return Path.NONE;
        }
        if (from instanceof Type.Array source && to instanceof Type.Array target) {
            Path ofElements = path(source.element(), target.element(), context);
            if (ofElements != Path.NONE && ofElements != Path.ELEMENTS) {
                return ofElements == Path.TEXT ? Path.TEXT : Path.ELEMENTS;
            }
        }
        boolean asText = (context != CastContext.IMPLICIT && Catalogue.category(to) == 'S')
                || (context == CastContext.EXPLICIT && Catalogue.category(from) == 'S');
        return asText ? Path.TEXT : Path.NONE;
    }

    /** Where nothing was written: an argument becomes what its parameter is. */
    Optional<Typed> implicit(Typed operand, Type to) throws InvalidWhere {
        if (!operand.isUnknown() && operand.type().equals(to) && !isOpaque(to)) {
            return Optional.of(operand);
        }
        return isOpaque(to) ? Optional.empty() : convert(operand, NamedType.of(to), CastContext.IMPLICIT);
    }

    /** Of what has no values here nothing can be made, not even of the same type. */
    private static boolean isOpaque(Type type) {
        return type instanceof Type.Opaque || (type instanceof Type.Array array && isOpaque(array.element()));
    }

    Optional<Typed> assigned(Typed operand, Type to) throws InvalidWhere {
        return convert(operand, NamedType.of(to), CastContext.ASSIGNMENT);
    }

    /** An explicit cast, modifiers included. */
    Typed cast(Typed operand, NamedType to, int position) throws InvalidWhere {
        Optional<Typed> converted = convert(operand, to, CastContext.EXPLICIT);
        if (converted.isEmpty()) {
            throw InvalidWhere.at(
                    operand.position(),
                    "unknown cast from type " + shown(operand.type()) + " to type "
                            + to.type().name());
        }
        Typed sized = to.modifier() < 0 ? converted.get() : sized(converted.get(), operand, to);
        return sized.at(position);
    }

    private static String shown(Type type) {
        return type instanceof Type.Unknown ? "text" : type.name();
    }

    private Optional<Typed> convert(Typed given, NamedType to, CastContext context) throws InvalidWhere {
        Typed operand = parameters.known(given);
        if (operand.isUnknown()) {
            return Optional.of(literal(operand, to, context));
        }
        Type from = operand.type();
        Path path = path(from, to.type(), context);
        if (path == Path.NONE && given.parameter() > 0) {
            throw InvalidWhere.at(
                    given.position(),
                    "type conflict for $" + given.parameter() + ": " + from.name() + " and "
                            + to.type().name());
        }
        boolean needless = path == Path.SAME
                || (path == Path.RELABEL
                        && (to.modifier() >= 0 || context != CastContext.EXPLICIT)
                        && Calls.isCalculable(from)
                        && Calls.isCalculable(to.type())
                        && from.values() == to.type().values());
        if (needless) {
            return Optional.of(
                    operand.expr() instanceof Expr.Constant constant
                            ? operand.with(new Expr.Constant(to.type(), constant.value()))
                            : operand);
        }
        if (path != Path.NONE
                && to.type() instanceof Type.Array array
                && array.domain() != null
                && !(operand.expr() instanceof Expr.Constant)) {
            // What Postgres refuses of a constant it refuses of the filter; this it would refuse row by row.
            throw InvalidWhere.at(
                    operand.position(), "cannot make " + array.name() + " of " + from.name() + " row by row");
        }
        Optional<Routine> routine = routine(from, to.type(), path, operand, context);
        if (routine.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                calls.of(routine.get(), List.of(operand), operand.position(), cannotCast(operand, to.type())));
    }

    /** A constant that its cast refuses. */
    private static InvalidWhere cannotCast(Typed operand, Type to) {
        if (!(operand.expr() instanceof Expr.Constant constant) || to instanceof Type.Array) {
            return Calls.failed();
        }
        Type from = constant.type();
        String value = String.valueOf(constant.value());
        if (Calls.isCalculable(from) && constant.value() != null) {
            value = output(from.values(), constant.value());
        }
        boolean text = from instanceof Type.Unknown || Collating.appliesTo(from);
        return InvalidWhere.at(
                operand.position(),
                "could not cast value " + (text ? '"' + value + '"' : value) + " from " + shown(from) + " to "
                        + to.name());
    }

    private Optional<Routine> routine(Type from, Type to, Path path, Typed operand, CastContext context)
            throws InvalidWhere {
        Spelling spelling = new Spelling.Cast(NamedType.of(to).sql());
        return switch (path) {
            case NONE -> Optional.empty();
            case SAME, RELABEL ->
                Calls.isCalculable(from) && Calls.isCalculable(to)
                        ? Optional.of(new Routine(to.name(), List.of(from), to, true, values -> values[0], spelling))
                        : Optional.empty();
            case FUNCTION -> function(from, to, operand, spelling);
            case TEXT -> throughText(from, to, spelling);
            case ELEMENTS -> elements((Type.Array) from, (Type.Array) to, operand, context, spelling);
        };
    }

    private Optional<Routine> function(Type from, Type to, Typed operand, Spelling spelling) throws InvalidWhere {
        Cast cast = Catalogue.cast(from, to).orElseThrow();
        for (Entry entry : Catalogue.functions(cast.function())) {
            boolean fits = entry.parameters().size() == 1
                    && (entry.parameters().getFirst().equals(from)
                            || isBinary(from, entry.parameters().getFirst()));
            if (fits) {
                List<Type> parameter = List.of(from);
                Optional<Routine.Body> body =
                        calls.body(entry.signature(), parameter, to, List.of(one(operand, from)), operand.position());
                if (body.isPresent()) {
                    return Optional.of(new Routine(entry.name(), parameter, to, entry.strict(), body.get(), spelling));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isBinary(Type from, Type to) {
        return Catalogue.cast(from, to)
                .filter(cast -> cast.method() == CastMethod.BINARY && cast.context() == CastContext.IMPLICIT)
                .isPresent();
    }

    /** What its text is as a literal of the other. */
    private static Optional<Routine> throughText(Type from, Type to, Spelling spelling) {
        if (!Calls.isCalculable(from) || !Calls.isCalculable(to)) {
            return Optional.empty();
        }
        Routine.Body body = values -> input(to, output(from.values(), Objects.requireNonNull(values[0])));
        return Optional.of(new Routine(to.name(), List.of(from), to, true, body, spelling));
    }

    private Optional<Routine> elements(
            Type.Array from, Type.Array to, Typed operand, CastContext context, Spelling spelling) throws InvalidWhere {
        Path path = path(from.element(), to.element(), context);
        return routine(from.element(), to.element(), path, operand, context)
                .map(each -> new Routine(to.name(), List.of(from), to, true, onElements(each.body()), spelling));
    }

    private static Routine.Body onElements(Routine.Body each) {
        return values -> {
            ArrayValue<?> array = (ArrayValue<?>) Objects.requireNonNull(values[0]);
            List<@Nullable Object> elements = new ArrayList<>(array.elements().size());
            for (Object element : array.elements()) {
                elements.add(element == null ? null : each.apply(new @Nullable Object[] {element}));
            }
            return new ArrayValue<>(elements, array.lengths(), array.lowerBounds());
        };
    }

    /** Cut, padded or rounded as the modifier says. */
    private Typed sized(Typed converted, Typed operand, NamedType to) throws InvalidWhere {
        Type each = to.type() instanceof Type.Array array ? array.element() : to.type();
        Entry entry = Catalogue.cast(each, each).stream()
                .flatMap(cast -> Catalogue.functions(cast.function()).stream())
                .filter(candidate -> candidate.parameters().size() > 1
                        && candidate.parameters().getFirst().equals(each)
                        && candidate.parameters().get(1).equals(Types.INT4))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(each.name() + " has a modifier and nothing that heeds it"));
        List<Type> parameterTypes = entry.parameters();
        List<Typed> arguments = new ArrayList<>();
        arguments.add(one(converted, each));
        arguments.add(constant(Types.INT4, (long) to.modifier(), operand.position()));
        if (parameterTypes.size() == 3) {
            arguments.add(constant(Types.BOOL, true, operand.position()));
        }
        Routine.Body body = calls.body(entry.signature(), parameterTypes, each, arguments, operand.position())
                .orElseThrow(() -> InvalidWhere.at(operand.position(), "unsupported type " + to.sql()));
        long modifier = to.modifier();
        Routine.Body one = parameterTypes.size() == 2
                ? values -> body.apply(new @Nullable Object[] {values[0], modifier})
                : values -> body.apply(new @Nullable Object[] {values[0], modifier, true});
        Routine.Body whole = to.type() instanceof Type.Array ? onElements(one) : one;
        Routine routine =
                new Routine(entry.name(), List.of(to.type()), to.type(), true, whole, new Spelling.Cast(to.sql()));
        return calls.of(routine, List.of(converted), operand.position(), cannotCast(operand, to.type()));
    }

    /** The operand, or what stands for each element of it. */
    private static Typed one(Typed operand, Type type) {
        return operand.type() instanceof Type.Array && !(type instanceof Type.Array)
                ? operand.with(new Expr.Element(type))
                : operand;
    }

    private static Typed constant(Type type, Object value, int position) {
        return new Typed(new Expr.Constant(type, value), Collating.NONE, position, 1);
    }

    private Typed literal(Typed operand, NamedType to, CastContext context) throws InvalidWhere {
        Type type = to.type();
        String text = (String) ((Expr.Constant) operand.expr()).value();
        if (!Calls.isCalculable(type)) {
            throw InvalidWhere.at(operand.position(), "unsupported type " + type.name());
        }
        if (text != null) {
            calls.digits().read(type, text, operand.position());
        }
        Expr.Constant constant;
        try {
            constant = new Expr.Constant(type, text == null ? null : input(type, text, to.fields()));
        } catch (InvalidValue | NotExact e) {
            throw context == CastContext.EXPLICIT
                    ? cannotCast(operand, type)
                    : InvalidWhere.at(operand.position(), "invalid syntax for type " + type.name() + ": " + text);
        }
        if (operand.parameter() > 0) {
            parameters.isOf(operand.parameter(), constant);
        }
        Collating collating = Collating.NONE.resultingIn(type, calls.byDefault());
        return new Typed(constant, collating, operand.position(), operand.size());
    }

    private static Object input(Type type, String text, IntervalFields fields) {
        return type.equals(Types.INTERVAL) ? Interval.input(text, fields) : input(type, text);
    }

    private static Object input(Type type, String text) {
        return type.equals(Types.NAME) ? cutToName(text) : type.values().input(text);
    }

    private static String cutToName(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int end = bytes.length;
        if (end > MOST_BYTES_OF_NAME) {
            end = MOST_BYTES_OF_NAME;
            while ((bytes[end] & 0xC0) == 0x80) {
                end--;
            }
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static String output(PgType<?> type, Object value) {
        return ((PgType<Object>) type).output(value);
    }
}
