package electric.sync.route;

import electric.sync.where.RowValues;
import org.jspecify.annotations.Nullable;

/** The values of an axis between two cuts. */
record Range(Cut from, Cut to) {
    /**
     * A place between the values: just before those that equal a key or just after them, or an end of the axis.
     *
     * @param key {@code null} for an end of the axis
     * @param after whether it is after the key; the upper end of the axis rather than the lower
     */
    record Cut(@Nullable Object key, boolean after) {
        static final Cut START = new Cut(null, false);
        static final Cut END = new Cut(null, true);

        private int side() {
            return after ? 1 : -1;
        }

        private boolean isBehind(long number) {
            return after && key != null && (Long) key == number;
        }

        private boolean isAhead(long number) {
            return !after && key != null && (Long) key == number;
        }

        /** Whether the value of a row is behind this. */
        boolean isBefore(RowValues row, Axis axis) {
            if (key == null) {
                return !after;
            }
            int order = axis.compare(row, key);
            return order == 0 ? !after : order > 0;
        }

        int compareTo(Cut other, Axis axis) {
            if (key == null || other.key == null) {
                int mine = key == null ? side() : 0;
                int its = other.key == null ? other.side() : 0;
                return mine - its;
            }
            int order = axis.compareKeys(key, other.key);
            return order == 0 ? side() - other.side() : order;
        }
    }

    boolean isEmpty(Axis axis) {
        return from.compareTo(to, axis) >= 0
                // Between two whole numbers there may be none.
                || (axis.isNumber()
                        && (from.isBehind(Long.MAX_VALUE) || to.isAhead(Long.MIN_VALUE) || least() > greatest()));
    }

    /** Of the numbers in a range that is not empty. */
    long least() {
        return from.key == null ? Long.MIN_VALUE : (Long) from.key + (from.after ? 1 : 0);
    }

    long greatest() {
        return to.key == null ? Long.MAX_VALUE : (Long) to.key - (to.after ? 0 : 1);
    }

    boolean isEverything() {
        return from.equals(Cut.START) && to.equals(Cut.END);
    }

    /** Whether it ends on both sides. */
    boolean isBounded() {
        return from.key != null && to.key != null;
    }

    Range and(Range other, Axis axis) {
        return new Range(
                from.compareTo(other.from, axis) >= 0 ? from : other.from,
                to.compareTo(other.to, axis) <= 0 ? to : other.to);
    }

    int compareTo(Range other, Axis axis) {
        int order = from.compareTo(other.from, axis);
        return order == 0 ? to.compareTo(other.to, axis) : order;
    }

    int hash(Axis axis) {
        return hash(from, axis) * 31 + hash(to, axis);
    }

    private static int hash(Cut cut, Axis axis) {
        return (cut.key == null ? 1 : axis.hashKey(cut.key)) * 2 + (cut.after ? 1 : 0);
    }
}
