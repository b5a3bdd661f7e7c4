package electric.sync.where;

import electric.sync.value.Interval;
import electric.sync.value.Time;
import electric.sync.value.TimeTz;
import electric.sync.value.Timestamp;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** {@code (a, b) OVERLAPS (c, d)}: of periods whose ends may stand in either order, and may be NULL. */
final class OverlapRoutines {
    private OverlapRoutines() {}

    static void addTo(Implementations all) {
        ofType(all, Long.class, "time", Time::add);
        ofType(all, Long.class, "timestamp", Timestamp::add);
        ofType(all, Long.class, "timestamptz", Timestamp::add);
        all.body("overlaps(timetz,timetz,timetz,timetz)", of -> {
            return overlap((TimeTz) of[0], (TimeTz) of[1], (TimeTz) of[2], (TimeTz) of[3]);
        });
    }

    private static <T extends Comparable<T>> void ofType(
            Implementations all, Class<T> value, String type, BiFunction<T, Interval, T> add) {
        for (boolean firstLength : new boolean[] {false, true}) {
            for (boolean secondLength : new boolean[] {false, true}) {
                String signature = "overlaps(%s,%s,%s,%s)"
                        .formatted(type, firstLength ? "interval" : type, type, secondLength ? "interval" : type);
                all.body(signature, of -> {
                    T first = value.cast(of[0]);
                    T second = value.cast(of[2]);
                    return overlap(
                            first,
                            firstLength ? end(first, (Interval) of[1], add) : value.cast(of[1]),
                            second,
                            secondLength ? end(second, (Interval) of[3], add) : value.cast(of[3]));
                });
            }
        }
    }

    private static <T> @Nullable T end(@Nullable T start, @Nullable Interval length, BiFunction<T, Interval, T> add) {
        return (start == null || length == null) ? null : add.apply(start, length);
    }

    private static <T extends Comparable<T>> @Nullable Boolean overlap(
            @Nullable T a, @Nullable T b, @Nullable T c, @Nullable T d) {
        T firstStart = lesser(a, b);
        T firstEnd = greater(a, b);
        T secondStart = lesser(c, d);
        T secondEnd = greater(c, d);
        if (firstStart == null || secondStart == null) {
            return null;
        }
        int order = firstStart.compareTo(secondStart);
        if (order == 0) {
            return (firstEnd == null || secondEnd == null) ? null : true;
        }
        T later = order > 0 ? firstStart : secondStart;
        T endOfEarlier = order > 0 ? secondEnd : firstEnd;
        T endOfLater = order > 0 ? firstEnd : secondEnd;
        if (endOfEarlier == null) {
            return null;
        }
        if (later.compareTo(endOfEarlier) < 0) {
            return true;
        }
        return endOfLater == null ? null : false;
    }

    private static <T extends Comparable<T>> @Nullable T lesser(@Nullable T a, @Nullable T b) {
        if (a == null) {
            return b;
        }
        return (b == null || a.compareTo(b) <= 0) ? a : b;
    }

    /** {@code null} unless both are known. */
    private static <T extends Comparable<T>> @Nullable T greater(@Nullable T a, @Nullable T b) {
        return (a == null || b == null) ? null : a.compareTo(b) > 0 ? a : b;
    }
}
