/**
 * Knows: a request and the state of a shape in, one answer out; waiting is an answer.
 * Does not know: HTTP, JSON framing, headers.
 * Door: {@link ShapeRequest} {@link Answer} {@link Shapes} {@link ShapeServer}.
 * Floor: 3.
 * Threads: called on event loops, never blocks; answers are delivered on the caller's loop.
 * Hot: waking waiters.
 */
@NullMarked
package electric.sync.serve;

import org.jspecify.annotations.NullMarked;
