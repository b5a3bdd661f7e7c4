package electric.sync.route;

import electric.sync.where.RowValues;

/** By whether a column is NULL. */
final class NullIndex implements Index {
    private final int column;
    private final Node node = new Node();

    NullIndex(int column) {
        this.column = column;
    }

    @Override
    public boolean answers(Condition.Indexed condition) {
        return condition instanceof Condition.Null test && test.column() == column;
    }

    @Override
    public Node get(Object key) {
        return node;
    }

    @Override
    public Node make(Object key) {
        return node;
    }

    /** There is only one way on, and with it the index ends. */
    @Override
    public void remove(Object key) {}

    @Override
    public void find(RowValues row, Search search) {
        if (row.isNull(column)) {
            node.find(row, search);
        }
    }

    @Override
    public boolean isEmpty() {
        return node.isEmpty();
    }
}
