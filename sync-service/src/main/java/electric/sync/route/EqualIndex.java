package electric.sync.route;

import electric.sync.where.RowValues;
import org.jspecify.annotations.Nullable;

/** By the value of a column. */
final class EqualIndex implements Index {
    private final Axis axis;
    private final Entries entries;

    EqualIndex(Axis axis) {
        this.axis = axis;
        this.entries = new Entries(axis::compareKeys);
    }

    @Override
    public boolean answers(Condition.Indexed condition) {
        return condition instanceof Condition.Equal equal && equal.axis().equals(axis);
    }

    @Override
    public Node make(Object key) {
        return entries.make(axis.hashKey(key), key);
    }

    @Override
    public @Nullable Node get(Object key) {
        return entries.get(axis.hashKey(key), key);
    }

    @Override
    public void remove(Object key) {
        entries.remove(axis.hashKey(key), key);
    }

    @Override
    public void find(RowValues row, Search search) {
        if (row.isNull(axis.column())) {
            return;
        }
        int hash = axis.hash(row);
        for (Entries.Entry entry = entries.first(hash); entry != null; entry = entry.next()) {
            if (entry.hash() == hash && axis.isEqual(row, entry.key())) {
                entry.find(row, search);
                return;
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return entries.size() == 0;
    }
}
