package electric.sync.ingest;

import java.util.Locale;

/** Why shapes end, as far as it is worth counting apart. The log has the details. */
public enum Ending {
    /** A client asked for it. */
    DELETED,
    /** There were too many, and it was the least recently used. */
    EXPIRED,
    /** Its table is not what it was. */
    SCHEMA,
    /** Its table was emptied. */
    TRUNCATE,
    /** A change could not be written to it, for want of room or worse. */
    CHANGE,
    /** Its snapshot could not be taken. */
    SNAPSHOT,
    /** Changes of its table no longer arrive. */
    PUBLICATION,
    /** All ended, because the stream does not continue what they held. */
    PURGE;

    /** As metrics call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
