/**
 * Knows: speaking to Postgres: connections, catalog, publication, slot, stream, snapshot queries.
 * Does not know: shapes, logs, clients.
 * Door: {@link DatabaseUrl} {@link SslMode} {@link Password} {@link TcpOptions} {@link Connector} {@link Pool}
 * {@link ConnectFailure} {@link DatabaseError} {@link Catalog} {@link TableSchema} {@link DatabaseUnavailable}
 * {@link SnapshotQuery} {@link TableProblem} {@link ServerIdentity} {@link AdvisoryLock} {@link ReplicationSlot}
 * {@link ReplicationStream} {@link PgOutputDecoder} {@link UndecodableMessage}
 * {@link Publication} {@link PublishedTables}.
 * Floor: 1.
 * Threads: each type says.
 * Cold, except the decoder and the snapshot reader.
 */
@NullMarked
package electric.sync.pg;

import org.jspecify.annotations.NullMarked;
