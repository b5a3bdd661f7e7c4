package electric.sync.route;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set in no order, of which most have one element and some a hundred thousand: one element lies in the object itself,
 * any number is walked without allocation, and changed without looking at the others.
 */
abstract class Bag<T> {
    private @Nullable T first;
    private @Nullable Rest<T> rest;

    /** The elements but the first. */
    private static final class Rest<T> {
        /** Up to here looking through all of them is cheaper than knowing where each is. */
        private static final int FEW = 8;

        private @Nullable Object[] elements = new Object[2];
        private int size;
        private @Nullable Map<T, Integer> places;

        @SuppressWarnings("unchecked")
        T get(int index) {
            Object element = elements[index];
            if (element == null) {
                throw new IndexOutOfBoundsException(index);
            }
            return (T) element;
        }

        void add(T element) {
            if (size == elements.length) {
                elements = Arrays.copyOf(elements, size * 2);
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

        T removeLast() {
            T last = get(size - 1);
            size--;
            elements[size] = null;
            if (places != null) {
                places.remove(last);
            }
            if (size <= FEW) {
                places = null;
            }
            if (size < elements.length / 4) {
                elements = Arrays.copyOf(elements, elements.length / 2);
            }
            return last;
        }

        void replace(int place, T element) {
            if (places != null) {
                places.remove(get(place));
                places.put(element, place);
            }
            elements[place] = element;
        }

        int placeOf(T element) {
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

    final int size() {
        return first == null ? 0 : rest == null ? 1 : rest.size + 1;
    }

    final void forEach(Consumer<T> taker) {
        for (int i = 0; i < size(); i++) {
            taker.accept(get(i));
        }
    }

    final T get(int index) {
        if (index == 0 && first != null) {
            return first;
        }
        if (rest == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return rest.get(index - 1);
    }

    /** Nothing where it is in already. */
    final void add(T element) {
        if (first == null) {
            first = element;
            return;
        }
        if (rest == null) {
            if (!first.equals(element)) {
                rest = new Rest<>();
                rest.add(element);
            }
        } else if (!first.equals(element) && rest.placeOf(element) < 0) {
            rest.add(element);
        }
    }

    /** Nothing where it is not in. */
    final void remove(T element) {
        boolean isFirst = element.equals(first);
        if (rest == null) {
            first = isFirst ? null : first;
            return;
        }
        int place = isFirst ? -1 : rest.placeOf(element);
        if (!isFirst && place < 0) {
            return;
        }
        T last = rest.removeLast();
        if (isFirst) {
            first = last;
        } else if (place < rest.size) {
            rest.replace(place, last);
        }
        if (rest.size == 0) {
            rest = null;
        }
    }
}
