package electric.sync.serve;

import electric.sync.log.LogStore;

/** What asks the database, for tests that have none. */
public final class NoDatabase {
    private NoDatabase() {}

    /** That of a server which nobody asks for a subset. */
    public static Subsets subsets(LogStore store) {
        return new Subsets(
                () -> {
                    throw new AssertionError("no database");
                },
                () -> snapshot -> true,
                over -> {},
                store,
                Runnable::run);
    }
}
