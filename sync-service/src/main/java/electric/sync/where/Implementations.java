package electric.sync.where;

import electric.sync.value.NotExact;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What {@link Routines} is filled with, family by family. */
@SuppressWarnings("unchecked") // the signature says of which classes the arguments are
final class Implementations {
    private final Map<String, Routines.Implementation> bySignature = new HashMap<>();

    @FunctionalInterface
    interface Ternary<A, B, C, R extends @Nullable Object> {
        R apply(A a, B b, C c);
    }

    @FunctionalInterface
    interface Quaternary<A, B, C, D, R extends @Nullable Object> {
        R apply(A a, B b, C c, D d);
    }

    /** Of one argument, strict. */
    <A, R extends @Nullable Object> void one(String signature, Function<A, R> body) {
        body(signature, strict(body));
    }

    /** Of two arguments, strict. */
    <A, B, R extends @Nullable Object> void two(String signature, BiFunction<A, B, R> body) {
        body(signature, strict(body));
    }

    /** Of three arguments, strict. */
    <A, B, C, R extends @Nullable Object> void three(String signature, Ternary<A, B, C, R> body) {
        body(signature, strict(body));
    }

    /** Of four arguments, strict. */
    <A, B, C, D, R extends @Nullable Object> void four(String signature, Quaternary<A, B, C, D, R> body) {
        body(
                signature,
                arguments -> body.apply((A) arguments[0], (B) arguments[1], (C) arguments[2], (D) arguments[3]));
    }

    static <A, R extends @Nullable Object> Routine.Body strict(Function<A, R> body) {
        return arguments -> body.apply((A) arguments[0]);
    }

    static <A, B, R extends @Nullable Object> Routine.Body strict(BiFunction<A, B, R> body) {
        return arguments -> body.apply((A) arguments[0], (B) arguments[1]);
    }

    static <A, B, C, R extends @Nullable Object> Routine.Body strict(Ternary<A, B, C, R> body) {
        return arguments -> body.apply((A) arguments[0], (B) arguments[1], (C) arguments[2]);
    }

    /** Of any arguments, the same for whatever it is used on. */
    void body(String signature, Routine.Body body) {
        bound(signature, use -> body);
    }

    /** Made for what it is used on. */
    void bound(String signature, Routines.Implementation implementation) {
        if (bySignature.put(signature, implementation) != null) {
            throw new IllegalStateException(signature + " is implemented twice");
        }
    }

    /**
     * Cuts its first argument to the size that the others say. A type says them as constants; called by name with what
     * differs from row to row, Postgres makes of them what no type can.
     *
     * @param possible what the second argument can be
     */
    void sized(String signature, LongPredicate possible, Routine.Body body) {
        bound(signature, use -> {
            if (use.constants().stream().skip(1).anyMatch(Objects::isNull)
                    || !possible.test(
                            (Long) Objects.requireNonNull(use.constants().get(1)))) {
                throw new NotExact("a length or a precision that is not that of a type");
            }
            return body;
        });
    }

    Map<String, Routines.Implementation> all() {
        return Map.copyOf(bySignature);
    }
}
