package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.judge.Laws;
import electric.oracle.scenario.Law.Balance;
import electric.oracle.scenario.Law.Partition;
import electric.oracle.scenario.Law.Sum;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several shapes over the same tables, held against each other after every commit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamedScenariosTest {
    /** That each of them has, at least. */
    private static final long COMMITS = 40;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TestSite shared;

    @BeforeAll
    void start() throws SQLException {
        shared = TestSite.shared("named", LIMIT);
    }

    @AfterAll
    void stop() throws SQLException {
        shared.close();
    }

    private static List<String> names() {
        return NamedScenarios.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    @DisplayName("what several shapes tell fits together after every commit")
    void viewsFitTogether(String name) throws Exception {
        Scenario scenario = NamedScenarios.read(name);
        Tally tally = new Tally();
        assertThat(ScenarioRun.of(shared.site(), scenario, tally).map(Failure::headline))
                .isEmpty();
        assertThat(tally.laws()).isGreaterThan(COMMITS * scenario.laws().size());
        assertThat(ScenarioJson.read(ScenarioJson.write(scenario))).isEqualTo(scenario);
    }

    @Test
    void aRowInBothPartsOrInNoneIsAgainstTheLaw() {
        Partition halves = new Partition("all", List.of("low", "high"));
        Map<String, Map<String, String>> one = Map.of("1", Map.of("n", "1"));
        Map<String, Map<String, String>> two = Map.of("2", Map.of("n", "2"));
        Map<String, Map<String, String>> both = Map.of("1", Map.of("n", "1"), "2", Map.of("n", "2"));
        assertThat(Laws.broken(halves, Map.of("all", both, "low", one, "high", two)::get))
                .isEmpty();
        assertThat(Laws.broken(halves, Map.of("all", both, "low", both, "high", two)::get))
                .hasValueSatisfying(words -> assertThat(words).contains("more than one has 2"));
        assertThat(Laws.broken(
                        halves, Map.of("all", both, "low", one, "high", Map.<String, Map<String, String>>of())::get))
                .hasValueSatisfying(words -> assertThat(words).contains("differ in [2]"));
    }

    @Test
    void sumsThatDriftAreAgainstTheLaw() {
        Balance balance = new Balance(List.of(new Sum("a", "n")), List.of(new Sum("b", "m")));
        assertThat(Laws.broken(
                        balance,
                        Map.of("a", Map.of("1", Map.of("n", "1.50")), "b", Map.of("x", Map.of("m", "1.5")))::get))
                .isEmpty();
        assertThat(Laws.broken(
                        balance, Map.of("a", Map.of("1", Map.of("n", "1")), "b", Map.of("x", Map.of("m", "2")))::get))
                .hasValueSatisfying(words -> assertThat(words).endsWith("but 1 is not 2"));
    }
}
