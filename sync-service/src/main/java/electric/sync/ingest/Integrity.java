package electric.sync.ingest;

import electric.sync.ingest.RememberedIdentity.Timeline;
import java.util.Optional;

/** Whether the data kept here continues the history of the database that answered. */
sealed interface Integrity {
    /** Nothing was kept: there is nothing that could be wrong. */
    record FirstStart() implements Integrity {}

    /** The slot has everything since. */
    record Continued() implements Integrity {}

    /**
     * Changes may be missing: all data kept here must go.
     *
     * @param warning why, where it is worth telling
     */
    record Broken(Optional<String> warning) implements Integrity {}

    static Integrity of(Optional<Timeline> previous, Timeline now, boolean slotCreated) {
        if (previous.isEmpty()) {
            return new FirstStart();
        }
        Timeline before = previous.get();
        if (before.broken()) {
            return new Broken(Optional.empty());
        }
        if (!before.systemId().equals(now.systemId())) {
            return new Broken(Optional.of("Detected different Postgres DB, with ID: " + now.systemId()
                    + ". Old Postgres DB had ID " + before.systemId() + "."));
        }
        if (before.timeline() != now.timeline()) {
            return new Broken(Optional.of("Detected PITR to timeline " + now.timeline()));
        }
        return slotCreated ? new Broken(Optional.empty()) : new Continued();
    }
}
