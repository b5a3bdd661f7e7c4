package electric.sync.ingest;

import electric.sync.change.Lsn;

/**
 * What Postgres may be told to forget (invariant I1): never a transaction that is not yet safe everywhere it went.
 *
 * <p>Every position here is the last one that is done, so that Postgres is told the position after it.
 *
 * <p>Threads: the replication thread. Positions only grow.
 */
final class Acknowledgement {
    private Lsn received;
    private Lsn flushed;

    /** The last transaction that was applied. */
    private Lsn seen;

    /** Everything up to here is safe. */
    private Lsn confirmed;

    /** @param position where the stream starts: the first position that is not done */
    Acknowledgement(Lsn position) {
        received = before(position);
        flushed = received;
        seen = received;
        confirmed = received;
    }

    /** The transaction went everywhere it had to go, though perhaps not safely yet. */
    void transactionApplied(Lsn finalLsn) {
        seen = Lsn.max(seen, finalLsn);
        received = Lsn.max(received, finalLsn);
        advance();
    }

    /** Everything up to here is safe. */
    void flushBoundary(Lsn boundary) {
        confirmed = Lsn.max(confirmed, boundary);
        advance();
    }

    /**
     * Postgres has nothing for us before this position. Without this, a database that is busy elsewhere would keep its log
     * for us for ever.
     *
     * <p>The position itself is not done: a commit record that Postgres has not read yet may start exactly there.
     */
    void keepAlive(Lsn position, boolean insideTransaction) {
        if (!insideTransaction) {
            received = Lsn.max(received, before(position));
            advance();
        }
    }

    Lsn received() {
        return received;
    }

    Lsn flushed() {
        return flushed;
    }

    private void advance() {
        boolean upToDate = confirmed.compareTo(seen) >= 0;
        flushed = Lsn.max(flushed, upToDate ? received : confirmed);
    }

    private static Lsn before(Lsn position) {
        return position.equals(Lsn.ZERO) ? position : new Lsn(position.value() - 1);
    }
}
