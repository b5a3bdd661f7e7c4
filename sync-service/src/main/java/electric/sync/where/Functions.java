package electric.sync.where;

import electric.sync.where.Catalogue.Entry;
import electric.sync.where.Routine.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Functions called with arguments whose types are known. */
final class Functions {
    private final Calls calls;
    private final Conversions conversions;
    private final Operators operators;

    Functions(Calls calls, Conversions conversions, Operators operators) {
        this.calls = calls;
        this.conversions = conversions;
        this.operators = operators;
    }

    Typed call(List<String> names, List<Typed> arguments, int position) throws InvalidWhere {
        boolean builtIn =
                names.size() == 1 || (names.size() == 2 && names.getFirst().equals("pg_catalog"));
        String name = names.getLast();
        if (!builtIn || arguments.stream().anyMatch(Typed::isRow)) {
            throw unknown(names, arguments, position);
        }
        boolean isLike = name.equals("ilike") || (name.equals("like") && !isBytea(arguments));
        if (isLike && arguments.size() == 2) {
            return operators.apply(name.equals("ilike") ? "~~*" : "~~", arguments, position);
        }
        List<Type> types = arguments.stream().map(Typed::type).toList();
        Optional<Overloads.Chosen> exact = Overloads.exactFunction(name, types);
        if (exact.isEmpty() && arguments.size() == 1 && Calls.isCalculable(Types.builtIn(name))) {
            Type type = Types.builtIn(name);
            if (Conversions.isCastInDisguise(types.getFirst(), type)) {
                return conversions.cast(arguments.getFirst(), NamedType.of(type), position);
            }
        }
        Overloads.Chosen chosen =
                exact.or(() -> Overloads.function(name, types)).orElseThrow(() -> none(names, arguments, position));
        if (Routines.find(chosen.entry().signature()).isEmpty()) {
            throw unknown(names, arguments, position);
        }
        List<Typed> converted = converted(names, chosen, arguments, position);
        return calls.call(chosen, new Spelling.Function(name), converted, position)
                .orElseThrow(() -> unknown(names, arguments, position));
    }

    private static boolean isBytea(List<Typed> arguments) {
        return arguments.stream().anyMatch(argument -> argument.type().equals(Types.BYTEA));
    }

    private List<Typed> converted(List<String> names, Overloads.Chosen chosen, List<Typed> arguments, int position)
            throws InvalidWhere {
        List<Typed> converted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Type parameter = chosen.parameters().get(i);
            Typed argument = arguments.get(i);
            boolean any = parameter.name().equals("any");
            Type wanted = !any ? parameter : argument.isUnknown() ? Types.TEXT : argument.type();
            converted.add(conversions.implicit(argument, wanted).orElseThrow(() -> none(names, arguments, position)));
        }
        return converted;
    }

    /** One that does not exist, or cannot be calculated here. */
    private static InvalidWhere unknown(List<String> names, List<Typed> arguments, int position) {
        List<String> shown =
                names.getFirst().equals("pg_catalog") ? names.subList(names.size() - 1, names.size()) : names;
        return InvalidWhere.at(
                position, "unknown or unsupported function " + Names.shown(shown) + "/" + arguments.size());
    }

    /** One that exists, but not for these arguments. */
    private static InvalidWhere none(List<String> names, List<Typed> arguments, int position) {
        String name = names.getLast();
        boolean known = Overloads.functions(name, arguments.size()).stream()
                .map(Entry::signature)
                .anyMatch(signature -> Routines.find(signature).isPresent());
        return known ? noOverload(name, arguments, position) : unknown(names, arguments, position);
    }

    static InvalidWhere noOverload(String name, List<Typed> arguments, int position) {
        List<String> types = arguments.stream().map(Typed::type).map(Type::name).toList();
        return InvalidWhere.at(
                position,
                "Could not select a function overload for " + Names.shown(List.of(name)) + "("
                        + String.join(", ", types) + ")");
    }
}
