/**
 * Knows: the protocol to the letter, requirement by requirement (appendix D of the HTTP specification); a class per section.
 * Does not know: anything inside the server beyond how to start and stop it.
 * Door: none; {@code RequirementsTest} tells which requirements have no test, and why.
 * Floor: outside.
 * Threads: those of the tests.
 * Cold.
 */
@NullMarked
package electric.oracle.http;

import org.jspecify.annotations.NullMarked;
