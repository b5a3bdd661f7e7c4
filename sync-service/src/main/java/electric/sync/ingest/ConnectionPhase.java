package electric.sync.ingest;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For flight recordings: how long each phase of the connection to Postgres lasted. */
@Name("electric.ConnectionPhase")
@Label("Connection Phase")
@Description("A phase of the connection to the database: connecting, finding the slot, streaming, and so on")
@Category("Electric")
@StackTrace(false)
final class ConnectionPhase extends Event {
    @Label("Phase")
    String phase = "";

    @Label("Outcome")
    @Description("The phase that followed")
    String outcome = "";
}
