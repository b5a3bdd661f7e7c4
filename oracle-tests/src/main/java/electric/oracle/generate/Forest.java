package electric.oracle.generate;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Made-up tables whose rows name rows of others, of their own table, or stand between two. */
record Forest(List<Table> tables, List<Link> links) {
    /** A column that every table has, which is switched on and off. */
    static final String ACTIVE = "active";

    /** That column of that table names rows of the other by their key. Not every row it names is there. */
    record Link(Table table, Column column, Table to) {
        Column key() {
            return to.key().getFirst();
        }
    }

    /** Columns that may be looked for among those of another table. */
    record Edge(Table table, List<Column> own, Table other, List<Column> theirs) {
        /** Whether a NOT IN over it may be neither true nor false. */
        boolean isNullable() {
            return Stream.concat(own.stream(), theirs.stream()).anyMatch(Column::nullable);
        }

        boolean isComposite() {
            return own.size() > 1;
        }
    }

    /** Both ways along each link, alone and together with what every table has. */
    List<Edge> edges() {
        List<Edge> edges = new ArrayList<>();
        for (Link link : links) {
            Column here = active(link.table());
            Column there = active(link.to());
            edges.add(new Edge(link.table(), List.of(link.column()), link.to(), List.of(link.key())));
            edges.add(new Edge(link.to(), List.of(link.key()), link.table(), List.of(link.column())));
            edges.add(new Edge(link.table(), List.of(link.column(), here), link.to(), List.of(link.key(), there)));
            edges.add(new Edge(link.to(), List.of(there, link.key()), link.table(), List.of(here, link.column())));
        }
        return edges;
    }

    static Column active(Table table) {
        return table.columns().stream()
                .filter(column -> column.name().equals(ACTIVE))
                .findFirst()
                .orElseThrow();
    }

    /** A row of which others may know, as it has one of the keys that links have. */
    static String valuesNear(Table table, Random random) {
        return table.columns().stream()
                .map(column -> table.key().contains(column)
                        ? column.kind().value(random.nextInt(Kind.NEAR))
                        : table.value(column, random))
                .collect(joining(", ", "(", ")"));
    }
}
