/**
 * Knows: what the operator says (the environment) and what the operator is told (the log, the metrics).
 * Does not know: clients, shapes, logs of shapes.
 * Door: {@link Settings} {@link InvalidSettings} {@link Secret} {@link Logging} {@link MetricsServer}.
 * Floor: 4.
 * Threads: settings are read once and immutable; any thread may log, one thread writes; one shows metrics.
 * Cold: settings. Logging is bounded so that hot callers never wait for it.
 */
@NullMarked
package electric.sync.ops;

import org.jspecify.annotations.NullMarked;
