/**
 * Knows: what a client follows, how it lives and dies, what a change means to it.
 * Does not know: HTTP, the replication connection, who is waiting.
 * Door: {@link ShapeDefinition} {@code Shape} {@code ShapeRegistry} {@code ShapeWriter} {@code SnapshotBoundary}.
 * Floor: 2.
 * Threads: the registry is shared; a {@code ShapeWriter} is used under the ingest lock only.
 * Hot: {@code ShapeWriter} and its encoding; the rest is cold.
 */
@NullMarked
package electric.sync.shape;

import org.jspecify.annotations.NullMarked;
