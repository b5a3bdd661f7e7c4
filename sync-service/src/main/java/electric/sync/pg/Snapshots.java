package electric.sync.pg;

/** Where snapshots come from. */
@FunctionalInterface
public interface Snapshots {
    SnapshotQuery begin() throws TableProblem;
}
