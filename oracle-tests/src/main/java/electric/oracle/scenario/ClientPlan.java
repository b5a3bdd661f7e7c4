package electric.oracle.scenario;

/** Somebody who follows a shape. */
public record ClientPlan(String name, String shape, Way way) {
    /** How a client learns what is new. */
    public enum Way {
        /** Asks when there is something to see. */
        ASKS,
        /** Has a long poll waiting before anything happens. */
        WAITS,
        /** Listens to server-sent events while anything happens. */
        LISTENS,
        /** Is an application with the stock client, there from beginning to end. */
        STOCK
    }
}
