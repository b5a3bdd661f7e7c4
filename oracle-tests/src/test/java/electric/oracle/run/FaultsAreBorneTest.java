package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.NodeClient;
import electric.oracle.ShapeDefinition.Replica;
import electric.oracle.scenario.ClientPlan;
import electric.oracle.scenario.ClientPlan.Way;
import electric.oracle.scenario.Fault;
import electric.oracle.scenario.FilterClass;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.ShapePlan;
import electric.oracle.scenario.Step;
import electric.oracle.scenario.Step.Break;
import electric.oracle.scenario.Step.Forget;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever breaks, no client loses anything or sees it twice, and none is told to fetch again unless it has to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsAreBorneTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROUNDS = 1;

    private TestPostgres postgres;
    private TestSite own;

    @BeforeAll
    void start() throws IOException, SQLException {
        NodeClient.install();
        postgres = TestPostgres.start(Map.of());
        own = TestSite.beside(postgres, postgres.freshDatabase(), LIMIT);
    }

    @AfterAll
    void stop() throws IOException, SQLException {
        own.close();
        postgres.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "ORACLE-017, ORACLE-018, ORACLE-036: after a fault every view is Postgres's answer, without loss or repetition")
    void viewsAreRightAfter(Fault fault) throws Exception {
        Tally tally = new Tally();
        assertThat(ScenarioRun.of(own.site(), scenario(new Break(fault, true)), tally)
                        .map(Failure::headline))
                .isEmpty();
        assertThat(tally.checks()).isGreaterThan(ROUNDS * 10);
    }

    @Test
    void errorsThatNobodyAllowedAreFound() throws Exception {
        assertThat(ScenarioRun.of(own.site(), scenario(new Break(Fault.ANSWERS_CUT, false)), new Tally()))
                .map(failure -> failure.verdict().isBug())
                .contains(true);
    }

    @Test
    void faultsAreWrittenWithTheScenario() {
        Scenario scenario = scenario(new Break(Fault.SLOT_DROPPED, true));
        assertThat(ScenarioJson.read(ScenarioJson.write(scenario))).isEqualTo(scenario);
    }

    private static Scenario scenario(Break breaks) {
        List<ShapePlan> shapes = List.of(shape("all", Optional.empty()), shape("some", Optional.of("n % 3 = 0")));
        List<ClientPlan> clients = new ArrayList<>();
        for (ShapePlan shape : shapes) {
            for (Way way : Way.values()) {
                clients.add(new ClientPlan(shape.name() + "-" + way, shape.name(), way));
            }
        }
        List<Step> steps = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            steps.add(transaction(
                    Pace.NO_WAIT,
                    "INSERT INTO t SELECT g, g, repeat('x', 200) FROM generate_series(" + round * 100 + ", "
                            + (round * 100 + 40) + ") AS g"));
            steps.add(breaks);
            steps.add(transaction(Pace.NO_WAIT, "UPDATE t SET n = n + 1 WHERE id % 2 = 0"));
            steps.add(transaction(Pace.NO_WAIT, "DELETE FROM t WHERE id % 7 = " + round));
            steps.add(transaction(Pace.WAIT, "UPDATE t SET id = -id WHERE id % 11 = " + round));
            steps.add(new Forget("some-" + Way.WAITS));
            steps.add(transaction(Pace.WAIT, "UPDATE t SET n = n - 1"));
        }
        return new Scenario(
                "A table while this happens: " + breaks.fault().words(),
                List.of("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, filling text)"),
                List.of("INSERT INTO t SELECT g, g, repeat('y', 100) FROM generate_series(1, 50) AS g"),
                shapes,
                clients,
                steps);
    }

    private static ShapePlan shape(String name, Optional<String> where) {
        return new ShapePlan(name, FilterClass.O2, "t", Optional.empty(), where, List.of(), Replica.DEFAULT);
    }

    private static Transaction transaction(Pace pace, String... sql) {
        return Transaction.of(List.of(sql), pace);
    }
}
