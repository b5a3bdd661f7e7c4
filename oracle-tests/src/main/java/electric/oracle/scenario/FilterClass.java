package electric.oracle.scenario;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a filter asks of a server, simplest first. */
public enum FilterClass {
    O0("none"),
    O1("one that an index finds"),
    O2("any other of the row alone"),
    O3("one subquery"),
    O4("combined subqueries"),
    O5("subqueries where NULL matters"),
    O6("disrupted: truncate, DDL, restart");

    /** Those that servers are asked for unless a run says otherwise. */
    public static final Set<FilterClass> USUAL = usual();

    private final String words;

    FilterClass(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** Why a server is not asked for filters of it, unless a run says so. */
    public Optional<String> offBecause() {
        return switch (this) {
            case O0, O1, O2 -> Optional.empty();
            case O3, O4, O5 -> Optional.of("subqueries are not available in this version");
            case O6 -> Optional.of("it is what happens to shapes, not a filter");
        };
    }

    public boolean isOfSubqueries() {
        return this == O3 || this == O4 || this == O5;
    }

    /** Whether a server may end a shape where it could have told the change: NULL comes into a view that is negated, or goes. */
    public boolean mayRefetch() {
        return this == O5;
    }

    private static Set<FilterClass> usual() {
        Set<FilterClass> usual = EnumSet.noneOf(FilterClass.class);
        Arrays.stream(values()).filter(one -> one.offBecause().isEmpty()).forEach(usual::add);
        return Collections.unmodifiableSet(usual);
    }
}
