package electric.oracle.run;

import electric.oracle.Exchange;
import electric.oracle.judge.Verdict;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ShapePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client saw and should not have.
 *
 * @param step the last step before it was seen
 * @param words one line
 * @param expected Postgres's rows, where they are known
 * @param actual the client's
 */
record Failure(
        Scenario scenario,
        int step,
        String client,
        ShapePlan shape,
        Optional<String> handle,
        Verdict verdict,
        String words,
        Optional<Map<String, Map<String, @Nullable String>>> expected,
        Optional<Map<String, Map<String, @Nullable String>>> actual,
        List<Exchange> exchanges) {
    String headline() {
        return verdict + " (" + verdict.words() + ") at step " + (step + 1) + " in " + shape.name() + ": " + words;
    }
}
