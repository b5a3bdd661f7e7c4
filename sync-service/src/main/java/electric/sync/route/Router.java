package electric.sync.route;

import electric.sync.change.Change;
import electric.sync.change.Relation;
import electric.sync.change.Table;
import electric.sync.shape.ShapeWriter;
import electric.sync.where.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From a change to those it is for. A shape on the root of a partition tree follows every table below it, because that is
 * the name under which Postgres streams its rows.
 *
 * <p>Never misses: an index gives every filter that a row may belong to, and each of these is then asked (I5).
 */
public final class Router {
    private static final FollowedTable[] NONE = {};

    private final Map<Integer, FollowedTable> tables = new HashMap<>();

    /** Of a relation, the tables whose rows it has: its own, and those that it is a partition of. */
    private final Map<Integer, FollowedTable[]> byRelation = new HashMap<>();

    private final Search search = new Search();

    /** Changes come in runs of one table: the last look-up is usually the next one. */
    private int lastRelation;

    private FollowedTable[] lastTables = NONE;

    /** @param filter {@code null} for every row */
    public void follow(ShapeWriter writer, Table table, @Nullable Filter filter) {
        FollowedTable followed = tables.computeIfAbsent(table.oid(), oid -> new FollowedTable(table));
        followed.add(writer, table, filter);
        cover(followed, table.oid());
        follow(writer, table.partitions());
    }

    /** Says which tables are below the one that somebody follows. */
    public void follow(ShapeWriter writer, Collection<Integer> partitions) {
        FollowedTable followed = tables.get(rootOf(writer));
        if (followed != null) {
            for (int oid : partitions) {
                cover(followed, oid);
            }
        }
    }

    /**
     * Says below which tables a table is now: whoever follows one of them follows it too, and whoever followed it as part of
     * another does no longer.
     *
     * @return whether somebody follows it who did not before
     */
    public boolean place(int oid, Collection<Integer> ancestors) {
        for (FollowedTable followed : tablesOf(oid)) {
            if (followed.oid() != oid && !ancestors.contains(followed.oid())) {
                uncover(followed, oid);
            }
        }
        int before = tablesOf(oid).length;
        for (int ancestor : ancestors) {
            FollowedTable followed = tables.get(ancestor);
            if (followed != null) {
                cover(followed, oid);
            }
        }
        return tablesOf(oid).length > before;
    }

    /** Undoes {@link #follow} of the same. */
    public void unfollow(ShapeWriter writer, Table table, @Nullable Filter filter) {
        FollowedTable followed = tables.get(rootOf(writer));
        if (followed == null) {
            return;
        }
        followed.remove(writer, table, filter);
        if (followed.isEmpty()) {
            tables.remove(followed.oid());
            for (int oid : followed.relations()) {
                uncover(followed, oid);
            }
        }
    }

    private static int rootOf(ShapeWriter writer) {
        return writer.shape().definition().tableOid();
    }

    private void cover(FollowedTable followed, int oid) {
        if (followed.cover(oid)) {
            Set<FollowedTable> now = new LinkedHashSet<>(List.of(tablesOf(oid)));
            now.add(followed);
            say(oid, now);
        }
    }

    private void uncover(FollowedTable followed, int oid) {
        if (followed.uncover(oid)) {
            Set<FollowedTable> now = new LinkedHashSet<>(List.of(tablesOf(oid)));
            now.remove(followed);
            say(oid, now);
        }
    }

    private void say(int oid, Set<FollowedTable> now) {
        if (now.isEmpty()) {
            byRelation.remove(oid);
        } else {
            byRelation.put(oid, now.toArray(FollowedTable[]::new));
        }
        lastRelation = 0;
        lastTables = NONE;
    }

    private FollowedTable[] tablesOf(int oid) {
        if (oid != lastRelation) {
            lastTables = byRelation.getOrDefault(oid, NONE);
            lastRelation = oid;
        }
        return lastTables;
    }

    /**
     * Those that a change of a relation is for, and whether the row belongs to them before and after it. Where that cannot
     * be said because the old row was not sent, or the relation was emptied, everybody who follows it.
     */
    public Affected route(Relation relation, Change change) {
        search.beginChange();
        for (FollowedTable followed : tablesOf(relation.oid())) {
            followed.find(relation, change, search);
        }
        return search.endChange();
    }

    /** Everybody who follows a relation, with whatever filter. */
    public List<ShapeWriter> followers(int oid) {
        List<ShapeWriter> followers = new ArrayList<>();
        for (FollowedTable followed : tablesOf(oid)) {
            followed.everybody(followers::add);
        }
        return followers;
    }

    /** Everybody who follows a table itself, and not as a part of another. */
    public List<ShapeWriter> followersOf(int oid) {
        List<ShapeWriter> followers = new ArrayList<>();
        FollowedTable followed = tables.get(oid);
        if (followed != null) {
            followed.everybody(followers::add);
        }
        return followers;
    }

    /** The tables that somebody follows. */
    public Set<Integer> tables() {
        return Set.copyOf(tables.keySet());
    }

    /** Whether it matters below which tables a table is. */
    public boolean followsPartitions() {
        return tables.values().stream().anyMatch(FollowedTable::partitioned);
    }
}
