package electric.sync.route;

import electric.sync.change.Table;
import electric.sync.shape.ShapeWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Who follows which table. A shape on the root of a partition tree follows every table below it, because that is the name
 * under which Postgres streams its rows.
 *
 * <p>Never misses: every shape that follows a relation is among its followers (I5).
 */
public final class Router {
    private static final ShapeWriter[] NOBODY = {};

    private final Map<Integer, ShapeWriter[]> byOid = new HashMap<>();
    private final Map<ShapeWriter, Set<Integer>> followed = new HashMap<>();
    private int partitionedRoots;

    /** Changes come in runs of one table: the last look-up is usually the next one. */
    private int lastOid;

    private ShapeWriter[] lastFollowers = NOBODY;

    public void follow(ShapeWriter writer, Table table) {
        followed.put(writer, new HashSet<>());
        if (table.partitioned()) {
            partitionedRoots++;
        }
        follow(writer, table.oid());
        follow(writer, table.partitions());
    }

    /** Nothing where the writer follows nothing any more. */
    public void follow(ShapeWriter writer, Collection<Integer> partitions) {
        for (int oid : partitions) {
            follow(writer, oid);
        }
    }

    /**
     * Says below which tables a table is now: whoever follows one of them follows it too, and whoever followed it as part of
     * another does no longer.
     *
     * @return whether somebody follows it who did not before
     */
    public boolean place(int oid, Collection<Integer> ancestors) {
        for (ShapeWriter writer : followers(oid)) {
            int root = rootOf(writer);
            if (root != oid && !ancestors.contains(root)) {
                Objects.requireNonNull(followed.get(writer)).remove(oid);
                leave(writer, oid);
            }
        }
        int before = followers(oid).length;
        for (int ancestor : ancestors) {
            for (ShapeWriter writer : followers(ancestor)) {
                follow(writer, oid);
            }
        }
        return followers(oid).length > before;
    }

    private static int rootOf(ShapeWriter writer) {
        return writer.shape().definition().tableOid();
    }

    private void follow(ShapeWriter writer, int oid) {
        Set<Integer> oids = followed.get(writer);
        if (oids != null && oids.add(oid)) {
            ShapeWriter[] before = byOid.getOrDefault(oid, NOBODY);
            ShapeWriter[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = writer;
            byOid.put(oid, after);
            lastFollowers = NOBODY;
            lastOid = 0;
        }
    }

    /** @param table as it was when it was followed */
    public void unfollow(ShapeWriter writer, Table table) {
        Set<Integer> oids = followed.remove(writer);
        if (oids == null) {
            return;
        }
        if (table.partitioned()) {
            partitionedRoots--;
        }
        for (int oid : oids) {
            leave(writer, oid);
        }
    }

    private void leave(ShapeWriter writer, int oid) {
        ShapeWriter[] left = Arrays.stream(byOid.getOrDefault(oid, NOBODY))
                .filter(w -> w != writer)
                .toArray(ShapeWriter[]::new);
        if (left.length == 0) {
            byOid.remove(oid);
        } else {
            byOid.put(oid, left);
        }
        lastFollowers = NOBODY;
        lastOid = 0;
    }

    /** Everybody a change of this table may concern. The array must not be changed; it is replaced, never written to. */
    public ShapeWriter[] followers(int oid) {
        if (oid != lastOid) {
            lastFollowers = byOid.getOrDefault(oid, NOBODY);
            lastOid = oid;
        }
        return lastFollowers;
    }

    /** Whether it matters below which tables a table is. */
    public boolean followsPartitions() {
        return partitionedRoots > 0;
    }
}
