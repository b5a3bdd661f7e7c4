package electric.sync.route;

import electric.sync.where.RowValues;
import org.jspecify.annotations.Nullable;

/** The ways on from a node by one kind of condition on one column. */
sealed interface Index permits EqualIndex, RangeIndex, NullIndex, ElementIndex, PartIndex {
    /** Goes on wherever the conditions of this index hold for the row. */
    void find(RowValues row, Search search);

    boolean answers(Condition.Indexed condition);

    /** Where a key leads; {@code null} where no filter goes that way. */
    @Nullable
    Node get(Object key);

    Node make(Object key);

    void remove(Object key);

    boolean isEmpty();
}
