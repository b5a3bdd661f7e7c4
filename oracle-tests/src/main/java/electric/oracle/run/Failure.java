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
 * @param step the last step before it was seen, -1 before the first
 * @param words what is wrong, a line or more
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
    private static final String REFUSED = "status 400";
    private static final int MOST_OF_A_LINE = 160;

    String headline() {
        return verdict + " (" + verdict.words() + ") "
                + (step < 0 ? "at the beginning" : "after step " + (step + 1)) + " in " + shape.name() + ": "
                + words.lines().map(Failure::shortened).findFirst().orElse("");
    }

    private static String shortened(String line) {
        return line.length() > MOST_OF_A_LINE ? line.substring(0, MOST_OF_A_LINE) + " …" : line;
    }

    /** Whether another failure is of the same kind, so that one stands for the other. */
    boolean isLike(Failure other) {
        return kind() == other.kind() && words.startsWith(REFUSED) == other.words.startsWith(REFUSED);
    }

    /** The verdict, whether or not the transaction concerned the shape; views are wrong in one way only. */
    private Verdict kind() {
        return switch (verdict) {
            case A2, A4, N2 -> Verdict.A2;
            case A5, N5 -> Verdict.A5;
            case A6, N6 -> Verdict.A6;
            case A7, N7 -> Verdict.A7;
            case A1, A3, N1, N3, N4 -> verdict;
        };
    }
}
