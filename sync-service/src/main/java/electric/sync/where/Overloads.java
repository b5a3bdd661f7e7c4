package electric.sync.where;

import electric.sync.where.Catalogue.CastContext;
import electric.sync.where.Catalogue.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of the operators or functions of a name is meant: Postgres's procedure, step by step. */
final class Overloads {
    /**
     * @param parameters one for each argument, with types in place of the polymorphic ones
     * @param result likewise
     */
    record Chosen(Entry entry, List<Type> parameters, Type result) {}

    /** @param parameters one for each argument, as declared */
    private record Candidate(Entry entry, List<Type> parameters) {
        Type parameter(int index) {
            return parameters.get(index);
        }
    }

    private Overloads() {}

    /** Of an operator with one operand or two. */
    static Optional<Chosen> operator(String symbol, List<Type> operands) {
        List<Candidate> candidates = Catalogue.operators(symbol, operands.size()).stream()
                .map(entry -> new Candidate(entry, entry.parameters()))
                .toList();
        Optional<Candidate> exact = exact(candidates, withoutOneUnknown(operands));
        return exact.or(() -> select(matching(candidates, operands), operands))
                .flatMap(candidate -> settle(candidate, operands));
    }

    /** A literal beside a known operand is first taken to be of the same type. */
    private static List<Type> withoutOneUnknown(List<Type> operands) {
        if (operands.size() == 2) {
            Type left = operands.getFirst();
            Type right = operands.getLast();
            if (isUnknown(left) != isUnknown(right)) {
                Type known = isUnknown(left) ? right : left;
                return List.of(known, known);
            }
        }
        return operands;
    }

    /** Whether the function may be called with so many arguments at all. */
    static boolean hasFunction(String name, int arguments) {
        return !candidates(name, arguments).isEmpty();
    }

    /** A function whose declared parameters are the types of the arguments. */
    static Optional<Chosen> exactFunction(String name, List<Type> arguments) {
        return exact(candidates(name, arguments.size()), arguments).flatMap(candidate -> settle(candidate, arguments));
    }

    static Optional<Chosen> function(String name, List<Type> arguments) {
        List<Candidate> candidates = candidates(name, arguments.size());
        return select(matching(candidates, arguments), arguments).flatMap(candidate -> settle(candidate, arguments));
    }

    static List<Entry> functions(String name, int arguments) {
        return candidates(name, arguments).stream().map(Candidate::entry).toList();
    }

    private static List<Candidate> candidates(String name, int arguments) {
        List<Candidate> candidates = new ArrayList<>();
        Set<List<Type>> taken = new HashSet<>();
        List<Candidate> variadic = new ArrayList<>();
        for (Entry entry : Catalogue.functions(name)) {
            int declared = entry.parameters().size();
            if (entry.variadic() && arguments >= declared) {
                variadic.add(new Candidate(entry, spread(entry, arguments)));
            } else if (arguments <= declared && arguments >= declared - entry.defaults()) {
                List<Type> parameters = entry.parameters().subList(0, arguments);
                candidates.add(new Candidate(entry, parameters));
                taken.add(parameters);
            }
        }
        variadic.stream()
                .filter(candidate -> !taken.contains(candidate.parameters))
                .forEach(candidates::add);
        return candidates;
    }

    private static List<Type> spread(Entry entry, int arguments) {
        List<Type> parameters = new ArrayList<>(entry.parameters());
        Type last = parameters.removeLast();
        Type each = last instanceof Type.Array array ? array.element() : Polymorphic.elementOf(last);
        while (parameters.size() < arguments) {
            parameters.add(each);
        }
        return parameters;
    }

    private static Optional<Candidate> exact(List<Candidate> candidates, List<Type> arguments) {
        return candidates.stream()
                .filter(candidate -> candidate.parameters.equals(arguments))
                .findFirst();
    }

    private static Optional<Chosen> settle(Candidate candidate, List<Type> arguments) {
        return Polymorphic.settle(candidate.parameters, candidate.entry.result(), arguments)
                .map(settled -> new Chosen(candidate.entry, settled.parameters(), settled.result()));
    }

    private static List<Candidate> matching(List<Candidate> candidates, List<Type> arguments) {
        return candidates.stream()
                .filter(candidate -> accepts(candidate, arguments))
                .toList();
    }

