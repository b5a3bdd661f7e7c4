package electric.oracle;

import java.util.Comparator;

/** A position in a log, as in {@code electric-offset}. */
public record Offset(long tx, long op) implements Comparable<Offset> {
    public static final Offset BEFORE_ALL = new Offset(-1, 0);

    private static final long INF = Long.MAX_VALUE;
    private static final Comparator<Offset> ORDER =
            Comparator.comparingLong(Offset::tx).thenComparingLong(Offset::op);

    static Offset parse(String text) {
        Violation.unless(
                text.matches("(0|[1-9][0-9]*)_(0|[1-9][0-9]*|inf)"), "not an offset in wire form: '" + text + "'");
        int split = text.indexOf('_');
        String op = text.substring(split + 1);
        return new Offset(Long.parseLong(text.substring(0, split)), op.equals("inf") ? INF : Long.parseLong(op));
    }

    /** Inside the snapshot part, or at its end. */
    boolean isVirtual() {
        return tx <= 0;
    }

    boolean isEndOfSnapshot() {
        return tx == 0 && op == INF;
    }

    @Override
    public int compareTo(Offset other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return tx < 0 ? "-1" : tx + "_" + (op == INF ? "inf" : op);
    }
}
