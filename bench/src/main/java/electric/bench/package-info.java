/** Measures a running server from outside, every figure beside a baseline taken in the same run. */
@NullMarked
package electric.bench;

import org.jspecify.annotations.NullMarked;
