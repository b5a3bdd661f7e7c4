package electric.oracle.generate;

import java.util.HashMap;
import java.util.Map;

/** The subqueries of one level of a filter. Servers need not take one that is used both plain and negated. */
final class Level {
    private final Map<String, Boolean> excluding = new HashMap<>();

    /** Whether it is not there the other way; then it is there from now on. */
    boolean admits(String select, boolean excludes) {
        Boolean there = excluding.putIfAbsent(select, excludes);
        return there == null || there == excludes;
    }

    /** @param underNot whether a NOT stands around it, which turns what it means */
    static String test(String left, String select, boolean excludes, boolean underNot) {
        return "(" + left + (excludes == underNot ? " IN (" : " NOT IN (") + select + "))";
    }
}
