package electric.oracle.run;

import electric.oracle.scenario.Fault;
import java.util.List;

/** The server that is judged. */
sealed interface Target extends AutoCloseable permits OwnServer, GivenServer {
    /** Where shapes are asked for. */
    String shapeUrl();

    /** What it has said about a shape lately, if it can be heard. */
    List<String> log(String handle);

    /** Returns when it is ready again, at the same place. */
    void restart(Fault how);

    @Override
    void close();
}
