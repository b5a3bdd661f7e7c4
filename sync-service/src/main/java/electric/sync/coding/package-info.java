/**
 * Knows: how the bytes of a log are written in gzip and zstd, once for all who ask, and how a compressed run of items gets
 * something before and behind it.
 * Does not know: HTTP; which client asks for what; what the bytes say.
 * Door: {@link Compression} {@link Coding} {@link Coded}.
 * Floor: 2.
 * Threads: {@code compress-N} do the work; readers come from any thread, each {@code Coded} is used by one.
 * Hot: handing out what is compressed; compressing itself happens once per run of bytes.
 */
@NullMarked
package electric.sync.coding;

import org.jspecify.annotations.NullMarked;
