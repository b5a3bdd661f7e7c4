package electric.sync.where;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parameters that take several types, and what binds them together. */
final class Polymorphic {
    record Settled(List<Type> parameters, Type result) {}

    private static final Set<String> ELEMENT = Set.of("anyelement", "anynonarray", "anyenum");
    private static final Set<String> COMPATIBLE = Set.of("anycompatible", "anycompatiblenonarray");
    private static final Map<String, Type> RANGES = Map.of(
            "int4range", Types.INT4,
            "int8range", Types.INT8,
            "numrange", Types.NUMERIC,
            "daterange", Types.DATE,
            "tsrange", Types.TIMESTAMP,
            "tstzrange", Types.TIMESTAMPTZ);

    /** What stands for each kind; absent while only literals do. */
    private @Nullable Type element;

    private @Nullable Type array;
    private @Nullable Type range;
    private final List<Type> compatible = new ArrayList<>();

    /** The arrays among them: of one domain they stay that, where no element is beside them. */
    private final Set<Type> compatibleArrays = new HashSet<>();

    private boolean compatibleElements;
    private @Nullable Type common;
    private boolean consistent = true;

    private Polymorphic() {}

    static boolean is(Type parameter) {
        return parameter instanceof Type.Opaque opaque
                && opaque.name().startsWith("any")
                && !opaque.name().equals("any");
    }

    /** The element of a polymorphic array; others are spread as they are. */
    static Type elementOf(Type parameter) {
        return switch (parameter.name()) {
            case "anyarray" -> new Type.Opaque("anyelement");
            case "anycompatiblearray" -> new Type.Opaque("anycompatible");
            default -> parameter;
        };
    }

    static boolean consistent(List<Type> parameters, List<Type> arguments) {
        return of(parameters, arguments).consistent;
    }

    /** With the types that the arguments decide. */
    static Optional<Settled> settle(List<Type> parameters, Type result, List<Type> arguments) {
        if (parameters.stream().noneMatch(Polymorphic::is)) {
            return Optional.of(new Settled(parameters, result));
        }
        Polymorphic types = of(parameters, arguments);
        if (!types.consistent) {
            return Optional.empty();
        }
        List<Type> settled = new ArrayList<>();
        for (Type parameter : parameters) {
            Type type = types.standIn(parameter);
            if (type == null) {
                return Optional.empty();
            }
            settled.add(type);
        }
        return Optional.ofNullable(types.standIn(result)).map(type -> new Settled(List.copyOf(settled), type));
    }

    private static Polymorphic of(List<Type> parameters, List<Type> arguments) {
        Polymorphic types = new Polymorphic();
        for (int i = 0; i < parameters.size() && types.consistent; i++) {
            if (is(parameters.get(i)) && !(arguments.get(i) instanceof Type.Unknown)) {
                types.take(parameters.get(i).name(), arguments.get(i));
            }
        }
        types.conclude(parameters);
        return types;
    }

    private void take(String parameter, Type argument) {
        if (ELEMENT.contains(parameter)) {
            consistent = element == null || element.equals(argument);
            element = argument;
        } else if (parameter.equals("anyarray")) {
            consistent = argument instanceof Type.Array && (array == null || array.equals(argument));
            array = argument;
        } else if (COMPATIBLE.contains(parameter)) {
            compatible.add(argument);
        } else if (parameter.equals("anycompatiblearray")) {
            if (argument instanceof Type.Array given) {
                compatible.add(given.element());
                compatibleArrays.add(given);
            } else {
                consistent = false;
            }
        } else if (parameter.equals("anyrange")) {
            takeRange(argument, argument.name());
        } else if (parameter.equals("anymultirange") && argument.name().endsWith("multirange")) {
            takeRange(argument, argument.name().replace("multirange", "range"));
        } else {
            consistent = false;
        }
    }

    private void takeRange(Type argument, String name) {
        Type of = argument instanceof Type.Opaque ? RANGES.get(name) : null;
        consistent = of != null && (element == null || element.equals(of));
        element = of;
        range = argument;
    }

    private void conclude(List<Type> parameters) {
        if (array instanceof Type.Array known) {
            consistent &= element == null || element.equals(known.element());
            element = known.element();
        }
        for (Type parameter : parameters) {
            compatibleElements |= COMPATIBLE.contains(parameter.name());
            if (parameter.name().equals("anynonarray")) {
                consistent &= !(element instanceof Type.Array);
            } else if (parameter.name().equals("anyenum")) {
                consistent &= element == null || element instanceof Type.Enumerated;
            }
        }
        if (consistent && !compatible.isEmpty()) {
            Optional<Type> chosen = Overloads.common(compatible);
            consistent = chosen.isPresent() && Overloads.allBecome(chosen.get(), compatible);
            common = chosen.orElse(null);
        }
        if (parameters.stream().anyMatch(p -> p.name().equals("anycompatiblenonarray"))) {
            consistent &= !(common instanceof Type.Array);
        }
    }

    private @Nullable Type standIn(Type declared) {
        if (!is(declared)) {
            return declared;
        }
        String name = declared.name();
        if (ELEMENT.contains(name)) {
            return element;
        }
        if (name.equals("anyarray")) {
            if (array != null) {
                return array;
            }
            return element == null || element instanceof Type.Array ? null : new Type.Array(element);
        }
        Type shared = common == null ? Types.TEXT : common;
        if (COMPATIBLE.contains(name)) {
            return shared;
        }
        if (name.equals("anycompatiblearray")) {
            if (!compatibleElements && compatibleArrays.size() == 1) {
                return compatibleArrays.iterator().next();
            }
            return shared instanceof Type.Array ? null : new Type.Array(shared);
        }
        return range;
    }
}
