package electric.oracle.generate;

/**
 * How much of everything.
 *
 * @param shapes followed, each by one to three clients
 * @param batches after each of which everybody is judged
 */
public record Size(int shapes, int batches, int transactionsPerBatch, int mutationsPerTransaction) {}
