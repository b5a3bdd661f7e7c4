/**
 * Knows: what Postgres answers after each commit, in which order transactions committed, and what to think of a client
 * that has something else.
 * Does not know: how servers are run, clients driven or scenarios made.
 * Door: {@link Truth}, {@link Witness}, {@link History}, {@link Verdict}, {@link Laws}.
 * Floor: outside.
 * Threads: one asks Postgres; a history is read by many.
 * Cold.
 */
@NullMarked
package electric.oracle.judge;

import org.jspecify.annotations.NullMarked;
