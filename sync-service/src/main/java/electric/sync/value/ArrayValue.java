package electric.sync.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An array: elements in order of storage, {@code null} for SQL NULL, with the length and the lower bound of each
 * dimension. An empty array has no dimensions.
 */
public record ArrayValue<V>(List<@Nullable V> elements, List<Integer> lengths, List<Integer> lowerBounds) {
    static final int MOST_DIMENSIONS = 6;
    private static final int MOST_COMPARISONS = 4096;

    public ArrayValue {
        elements = Collections.unmodifiableList(new ArrayList<>(elements));
        lengths = List.copyOf(lengths);
        lowerBounds = List.copyOf(lowerBounds);
    }

    public static <V> ArrayValue<V> empty() {
        return new ArrayValue<>(List.of(), List.of(), List.of());
    }

    /** One-dimensional, counted from 1. */
    public static <V> ArrayValue<V> of(List<? extends @Nullable V> elements) {
        return elements.isEmpty()
                ? empty()
                : new ArrayValue<>(new ArrayList<@Nullable V>(elements), List.of(elements.size()), List.of(1));
    }

    /** {@code ARRAY[a, b]} of arrays, of one dimension more; NULL stands for an empty one. */
    public static <V> ArrayValue<V> nested(List<@Nullable ArrayValue<V>> arrays) {
        List<@Nullable V> elements = new ArrayList<>();
        ArrayValue<V> first = null;
        boolean someEmpty = false;
        for (ArrayValue<V> array : arrays) {
            if (array == null || array.isEmpty()) {
                someEmpty = true;
                continue;
            }
            first = first == null ? array : first;
            if (!array.lengths.equals(first.lengths) || !array.lowerBounds.equals(first.lowerBounds)) {
                throw notMatching();
            }
            elements.addAll(array.elements);
        }
        if (first == null) {
            return empty();
        }
        if (someEmpty) {
            throw notMatching();
        }
        if (first.dimensions() == MOST_DIMENSIONS) {
            throw InvalidValue.of(
                    "54000",
                    "number of array dimensions (" + (MOST_DIMENSIONS + 1) + ") exceeds the maximum allowed ("
                            + MOST_DIMENSIONS + ")");
        }
        List<Integer> lengths = new ArrayList<>(List.of(arrays.size()));
        lengths.addAll(first.lengths);
        List<Integer> lowerBounds = new ArrayList<>(List.of(1));
        lowerBounds.addAll(first.lowerBounds);
        return new ArrayValue<>(elements, lengths, lowerBounds);
    }

    private static InvalidValue notMatching() {
        return InvalidValue.of("2202E", "multidimensional arrays must have array expressions with matching dimensions");
    }

    public int dimensions() {
        return lengths.size();
    }

    public boolean isEmpty() {
        return elements.isEmpty();
    }

    /** The element, or {@code null} where it is NULL, out of bounds, or the number of subscripts is another. */
    public @Nullable V at(int... subscripts) {
        if (subscripts.length != dimensions() || isEmpty()) {
            return null;
        }
        int index = 0;
        for (int d = 0; d < subscripts.length; d++) {
            long offset = (long) subscripts[d] - lowerBounds.get(d);
            if (offset < 0 || offset >= lengths.get(d)) {
                return null;
            }
            index = index * lengths.get(d) + (int) offset;
        }
        return elements.get(index);
    }

    /** {@code this || other}: of equal dimensions end to end, or one a row of the other. */
    public ArrayValue<V> concatenate(ArrayValue<V> other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        int difference = dimensions() - other.dimensions();
        if (Math.abs(difference) > 1) {
            throw incompatible();
        }
        int inner = Math.min(dimensions(), other.dimensions()) - (difference == 0 ? 1 : 0);
        if (!sameInnermost(inner, lengths, other.lengths) || !sameInnermost(inner, lowerBounds, other.lowerBounds)) {
            throw incompatible();
        }
        ArrayValue<V> larger = difference < 0 ? other : this;
        List<Integer> sums = new ArrayList<>(larger.lengths);
        int rows = (difference < 0 ? 1 : lengths.getFirst()) + (difference > 0 ? 1 : other.lengths.getFirst());
        sums.set(0, rows);
        List<@Nullable V> all = new ArrayList<>(elements);
        all.addAll(other.elements);
        List<Integer> bounds = larger.lowerBounds;
        return new ArrayValue<>(all, sums, bounds);
    }

    private static boolean sameInnermost(int count, List<Integer> a, List<Integer> b) {
        return a.subList(a.size() - count, a.size()).equals(b.subList(b.size() - count, b.size()));
    }

    private static InvalidValue incompatible() {
        return InvalidValue.of("2202E", "cannot concatenate incompatible arrays");
    }

