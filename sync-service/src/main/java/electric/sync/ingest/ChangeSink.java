package electric.sync.ingest;

import electric.sync.change.Lsn;
import electric.sync.change.WalMessage;

/** Where the stream goes. Everything is called on the replication thread, nothing of it may wait for clients. */
public interface ChangeSink {
    /**
     * A stream begins.
     *
     * @param consumed transactions up to and including this position are done; they may be sent again all the same
     */
    void started(Lsn consumed);

    /**
     * The next message, in order. When it was a commit, the transaction went everywhere it had to go when this returns.
     * What is thrown ends the connection, and the transaction will be sent again.
     *
     * @throws UnrecoverableStream when it would be no better then
     */
    void message(WalMessage message);

    /**
     * Between transactions: Postgres has nothing for us up to and including this position that was not handed on. Comes
     * often, mostly with what is known.
     */
    void quiet(Lsn position);

    /** The stream ended. A transaction that is open is not going to be completed: it will be sent again as a whole. */
    void interrupted();

    /** Nothing that is kept continues the database's history: forget all shapes and all that was derived from them. */
    void purge();
}
