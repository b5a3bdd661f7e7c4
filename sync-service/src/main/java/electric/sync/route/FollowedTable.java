package electric.sync.route;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Row;
import electric.sync.change.Table;
import electric.sync.shape.ShapeWriter;
import electric.sync.where.Filter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table that shapes are of, and the names under which Postgres streams its rows: its own and those of its partitions. */
final class FollowedTable {
    private final int oid;
    private final boolean partitioned;
    private final Set<Integer> relations = new HashSet<>();

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

    boolean isEmpty() {
        return indexes.isEmpty();
    }

    void everybody(Consumer<ShapeWriter> taker) {
        for (FilterIndex index : asked) {
            index.everybody(taker);
        }
    }

    void add(ShapeWriter writer, Table table, @Nullable Filter filter) {
        FilterIndex index = indexes.get(table.columns());
        if (index == null) {
            index = new FilterIndex(table);
            indexes.put(table.columns(), index);
            asked = indexes.values().toArray(FilterIndex[]::new);
        }
        index.group(filter).add(writer);
    }

    void remove(ShapeWriter writer, Table table, @Nullable Filter filter) {
        FilterIndex index = indexes.get(table.columns());
        if (index == null) {
            return;
        }
        Group group = index.group(filter);
        group.remove(writer);
        index.release(group);
        if (index.isEmpty()) {
            indexes.remove(table.columns());
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
        everybody(writer -> search.affected().add(writer, true, true, null));
    }
}
