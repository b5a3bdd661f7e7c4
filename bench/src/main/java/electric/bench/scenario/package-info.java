/**
 * What is measured.
 *
 * <p>Knows: the scenarios, their sizes and what is asked of each. Does not know: how clients speak. Door: {@code Run},
 * {@code Options}. Floor: the highest. Threads: one, which runs them in turn. Cold.
 */
@NullMarked
package electric.bench.scenario;

import org.jspecify.annotations.NullMarked;
