package electric.oracle.judge;

/** What a client saw of a transaction that changed its view (A), or did not (N). */
public enum Verdict {
    A1("a change, and the view is Postgres's answer", false),
    A2("a change, and the view is not Postgres's answer", true),
    A3("nothing within the limit", true),
    A4("up to date past the transaction, without its change", true),
    A5("told to fetch again", false),
    A6("an error", true),
    A7("an answer that breaks the protocol", true),
    N1("an item that changes nothing", false),
    N2("a change of the view that Postgres knows nothing of", true),
    N3("the end of a long poll without data", false),
    N4("only up to date", false),
    N5("told to fetch again", false),
    N6("an error", true),
    N7("an answer that breaks the protocol", true);

    private final String words;
    private final boolean bug;

    Verdict(String words, boolean bug) {
        this.words = words;
        this.bug = bug;
    }

    public String words() {
        return words;
    }

    public boolean isBug() {
        return bug;
    }

    /** Right, but a shape that ends for every client is dear. */
    public boolean isRefetch() {
        return this == A5 || this == N5;
    }
}
