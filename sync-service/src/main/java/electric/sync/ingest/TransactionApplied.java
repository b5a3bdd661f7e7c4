package electric.sync.ingest;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;
import jdk.jfr.Unsigned;

/** For flight recordings: a transaction from the stream, from its first message until it could be read everywhere. */
@Name("electric.TransactionApplied")
@Label("Transaction Applied")
@Description("A transaction of the replication stream, from its first message until its shapes were told")
@Category("Electric")
@StackTrace(false)
@Throttle("1000/s")
final class TransactionApplied extends Event {
    @Label("Transaction Id")
    @Unsigned
    long xid;

    @Label("Changes")
    long changes;

    @Label("Row Data")
    @DataAmount
    long bytes;

    @Label("Shapes")
    @Description("Shapes that it was for")
    int shapes;

    @Label("Decoding")
    @Timespan
    long decoding;

    @Label("Routing")
    @Description("Finding the shapes that changes are for, filters included")
    @Timespan
    long routing;

    @Label("Appending")
    @Description("Encoding entries, and writing them into logs")
    @Timespan
    long appending;

    @Label("Publishing")
    @Description("Making entries visible, and telling those who wait")
    @Timespan
    long publishing;
}
