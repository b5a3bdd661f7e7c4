/**
 * Knows: what Postgres said, as values.
 * Does not know: connections, catalogs, logs, shapes.
 * Door: {@link Lsn} {@link Xid} {@link Relation} {@link Row} {@link Change} {@link WalMessage} {@link Table}.
 * Floor: 0.
 * Threads: none; everything here is immutable once handed out.
 * Hot: {@link Row} and {@link Change}, one of each per replicated change.
 */
@NullMarked
package electric.sync.change;

import org.jspecify.annotations.NullMarked;
