/**
 * Knows: the text of a filter, read exactly as Postgres reads it.
 * Does not know: tables and their columns, types, where a clause comes from.
 * Door: {@link WhereText} {@link ParsedExpr} {@link ParsedSelect} {@link ParsedType} {@link InvalidWhere}.
 * Floor: 1.
 * Threads: any; what is read is immutable.
 * Cold.
 */
@NullMarked
package electric.sync.where;

import org.jspecify.annotations.NullMarked;
