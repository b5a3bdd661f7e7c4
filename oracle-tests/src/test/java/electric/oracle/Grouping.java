package electric.oracle;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;

/**
 * Operands and operators in the order they were written, grouped by the table of precedences in Postgres's manual. Groups
 * are printed with parentheses around each.
 */
final class Grouping {
    static final int OR = 1;
    static final int AND = 2;
    static final int NOT = 3;
    static final int IS = 4;
    static final int COMPARISON = 5;
    static final int LIKE = 6;
    static final int OTHER = 7;
    static final int SUM = 8;
    static final int PRODUCT = 9;
    static final int POWER = 10;
    static final int ZONE = 11;
    static final int COLLATE = 12;
    static final int SIGN = 13;
    static final int SUBSCRIPT = 14;
    static final int CAST = 15;

    /** What stands next to what. */
    sealed interface Item {
        record Operand(String text) implements Item {}

        record Prefix(String symbol, int level) implements Item {}

        record Infix(String symbol, int level) implements Item {}

        record Postfix(String text, int level) implements Item {}

        /** @param symbol with {@code NOT} and {@code SYMMETRIC} */
        record Between(String symbol) implements Item {}

        /** The AND of a {@link Between}. */
        record BetweenAnd() implements Item {}
    }

    private final List<Item> items;
    private int at;

    private Grouping(List<Item> items) {
        this.items = items;
    }

    static String of(List<Item> items) {
        Grouping grouping = new Grouping(items);
        String text = grouping.group(0);
        if (grouping.at < items.size()) {
            throw new IllegalArgumentException("left over: " + items.subList(grouping.at, items.size()));
        }
        return text;
    }

    private String group(int least) {
        String left = switch (items.get(at++)) {
            case Item.Operand operand -> operand.text();
            case Item.Prefix prefix -> "(" + prefix.symbol() + " " + group(prefix.level()) + ")";
            default -> throw new IllegalArgumentException("no operand at " + (at - 1) + " of " + items);
        };
        while (at < items.size()) {
            Item next = items.get(at);
            if (next instanceof Item.Infix infix && infix.level() >= least) {
                at++;
                String right = group(infix.level() + 1);
                left = infix.level() <= AND
                        ? logic(infix.symbol(), List.of(left, right))
                        : "(" + left + " " + infix.symbol() + " " + right + ")";
            } else if (next instanceof Item.Postfix postfix && postfix.level() >= least) {
                at++;
                left = postfix.level() == SUBSCRIPT
                        ? subscripted(left, postfix.text())
                        : "(" + left + " " + postfix.text() + ")";
            } else if (next instanceof Item.Between between && LIKE >= least) {
                at++;
                String low = group(IS);
                if (!(items.get(at++) instanceof Item.BetweenAnd)) {
                    throw new IllegalArgumentException("no AND at " + (at - 1) + " of " + items);
                }
                left = "(" + left + " " + between.symbol() + " " + low + " AND " + group(OTHER) + ")";
            } else {
                return left;
            }
        }
        return left;
    }

    /** One subscript after another are those of one array, whoever reads them. */
    static String subscripted(String array, String subscript) {
        return array.endsWith("]>")
                ? array.substring(0, array.length() - 1) + subscript + ">"
                : "<" + array + subscript + ">";
    }

    /** AND of AND, and OR of OR, is one. */
    static String logic(String word, List<String> operands) {
        List<String> flat = new ArrayList<>();
        for (String operand : operands) {
            boolean same = operand.startsWith("{" + word + ": ");
            flat.add(same ? operand.substring(word.length() + 3, operand.length() - 1) : operand);
        }
        return "{" + word + ": " + flat.stream().collect(joining(" & ")) + "}";
    }
}
