/**
 * What was measured, for people and for programs.
 *
 * <p>Knows: figures, goals, baselines, curves, pages. Does not know: how it was measured. Door: {@code Report}, {@code Figure},
 * {@code Case}, {@code Quantiles}. Floor: the lowest. Threads: the caller's. Cold.
 */
@NullMarked
package electric.bench.report;

import org.jspecify.annotations.NullMarked;
