/**
 * Knows: filters: their text as Postgres reads it, their meaning as Postgres's catalogue and rules give it, compiled; the
 * same meaning as SQL.
 * Does not know: where a clause comes from, shapes, connections.
 * Door: {@link Filter} {@link Expr} {@link Type} {@link Types} {@link Predicate} {@link RowValues}
 * {@link FoldedText} {@link Truth} {@link InvalidWhere}.
 * Floor: 1.
 * Threads: any; what is read is immutable. A {@link RowValues} belongs to one thread.
 * Hot: {@link Predicate} and {@link RowValues}; the rest is cold.
 */
@NullMarked
package electric.sync.where;

import org.jspecify.annotations.NullMarked;
