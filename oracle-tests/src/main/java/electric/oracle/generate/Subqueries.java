package electric.oracle.generate;

import electric.oracle.generate.Filters.Clause;
import electric.oracle.generate.Forest.Edge;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Makes up filters with subqueries along the links of tables. Few of a kind are combined: what servers make of a filter grows
 * with the product of its parts.
 */
final class Subqueries {
    private final List<Edge> edges;
    private final Random random;

    /** A filter, and the table whose rows it is for. */
    record Filter(Table table, Clause clause) {}

    Subqueries(Forest forest, Random random) {
        this.edges = forest.edges();
        this.random = random;
    }

    Filter filter(FilterClass filterClass) {
        Edge edge = filterClass == FilterClass.O5
                ? any(Edge::isNullable)
                : any(one -> !one.isComposite() || filterClass == FilterClass.O4);
        Table table = edge.table();
        String where = switch (filterClass) {
            case O3 -> one(edge);
            case O4 -> combined(table, edge);
            case O5 -> sensitive(table, edge);
            case O0, O1, O2, O6 -> throw new IllegalArgumentException(filterClass + " has no subqueries");
        };
        return new Filter(table, new Filters(table, random).parameterised(filterClass, where));
    }

    private String one(Edge edge) {
        String test = test(edge, new Level(), 0, false);
        return random.nextInt(3) > 0 ? test : test + " AND " + atomic(edge.table());
    }

    private String combined(Table table, Edge edge) {
        Level level = new Level();
        return switch (random.nextInt(7)) {
            case 0 -> test(edge, level, 0, false) + " OR " + atomic(table);
            case 1 -> test(edge, level, 0, false) + " OR " + test(from(table), level, 0, false);
            case 2 -> test(edge, level, 0, false) + " AND " + test(from(table), level, 1, false);
            case 3 -> "NOT (" + test(edge, level, 0, true) + " AND " + atomic(table) + ")";
            case 4 -> "NOT (" + test(edge, level, 0, true) + " OR " + test(from(table), level, 0, true) + ")";
            case 5 ->
                "(" + test(edge, level, 0, false) + " OR " + atomic(table) + ") AND ("
                        + test(from(table), level, 0, false) + " OR " + atomic(table) + ")";
            default -> test(edge, level, 1 + random.nextInt(2), false);
        };
    }

    /** Where a NULL in the subquery takes every row away. */
    private String sensitive(Table table, Edge edge) {
        Level level = new Level();
        return switch (random.nextInt(6)) {
            case 0, 1 -> excluding(edge, level, 0);
            case 2 -> excluding(edge, level, 1);
            case 3 -> excluding(edge, level, 0) + " AND " + atomic(table);
            case 4 -> excluding(edge, level, 0) + " OR " + atomic(table);
            default -> excluding(edge, level, 0) + " OR " + test(from(table), level, 0, false);
        };
    }

    private String excluding(Edge edge, Level level, int below) {
        while (true) {
            String select = select(edge, below);
            if (level.admits(select, true)) {
                return Level.test(names(edge.own()), select, true, false);
            }
        }
    }

    /** @param below how many levels are below it */
    private String test(Edge edge, Level level, int below, boolean underNot) {
        while (true) {
            String select = select(edge, below);
            boolean excludes = !edge.isNullable() && random.nextInt(3) == 0;
            if (level.admits(select, excludes)) {
                return Level.test(names(edge.own()), select, excludes, underNot);
            }
        }
    }

    private String select(Edge edge, int below) {
        Table other = edge.other();
        String names = names(edge.theirs());
        return "SELECT " + (edge.isComposite() ? names.substring(1, names.length() - 1) : names) + " FROM "
                + Scenario.SCHEMA + "." + other.name() + condition(other, edge, below);
    }

    private String condition(Table table, Edge edge, int below) {
        if (below > 0) {
            return " WHERE " + test(from(table), new Level(), below - 1, false);
        }
        String active = Forest.active(table).sql();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> " WHERE " + active;
            case 3 -> " WHERE NOT " + active;
            case 4, 5 -> " WHERE " + atomic(table);
            case 6 -> " WHERE " + edge.theirs().getFirst().sql() + " IS NOT NULL AND " + active;
            default -> "";
        };
    }

    private String atomic(Table table) {
        return new Filters(table, random).atomic();
    }

    private Edge from(Table table) {
        return any(edge -> edge.table().equals(table));
    }

    private Edge any(Predicate<Edge> wanted) {
        List<Edge> fitting = edges.stream().filter(wanted).toList();
        return fitting.get(random.nextInt(fitting.size()));
    }

    private static String names(List<Column> columns) {
        List<String> names = columns.stream().map(Column::sql).toList();
        return names.size() == 1 ? names.getFirst() : "(" + String.join(", ", names) + ")";
    }
}
