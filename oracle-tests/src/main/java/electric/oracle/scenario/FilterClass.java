package electric.oracle.scenario;

/** What a filter asks of a server, simplest first. */
public enum FilterClass {
    O0("none"),
    O1("one that an index finds"),
    O2("any other of the row alone"),
    O3("one subquery"),
    O4("combined subqueries"),
    O5("subqueries where NULL matters"),
    O6("disrupted: truncate, DDL, restart");

    private final String words;

    FilterClass(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