    public ArrayValue<V> append(@Nullable V element) {
        if (dimensions() > 1) {
            throw notOneDimensional();
        }
        List<@Nullable V> longer = new ArrayList<>(elements);
        longer.add(element);
        return oneDimensional(longer, isEmpty() ? 1 : lowerBounds.getFirst());
    }

    public ArrayValue<V> prepend(@Nullable V element) {
        if (dimensions() > 1) {
            throw notOneDimensional();
        }
        List<@Nullable V> longer = new ArrayList<>(elements.size() + 1);
        longer.add(element);
        longer.addAll(elements);
        return oneDimensional(longer, isEmpty() ? 1 : lowerBounds.getFirst());
    }

    private static <V> ArrayValue<V> oneDimensional(List<@Nullable V> elements, int lowerBound) {
        return new ArrayValue<>(elements, List.of(elements.size()), List.of(lowerBound));
    }

    private static InvalidValue notOneDimensional() {
        return InvalidValue.of("22000", "argument must be empty or one-dimensional array");
    }

    /**
     * {@code [from:to]} of each dimension, both ends included; what is missing at the end is taken whole. Outside it is
     * empty; the result counts from 1.
     */
    public ArrayValue<V> slice(int[] from, int[] to) {
        if (from.length > dimensions() || isEmpty()) {
            return empty();
        }
        int[] first = new int[dimensions()];
        List<Integer> sizes = new ArrayList<>();
        for (int d = 0; d < dimensions(); d++) {
            long low = lowerBounds.get(d);
            long high = low + lengths.get(d) - 1;
            if (d < from.length) {
                long sliceLow = Math.max(low, from[d]);
                high = Math.min(high, to[d]);
                first[d] = (int) (sliceLow - low);
                low = sliceLow;
            }
            if (low > high) {
                return empty();
            }
            sizes.add((int) (high - low + 1));
        }
        List<@Nullable V> taken = new ArrayList<>();
        int[] at = new int[dimensions()];
        collect(0, 0, first, sizes, at, taken);
        return new ArrayValue<>(taken, sizes, Collections.nCopies(dimensions(), 1));
    }

    private void collect(int d, int index, int[] first, List<Integer> sizes, int[] at, List<@Nullable V> taken) {
        if (d == at.length) {
            taken.add(elements.get(index));
            return;
        }
        for (at[d] = 0; at[d] < sizes.get(d); at[d]++) {
            collect(d + 1, index * lengths.get(d) + first[d] + at[d], first, sizes, at, taken);
        }
    }

    /** Whether every element of the other is one of these; NULL is none. */
    public boolean containsAll(ArrayValue<V> other, PgType<V> type) {
        Predicate<V> held = held(other.elements.size(), type);
        for (V wanted : other.elements) {
            if (wanted == null || !held.test(wanted)) {
                return false;
            }
        }
        return true;
    }

