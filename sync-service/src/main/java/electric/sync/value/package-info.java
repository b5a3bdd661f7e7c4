/**
 * Knows: Postgres values without Postgres: reading literals and output, comparing, ordering, calculating, casting, printing.
 * Does not know: columns, expressions, catalogs, connections.
 * Door: {@link PgType} for any type; one class per family, on primitives where the value is one.
 * Floor: 0.
 * Threads: none; everything here is immutable.
 * Hot: reading Postgres's output ({@code parse}) and comparing; cold: literals ({@code input}), printing, casts.
 */
@NullMarked
package electric.sync.value;

import org.jspecify.annotations.NullMarked;
