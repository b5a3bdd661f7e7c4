package electric.sync.route;

import electric.sync.where.RowValues;

/** Where the ways of filters part: those that are found here, by whatever their row is. */
final class Node {
    private final Bag<Group> groups = new Bag<>();

    void place(Group group) {
        groups.add(group);
    }

    void displace(Group group) {
        groups.remove(group);
    }

    void find(RowValues row, Search search) {
        for (int i = 0; i < groups.size(); i++) {
            search.meet(groups.get(i), row);
        }
    }
}
