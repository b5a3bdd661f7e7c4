package electric.sync.where;

import static electric.sync.where.Truth.FALSE;
import static electric.sync.where.Truth.TRUE;
import static electric.sync.where.Truth.UNKNOWN;

import electric.sync.value.ArrayValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of arrays and made of them. */
final class Elements {
    private Elements() {}

    static Predicate quantified(Term array, int place, Predicate test, boolean all) {
        Truth decisive = all ? FALSE : TRUE;
        Truth otherwise = all ? TRUE : FALSE;
        return row -> {
            ArrayValue<?> elements = (ArrayValue<?>) array.value(row);
            if (elements == null) {
                return UNKNOWN;
            }
            Truth answer = otherwise;
            for (Object one : elements.elements()) {
                row.hold(place, one);
                Truth truth = test.test(row);
                if (truth == decisive) {
                    return decisive;
                }
                if (truth == UNKNOWN) {
                    answer = UNKNOWN;
                }
            }
            return answer;
        };
    }

    static List<@Nullable ArrayValue<Object>> arrays(Term[] terms, RowValues row) {
        List<@Nullable ArrayValue<Object>> arrays = new ArrayList<>();
        for (Term term : terms) {
            arrays.add(array(term.value(row)));
        }
        return arrays;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable ArrayValue<Object> array(@Nullable Object value) {
        return (ArrayValue<Object>) value;
    }

    /** All subscripts are calculated before one of them is found to be NULL. */
    static Term at(Term array, Term[] subscripts) {
        return row -> {
            ArrayValue<?> elements = (ArrayValue<?>) array.value(row);
            if (elements == null) {
                return null;
            }
            int[] at = numbers(subscripts, row);
            return at == null ? null : elements.at(at);
        };
    }

    private static int @Nullable [] numbers(Term[] terms, RowValues row) {
        int[] numbers = new int[terms.length];
        boolean complete = true;
        for (int i = 0; i < terms.length; i++) {
            Object value = terms[i].value(row);
            complete &= value != null;
            numbers[i] = value == null ? 0 : ((Long) value).intValue();
        }
        return complete ? numbers : null;
    }

    static Term slice(Term array, Term[] lower, Term[] upper) {
        return row -> {
            ArrayValue<?> elements = (ArrayValue<?>) array.value(row);
            if (elements == null) {
                return null;
            }
            int[] from = numbers(lower, row);
            int[] to = numbers(upper, row);
            return from == null || to == null ? null : elements.slice(from, to);
        };
    }
}
