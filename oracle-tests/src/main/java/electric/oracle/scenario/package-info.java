/**
 * Knows: what a run does, as pure data: tables, rows, shapes, clients, steps. The same as JSON.
 * Does not know: how it is made up, run or judged.
 * Door: {@link Scenario}.
 * Floor: outside.
 * Threads: values.
 * Cold.
 */
@NullMarked
package electric.oracle.scenario;

import org.jspecify.annotations.NullMarked;
