/**
 * Knows: what a client follows, how it lives and dies, what a change means to it.
 * Does not know: HTTP, the replication connection, who is waiting.
 * Door: {@link ShapeDefinition} {@link Shape} {@link ShapeRegistry} {@link ShapeWriter} {@link SnapshotBoundary}.
 * Floor: 2.
 * Threads: the registry is shared; a {@link ShapeWriter} is used under the ingest lock only.
 * Hot: {@link ShapeWriter} and its encoding; the rest is cold.
 */
@NullMarked
package electric.sync.shape;

import org.jspecify.annotations.NullMarked;
