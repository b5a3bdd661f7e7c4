package electric.oracle.generate;

import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

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
    String clause() {
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
