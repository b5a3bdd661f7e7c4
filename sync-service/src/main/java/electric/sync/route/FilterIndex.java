package electric.sync.route;

import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.shape.ShapeWriter;
import electric.sync.value.InvalidValue;
import electric.sync.value.NotExact;
import electric.sync.where.Filter;
import electric.sync.where.RowValues;
import electric.sync.where.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, among the filters on one table, those that a row may belong to, without asking each of them. */
final class FilterIndex {
    private static final Logger LOG = LoggerFactory.getLogger(FilterIndex.class);

    /** Where the columns of the table are in the rows of a relation, which may have them in another order. */
    private static final class Places {
        private final Relation relation;
        private final int[] ofColumns;

        Places(Relation relation, int[] ofColumns) {
            this.relation = relation;
            this.ofColumns = ofColumns;
        }
    }

    private final List<Table.Column> columns;
    private final RowValues row;
    private final Map<Filter, Group> groups = new HashMap<>();
    private final Group unfiltered = new Group(null);
    private final Node root = new Node();
    private final Map<Integer, Places> places = new HashMap<>();

    /** Changes come in runs of one relation. */
    private @Nullable Places lastPlaces;

    FilterIndex(Table table) {
        this.columns = table.columns();
        this.row = new RowValues(
                columns.stream().map(column -> Types.of(column.values())).toList());
    }

    /** The group of those who have this filter. */
    Group group(@Nullable Filter filter) {
        if (filter == null) {
            return unfiltered;
        }
        Group group = groups.get(filter);
        if (group == null) {
            group = new Group(filter);
            groups.put(filter, group);
            root.place(group, Conditions.of(filter.expr()));
        }
        return group;
    }

    /** Forgets a group once nobody is in it any more. */
    void release(Group group) {
        Filter filter = group.filter();
        if (filter != null && group.size() == 0) {
            groups.remove(filter);
            root.displace(group, Conditions.of(filter.expr()));
        }
    }

    void everybody(Consumer<ShapeWriter> taker) {
        unfiltered.forEach(taker);
        groups.values().forEach(group -> group.forEach(taker));
    }

    boolean isEmpty() {
        return groups.isEmpty() && unfiltered.size() == 0;
    }

    /** Meets every group that the row may belong to, and perhaps others. */
    void find(Relation relation, Row of, Search search) {
        if (unfiltered.size() > 0) {
            search.meet(unfiltered, row);
        }
        if (groups.isEmpty()) {
            return;
        }
        row.turnTo(of, places(relation));
        try {
            root.find(row, search);
        } catch (InvalidValue | NotExact unreadable) {
            askEverybody(search);
        } catch (RuntimeException broken) {
            LOG.error(
                    "Finding the shapes for a row of {} failed with {}",
                    relation.name().quoted(),
                    broken.getClass().getName());
            askEverybody(search);
        }
    }

    /** Where it cannot be seen from here who is concerned: those that cannot tell either say so. */
    private void askEverybody(Search search) {
        for (Group group : groups.values()) {
            search.meet(group, row);
        }
    }

    private int[] places(Relation relation) {
        if (lastPlaces != null && lastPlaces.relation == relation) {
            return lastPlaces.ofColumns;
        }
        Places known = places.get(relation.oid());
        if (known == null || known.relation != relation) {
            known = new Places(relation, placesIn(relation));
            places.put(relation.oid(), known);
        }
        lastPlaces = known;
        return known.ofColumns;
    }

    /** Of a relation whose rows come here no longer. */
    void forget(int relation) {
        places.remove(relation);
        lastPlaces = null;
    }

    private int[] placesIn(Relation relation) {
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            byName.put(relation.columns().get(i).name(), i);
        }
        return columns.stream()
                .mapToInt(column -> byName.getOrDefault(column.name(), -1))
                .toArray();
    }
}
