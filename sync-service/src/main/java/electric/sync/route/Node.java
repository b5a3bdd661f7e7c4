package electric.sync.route;

import electric.sync.where.RowValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the ways of filters part. A filter is found here by whatever its row is, or further on behind one of its
 * conditions; so a path of nodes is a conjunction.
 */
class Node extends Bag<Group> {
    /** More conditions than this on one path find nothing that fewer would not have. */
    private static final int LONGEST_PATH = 6;

    /** In how many ways the rest of a conjunction may be repeated behind a condition that has many entries. */
    private static final int MOST_REPEATED = 16;

    private static final Index[] NONE = {};

    private Index[] indexes = NONE;

    /** The row that came by last: several elements of an array can lead here. */
    private long lastRow;

    final boolean isEmpty() {
        return size() == 0 && indexes.length == 0;
    }

    final void find(RowValues row, Search search) {
        if (lastRow == search.row()) {
            return;
        }
        lastRow = search.row();
        for (int i = 0; i < size(); i++) {
            search.meet(get(i), row);
        }
        for (Index index : indexes) {
            index.find(row, search);
        }
    }

    /** @param conditions all of which hold for every row that belongs to the group */
    final void place(Group group, List<Condition> conditions) {
        walk(group, conditions, 1, 0, true);
    }

    /** Undoes {@link #place}. */
    final void displace(Group group, List<Condition> conditions) {
        walk(group, conditions, 1, 0, false);
    }

    /**
     * Goes by the condition that holds for fewest rows, and on from there by the others.
     *
     * @param ways in how many ways the group is placed beside this one
     */
    private void walk(Group group, List<Condition> conditions, int ways, int depth, boolean placing) {
        if (conditions.isEmpty() || depth == LONGEST_PATH) {
            if (placing) {
                add(group);
            } else {
                remove(group);
            }
            return;
        }
        switch (Collections.min(conditions, Comparator.comparingInt(Condition::rank))) {
            case Condition.Indexed indexed -> walk(group, indexed, conditions, ways, depth, placing);
            case Condition.AnyOf any -> {
                int waysOn = times(ways, any.branches().size());
                List<Condition> rest = rest(conditions, any, waysOn);
                for (List<Condition> branch : any.branches()) {
                    List<Condition> both = new ArrayList<>(branch);
                    both.addAll(rest);
                    walk(group, both, waysOn, depth, placing);
                }
            }
        }
    }

    private void walk(
            Group group, Condition.Indexed best, List<Condition> conditions, int ways, int depth, boolean placing) {
        Index index = index(best, placing);
        if (index == null) {
            return;
        }
        int waysOn = times(ways, best.keys().size());
        List<Condition> rest = rest(conditions, best, waysOn);
        for (Object key : best.keys()) {
            Node next = placing ? index.make(key) : index.get(key);
            if (next != null) {
                next.walk(group, rest, waysOn, depth + 1, placing);
                if (next.isEmpty()) {
                    index.remove(key);
                }
            }
        }
        if (index.isEmpty()) {
            indexes = Arrays.stream(indexes).filter(other -> other != index).toArray(Index[]::new);
        }
    }

    /** The other conditions, but for those that would be repeated too often. */
    private static List<Condition> rest(List<Condition> conditions, Condition taken, int ways) {
        return conditions.stream()
                .filter(condition -> condition != taken && times(ways, condition.entries()) <= MOST_REPEATED)
                .toList();
    }

    /** No further than it matters. */
    private static int times(int ways, int entries) {
        return (int) Math.min((long) ways * entries, MOST_REPEATED + 1);
    }

    private @Nullable Index index(Condition.Indexed condition, boolean placing) {
        for (Index index : indexes) {
            if (index.answers(condition)) {
                return index;
            }
        }
        if (!placing) {
            return null;
        }
        Index made = condition.newIndex();
        indexes = Arrays.copyOf(indexes, indexes.length + 1);
        indexes[indexes.length - 1] = made;
        return made;
    }
}
