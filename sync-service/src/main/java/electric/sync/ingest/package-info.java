/**
 * Knows: one thread turns the stream and the snapshots into logs, and tells Postgres what it may forget.
 * Does not know: HTTP, clients, who waits for what.
 * Door: {@code Ingest} {@link Readiness}.
 * Floor: 3.
 * Threads: the replication thread; snapshot workers; both change shapes only under the ingest lock.
 * Hot: applying changes; connecting and reconnecting is cold.
 */
@NullMarked
package electric.sync.ingest;

import org.jspecify.annotations.NullMarked;
