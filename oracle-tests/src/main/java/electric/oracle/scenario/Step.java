package electric.oracle.scenario;

import java.util.List;

/** What happens next. */
public sealed interface Step {
    /**
     * Statements that commit together, or not at all where one fails or it is rolled back.
     *
     * @param pace whether everybody is judged before the next step
     */
    record Transaction(List<String> sql, boolean rollback, Pace pace, Effect effect) implements Step {
        public Transaction {
            sql = List.copyOf(sql);
        }

        public static Transaction of(List<String> sql, Pace pace) {
            return new Transaction(sql, false, pace, Effect.ROWS);
        }

        public Transaction withSql(List<String> fewer) {
            return new Transaction(fewer, rollback, pace, effect);
        }

        public Transaction withPace(Pace other) {
            return new Transaction(sql, rollback, other, effect);
        }
    }

    /** Several writers at once, each with its transactions one after the other; everybody is judged at the end. */
    record Together(List<List<Transaction>> writers) implements Step {
        public Together {
            writers = writers.stream().map(List::copyOf).toList();
        }
    }

    /**
     * A transaction whose commit Postgres streams at once and shows to nobody before the batch ends, because it waits for a
     * standby that does not come. On a Postgres that is not the oracle's own it is a transaction like any other.
     */
    record Withheld(Transaction transaction) implements Step {}

    /** A client begins at -1. */
    record Join(String client) implements Step {}

    /** A client is gone, and begins at -1 if it joins again. */
    record Leave(String client) implements Step {}

    /** A client has lost what it had, and begins at -1 when the batch begins. */
    record Forget(String client) implements Step {}

    /**
     * Something breaks.
     *
     * @param errors whether requests may fail until the batch ends, if they are answered in the end
     */
    record Break(Fault fault, boolean errors) implements Step {}

    enum Pace {
        WAIT,
        NO_WAIT
    }

    /** What a transaction may do to shapes. */
    enum Effect {
        /** Changes rows, and no shape may end of it. */
        ROWS,
        /** Truncates or alters: clients may be told to fetch again. */
        DISRUPTION
    }
}
