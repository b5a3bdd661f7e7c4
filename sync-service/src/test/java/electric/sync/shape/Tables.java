package electric.sync.shape;

import electric.sync.change.Relation;
import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.ValueType;
import java.util.List;
import java.util.stream.IntStream;

/** Made-up tables for tests. */
public final class Tables {
    private Tables() {}

    /** A table of text columns; names that end in {@code *} are its primary key, in order. */
    public static Table table(int oid, String schema, String name, String... columns) {
        int[] nextKey = {0};
        List<Table.Column> described = IntStream.range(0, columns.length)
                .mapToObj(i -> {
                    boolean key = columns[i].endsWith("*");
                    return new Table.Column(
                            key ? columns[i].substring(0, columns[i].length() - 1) : columns[i],
                            25,
                            -1,
                            "text",
                            0,
                            key,
                            Table.Generated.NO,
                            key ? nextKey[0]++ : -1,
                            new ValueType.BuiltIn("text"),
                            null);
                })
                .toList();
        return new Table(oid, new RelationName(schema, name), false, described, List.of());
    }

    public static Relation relation(Table table) {
        return new Relation(
                table.oid(),
                table.name(),
                'f',
                table.columns().stream()
                        .map(c -> new Relation.Column(c.name(), c.typeOid(), c.typmod(), true))
                        .toList());
    }
}
