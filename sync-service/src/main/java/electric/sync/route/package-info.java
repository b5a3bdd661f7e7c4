/**
 * Knows: from a change to the shapes it may touch: never one too few.
 * Does not know: what a change means to a shape.
 * Door: {@link Router}.
 * Floor: 2.
 * Threads: used under the ingest lock.
 * Hot: {@link Router#followers}.
 */
@NullMarked
package electric.sync.route;

import org.jspecify.annotations.NullMarked;
