package electric.sync.shape;

/** How the beginning of a shape's snapshot went: everybody who waits for it gets the same. */
public sealed interface StartOutcome {
    /** Rows, or the end of none, can be read. */
    record Started() implements StartOutcome {}

    /** It cannot be done now; the next request tries again. */
    record Unavailable(String message, int retryAfterSeconds, boolean known) implements StartOutcome {}

    /** Postgres does not calculate its filter for the rows there are; the message is for whoever asked. */
    record Refused(String message) implements StartOutcome {}

    /** Something we have no name for; the message is fit for clients. */
    record Failed(String message) implements StartOutcome {}

    /** The shape was removed, or its table changed, while it was being started. */
    record Gone() implements StartOutcome {}
}
