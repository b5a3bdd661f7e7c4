/**
 * Knows: the order in which everything is built, started and stopped; the Postgres of a local trial.
 * Does not know: what any room does once it runs.
 * Door: {@link Main}.
 * Floor: 5.
 * Threads: the main thread, and the one that ends the process.
 * Cold.
 */
@NullMarked
package electric.sync;

import org.jspecify.annotations.NullMarked;
