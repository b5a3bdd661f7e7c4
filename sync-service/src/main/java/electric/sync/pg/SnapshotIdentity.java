package electric.sync.pg;

import electric.sync.change.Lsn;
import java.util.ArrayList;
import java.util.List;

/**
 * Which transactions a snapshot sees, as {@code pg_current_snapshot()} says it: unsigned 64-bit ids.
 *
 * @param xmin everything older is seen
 * @param xmax everything from here on is not
 * @param inProgress what was running in between, and is not seen
 * @param walInsertLsn how far the log had been written when the snapshot existed
 */
public record SnapshotIdentity(long xmin, long xmax, List<Long> inProgress, Lsn walInsertLsn) {
    public SnapshotIdentity {
        inProgress = List.copyOf(inProgress);
    }

    /** Reads {@code xmin:xmax:xip,xip}. */
    static SnapshotIdentity parse(String snapshot, String walInsertLsn) {
        int first = snapshot.indexOf(':');
        int second = snapshot.indexOf(':', first + 1);
        if (first < 0 || second < 0) {
            throw new IllegalArgumentException("not a snapshot: " + snapshot);
        }
        List<Long> inProgress = new ArrayList<>();
        int at = second + 1;
        while (at < snapshot.length()) {
            int comma = snapshot.indexOf(',', at);
            int end = comma < 0 ? snapshot.length() : comma;
            inProgress.add(Long.parseUnsignedLong(snapshot, at, end, 10));
            at = end + 1;
        }
        return new SnapshotIdentity(
                Long.parseUnsignedLong(snapshot, 0, first, 10),
                Long.parseUnsignedLong(snapshot, first + 1, second, 10),
                inProgress,
                Lsn.parse(walInsertLsn));
    }
}
