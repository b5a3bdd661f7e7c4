package electric.sync.where;

import electric.sync.value.ArrayValue;
import electric.sync.value.NotExact;
import electric.sync.value.PgType;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Functions of arrays; elements are compared as their type does. */
final class ArrayRoutines {
    private ArrayRoutines() {}

    static void addTo(Implementations all) {
        sets(all);
        concatenation(all);
        shape(all);
        search(all);
        text(all);
    }

    /** Calculates with arrays whose elements are of a type. */
    private interface OnElements {
        @Nullable
        Object apply(PgType<Object> element, @Nullable Object[] arguments);
    }

    /** @param array which argument is one */
    private static void elements(Implementations all, String signature, int array, OnElements body) {
        all.bound(signature, use -> {
            PgType<Object> element = elementOf(use, array);
            return arguments -> body.apply(element, arguments);
        });
    }

    @SuppressWarnings("unchecked")
    private static PgType<Object> elementOf(Routines.Use use, int array) {
        Type element = ((Type.Array) use.parameters().get(array)).element();
        if (use.collation() != null && !use.collation().deterministic()) {
            throw new NotExact("elements compared under a collation that calls different texts equal");
        }
        if (!Types.isComparable(element)) {
            throw new NotExact("elements of a type without equality");
        }
        return (PgType<Object>) element.values();
    }

    @SuppressWarnings("unchecked")
    private static ArrayValue<Object> array(@Nullable Object argument) {
        return (ArrayValue<Object>) Objects.requireNonNull(argument);
    }

    private static void sets(Implementations all) {
        elements(
                all,
                "arraycontains(anyarray,anyarray)",
                0,
                (element, of) -> array(of[0]).containsAll(array(of[1]), element));
        elements(
                all,
                "arraycontained(anyarray,anyarray)",
                0,
                (element, of) -> array(of[1]).containsAll(array(of[0]), element));
        elements(
                all,
                "arrayoverlap(anyarray,anyarray)",
                0,
                (element, of) -> array(of[0]).overlaps(array(of[1]), element));
    }

    private static void concatenation(Implementations all) {
        all.body(
                "array_cat(anycompatiblearray,anycompatiblearray)",
                of -> of[0] == null
                        ? of[1]
                        : of[1] == null ? of[0] : array(of[0]).concatenate(array(of[1])));
        all.body(
                "array_append(anycompatiblearray,anycompatible)",
                of -> (of[0] == null ? ArrayValue.empty() : array(of[0])).append(of[1]));
        all.body(
                "array_prepend(anycompatible,anycompatiblearray)",
                of -> (of[1] == null ? ArrayValue.empty() : array(of[1])).prepend(of[0]));
        all.two("trim_array(anyarray,int4)", (ArrayValue<Object> array, Long count) -> array.trim(count.intValue()));
    }

    private static void shape(Implementations all) {
        all.one("array_ndims(anyarray)", (ArrayValue<?> array) -> array.isEmpty() ? null : (long) array.dimensions());
        all.one("array_dims(anyarray)", (ArrayValue<?> array) -> array.isEmpty() ? null : array.bounds());
        all.one("cardinality(anyarray)", (ArrayValue<?> array) ->
                (long) array.elements().size());
        all.two(
                "array_length(anyarray,int4)",
                (ArrayValue<?> array, Long dimension) -> has(array, dimension) ? length(array, dimension) : null);
        all.two(
                "array_lower(anyarray,int4)",
                (ArrayValue<?> array, Long dimension) -> has(array, dimension) ? lower(array, dimension) : null);
        all.two(
                "array_upper(anyarray,int4)",
                (ArrayValue<?> array, Long dimension) ->
                        has(array, dimension) ? (Long) (lower(array, dimension) + length(array, dimension) - 1) : null);
    }

    private static boolean has(ArrayValue<?> array, long dimension) {
        return dimension >= 1 && dimension <= array.dimensions();
    }

    private static Long length(ArrayValue<?> array, long dimension) {
        return (long) array.lengths().get((int) dimension - 1);
    }

    private static Long lower(ArrayValue<?> array, long dimension) {
        return (long) array.lowerBounds().get((int) dimension - 1);
    }

    private static void search(Implementations all) {
        elements(
                all,
                "array_position(anycompatiblearray,anycompatible)",
                0,
                (element, of) ->
                        of[0] == null ? null : asInt4(array(of[0]).position(of[1], Integer.MIN_VALUE, element)));
        elements(all, "array_position(anycompatiblearray,anycompatible,int4)", 0, (element, of) -> {
            if (of[0] == null) {
                return null;
            }
            if (of[2] == null && !array(of[0]).isEmpty()) {
                throw new NotExact("a search that starts at NULL");
            }
            int start = of[2] == null ? 1 : ((Long) of[2]).intValue();
            return asInt4(array(of[0]).position(of[1], start, element));
        });
        elements(
                all,
                "array_positions(anycompatiblearray,anycompatible)",
                0,
                (element, of) -> of[0] == null
                        ? null
                        : ArrayValue.of(array(of[0]).positions(of[1], element).stream()
                                .map(Integer::longValue)
                                .toList()));
        elements(
                all,
                "array_remove(anycompatiblearray,anycompatible)",
                0,
                (element, of) -> of[0] == null ? null : array(of[0]).remove(of[1], element));
        elements(
                all,
                "array_replace(anycompatiblearray,anycompatible,anycompatible)",
                0,
                (element, of) -> of[0] == null ? null : array(of[0]).replace(of[1], of[2], element));
    }

    private static @Nullable Long asInt4(@Nullable Integer subscript) {
        return subscript == null ? null : subscript.longValue();
    }

    private static void text(Implementations all) {
        elements(
                all,
                "array_to_string(anyarray,text)",
                0,
                (element, of) -> array(of[0]).join((String) Objects.requireNonNull(of[1]), null, element));
        elements(
                all,
                "array_to_string(anyarray,text,text)",
                0,
                (element, of) -> (of[0] == null || of[1] == null)
                        ? null
                        : array(of[0]).join((String) of[1], (String) of[2], element));
        all.body(
                "string_to_array(text,text)", of -> of[0] == null ? null : split((String) of[0], (String) of[1], null));
        all.body(
                "string_to_array(text,text,text)",
                of -> of[0] == null ? null : split((String) of[0], (String) of[1], (String) of[2]));
    }

    /** Into single characters where the separator is NULL. */
    private static ArrayValue<String> split(String text, @Nullable String separator, @Nullable String asNull) {
        if (text.isEmpty()) {
            return ArrayValue.empty();
        }
        List<String> parts = separator == null
                ? text.codePoints().mapToObj(Character::toString).toList()
                : separator.isEmpty() ? List.of(text) : List.of(text.split(Pattern.quote(separator), -1));
        return ArrayValue.of(parts.stream()
                .<@Nullable String>map(part -> part.equals(asNull) ? null : part)
                .toList());
    }
}
