/**
 * Knows: the protocol as a client sees it, and Postgres as the judge of which rows are right.
 * Does not know: anything inside the server beyond how to start and stop it.
 * Door: {@link RunningServer}, also for the tests of {@code http}; {@link ShapeClient}.
 * Floor: outside.
 * Threads: a virtual one per client and writer of a test.
 * Cold.
 */
@NullMarked
package electric.oracle;

import org.jspecify.annotations.NullMarked;
