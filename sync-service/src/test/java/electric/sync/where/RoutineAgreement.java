package electric.sync.where;

import electric.sync.value.Agreement;
import electric.sync.value.CaseMapping;
import electric.sync.value.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls of {@link Routines} that a real Postgres answers too, by the same signatures. */
final class RoutineAgreement {
    private static final List<PgType<?>> TYPES = List.of(
            PgType.BOOL,
            PgType.INT2,
            PgType.INT4,
            PgType.INT8,
            PgType.FLOAT4,
            PgType.FLOAT8,
            PgType.NUMERIC,
            PgType.TEXT,
            PgType.BPCHAR,
            PgType.UUID,
            PgType.BYTEA,
            PgType.DATE,
            PgType.TIME,
            PgType.TIMETZ,
            PgType.TIMESTAMP,
            PgType.TIMESTAMPTZ,
            PgType.INTERVAL,
            PgType.JSONB,
            PgType.JSON,
            PgType.INET,
            PgType.CIDR,
            PgType.MACADDR);

    private static final Set<String> VARIADIC = Set.of(
            "jsonb_delete(jsonb,text[])",
            "json_extract_path(json,text[])",
            "json_extract_path_text(json,text[])",
            "jsonb_extract_path(jsonb,text[])",
            "jsonb_extract_path_text(jsonb,text[])");

    private final Agreement agreement = new Agreement();
    private final Random random = Agreement.random();

    /** Of a type whose name is its own. */
    static Type type(String name) {
        return name.endsWith("[]")
                ? new Type.Array(type(name.substring(0, name.length() - 2)))
                : TYPES.stream()
                        .filter(known -> known.name().equals(name))
                        .map(known -> new Type.Known(name, known))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("which type is " + name + "?"));
    }

    /**
     * One call.
     *
     * @param signature of {@link Routines}
     * @param types of the arguments, and of the result: {@code int4[],int4>int4[]}; those of the signature where there is
     *     nothing before the arrow
     * @param literals {@code null} for NULL
     */
    RoutineAgreement call(String signature, String types, List<@Nullable String> literals) {
        int opening = signature.indexOf('(');
        int arrow = types.indexOf('>');
        String given = arrow > 0 ? types.substring(0, arrow) : signature.substring(opening + 1, signature.length() - 1);
        List<Type> parameters =
                Stream.of(given.split(",", -1)).map(RoutineAgreement::type).toList();
        Type result = type(types.substring(arrow + 1));
        List<String> written = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            String literal = literals.get(i);
            written.add((literal == null ? "NULL" : Agreement.quote(literal)) + "::"
                    + parameters.get(i).name());
        }
        if (VARIADIC.contains(signature)) {
            written.add("VARIADIC " + written.removeLast());
        }
        String query = "pg_catalog.\"" + signature.substring(0, opening) + "\"(" + String.join(", ", written) + ")";
        agreement.add(query, () -> {
            @Nullable Object[] arguments = new @Nullable Object[parameters.size()];
            for (int i = 0; i < arguments.length; i++) {
                String literal = literals.get(i);
                arguments[i] =
                        literal == null ? null : parameters.get(i).values().input(literal);
            }
            Routine.Body body = Routines.find(signature)
                    .orElseThrow(() -> new IllegalArgumentException(signature + " is not implemented"))
                    .bind(new Routines.Use(
                            parameters, result, Arrays.asList(arguments), null, collation -> CaseMapping.ASCII));
            return print(result.values(), body.apply(arguments));
        });
        return this;
    }

    /** Calls of a strict routine on so many random combinations of literals. */
    RoutineAgreement calls(
            String signature, String types, int count, List<? extends List<? extends @Nullable String>> literals) {
        for (int i = 0; i < count; i++) {
            call(
                    signature,
                    types,
                    literals.stream()
                            .<@Nullable String>map(some -> some.get(random.nextInt(some.size())))
                            .toList());
        }
        return this;
    }

    void holds(double refusedShare) {
        agreement.holds(refusedShare);
    }

    @SuppressWarnings("unchecked")
    private static <V> @Nullable String print(PgType<V> type, @Nullable Object value) {
        return value == null ? null : Agreement.asText(type, (V) Objects.requireNonNull(value));
    }
}
