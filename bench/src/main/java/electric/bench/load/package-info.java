/**
 * The clients: tens of thousands of connections that cost less than the server they load.
 *
 * <p>Knows: how a client of the protocol reads a shape, waits and listens; when each row arrived. Does not know: what for. Door:
 * {@code Crowd}, {@code ShapeRead}, {@code Deliveries}, {@code Subscription}. Floor: above {@code beside} and {@code report}.
 * Threads: as many event loops as cores; a connection stays on its own. Hot: a delivery allocates nothing.
 */
@NullMarked
package electric.bench.load;

import org.jspecify.annotations.NullMarked;
