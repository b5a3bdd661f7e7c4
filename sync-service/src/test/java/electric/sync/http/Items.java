package electric.sync.http;

import electric.sync.change.RelationName;
import electric.sync.change.Table;
import electric.sync.change.Table.Column;
import electric.sync.change.Table.Generated;
import electric.sync.change.ValueType;
import java.util.List;

/** Tables for tests. */
final class Items {
    static final Table ITEMS = new Table(
            4711,
            new RelationName("public", "items"),
            false,
            List.of(column("id", Generated.NO, 0), column("value", Generated.NO, -1)),
            List.of());

    static final Table COMPUTED = new Table(
            4712,
            new RelationName("public", "computed"),
            false,
            List.of(
                    column("tenant", Generated.NO, 1),
                    column("id", Generated.NO, 0),
                    column("value", Generated.NO, -1),
                    column("stored", Generated.STORED, -1),
                    column("virtual", Generated.VIRTUAL, -1)),
            List.of());

    static final Table KEYLESS = new Table(
            4713,
            new RelationName("public", "keyless"),
            false,
            List.of(column("a", Generated.NO, -1), column("b", Generated.NO, -1)),
            List.of());

    static final Table FOREIGN = new Table(
            4714, new RelationName("public", "items"), false, List.of(column("é😀", Generated.NO, 0)), List.of());

    private Items() {}

    private static Column column(String name, Generated generated, int keyIndex) {
        return new Column(
                name, 25, -1, "text", 0, keyIndex >= 0, generated, keyIndex, new ValueType.BuiltIn("text"), null);
    }
}
