/**
 * The processes of a measurement: the server, and what stands beside it.
 *
 * <p>Knows: how to start, watch and end them. Does not know: clients, scenarios. Door: {@code Target}, {@code ServerProcess},
 * {@code BareProcess}, {@code Nginx}, {@code RecvLogical}, {@code OsProcess}. Floor: the lowest. Threads: the caller's. Cold, but for
 * {@code BareServer}, which is a process of its own.
 */
@NullMarked
package electric.bench.beside;

import org.jspecify.annotations.NullMarked;
