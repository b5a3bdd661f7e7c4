package electric.sync.where;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Random filters, as lists of words, made by the rules of Postgres's grammar. All operands are boolean, in a database
 * where every operator of {@link #OPERATORS} is defined for booleans: what is grammatical then nearly always has types.
 */
final class RandomFilter {
    static final List<String> OPERATORS = List.of(
            "+", "-", "*", "/", "%", "^", "||", "&", "|", "#", "<<", ">>", "~", "!~", "@>", "<@", "&&", "->", "#-",
            "?|", "^@", "@-@", "~~", "!~~", "~~*", "!~~*");
    static final List<String> PREFIXES = List.of("+", "-", "~", "@", "|/", "||/", "!!", "@-");
    private static final List<String> COMPARISONS = List.of("<", ">", "=", "<=", ">=", "<>", "!=");

    private final Random random;
    private final List<String> words = new ArrayList<>();

    private RandomFilter(Random random) {
        this.random = random;
    }

    static List<String> of(long seed) {
        RandomFilter filter = new RandomFilter(new Random(seed));
        filter.expression(1 + filter.random.nextInt(5), false);
        return filter.words;
    }

    /** The shortest filter got by leaving out words of {@code failing} that still fails. */
    static List<String> shrunk(List<String> failing, Predicate<List<String>> fails) {
        List<String> smallest = failing;
        for (int length = Math.max(1, smallest.size() / 2); length > 0; length /= 2) {
            for (int from = 0; from + length <= smallest.size(); ) {
                List<String> shorter = new ArrayList<>(smallest);
                shorter.subList(from, from + length).clear();
                if (!shorter.isEmpty() && fails.test(shorter)) {
                    smallest = shorter;
                } else {
                    from++;
                }
            }
        }
        return smallest;
    }

    private void expression(int depth, boolean restricted) {
        if (depth == 0) {
            atom(0);
            return;
        }
        switch (random.nextInt(restricted ? 7 : 16)) {
            case 0 -> atom(depth);
            case 1 -> {
                add(pick(PREFIXES));
                expression(depth - 1, restricted);
            }
            case 2, 3 -> binary(depth, restricted, pick(OPERATORS));
            case 4 -> binary(depth, restricted, pick(COMPARISONS));
            case 5 -> {
                expression(depth - 1, restricted);
                add("::", "bool");
            }
            case 6 -> binary(depth, restricted, "IS", pick(List.of("", "NOT")), "DISTINCT", "FROM");
            case 7, 8 -> binary(depth, false, pick(List.of("AND", "OR")));
            case 9 -> {
                add("NOT");
                expression(depth - 1, false);
            }
            case 10 -> {
                expression(depth - 1, false);
                add("IS", pick(List.of("", "NOT")), pick(List.of("NULL", "TRUE", "FALSE", "UNKNOWN")));
            }
            case 11 -> {
                expression(depth - 1, false);
                add(pick(List.of("ISNULL", "NOTNULL")));
            }
            case 12 -> {
                expression(depth - 1, false);
                add(pick(List.of("", "NOT")), "BETWEEN", pick(List.of("", "SYMMETRIC", "ASYMMETRIC")));
                expression(depth - 1, true);
                add("AND");
                expression(depth - 1, false);
            }
            case 13 -> {
                expression(depth - 1, false);
                add(pick(List.of("", "NOT")), "IN", "(");
                list(depth);
            }
            case 14 -> {
                binary(depth, false, pick(List.of("", "NOT")), pick(List.of("LIKE", "ILIKE", "SIMILAR TO")));
                if (random.nextInt(3) == 0) {
                    add("ESCAPE");
                    expression(depth - 1, false);
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    binary(depth, false, "AT", "TIME", "ZONE");
                } else {
                    expression(depth - 1, false);
                    add(pick(List.of("=", "<", "||", "LIKE", "NOT LIKE", "OPERATOR(public.#)")));
                    add(pick(List.of("ANY", "SOME", "ALL")), "(", "ARRAY", "[");
                    expression(depth - 1, false);
                    add("]", ")");
                }
            }
        }
    }

    private void binary(int depth, boolean restricted, String... operator) {
        expression(depth - 1, restricted);
        add(operator);
        expression(depth - 1, restricted);
    }

    private void atom(int depth) {
        int kind = depth == 0 ? random.nextInt(4) : random.nextInt(9);
        switch (kind) {
            case 0, 1, 2 -> add(pick(List.of("a", "b", "c", "d")));
            case 3 -> add(pick(List.of("true", "false")));
            case 4, 5 -> {
                add("(");
                expression(depth - 1, false);
                add(")");
            }
            case 6 -> {
                add(pick(List.of("COALESCE", "GREATEST", "two")), "(");
                expression(depth - 1, false);
                add(",");
                expression(depth - 1, false);
                add(")");
            }
            case 7 -> {
                add("CASE", "WHEN");
                expression(depth - 1, false);
                add("THEN");
                expression(depth - 1, false);
                add("ELSE");
                expression(depth - 1, false);
                add("END");
            }
            default -> {
                add("CAST", "(");
                expression(depth - 1, false);
                add("AS", "bool", ")");
            }
        }
    }

    private void list(int depth) {
        expression(depth - 1, false);
        while (random.nextInt(3) == 0) {
            add(",");
            expression(depth - 1, false);
        }
        add(")");
    }

    private void add(String... more) {
        for (String word : more) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
