package electric.sync.change;

import java.util.List;

/**
 * A table as the replication stream describes it, in a Relation message before its first change and after every change of
 * its definition. Two relations are the same description exactly when they are equal.
 *
 * @param identity the replica identity: {@code d} default, {@code n} nothing, {@code f} full, {@code i} index
 */
public record Relation(int oid, RelationName name, char identity, List<Column> columns) {
    public Relation {
        columns = List.copyOf(columns);
    }

    /** @param key whether the column is part of the replica identity */
    public record Column(String name, int typeOid, int typmod, boolean key) {}
}
