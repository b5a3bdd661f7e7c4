package electric.oracle.run;

import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Scenarios that somebody wrote: what several shapes tell fits together after every commit. */
final class NamedScenarios {
    static final List<String> NAMES = List.of("prices", "ledger", "three-tables");

    private NamedScenarios() {}

    static Scenario read(String name) {
        String file = "/electric/oracle/scenario/" + name + ".json";
        try (InputStream bytes = NamedScenarios.class.getResourceAsStream(file)) {
            if (bytes == null) {
                throw new IllegalArgumentException("There is no scenario " + file);
            }
            return ScenarioJson.read(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
