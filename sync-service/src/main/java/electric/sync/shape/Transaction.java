package electric.sync.shape;

import java.nio.charset.StandardCharsets;

/** The transaction being applied: what all of its entries have in common, written out once. */
public final class Transaction {
    private final long lsn;
    private final int xid;
    final byte[] beforePosition;
    final byte[] afterPosition;

    public Transaction(long lsn, int xid) {
        this.lsn = lsn;
        this.xid = xid;
        this.beforePosition = (",\"lsn\":\"" + Long.toUnsignedString(lsn) + "\",\"op_position\":")
                .getBytes(StandardCharsets.US_ASCII);
        this.afterPosition = (",\"txids\":[" + Integer.toUnsignedString(xid) + "]").getBytes(StandardCharsets.US_ASCII);
    }

    /** The position of its commit record, which is its place in every log. */
    public long lsn() {
        return lsn;
    }

    public int xid() {
        return xid;
    }
}
