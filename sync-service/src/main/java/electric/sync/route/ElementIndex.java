package electric.sync.route;

import electric.sync.value.ArrayValue;
import electric.sync.value.PgType;
import electric.sync.where.RowValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By the elements of an array, whatever its dimensions. NULL is no element. */
final class ElementIndex implements Index {
    private final int column;
    private final PgType<Object> type;
    private final Entries entries;

    ElementIndex(int column, PgType<Object> type) {
        this.column = column;
        this.type = type;
        this.entries = new Entries(type::compare);
    }

    @Override
    public boolean answers(Condition.Indexed condition) {
        return condition instanceof Condition.Holds holds && holds.column() == column;
    }

    private int hash(Object element) {
        return Axis.hash(type.hash(element));
    }

    @Override
    public Node make(Object element) {
        return entries.make(hash(element), element);
    }

    @Override
    public @Nullable Node get(Object element) {
        return entries.get(hash(element), element);
    }

    @Override
    public void remove(Object element) {
        entries.remove(hash(element), element);
    }

    @Override
    public void find(RowValues row, Search search) {
        if (row.isNull(column)) {
            return;
        }
        List<?> elements = ((ArrayValue<?>) row.value(column)).elements();
        for (int i = 0; i < elements.size(); i++) {
            Object element = elements.get(i);
            Node node = element == null ? null : get(element);
            if (node != null) {
                node.find(row, search);
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return entries.size() == 0;
    }
}
