/**
 * Knows: how to make up scenarios, all of one seed: schemas, rows, filters, transactions, each from a stream of its own.
 * Does not know: servers, clients, what is right.
 * Door: {@link Generator}.
 * Floor: outside.
 * Threads: confined.
 * Cold.
 */
@NullMarked
package electric.oracle.generate;

import org.jspecify.annotations.NullMarked;
