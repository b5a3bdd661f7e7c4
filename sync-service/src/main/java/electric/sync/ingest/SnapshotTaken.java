package electric.sync.ingest;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For flight recordings: the snapshot of a new shape, from its first row to its last. */
@Name("electric.SnapshotTaken")
@Label("Snapshot Taken")
@Description("The rows of a new shape, read from Postgres and written into its log")
@Category("Electric")
@StackTrace(false)
final class SnapshotTaken extends Event {
    @Label("Shape")
    String shape = "";

    @Label("Table")
    String table = "";

    @Label("Rows")
    long rows;

    @Label("Waiting")
    @Description("For the table to be published, and for a connection and its turn there")
    @Timespan
    long waiting;
}
