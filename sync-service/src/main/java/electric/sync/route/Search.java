package electric.sync.route;

import electric.sync.where.RowValues;
import java.util.ArrayList;
import java.util.List;

/** The way of one change through the indexes: asks each group that is met, and keeps those that the change is for. */
final class Search {
    private final Affected affected = new Affected();
    private final List<Group> taking = new ArrayList<>();
    private long changes;
    private long rows;
    private boolean old;

    void beginChange() {
        changes++;
        affected.clear();
    }

    /** @param ofBefore whether the row is as it was before the change */
    void beginRow(boolean ofBefore) {
        rows++;
        old = ofBefore;
    }

    /** Tells rows apart. */
    long row() {
        return rows;
    }

    void meet(Group group, RowValues row) {
        if (group.takes(row, old, rows, changes)) {
            taking.add(group);
        }
    }

    /** For those to whom no row says that the change is for them. */
    Affected affected() {
        return affected;
    }

    Affected endChange() {
        for (int i = 0; i < taking.size(); i++) {
            taking.get(i).tell(affected);
        }
        taking.clear();
        return affected;
    }
}
