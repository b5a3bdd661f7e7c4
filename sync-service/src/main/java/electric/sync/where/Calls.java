package electric.sync.where;

import electric.sync.change.Collation;
import electric.sync.value.CaseMapping;
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import electric.sync.where.Routine.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls of what can be calculated here, at once where nothing depends on the row. */
final class Calls {
    private final DatabaseLocale locale;
    private final @Nullable Collation byDefault;
    private final Digits digits = new Digits();

    /** @param byDefault the database's own collation, where it is known */
    Calls(DatabaseLocale locale, @Nullable Collation byDefault) {
        this.locale = locale;
        this.byDefault = byDefault;
    }

    static boolean isCalculable(Type type) {
        return switch (type) {
            case Type.Known known -> true;
            case Type.Enumerated e -> true;
            case Type.Array array -> isCalculable(array.element());
            case Type.RowOf row -> false;
            case Type.Unknown unknown -> false;
            case Type.Opaque opaque -> false;
        };
    }

    @Nullable
    Collation byDefault() {
        return byDefault;
    }

    CaseMapping casing(Collating collating, int position) throws InvalidWhere {
        collating.check(false, position);
        Collation collation = collating.collation();
        if (collation == null) {
            throw InvalidWhere.at(
                    position, "how letters change case in the database's own collation is not known here");
        }
        try {
            return collation.asciiCase() ? CaseMapping.ASCII : locale.casing(collation);
        } catch (NotExact e) {
            throw InvalidWhere.at(position, String.valueOf(e.getMessage()));
        }
    }

    /**
     * What calculates it, or nothing if nothing here does.
     *
     * @param signature as declared
     * @param parameters in place of the polymorphic ones, one for each argument
     */
    Optional<Routine.Body> body(
            String signature, List<Type> parameters, Type result, List<Typed> arguments, int position)
            throws InvalidWhere {
        Optional<Routines.Implementation> implementation = Routines.find(signature);
        if (implementation.isEmpty() || !parameters.stream().allMatch(Calls::isCalculable) || !isCalculable(result)) {
            return Optional.empty();
        }
        List<@Nullable Object> constants = new ArrayList<>();
        for (Typed argument : arguments) {
            constants.add(argument.expr() instanceof Expr.Constant constant ? constant.value() : null);
        }
        Collation collation = Collating.of(arguments).withDefault(byDefault).collation();
        try {
            return Optional.of(
                    implementation.get().bind(new Routines.Use(parameters, result, constants, collation, locale)));
        } catch (NotExact e) {
            throw InvalidWhere.at(position, String.valueOf(e.getMessage()));
        } catch (InvalidValue e) {
            throw failed();
        }
    }

    Optional<Typed> call(Overloads.Chosen chosen, Spelling spelling, List<Typed> arguments, int position)
            throws InvalidWhere {
        if (chosen.entry().volatility() == 'v') {
            return Optional.empty();
        }
        List<Type> parameters = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Type parameter = chosen.parameters().get(i);
            parameters.add(parameter.name().equals("any") ? arguments.get(i).type() : parameter);
        }
        Optional<Routine.Body> body =
                body(chosen.entry().signature(), parameters, chosen.result(), arguments, position);
        if (body.isEmpty()) {
            return Optional.empty();
        }
        Routine routine = new Routine(
                chosen.entry().name(),
                parameters,
                chosen.result(),
                chosen.entry().strict(),
                body.get(),
                spelling);
        return Optional.of(of(routine, arguments, position, failed()));
    }

    static InvalidWhere failed() {
        return InvalidWhere.at(0, "Failed to apply function to constant arguments");
    }

    /** @param failure what is wrong if it fails for arguments that are constant */
    Typed of(Routine routine, List<Typed> arguments, int position, InvalidWhere failure) throws InvalidWhere {
        Collating collating = Collating.of(arguments).resultingIn(routine.result(), byDefault);
        return new Typed(
                calculated(routine, arguments, position, failure), collating, position, Typed.sizeOf(arguments));
    }

    /** Of the constants so far. */
    Digits digits() {
        return digits;
    }

    private Expr calculated(Routine routine, List<Typed> arguments, int position, InvalidWhere failure)
            throws InvalidWhere {
        List<Expr> expressions = arguments.stream().map(Typed::expr).toList();
        if (routine.strict() && arguments.stream().anyMatch(Typed::isNull)) {
            return new Expr.Constant(routine.result(), null);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (Expr expression : expressions) {
            if (!(expression instanceof Expr.Constant constant)) {
                return new Expr.Call(routine, expressions);
            }
            values.add(constant.value());
        }
        digits.calculateWith(values, routine.result(), position);
        try {
            return new Expr.Constant(routine.result(), routine.body().apply(values.toArray()));
        } catch (InvalidValue e) {
            throw failure;
        } catch (NotExact e) {
            throw InvalidWhere.at(position, String.valueOf(e.getMessage()));
        }
    }
}
