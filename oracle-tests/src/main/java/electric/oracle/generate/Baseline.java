package electric.oracle.generate;

import electric.oracle.generate.Filters.Clause;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The four levels that existing servers are tested with: same tables, rows, weights and mutations. */
final class Baseline implements TransactionSource {
    static final List<String> DDL = List.of(
            "CREATE TABLE level_1 (id text PRIMARY KEY, active bool NOT NULL)",
            "CREATE TABLE level_2 (id text PRIMARY KEY, level_1_id text NOT NULL REFERENCES level_1)",
            "CREATE TABLE level_3 (id text PRIMARY KEY, level_2_id text NOT NULL REFERENCES level_2)",
            "CREATE TABLE level_4 (id text PRIMARY KEY, level_3_id text NOT NULL REFERENCES level_3, value text NOT NULL)",
            "CREATE TABLE level_1_tags (level_1_id text REFERENCES level_1, tag text, PRIMARY KEY (level_1_id, tag))",
            "CREATE TABLE level_2_tags (level_2_id text REFERENCES level_2, tag text, PRIMARY KEY (level_2_id, tag))",
            "CREATE TABLE level_3_tags (level_3_id text REFERENCES level_3, tag text, PRIMARY KEY (level_3_id, tag))");

    /** Of no column NULL can matter. */
    static final Set<FilterClass> CLASSES = Set.of(FilterClass.O2, FilterClass.O3, FilterClass.O4);

    private static final List<String> TAGS = List.of("alpha", "beta", "gamma", "delta");
    private static final int PARENTS = 5;
    private static final int LEAVES = 20;
    private static final int VALUES = 1000;

    private final Random random;

    Baseline(Random random) {
        this.random = random;
    }

