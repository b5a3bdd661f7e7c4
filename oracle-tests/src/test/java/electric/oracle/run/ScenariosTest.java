package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was found once, and small, and what is worth a scenario of its own: the files in {@code src/test/scenarios}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenariosTest {
    private static final Path FOLDER = Path.of("src", "test", "scenarios");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private TestSite shared;

    @BeforeAll
    void start() throws SQLException {
        shared = TestSite.shared("scenarios", LIMIT);
    }

    @AfterAll
    void stop() throws SQLException {
        shared.close();
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    @DisplayName("ORACLE-011, ORACLE-028: a scenario is run as it stands in its file")
    void aScenarioOfAFile(Path file) throws Exception {
        Scenario scenario = ScenarioJson.read(Files.readString(file));
        Tally tally = new Tally();
        assertThat(ScenarioRun.of(shared.site(), scenario, tally).map(Failure::headline))
                .isEmpty();
        assertThat(tally.checks())
                .isGreaterThanOrEqualTo(
                        (long) scenario.clients().size() * scenario.steps().size() / 2);
        assertThat(ScenarioJson.read(ScenarioJson.write(scenario))).isEqualTo(scenario);
    }
}
