package electric.sync.route;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.shape.ShapeWriter;
import electric.sync.where.Filter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table that shapes are of, and the names under which Postgres streams its rows: its own and those of its partitions. */
final class FollowedTable {
    private record Membership(FilterIndex index, Group group) {}

    private final int oid;
    private final boolean partitioned;
    private final Set<Integer> relations = new HashSet<>();
    private final Map<ShapeWriter, Membership> writers = new LinkedHashMap<>();

    /** One, but while shapes follow the table as it was before and others as it is after its definition changed. */
    private final Map<List<Table.Column>, FilterIndex> indexes = new LinkedHashMap<>();

    private FilterIndex[] asked = {};

    FollowedTable(Table table) {
        this.oid = table.oid();
        this.partitioned = table.partitioned();
    }

    int oid() {
        return oid;
    }

    boolean partitioned() {
        return partitioned;
    }

    /** The relations whose rows are this table's. */
    Set<Integer> relations() {
        return Set.copyOf(relations);
    }

    /** @return whether it was not covered before */
    boolean cover(int relation) {
        return relations.add(relation);
    }

    /** @return whether it was covered before */
    boolean uncover(int relation) {
        indexes.values().forEach(index -> index.forget(relation));
        return relations.remove(relation);
    }

    Set<ShapeWriter> writers() {
        return writers.keySet();
    }

    void add(ShapeWriter writer, Table table, @Nullable Filter filter) {
        if (writers.containsKey(writer)) {
            return;
        }
        FilterIndex index = indexes.computeIfAbsent(table.columns(), columns -> new FilterIndex(table));
        Group group = index.group(filter);
        group.add(writer);
        writers.put(writer, new Membership(index, group));
        asked = indexes.values().toArray(FilterIndex[]::new);
    }

    void remove(ShapeWriter writer) {
        Membership membership = writers.remove(writer);
        if (membership == null) {
            return;
        }
        membership.group.remove(writer);
        membership.index.release(membership.group);
        if (membership.index.isEmpty()) {
            indexes.values().remove(membership.index);
            asked = indexes.values().toArray(FilterIndex[]::new);
        }
    }

    /** Finds those that a change of a row is for. */
    void find(Relation relation, Change change, Search search) {
        switch (change) {
            case Change.Insert insert -> findRow(relation, insert.row(), false, search);
            case Change.Update update -> {
                Row old = update.old();
                if (old == null) {
                    everybody(search);
                } else {
                    findRow(relation, old, true, search);
                    findRow(relation, update.row(), false, search);
                }
            }
            case Change.Delete delete -> {
                if (delete.wholeRow()) {
                    findRow(relation, delete.old(), true, search);
                } else {
                    everybody(search);
                }
            }
            case Change.Truncate truncate -> everybody(search);
        }
    }

    private void findRow(Relation relation, Row row, boolean old, Search search) {
        search.beginRow(old);
        for (FilterIndex index : asked) {
            index.find(relation, row, search);
        }
    }

    private void everybody(Search search) {
        for (ShapeWriter writer : new ArrayList<>(writers.keySet())) {
            search.affected().add(writer, true, true, null);
        }
    }
}
