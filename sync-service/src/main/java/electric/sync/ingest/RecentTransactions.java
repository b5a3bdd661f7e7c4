package electric.sync.ingest;

import electric.sync.shape.SnapshotBoundary;

/**
 * The last transactions the stream has begun to deliver. Postgres can stream a transaction before it is visible to a
 * snapshot, for instance while its commit waits for a standby. A shape that is followed only after such a transaction went
 * by, and whose snapshot does not see it, would never get it.
 */
final class RecentTransactions {
    private static final int REMEMBERED = 4096;

    /** Beyond this distance an id may have wrapped, and a transaction that old is visible anyway. */
    private static final int TOO_OLD = 1 << 30;

    private final int[] xids = new int[REMEMBERED];
    private long count;

    void add(int xid) {
        xids[(int) (count++ % REMEMBERED)] = xid;
    }

    /** A mark between the transactions so far and those to come. */
    long mark() {
        return count;
    }

    /** Whether a snapshot misses one of the transactions before a mark. */
    boolean anyMissedBy(SnapshotBoundary boundary, long mark) {
        // There may have been a new beginning since the mark was made.
        for (long i = Math.max(0, count - REMEMBERED); i < Math.min(mark, count); i++) {
            int xid = xids[(int) (i % REMEMBERED)];
            int age = (int) boundary.xmax() - xid;
            if (age < TOO_OLD && !boundary.sees(xid)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        count = 0;
    }
}
