package electric.bench.scenario;

import org.jspecify.annotations.Nullable;

/** Something that can be measured. Wrong, missing or repeated rows end it with an exception. */
interface Scenario {
    String name();

    /** Why it makes no sense here; {@code null} when it does. */
    @Nullable
    String notHere(Run run);

    void run(Run run) throws Exception;
}
