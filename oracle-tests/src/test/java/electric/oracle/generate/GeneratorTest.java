package electric.oracle.generate;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.judge.Answers;
import electric.oracle.judge.Truth;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Effect;
import electric.oracle.scenario.Step.Transaction;
import electric.sync.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final Size SIZE = new Size(60, 3, 4, 5);
    private static final int SEEDS = 12;
    private static final Set<FilterClass> SUBQUERIES = EnumSet.of(FilterClass.O3, FilterClass.O4, FilterClass.O5);

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
        assertThat(wider.shapes()).containsSubsequence(some.shapes());
    }

    @Test
    @DisplayName("ORACLE-035: filters have rows on both sides")
    void onAverageAFilterTakesBetweenAFifthAndFourFifthsOfTheRows() throws SQLException {
        Map<FilterClass, List<Double>> shares = new EnumMap<>(FilterClass.class);
        for (int seed = 0; seed < SEEDS; seed++) {
            addShares(scenario(seed, SIZE), shares);
        }
        assertThat(shares).containsOnlyKeys(FilterClass.USUAL);
        assertThatSharesAreFair(shares);
    }

    @Test
    @DisplayName("ORACLE-035: filters with subqueries have rows on both sides, and Postgres takes all of them")
    void onAverageASubqueryTakesBetweenAFifthAndFourFifthsOfTheRows() throws SQLException {
        Map<FilterClass, List<Double>> shares = new EnumMap<>(FilterClass.class);
        for (int seed = 0; seed < 3 * SEEDS; seed++) {
            addShares(withSubqueries(seed, SIZE), shares);
        }
        assertThat(shares.keySet()).containsAll(SUBQUERIES);
        assertThatSharesAreFair(shares);
    }

    @Test
    @DisplayName("ORACLE-035: transactions affect shapes of subqueries, and do not")
    void everyClassOfSubqueriesIsAffectedAndIsNot() throws SQLException {
        Map<FilterClass, Integer> affecting = new EnumMap<>(FilterClass.class);
        Map<FilterClass, Integer> others = new EnumMap<>(FilterClass.class);
        for (int seed = 0; seed < SEEDS / 2; seed++) {
            Scenario scenario = withSubqueries(seed, SIZE);
            String database = databaseOf(scenario);
            try (Connection writer = TestPostgres.shared().connect(database);
                    Truth truth = truth(database, scenario)) {
                Answers before = truth.ask();
                for (Step step : scenario.steps()) {
                    if (!(step instanceof Transaction transaction)
                            || transaction.rollback()
                            || transaction.effect() != Effect.ROWS) {
                        continue;
                    }
                    run(transaction, writer);
                    Answers after = truth.ask();
                    for (ShapePlan shape : scenario.shapes()) {
                        boolean affected = before.digest(shape) != after.digest(shape);
                        (affected ? affecting : others).merge(shape.filterClass(), 1, Integer::sum);
                    }
                    before = after;
                }
            }
        }
        for (FilterClass one : SUBQUERIES) {
            int affected = affecting.getOrDefault(one, 0);
            int unaffected = others.getOrDefault(one, 0);
            assertThat((double) affected / (affected + unaffected))
                    .as("%s: %d affected, %d not", one, affected, unaffected)
                    .isBetween(0.02, 0.98);
        }
    }

    @Test
    void onlyTheClassesThatAreWantedAreMade() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(scenario(seed, SIZE).shapes()).allSatisfy(shape -> {
                assertThat(shape.where().orElse("")).doesNotContain("SELECT");
                assertThat(FilterClass.USUAL).contains(shape.filterClass());
            });
            for (FilterClass one : FilterClass.values()) {
                if (one != FilterClass.O6) {
                    assertThat(scenario(seed, SIZE, Set.of(one)).shapes())
                            .extracting(ShapePlan::filterClass)
                            .containsOnly(one);
                }
            }
        }
    }

    @Test
    void aFilterIsOfTheClassThatItsSubqueriesMakeIt() {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (ShapePlan shape : withSubqueries(seed, SIZE).shapes()) {
                String where = shape.where().orElse("");
                int subqueries = where.split("SELECT", -1).length - 1;
                switch (shape.filterClass()) {
                    case O0, O1, O2 -> assertThat(subqueries).as(where).isZero();
                    case O3 -> assertThat(subqueries).as(where).isEqualTo(1);
                    case O4 -> assertThat(subqueries).as(where).isPositive();
                    case O5 -> assertThat(where).contains("NOT IN (SELECT");
                    case O6 -> throw new AssertionError(where);
                }
            }
        }
    }

    private static Scenario withSubqueries(long seed, Size size) {
        return scenario(seed, size, EnumSet.complementOf(EnumSet.of(FilterClass.O6)));
    }

    private static Scenario scenario(long seed, Size size, Set<FilterClass> classes) {
        return new Generator(new Seed(seed), size, FaultPlan.NONE, 0, classes).scenario();
    }

    private static void run(Transaction transaction, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : transaction.sql()) {
                statement.execute(sql.replace(Scenario.SCHEMA, "public"));
            }
        }
        connection.commit();
    }

    private static String databaseOf(Scenario scenario) throws SQLException {
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
        return database;
    }

    private static Truth truth(String database, Scenario scenario) throws SQLException {
        return new Truth(
                DriverManager.getConnection(TestPostgres.shared().jdbcUrl(database) + "&binaryTransfer=false"),
                "public",
                scenario.shapes());
    }

    private static void addShares(Scenario scenario, Map<FilterClass, List<Double>> shares) throws SQLException {
        try (Truth truth = truth(databaseOf(scenario), scenario)) {
            Answers answers = truth.ask();
            for (ShapePlan shape : scenario.shapes()) {
                shares.computeIfAbsent(shape.filterClass(), one -> new ArrayList<>())
                        .add(answers.share(shape));
            }
        }
    }

    private static void assertThatSharesAreFair(Map<FilterClass, List<Double>> shares) {
        shares.remove(FilterClass.O0);
        shares.forEach((filterClass, theirs) -> assertThat(
                        theirs.stream().mapToDouble(share -> share).average().orElse(0))
                .as("%s, %d filters", filterClass, theirs.size())
                .isBetween(0.2, 0.8));
    }
}
