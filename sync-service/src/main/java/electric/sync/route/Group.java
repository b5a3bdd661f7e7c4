package electric.sync.route;

import electric.sync.shape.ShapeWriter;
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import electric.sync.where.Filter;
import electric.sync.where.Predicate;
import electric.sync.where.RowValues;
import electric.sync.where.Truth;
import org.jspecify.annotations.Nullable;

/** The shapes of one table that have the same filter, which is asked once for all of them; what it said of a change. */
final class Group extends Bag<ShapeWriter> {
    private final @Nullable Filter filter;
    private final @Nullable Predicate predicate;

    /** The row that was asked about last. */
    private long row;

    /** The change that the rest is about. */
    private long change;

    private boolean oldIn;
    private boolean newIn;
    private @Nullable String failure;

    /** @param filter {@code null} for those who take every row */
    Group(@Nullable Filter filter) {
        this.filter = filter;
        this.predicate = filter == null ? null : filter.predicate();
    }

    @Nullable
    Filter filter() {
        return filter;
    }

    /**
     * Asks whether a row belongs, unless that was asked before: a group can be reached in several ways.
     *
     * @return whether the change turns out here to be for this group
     */
    boolean takes(RowValues values, boolean old, long thisRow, long thisChange) {
        if (row == thisRow) {
            return false;
        }
        row = thisRow;
        String failed = null;
        try {
            if (predicate != null && predicate.test(values) != Truth.TRUE) {
                return false;
            }
        } catch (InvalidValue | NotExact refused) {
            failed = "its filter cannot be calculated for a row: " + refused.getMessage();
        } catch (RuntimeException broken) {
            // What it says may quote the row.
            failed = "its filter failed on a row with " + broken.getClass().getName();
        }
        boolean first = change != thisChange;
        if (first) {
            change = thisChange;
            oldIn = false;
            newIn = false;
            failure = null;
        }
        if (failed != null) {
            failure = failed;
        } else if (old) {
            oldIn = true;
        } else {
            newIn = true;
        }
        return first;
    }

    /** Adds everybody to those that a change is for. */
    void tell(Affected affected) {
        for (int i = 0; i < size(); i++) {
            affected.add(get(i), oldIn, newIn, failure);
        }
    }
}
