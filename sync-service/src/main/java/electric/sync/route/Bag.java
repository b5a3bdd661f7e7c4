package electric.sync.route;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set in no order, of which most have one element and some a hundred thousand: as small as an array, walked without
 * allocation, and changed without looking at the others.
 */
final class Bag<T> {
    /** Up to here looking through all of them is cheaper than knowing where each is. */
    private static final int FEW = 8;

    private @Nullable Object[] elements = new Object[1];
    private int size;

    private @Nullable Map<T, Integer> places;

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    T get(int index) {
        Object element = elements[index];
        if (index >= size || element == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return (T) element;
    }

    /** Nothing where it is in already. */
    void add(T element) {
        if (placeOf(element) >= 0) {
            return;
        }
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size + (size >> 1) + 1);
        }
        elements[size] = element;
        if (places != null) {
            places.put(element, size);
        }
        size++;
        if (size > FEW && places == null) {
            places = new HashMap<>();
            for (int i = 0; i < size; i++) {
                places.put(get(i), i);
            }
        }
    }

    /** Nothing where it is not in. */
    void remove(T element) {
        int place = placeOf(element);
        if (place < 0) {
            return;
        }
        T last = get(size - 1);
        elements[place] = last;
        if (places != null) {
            places.put(last, place);
            places.remove(element);
        }
        size--;
        elements[size] = null;
        if (size <= FEW) {
            places = null;
        }
        if (size < elements.length / 4) {
            elements = Arrays.copyOf(elements, Math.max(size, 1));
        }
    }

    private int placeOf(T element) {
        if (places != null) {
            return places.getOrDefault(element, -1);
        }
        for (int i = 0; i < size; i++) {
            if (get(i).equals(element)) {
                return i;
            }
        }
        return -1;
    }
}
