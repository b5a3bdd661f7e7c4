package electric.oracle;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The judge of the order in which changes arrive: positions, whole transactions, key changes, and what the snapshot saw. */
final class ChangeOrder {
    private final Boundary snapshot;
    private Offset reached = Offset.BEFORE_ALL;
    private long claimedLsn = -1;
    private @Nullable Change previous;

    /** @param snapshot what must not come again */
    ChangeOrder(Boundary snapshot) {
        this.snapshot = snapshot;
    }

    Boundary snapshot() {
        return snapshot;
    }

    long claimedLsn() {
        return claimedLsn;
    }

    void next(Change change) {
        Violation.unless(change.offset().compareTo(reached) > 0, change.offset() + " after " + reached + ": " + change);
        Violation.unless(
                change.offset().tx() > claimedLsn,
                "everything up to " + claimedLsn + " was said to be told, but here comes " + change);
        for (long txid : change.txids()) {
            Violation.unless(!snapshot.sees(txid), "the snapshot " + snapshot + " has already told " + change);
        }
        Change before = previous;
        if (before != null) {
            boolean sameTransaction = before.offset().tx() == change.offset().tx();
            Violation.unless(sameTransaction != before.last(), "last is wrong on " + before + ", before " + change);
            Violation.unless(
                    !sameTransaction || before.txids().equals(change.txids()),
                    "one transaction, two txids: " + before + ", " + change);
        }
        pair(before, change);
        previous = change;
        reached = change.offset();
    }

    /** The end of the log: no transaction may be left half told. */
    void upToDate(long globalLastSeenLsn) {
        Change before = previous;
        if (before != null) {
            Violation.unless(before.last(), "up to date in the middle of a transaction, after " + before);
            Violation.unless(
                    globalLastSeenLsn >= before.offset().tx(),
                    "up to date at " + globalLastSeenLsn + ", but has told " + before);
        }
        claimedLsn = Math.max(claimedLsn, globalLastSeenLsn);
    }

    /** The halves of a key change come one after the other, at n and n+1. */
    private static void pair(@Nullable Change before, Change change) {
        Optional<String> from =
                before == null || before.keyChangeTo().isEmpty() ? Optional.empty() : Optional.of(before.key());
        Violation.unless(
                change.keyChangeFrom().equals(from), "not the other half of a key change: " + before + ", " + change);
        if (before != null && from.isPresent()) {
            Violation.unless(
                    change.operation() == Operation.INSERT
                            && before.keyChangeTo().equals(Optional.of(change.key()))
                            && change.offset().tx() == before.offset().tx()
                            && change.offset().op() == before.offset().op() + 1,
                    "not the other half of a key change: " + before + ", " + change);
        } else {
            Violation.unless(change.offset().op() % 2 == 0, "an odd op_position outside of a key change: " + change);
        }
    }
}
