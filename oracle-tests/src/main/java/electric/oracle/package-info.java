/**
 * Knows: the protocol as a client sees it: one strict client that materialises a view and believes nothing.
 * Does not know: Postgres, scenarios, or anything inside a server.
 * Door: {@link ShapeClient}; for tests also {@code RunningServer}.
 * Floor: outside.
 * Threads: a client belongs to one at a time, virtual ones mostly.
 * Cold.
 */
@NullMarked
package electric.oracle;

import org.jspecify.annotations.NullMarked;
