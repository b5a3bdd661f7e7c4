/**
 * Knows: one thread turns the stream and the snapshots into logs, and tells Postgres what it may forget.
 * Does not know: HTTP, clients, who waits for what.
 * Door: {@link Ingest} {@link Replication} {@link ChangeSink} {@link RememberedIdentity} {@link Readiness}
 * {@link UnrecoverableStream}.
 * Floor: 3.
 * Threads: the replication thread and its timer; snapshot workers; shapes are changed only under the ingest lock.
 * Hot: applying changes; connecting and reconnecting is cold.
 */
@NullMarked
package electric.sync.ingest;

import org.jspecify.annotations.NullMarked;
