package electric.sync.serve;

import electric.sync.log.LogStore;
import electric.sync.shape.ShapeRegistry;
import java.time.Duration;

/** What asks the database, for tests that have none. */
public final class NoDatabase {
    private NoDatabase() {}

    /** Whose shapes are begun and ended by the test itself. */
    public static ShapeServer server(ShapeRegistry registry, LogStore store, Duration stream) {
        return new ShapeServer(
                registry,
                () -> 999_999,
                started -> {},
                (over, reason) -> {},
                subsets(store),
                ShapeServer.Patience.withLongPoll(Duration.ofSeconds(20), stream),
                () -> 0);
    }

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
