package electric.oracle.judge;

import electric.oracle.Boundary;
import electric.oracle.scenario.ShapePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commits of a run in Postgres's order, and the digest of every shape after each where it is known. */
public final class History {
    /** How many answers are kept whole, for reports. */
    private static final int KEPT_WHOLE = 200;

    private final List<Commit> commits = new ArrayList<>();
    private final List<Optional<long[]>> digests = new ArrayList<>();

    public synchronized void add(Commit commit) {
        if (!commits.isEmpty() && commit.lsn() <= commits.getLast().lsn()) {
            throw new IllegalArgumentException(commit + " should come before " + commits.getLast());
        }
        commits.add(commit);
        digests.add(commit.after().map(Answers::digests));
        int forgotten = commits.size() - KEPT_WHOLE;
        if (forgotten >= 0) {
            Commit old = commits.get(forgotten);
            commits.set(forgotten, new Commit(old.number(), old.xid(), old.lsn(), Optional.empty()));
        }
    }

    public synchronized int size() {
        return commits.size();
    }

    public synchronized Commit get(int place) {
        return commits.get(place);
    }

    /** The digest of a shape after the commit at a place. */
    public synchronized Optional<Long> digest(int place, int shape) {
        return digests.get(place).map(all -> all[shape]);
    }

    /** Whether the rows of a shape are others than when they were last known before this commit. */
    public synchronized boolean isAffected(int place, int shape) {
        for (int before = place - 1; before >= 0; before--) {
            if (digests.get(before).isPresent()) {
                return !digest(before, shape).equals(digest(place, shape));
            }
        }
        return true;
    }

    /** The last commit that a snapshot has seen; -1 if none. */
    public synchronized int lastSeenBy(Boundary snapshot) {
        for (int place = commits.size() - 1; place >= 0; place--) {
            if (snapshot.sees(commits.get(place).xid())) {
                return place;
            }
        }
        return -1;
    }

    /** What Postgres answered at the end of all, or at a place that is not long ago. */
    public Optional<Answers> answers(int place) {
        return get(place).after();
    }

    /** Where a shape stands in the digests. */
    public static int place(List<ShapePlan> shapes, ShapePlan shape) {
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).name().equals(shape.name())) {
                return i;
            }
        }
        throw new IllegalArgumentException(shape.name() + " is not among " + shapes.size() + " shapes");
    }
}