    static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= PARENTS; i++) {
            rows.add("INSERT INTO level_1 VALUES ('l1-" + i + "', " + (i % 2 == 1) + ")");
        }
        for (int level = 2; level <= 3; level++) {
            for (int i = 1; i <= PARENTS; i++) {
                rows.add("INSERT INTO level_" + level + " VALUES ('l" + level + "-" + i + "', 'l" + (level - 1) + "-"
                        + i + "')");
            }
        }
        for (int i = 1; i <= LEAVES; i++) {
            rows.add("INSERT INTO level_4 VALUES ('l4-" + i + "', 'l3-" + ((i - 1) % PARENTS + 1) + "', 'v" + (i - 1)
                    + "')");
        }
        for (int level = 1; level <= 3; level++) {
            for (int i = 1; i <= PARENTS; i++) {
                for (String tag : TAGS.subList(0, i % TAGS.size() + 1)) {
                    rows.add("INSERT INTO level_" + level + "_tags VALUES ('l" + level + "-" + i + "', '" + tag + "')");
                }
            }
        }
        return rows;
    }

    /** A filter without subqueries, with the weights of the original. */
    Clause clause() {
        return new Clause(FilterClass.O2, Optional.of(scalar()), List.of());
    }

    private String scalar() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> atomic();
            case 4, 5 -> "(" + atomic() + ") AND (" + atomic() + ")";
            case 6, 7 -> "(" + atomic() + ") OR (" + atomic() + ")";
            default ->
                switch (random.nextInt(4)) {
                    case 0 -> "((" + atomic() + ") OR (" + atomic() + ")) AND (" + atomic() + ")";
                    case 1 -> "NOT (" + atomic() + ")";
                    case 2 -> "(" + atomic() + ") OR (" + atomic() + ") OR (" + atomic() + ")";
                    default ->
                        "((" + atomic() + ") OR (" + atomic() + ")) AND ((" + atomic() + ") OR (" + atomic() + "))";
                };
        };
    }

    /** A filter of one of these classes, with the weights of the original. */
    Clause clause(Set<FilterClass> classes) {
        while (true) {
            Clause clause = anyClause();
            if (classes.contains(clause.filterClass())) {
                return clause;
            }
        }
    }

    private Clause anyClause() {
        Level level = new Level();
        String where = switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> atomic();
            case 4, 5, 6 -> membership(level, false);
            case 7, 8 -> "(" + condition(level, false) + ") AND (" + condition(level, false) + ")";
            case 9, 10 -> "(" + condition(level, false) + ") OR (" + condition(level, false) + ")";
            default ->
                switch (random.nextInt(5)) {
                    case 0 ->
                        "((" + condition(level, false) + ") OR (" + condition(level, false) + ")) AND ("
                                + condition(level, false) + ")";
                    case 1 -> "NOT (" + condition(level, true) + " OR " + condition(level, true) + ")";
                    case 2 ->
                        "(" + condition(level, false) + ") OR (" + condition(level, false) + ") OR ("
                                + condition(level, false) + ")";
                    case 3 -> "(" + membership(level, false) + ") OR (" + atomic() + ")";
                    default ->
                        "((" + condition(level, false) + ") OR (" + atomic() + ")) AND ((" + condition(level, false)
                                + ") OR (" + atomic() + "))";
                };
        };
        return new Clause(classOf(where), Optional.of(where), List.of());
    }

    private static FilterClass classOf(String where) {
        int subqueries = where.split("SELECT", -1).length - 1;
        if (subqueries == 0) {
            return FilterClass.O2;
        }
        boolean combined = subqueries > 1 || where.contains(" OR ") || where.startsWith("NOT ");
        return combined ? FilterClass.O4 : FilterClass.O3;
    }

    /** As often a subquery as the original has them among what is not combined. */
    private String condition(Level level, boolean underNot) {
        return random.nextInt(7) < 3 ? membership(level, underNot) : atomic();
    }

    private String membership(Level level, boolean underNot) {
        while (true) {
            String select = subquery();
            boolean excludes = random.nextInt(4) == 0;
            if (level.admits(select, excludes)) {
                return Level.test("level_3_id", select, excludes, underNot);
            }
        }
    }

    private String subquery() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                rowsOf(3) + (random.nextBoolean() ? "level_2_id = " : "level_2_id <> ") + "'l2-" + parent() + "'";
            case 3, 4 -> rowsOf(3) + "level_2_id IN (" + rowsOf(2) + "level_1_id = 'l1-" + parent() + "')";
            case 5 ->
                rowsOf(3) + "level_2_id IN (" + rowsOf(2) + "level_1_id IN (" + rowsOf(1) + "active = "
                        + random.nextBoolean() + "))";
            case 6 -> tagged(3);
            default -> rowsOf(3) + "level_2_id IN (" + tagged(2) + ")";
        };
    }

    private static String rowsOf(int level) {
        return "SELECT id FROM " + Scenario.SCHEMA + ".level_" + level + " WHERE ";
    }

    private String tagged(int level) {
        return "SELECT level_" + level + "_id FROM " + Scenario.SCHEMA + ".level_" + level + "_tags WHERE tag = '"
                + tag() + "'";
    }

    private String atomic() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                List.of("id = 'l4-" + leaf() + "'", "level_3_id = 'l3-" + parent() + "'", "value = 'v" + near() + "'")
                        .get(random.nextInt(3));
            case 3, 4 ->
                "value COLLATE \"C\" " + List.of("<", ">", "<=", ">=").get(random.nextInt(4)) + " 'v" + near() + "'";
            case 5, 6 -> "value LIKE 'v" + (1 + random.nextInt(9)) + "%'";
            case 7 -> "value COLLATE \"C\" BETWEEN 'v" + near() + "' AND 'v" + near() + "'";
            default -> "level_3_id IN ('l3-" + parent() + "', 'l3-" + parent() + "')";
        };
    }

    @Override
    public Transaction next(int mutations, Pace pace) {
        List<String> sql = new ArrayList<>();
        for (int i = 0; i < mutations; i++) {
            sql.add(mutation());
        }
        return new Transaction(sql, false, pace, Effect.ROWS);
    }

    /** The original has none. */
    @Override
    public Optional<Transaction> disruption(int number) {
        return Optional.empty();
    }

    private String mutation() {
        int level = 1 + random.nextInt(3);
        return switch (random.nextInt(7)) {
            case 0 -> "UPDATE level_1 SET active = NOT active WHERE id = 'l1-" + parent() + "'";
            case 1 -> "UPDATE level_2 SET level_1_id = 'l1-" + parent() + "' WHERE id = 'l2-" + parent() + "'";
            case 2 -> "UPDATE level_3 SET level_2_id = 'l2-" + parent() + "' WHERE id = 'l3-" + parent() + "'";
            case 3 -> "UPDATE level_4 SET level_3_id = 'l3-" + parent() + "' WHERE id = 'l4-" + leaf() + "'";
            case 4 ->
                "INSERT INTO level_" + level + "_tags VALUES ('l" + level + "-" + parent() + "', '" + tag()
                        + "') ON CONFLICT DO NOTHING";
            case 5 ->
                "DELETE FROM level_" + level + "_tags WHERE level_" + level + "_id = 'l" + level + "-" + parent()
                        + "' AND tag = '" + tag() + "'";
            default ->
                "UPDATE level_4 SET value = 'v" + (1 + random.nextInt(VALUES)) + "' WHERE id = 'l4-" + leaf() + "'";
        };
    }

    private int parent() {
        return 1 + random.nextInt(PARENTS);
    }

    private int leaf() {
        return 1 + random.nextInt(LEAVES);
    }

    private int near() {
        return random.nextInt(LEAVES);
    }

    private String tag() {
        return TAGS.get(random.nextInt(TAGS.size()));
    }
}
