package electric.sync.change;

/** One message of the logical replication stream, decoded. */
public sealed interface WalMessage {
    /**
     * A transaction opens. Postgres sends transactions whole, after their commit and in commit order.
     *
     * @param finalLsn the position of the commit record: the transaction's place in every log
     * @param commitTimeMicros since the Unix epoch
     */
    record Begin(long finalLsn, long commitTimeMicros, int xid) implements WalMessage {}

    /** The open transaction is complete. */
    record Commit(long commitLsn, long endLsn) implements WalMessage {}

    /** The description of a table, before its first change and after each change of its definition. */
    record Described(Relation relation) implements WalMessage {}

    /** A row or table changed. */
    record Changed(Change change) implements WalMessage {}

    /** A message that means nothing to us: origin, type, or a logical message an application emitted. */
    record Ignored(char tag) implements WalMessage {}
}
