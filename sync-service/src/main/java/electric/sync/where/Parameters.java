package electric.sync.where;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of {@code $1}, {@code $2}, …: literals of unknown type up to the first use that needs a type. */
final class Parameters {
    private final List<String> values;
    private final List<Expr.@Nullable Constant> typed;
    /** Where the parameters stand that no use has given a type yet. */
    private final SortedMap<Integer, Integer> untyped = new TreeMap<>();

    Parameters(List<String> values) {
        this.values = List.copyOf(values);
        this.typed = new ArrayList<>(Collections.nCopies(values.size(), null));
    }

    Typed at(int number, int position) throws InvalidWhere {
        if (number > values.size() || number < 1) {
            throw InvalidWhere.at(position, "parameter $" + number + " was not provided");
        }
        Typed literal = Typed.literal(values.get(number - 1), number, position);
        if (typed.get(number - 1) == null) {
            untyped.putIfAbsent(number, position);
        }
        return known(literal);
    }

    /** Of the type that another use gave it since. */
    Typed known(Typed operand) {
        Expr.Constant constant = operand.parameter() == 0 ? null : typed.get(operand.parameter() - 1);
        return constant == null
                ? operand
                : new Typed(
                        constant,
                        Collating.NONE.resultingIn(constant.type(), null),
                        operand.position(),
                        operand.size());
    }

    String value(int number) {
        return values.get(number - 1);
    }

    /** As the first use that needed one says; empty where none did. */
    Optional<Type> type(int number) {
        return Optional.ofNullable(typed.get(number - 1)).map(Expr.Constant::type);
    }

    void isOf(int number, Expr.Constant constant) {
        typed.set(number - 1, constant);
        untyped.remove(number);
    }

    void checkAllTyped() throws InvalidWhere {
        if (!untyped.isEmpty()) {
            int number = untyped.firstKey();
            throw InvalidWhere.at(
                    untyped.getOrDefault(number, 0), "could not determine data type of parameter $" + number);
        }
    }
}
