package electric.oracle.generate;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.judge.Answers;
import electric.oracle.judge.Truth;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.ShapePlan;
import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final Size SIZE = new Size(60, 3, 4, 5);
    private static final int SEEDS = 12;

    private static Scenario scenario(long seed, Size size) {
        return new Generator(new Seed(seed), size).scenario();
    }

    @Test
    @DisplayName("ORACLE-022: one seed makes one scenario, which is the same from its file")
    void aSeedMakesTheSameScenarioEachTime() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Scenario one = scenario(seed, SIZE);
            assertThat(scenario(seed, SIZE)).isEqualTo(one);
            assertThat(ScenarioJson.read(ScenarioJson.write(one))).isEqualTo(one);
        }
        assertThat(scenario(1, SIZE)).isNotEqualTo(scenario(2, SIZE));
    }

    @Test
    @DisplayName("ORACLE-023: more of one thing leaves the others as they are")
    void eachDimensionHasItsOwnStream() {
        Scenario some = scenario(1, SIZE);
        Scenario longer = scenario(1, new Size(SIZE.shapes(), 2 * SIZE.batches(), 7, 5));
        assertThat(longer.shapes()).isEqualTo(some.shapes());
        assertThat(longer.clients()).isEqualTo(some.clients());
        assertThat(longer.ddl()).isEqualTo(some.ddl());
        assertThat(longer.rows()).isEqualTo(some.rows());
        assertThat(longer.steps()).hasSizeGreaterThan(some.steps().size());
        Scenario wider = scenario(1, new Size(2 * SIZE.shapes(), SIZE.batches(), 4, 5));
        assertThat(wider.rows()).isEqualTo(some.rows());
        assertThat(wider.shapes().subList(0, SIZE.shapes())).isEqualTo(some.shapes());
    }

    @Test
    @DisplayName("ORACLE-035: filters have rows on both sides")
    void onAverageAFilterTakesBetweenAFifthAndFourFifthsOfTheRows() throws SQLException {
        Map<FilterClass, List<Double>> shares = new EnumMap<>(FilterClass.class);
        for (int seed = 0; seed < SEEDS; seed++) {
            Scenario scenario = scenario(seed, SIZE);
            String database = TestPostgres.shared().freshDatabase();
            try (Connection connection = TestPostgres.shared().connect(database);
                    Statement statement = connection.createStatement()) {
                for (String sql : scenario.ddl()) {
                    statement.execute(sql);
                }
                for (String sql : scenario.rows()) {
                    statement.execute(sql.replace(Scenario.SCHEMA, "public"));
                }
            }
            try (Truth truth = new Truth(
                    DriverManager.getConnection(TestPostgres.shared().jdbcUrl(database) + "&binaryTransfer=false"),
                    "public",
                    scenario.shapes())) {
                Answers answers = truth.ask();
                for (ShapePlan shape : scenario.shapes()) {
                    shares.computeIfAbsent(shape.filterClass(), one -> new ArrayList<>())
                            .add(answers.share(shape));
                }
            }
        }
        shares.remove(FilterClass.O0);
        shares.forEach((filterClass, theirs) -> assertThat(
                        theirs.stream().mapToDouble(share -> share).average().orElse(0))
                .as("%s, %d filters", filterClass, theirs.size())
                .isBetween(0.2, 0.8));
        assertThat(shares.keySet()).contains(FilterClass.O1, FilterClass.O2);
    }
}
