package electric.oracle.run;

import electric.oracle.scenario.Fault;
import java.util.List;

/** Somebody else's, anywhere. */
record GivenServer(String shapeUrl) implements Target {
    /** @param url of the server, without a path */
    static GivenServer at(String url) {
        return new GivenServer(url.replaceAll("/+$", "") + "/v1/shape");
    }

    @Override
    public List<String> log(String handle) {
        return List.of();
    }

    @Override
    public void restart(Fault how) {
        throw new IllegalArgumentException(
                "A scenario that restarts the server needs the oracle's own: leave ELECTRIC_URL out");
    }

    @Override
    public void close() {
        // It goes on for others.
    }
}