    public boolean overlaps(ArrayValue<V> other, PgType<V> type) {
        Predicate<V> held = held(other.elements.size(), type);
        for (V wanted : other.elements) {
            if (wanted != null && held.test(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something is one of these; prepared where so many questions would go through all of many elements. */
    private Predicate<V> held(int questions, PgType<V> type) {
        if ((long) questions * elements.size() <= MOST_COMPARISONS) {
            return wanted -> isAmong(elements, wanted, type);
        }
        Map<Integer, List<V>> byHash = new HashMap<>();
        for (V element : elements) {
            if (element != null) {
                List<V> alike = byHash.computeIfAbsent(type.hash(element), hash -> new ArrayList<>());
                if (!isAmong(alike, element, type)) {
                    alike.add(element);
                }
            }
        }
        return wanted -> isAmong(byHash.getOrDefault(type.hash(wanted), List.of()), wanted, type);
    }

    private static <V> boolean isAmong(List<? extends @Nullable V> some, V wanted, PgType<V> type) {
        for (V element : some) {
            if (element != null && type.compare(element, wanted) == 0) {
                return true;
            }
        }
        return false;
    }

    /** The first subscript from {@code start} on of an element, or of NULL; {@code null} where there is none. */
    public @Nullable Integer position(@Nullable V wanted, int start, PgType<V> type) {
        refuseMoreDimensions("searching for elements in multidimensional arrays");
        for (int i = 0; i < elements.size(); i++) {
            if (lowerBounds.getFirst() + i >= start && isSame(elements.get(i), wanted, type)) {
                return lowerBounds.getFirst() + i;
            }
        }
        return null;
    }

    /** Every subscript of an element, or of NULL. */
    public List<Integer> positions(@Nullable V wanted, PgType<V> type) {
        refuseMoreDimensions("searching for elements in multidimensional arrays");
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (isSame(elements.get(i), wanted, type)) {
                positions.add(lowerBounds.getFirst() + i);
            }
        }
        return positions;
    }

    /** Without an element, or without NULLs. */
    public ArrayValue<V> remove(@Nullable V unwanted, PgType<V> type) {
        refuseMoreDimensions("removing elements from multidimensional arrays");
        List<@Nullable V> rest = new ArrayList<>();
        for (V element : elements) {
            if (!isSame(element, unwanted, type)) {
                rest.add(element);
            }
        }
        return rest.isEmpty() ? empty() : new ArrayValue<>(rest, List.of(rest.size()), lowerBounds);
    }

    public ArrayValue<V> replace(@Nullable V unwanted, @Nullable V instead, PgType<V> type) {
        List<@Nullable V> replaced = new ArrayList<>(elements.size());
        for (V element : elements) {
            replaced.add(isSame(element, unwanted, type) ? instead : element);
        }
        return new ArrayValue<>(replaced, lengths, lowerBounds);
    }

    private void refuseMoreDimensions(String what) {
        if (dimensions() > 1) {
            throw InvalidValue.of("0A000", what + " is not supported");
        }
    }

    private static <V> boolean isSame(@Nullable V a, @Nullable V b, PgType<V> type) {
        return (a == null || b == null) ? a == b : type.compare(a, b) == 0;
    }

    /** Without so many of its last rows. */
    public ArrayValue<V> trim(int count) {
        int rows = isEmpty() ? 0 : lengths.getFirst();
        if (count < 0 || count > rows) {
            throw InvalidValue.of("2202E", "number of elements to trim must be between 0 and " + rows);
        }
        if (isEmpty()) {
            return this;
        }
        int lower = lowerBounds.getFirst();
        return slice(new int[] {lower}, new int[] {lower + rows - count - 1});
    }

    /** {@code [1:2][1:3]}. */
    public String bounds() {
        StringBuilder text = new StringBuilder();
        for (int d = 0; d < dimensions(); d++) {
            int lower = lowerBounds.get(d);
            text.append('[')
                    .append(lower)
                    .append(':')
                    .append(lower + lengths.get(d) - 1)
                    .append(']');
        }
        return text.toString();
    }

    /** Its elements one after the other; NULL as that text, or left out. */
    public String join(String separator, @Nullable String ifNull, PgType<V> type) {
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (V element : elements) {
            String shown = element == null ? ifNull : type.output(element);
            if (shown != null) {
                text.append(first ? "" : separator).append(shown);
                first = false;
            }
        }
        return text.toString();
    }

    /** Each element made another, NULL left as it is. */
    public <W> ArrayValue<W> map(Function<V, W> change) {
        List<@Nullable W> changed = new ArrayList<>(elements.size());
        for (V element : elements) {
            changed.add(element == null ? null : change.apply(element));
        }
        return new ArrayValue<>(changed, lengths, lowerBounds);
    }

    /** Element by element, NULL last and equal to itself; then the shorter, the fewer dimensions, the bounds. */
    int compareTo(ArrayValue<V> other, PgType<V> type) {
        int common = Math.min(elements.size(), other.elements.size());
        for (int i = 0; i < common; i++) {
            V a = elements.get(i);
            V b = other.elements.get(i);
            if (a == null || b == null) {
                if (a != b) {
                    return a == null ? 1 : -1;
                }
            } else {
                int order = type.compare(a, b);
                if (order != 0) {
                    return order;
                }
            }
        }
        int order = Integer.compare(elements.size(), other.elements.size());
        if (order == 0) {
            order = Integer.compare(dimensions(), other.dimensions());
        }
        for (int d = 0; d < dimensions() && order == 0; d++) {
            order = Integer.compare(lengths.get(d), other.lengths.get(d));
        }
        for (int d = 0; d < dimensions() && order == 0; d++) {
            order = Integer.compare(lowerBounds.get(d), other.lowerBounds.get(d));
        }
        return order;
    }

    int hash(PgType<V> type) {
        int hash = 1;
        for (V element : elements) {
            hash = hash * 31 + (element == null ? 0 : type.hash(element));
        }
        return hash;
    }

    /** Never the elements: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Array[" + elements.size() + " elements]";
    }

    /** Equal dimensions and elements that are equal as Java objects; what Postgres means is {@link PgType#compare}. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayValue<?> array
                && elements.equals(array.elements)
                && lengths.equals(array.lengths)
                && lowerBounds.equals(array.lowerBounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {elements.hashCode(), lengths.hashCode(), lowerBounds.hashCode()});
    }
}
