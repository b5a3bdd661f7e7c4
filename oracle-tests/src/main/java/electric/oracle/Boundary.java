package electric.oracle;

import java.util.Set;

/** What the rows of a snapshot can have seen, as in {@code snapshot-end}. */
public record Boundary(long xmin, long xmax, Set<Long> running) {
    public Boundary {
        Violation.unless(xmin <= xmax, "xmin " + xmin + " is beyond xmax " + xmax);
        for (long xid : running) {
            Violation.unless(xid >= xmin && xid < xmax, "xip " + xid + " is outside of " + xmin + "…" + xmax);
        }
        running = Set.copyOf(running);
    }

    /** Whether a transaction, named by the low 32 bits of its id as changes do, is in the snapshot. */
    public boolean sees(long xid32) {
        long xid = (xmax & ~0xFFFF_FFFFL) | xid32;
        if (xid - xmax > 1L << 31) {
            xid -= 1L << 32;
        } else if (xmax - xid > 1L << 31) {
            xid += 1L << 32;
        }
        return xid < xmax && !running.contains(xid);
    }
}