    private static boolean accepts(Candidate candidate, List<Type> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            Type parameter = candidate.parameter(i);
            if (!Polymorphic.is(parameter)
                    && !Conversions.isPossible(arguments.get(i), parameter, CastContext.IMPLICIT)) {
                return false;
            }
        }
        return Polymorphic.consistent(candidate.parameters, arguments);
    }

    /** {@code func_select_candidate}. */
    private static Optional<Candidate> select(List<Candidate> matching, List<Type> arguments) {
        List<Candidate> candidates = matching;
        if (candidates.size() > 1) {
            candidates = best(candidates, arguments, (argument, parameter) -> parameter.equals(argument));
        }
        if (candidates.size() > 1) {
            candidates = best(
                    candidates,
                    arguments,
                    (argument, parameter) -> parameter.equals(argument)
                            || (Catalogue.isPreferred(parameter)
                                    && Catalogue.category(parameter) == Catalogue.category(argument)));
        }
        boolean someUnknown = arguments.stream().anyMatch(Overloads::isUnknown);
        if (candidates.size() > 1 && someUnknown) {
            candidates = ofTheLiteralsCategories(candidates, arguments);
            if (candidates.size() > 1) {
                candidates = allOfOneType(candidates, arguments);
            }
        }
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    private interface Match {
        boolean between(Type argument, Type parameter);
    }

    /** Those with the most known arguments that match. */
    private static List<Candidate> best(List<Candidate> candidates, List<Type> arguments, Match match) {
        List<Candidate> best = new ArrayList<>();
        int most = -1;
        for (Candidate candidate : candidates) {
            int matches = 0;
            for (int i = 0; i < arguments.size(); i++) {
                Type argument = arguments.get(i);
                if (!isUnknown(argument) && match.between(argument, candidate.parameter(i))) {
                    matches++;
                }
            }
            if (matches > most) {
                most = matches;
                best.clear();
            }
            if (matches == most) {
                best.add(candidate);
            }
        }
        return best;
    }

    /** For each literal strings if any candidate takes them, else the category that all agree on. */
    private static List<Candidate> ofTheLiteralsCategories(List<Candidate> candidates, List<Type> arguments) {
        List<Candidate> remaining = new ArrayList<>(candidates);
        for (int i = 0; i < arguments.size(); i++) {
            if (!isUnknown(arguments.get(i))) {
                continue;
            }
            int place = i;
            char category = Catalogue.category(candidates.getFirst().parameter(place));
            boolean conflict = false;
            boolean preferred = false;
            for (Candidate candidate : candidates) {
                Type parameter = candidate.parameter(place);
                char other = Catalogue.category(parameter);
                if (other == category) {
                    preferred |= Catalogue.isPreferred(parameter);
                } else if (other == 'S') {
                    category = other;
                    preferred = Catalogue.isPreferred(parameter);
                } else {
                    conflict = true;
                }
            }
            if (conflict && category != 'S') {
                return candidates;
            }
            char wanted = category;
            boolean onlyPreferred = preferred;
            remaining.removeIf(candidate -> Catalogue.category(candidate.parameter(place)) != wanted
                    || (onlyPreferred && !Catalogue.isPreferred(candidate.parameter(place))));
        }
        return remaining.isEmpty() ? candidates : remaining;
    }

    /** If all known arguments are of one type, those that take it for the literals too. */
    private static List<Candidate> allOfOneType(List<Candidate> candidates, List<Type> arguments) {
        List<Type> known = arguments.stream()
                .filter(argument -> !isUnknown(argument))
                .distinct()
                .toList();
        if (known.size() != 1) {
            return candidates;
        }
        return matching(
                candidates, arguments.stream().map(argument -> known.getFirst()).toList());
    }

    private static boolean isUnknown(Type type) {
        return type instanceof Type.Unknown;
    }

    /** {@code select_common_type}: of several expressions that become one value; none if they cannot. */
    static Optional<Type> common(List<Type> types) {
        Type common = types.getFirst();
        for (Type type : types.subList(1, types.size())) {
            if (isUnknown(type) || type.equals(common)) {
                continue;
            }
            if (isUnknown(common)) {
                common = type;
            } else if (Catalogue.category(type) != Catalogue.category(common)) {
                return Optional.empty();
            } else if (!Catalogue.isPreferred(common)
                    && Conversions.isPossible(common, type, CastContext.IMPLICIT)
                    && !Conversions.isPossible(type, common, CastContext.IMPLICIT)) {
                common = type;
            }
        }
        return Optional.of(isUnknown(common) ? Types.TEXT : common);
    }

    /** Whether all of them become the type by themselves. */
    static boolean allBecome(Type common, List<Type> types) {
        return types.stream().allMatch(type -> Conversions.isPossible(type, common, CastContext.IMPLICIT));
    }
}
