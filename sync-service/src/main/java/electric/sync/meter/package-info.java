/**
 * Knows: what is measured: counters, histograms and gauges, each with a name and one sentence; the machine it runs on.
 * Does not know: what the numbers mean to anybody, who asks for them.
 * Door: {@link Meter} {@link Metric} {@link Counter} {@link Histogram}.
 * Floor: 0.
 * Threads: any.
 * Hot: counting. Whoever counts asks for the counter once and keeps it. Cold: everything else.
 */
@NullMarked
package electric.sync.meter;

import org.jspecify.annotations.NullMarked;
