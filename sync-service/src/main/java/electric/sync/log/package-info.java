/**
 * Knows: append-only bytes at offsets, in chunks that never move once closed.
 * Does not know: what the bytes mean, who reads them, Postgres.
 * Door: {@link LogOffset} {@code ShapeLog} {@code LogTail} {@code SnapshotLog} {@link ByteSource} {@link Extent} {@code LogStore}.
 * Floor: 1.
 * Threads: one writer per log at a time; any number of readers, who see only what was published.
 * Hot: appending and reading.
 */
@NullMarked
package electric.sync.log;

import org.jspecify.annotations.NullMarked;
