package electric.oracle.generate;

import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import java.util.Optional;

/** Where the transactions of a scenario come from. */
interface TransactionSource {
    Transaction next(int mostStatements, Pace pace);

    /**
     * One that may end shapes.
     *
     * @param number different each time
     */
    Optional<Transaction> disruption(int number);
}
