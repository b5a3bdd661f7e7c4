/**
 * Knows: from a change to the shapes it is for: never one too few, and without asking the others.
 * Does not know: what a filter means, what a change becomes in a log.
 * Door: {@link Router} {@link Affected}.
 * Floor: 2.
 * Threads: used under the ingest lock.
 * Hot: {@link Router#route}; following and leaving cost what the filter is long.
 */
@NullMarked
package electric.sync.route;

import org.jspecify.annotations.NullMarked;
