package electric.sync.shape;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The transaction being applied: what all of its entries have in common, written out when the first of them needs it. */
public final class Transaction {
    private static final byte[] LSN = ascii(",\"lsn\":\"");
    private static final byte[] POSITION = ascii("\",\"op_position\":");
    private static final byte[] XID = ascii(",\"txids\":[");

    private final long lsn;
    private final int xid;
    private @Nullable JsonBytes written;
    private int beforeOp;

    public Transaction(long lsn, int xid) {
        this.lsn = lsn;
        this.xid = xid;
    }

    /** The position of its commit record, which is its place in every log. */
    public long lsn() {
        return lsn;
    }

    public int xid() {
        return xid;
    }

    /** The headers that say where in the stream an entry is. */
    void position(JsonBytes out, int op) {
        JsonBytes known = written;
        if (known == null) {
            known = new JsonBytes(88).raw(LSN).decimal(lsn).raw(POSITION);
            beforeOp = known.length();
            known.raw(XID).decimal(Integer.toUnsignedLong(xid)).raw((byte) ']');
            written = known;
        }
        out.raw(known.array(), 0, beforeOp).decimal(op).raw(known.array(), beforeOp, known.length() - beforeOp);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
