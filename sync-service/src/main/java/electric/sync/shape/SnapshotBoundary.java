package electric.sync.shape;

import electric.sync.change.Xid;
import electric.sync.pg.SnapshotIdentity;
import java.util.List;

/**
 * What a snapshot saw: every transaction is either already in it or still to come from the stream, never both (I3).
 * Snapshots name transactions in 64 bits with an epoch, the stream in 32 without: comparison is circular on the low halves.
 *
 * @param xmin everything older is in the snapshot
 * @param xmax everything from here on is not
 * @param inProgress what was running between the two, and is not
 * @param walInsertLsn how far the log had been written when the snapshot existed: a transaction that commits beyond it
 *     cannot be in the snapshot, nor can any after it
 */
public record SnapshotBoundary(long xmin, long xmax, List<Long> inProgress, long walInsertLsn) {
    public SnapshotBoundary {
        inProgress = List.copyOf(inProgress);
    }

    public static SnapshotBoundary of(SnapshotIdentity identity) {
        return new SnapshotBoundary(
                identity.xmin(),
                identity.xmax(),
                identity.inProgress(),
                identity.walInsertLsn().value());
    }

    /** Whether the effects of a transaction are in the snapshot. */
    public boolean sees(int xid) {
        if (Xid.precedes(xid, (int) xmin)) {
            return true;
        }
        if (!Xid.precedes(xid, (int) xmax)) {
            return false;
        }
        for (long running : inProgress) {
            if ((int) running == xid) {
                return false;
            }
        }
        return true;
    }

    /** Whether from this commit on no transaction needs to be compared any more. */
    public boolean isBehind(long commitLsn) {
        return Long.compareUnsigned(commitLsn, walInsertLsn) > 0;
    }

    /** The item that closes the snapshot part of a log. */
    public String closingItem() {
        StringBuilder item = new StringBuilder("{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"")
                .append(Long.toUnsignedString(xmin))
                .append("\",\"xmax\":\"")
                .append(Long.toUnsignedString(xmax))
                .append("\",\"xip_list\":[");
        for (int i = 0; i < inProgress.size(); i++) {
            item.append(i == 0 ? "\"" : ",\"")
                    .append(Long.toUnsignedString(inProgress.get(i)))
                    .append('"');
        }
        return item.append("]}}").toString();
    }
}
