package electric.sync.pg;

/**
 * Bytes on the replication stream that are not what Postgres's protocol says. Nothing was lost, because nothing of it was
 * acknowledged: the connection is given up and the transaction is sent again.
 */
public final class UndecodableMessage extends RuntimeException {
    UndecodableMessage(String message) {
        super(message);
    }
}
