package electric.sync.where;

import electric.sync.change.Collation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be calculated here, by name and declared parameters as in {@code pg_proc}: {@code int4pl(int4,int4)}. */
final class Routines {
    /** Makes the body for the types, and the collation, that were found. */
    @FunctionalInterface
    interface Implementation {
        /** Throws {@link electric.sync.value.NotExact} where it cannot be exact for these. */
        Routine.Body bind(Use use);
    }

    /**
     * What a routine is chosen for.
     *
     * @param parameters in place of the polymorphic ones; of a variadic routine one for each argument
     * @param constants for each argument its value where that is a constant and not NULL, {@code null} otherwise: what is
     *     not exact or fails for them, as a pattern may, is refused when the filter is
     * @param collation that of the arguments; {@code null} where none of them has one
     */
    record Use(
            List<Type> parameters,
            Type result,
            List<@Nullable Object> constants,
            @Nullable Collation collation,
            DatabaseLocale locale) {
        Use {
            parameters = List.copyOf(parameters);
            constants = Collections.unmodifiableList(new ArrayList<>(constants));
        }
    }

    private static final Map<String, Implementation> ALL = all();

    private Routines() {}

    private static Map<String, Implementation> all() {
        Implementations all = new Implementations();
        ArrayRoutines.addTo(all);
        DateTimeRoutines.addTo(all);
        JsonRoutines.addTo(all);
        NetworkRoutines.addTo(all);
        NumberRoutines.addTo(all);
        TextRoutines.addTo(all);
        PatternRoutines.addTo(all);
        ByteaRoutines.addTo(all);
        return all.all();
    }

    static Optional<Implementation> find(String signature) {
        return Optional.ofNullable(ALL.get(signature));
    }
}
