package electric.sync.coding;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For flight recordings: a run of a log that was compressed. */
@Name("electric.RunCompressed")
@Label("Run Compressed")
@Description("A run of a log that was compressed, from the first answer that wanted it to its last byte")
@Category("Electric")
@StackTrace(false)
final class RunCompressed extends Event {
    @Label("Coding")
    String coding = "";

    @Label("From")
    @DataAmount
    long from;

    @Label("To")
    @DataAmount
    long to;

    @Label("Whole")
    @Description("Whether it was compressed to its end")
    boolean whole;
}
