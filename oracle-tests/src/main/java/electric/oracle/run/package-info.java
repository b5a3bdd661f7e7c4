/**
 * Knows: how to run a scenario against a server and a database, how to make a failing one small, what to write down.
 * Does not know: what is right; {@code judge} says so.
 * Door: {@link Oracle}.
 * Floor: outside.
 * Threads: one runs a scenario; a virtual one per client, and per writer where several write at once.
 * Hot or cold: many clients on few cores, so a client's step counts.
 */
@NullMarked
package electric.oracle.run;

import org.jspecify.annotations.NullMarked;
