package electric.sync.http;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** For flight recordings: an answer that is written at the pace of its client. */
@Name("electric.AnswerStreamed")
@Label("Answer Streamed")
@Description("An answer from a log, from its first byte to its last one, at the pace of its client and of the snapshot")
@Category("Electric")
@StackTrace(false)
@Throttle("1000/s")
final class AnswerStreamed extends Event {
    @Label("Bytes")
    @Description("As they are sent, compressed or not")
    @DataAmount
    long bytes;

    @Label("Whole")
    @Description("Whether the client stayed to its end")
    boolean whole;
}
