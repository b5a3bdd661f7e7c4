package electric.sync.serve;

import electric.sync.log.ByteSource;
import electric.sync.log.LogOffset;
import electric.sync.pg.SnapshotIdentity;
import org.jspecify.annotations.Nullable;

/** What a client is told. Whoever gets a {@link Log}, {@link Streamed} or {@link Subset} must close its items. */
public sealed interface Answer {
    /**
     * Items of the log.
     *
     * @param requested the offset that was asked for
     * @param end the offset of the last item, where the client stands after it
     * @param upToDate whether the client is then at the end of the log; a closing up-to-date item is to be added
     * @param lastSeenLsn what that item claims: everything up to here has been delivered
     * @param items the items, comma-separated, without the brackets of the array
     */
    record Log(String handle, LogOffset requested, LogOffset end, boolean upToDate, long lastSeenLsn, ByteSource items)
            implements Answer {}

    /**
     * Items as they come.
     *
     * @param position where the client stands as long as nothing has come
     */
    record Streamed(String handle, LogOffset requested, LogOffset position, boolean upToDate, ItemStream items)
            implements Answer {}

    /**
     * Some rows as they are now, apart from the log.
     *
     * @param position where the client stands in the log
     * @param identity which transactions the rows reflect
     * @param mark the number that tells these rows from those of other subsets
     */
    record Subset(String handle, LogOffset position, SnapshotIdentity identity, int mark, ByteSource items)
            implements Answer {}

    /** A subset cannot be calculated for the rows there are; the message is for whoever asked. */
    record SubsetRefused(String message) implements Answer {}

    /** A live request ran out of time, or one for {@code now}: nothing but an up-to-date item. */
    record NoData(String handle, LogOffset requested, boolean now, LogOffset end, long lastSeenLsn) implements Answer {}

    /** The client already has these bytes. */
    record NotModified(String handle, LogOffset requested, LogOffset end, boolean upToDate) implements Answer {}

    /** The handle is not, or no longer, good for this definition; {@code handle} is the one to use, when one is known. */
    record MustRefetch(@Nullable String handle) implements Answer {}

    /** The offset lies beyond the log, and the log did not get there in time. */
    record OutOfBounds() implements Answer {}

    /**
     * It cannot be done now, and trying again later makes sense.
     *
     * @param known whether the cause is one of the documented ones, which clients may show
     */
    record Unavailable(String message, int retryAfterSeconds, boolean known) implements Answer {}

    /** The filter cannot be calculated for the rows there are; the message is for whoever asked. */
    record Refused(String message) implements Answer {}

    /** It cannot be done; the message is fit for clients. */
    record Failed(String message) implements Answer {}
}
