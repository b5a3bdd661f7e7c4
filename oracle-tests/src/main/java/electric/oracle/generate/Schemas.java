package electric.oracle.generate;

import static java.util.stream.Collectors.joining;

import electric.oracle.generate.Forest.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes up tables of every sort. */
final class Schemas {
    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final List<Kind> KEYS =
            List.of(Kind.INT4, Kind.INT8, Kind.TEXT, Kind.UUID_, Kind.VARCHAR, Kind.NUMERIC, Kind.BPCHAR);

    /** Names that hurt, unquoted. */
    private static final List<String> ODD_NAMES =
            List.of("select", "Mixed Case", "with \"quotes\"", "dot.ted", "sla/sh", "ünïcödé", "it's", "a,b");

    private final Random random;

    Schemas(Random random) {
        this.random = random;
    }

    /** One to three tables. */
    List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            tables.add(
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 -> keyed("t" + i, 1);
                        case 3 -> keyed("t" + i, 2);
                        case 4 -> keyless("t" + i);
                        case 5 -> partitioned("t" + i);
                        case 6 -> keyed('"' + oddName().replace("\"", "\"\"") + i + '"', 1);
                        default -> selfReferencing("t" + i);
                    });
        }
        return tables;
    }

    /** Two to five tables, most of which have links to those before them. */
    Forest forest() {
        List<Table> tables = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            List<Column> columns = scalars();
            Column id = new Column("id", KEYS.get(random.nextInt(KEYS.size())), false);
            columns.addFirst(id);
            columns.add(new Column(Forest.ACTIVE, Kind.BOOL, random.nextInt(3) == 0));
            List<Table> parents = new ArrayList<>();
            for (int up = i == 0 ? 0 : 1 + random.nextInt(2); up > 0; up--) {
                Table parent = tables.get(random.nextInt(i));
                // One that may be NULL is always there.
                boolean nullable = (i == 1 && parents.isEmpty()) || random.nextBoolean();
                columns.add(new Column(
                        "up" + parents.size(), parent.key().getFirst().kind(), nullable));
                parents.add(parent);
            }
            boolean below = random.nextInt(4) == 0;
            if (below) {
                columns.add(new Column("parent", id.kind(), true));
            }
            Table table = below ? belowItself("t" + i, columns) : table("t" + i, List.of(id), columns);
            for (int up = 0; up < parents.size(); up++) {
                links.add(new Link(table, column(columns, "up" + up), parents.get(up)));
            }
            table.parent().ifPresent(parent -> links.add(new Link(table, parent, table)));
            tables.add(table);
        }
        if (random.nextBoolean()) {
            tables.add(between(tables.get(random.nextInt(count)), tables.get(random.nextInt(count)), links));
        }
        return new Forest(tables, links);
    }

    /** Rows below a row go with it. */
    private static Table belowItself(String name, List<Column> columns) {
        return new Table(
                name,
                List.of(column(columns, "id")),
                columns,
                Optional.of(column(columns, "parent")),
                List.of("CREATE TABLE " + name + " (" + definitions(columns)
                        + ", PRIMARY KEY (id), FOREIGN KEY (parent)" + " REFERENCES " + name
                        + " ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE)"));
    }

    /** A table of pairs. */
    private Table between(Table one, Table other, List<Link> links) {
        Column left = new Column("one", one.key().getFirst().kind(), false);
        Column right = new Column("other", other.key().getFirst().kind(), false);
        Column active = new Column(Forest.ACTIVE, Kind.BOOL, random.nextBoolean());
        Table pairs = table("pairs", List.of(left, right), List.of(left, right, active));
        links.add(new Link(pairs, left, one));
        links.add(new Link(pairs, right, other));
        return pairs;
    }

    private static Table table(String name, List<Column> key, List<Column> columns) {
        return new Table(
                name,
                key,
                columns,
                Optional.empty(),
                List.of("CREATE TABLE " + name + " (" + definitions(columns) + ", PRIMARY KEY (" + names(key) + "))"));
    }

    private static Column column(List<Column> columns, String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Table keyed(String name, int parts) {
        List<Column> columns = scalars();
        List<Column> key = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            Column part = new Column(
                    random.nextInt(5) == 0 ? oddName() + " id" + i : "id" + i,
                    KEYS.get(random.nextInt(KEYS.size())),
                    false);
            key.add(part);
            // Not where the key's order would put it.
            columns.add(random.nextInt(columns.size() + 1), part);
        }
        return table(name, key, columns);
    }

    private Table keyless(String name) {
        List<Column> columns = new ArrayList<>(scalars());
        columns.addFirst(new Column("seq", Kind.INT8, false));
        return new Table(
                name,
                List.of(),
                columns,
                Optional.empty(),
                List.of("CREATE TABLE " + name + " (" + definitions(columns) + ")"));
    }

    private Table partitioned(String name) {
        Column id = new Column("id", Kind.INT4, false);
        List<Column> columns = new ArrayList<>(scalars());
        columns.addFirst(id);
        return new Table(
                name,
                List.of(id),
                columns,
                Optional.empty(),
                List.of(
                        "CREATE TABLE " + name + " (" + definitions(columns)
                                + ", PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                        "CREATE TABLE " + name + "_low PARTITION OF " + name + " FOR VALUES FROM (MINVALUE) TO (100)",
                        "CREATE TABLE " + name + "_middle PARTITION OF " + name
                                + " FOR VALUES FROM (100) TO (200) PARTITION BY HASH (id)",
                        "CREATE TABLE " + name + "_even PARTITION OF " + name
                                + "_middle FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                        "CREATE TABLE " + name + "_odd PARTITION OF " + name
                                + "_middle FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "CREATE TABLE " + name + "_high PARTITION OF " + name + " DEFAULT"));
    }

    private Table selfReferencing(String name) {
        List<Column> columns = scalars();
        columns.addFirst(new Column("parent", Kind.INT4, true));
        columns.addFirst(new Column("id", Kind.INT4, false));
        return belowItself(name, columns);
    }

    private List<Column> scalars() {
        List<Column> columns = new ArrayList<>();
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            // As everywhere, every fourth is a text.
            Kind kind = random.nextInt(4) == 0 ? Kind.TEXT : KINDS.get(random.nextInt(KINDS.size()));
            columns.add(new Column(random.nextInt(6) == 0 ? oddName() + i : "c" + i, kind, random.nextInt(3) > 0));
        }
        return columns;
    }

    private String oddName() {
        return ODD_NAMES.get(random.nextInt(ODD_NAMES.size()));
    }

    private static String definitions(List<Column> columns) {
        return columns.stream().map(Column::definition).collect(joining(", "));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::sql).collect(joining(", "));
    }
}
