package electric.oracle.run;

import electric.oracle.judge.Verdict;
import electric.oracle.scenario.Scenario;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes failures of what clients find at a step of a scenario. */
record Failures(Scenario scenario, int step) {
    Failure of(
            Follower follower,
            Verdict verdict,
            String words,
            Optional<Map<String, Map<String, @Nullable String>>> expected,
            Optional<Map<String, Map<String, @Nullable String>>> actual) {
        return new Failure(
                scenario,
                step,
                follower.name(),
                follower.shape(),
                follower.handle(),
                verdict,
                words,
                expected,
                actual,
                follower.client().exchanges());
    }
}
