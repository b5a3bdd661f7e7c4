package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import electric.oracle.scenario.Step.Pace;
import electric.oracle.scenario.Step.Transaction;
import electric.sync.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commits that are streamed before they are visible. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateCommitTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TestPostgres postgres;
    private String database;
    private TestSite own;

    @BeforeAll
    void start() throws IOException, SQLException {
        postgres = TestPostgres.start(Oracle.POSTGRES);
        database = postgres.freshDatabase();
        own = TestSite.beside(postgres, database, LIMIT);
    }

    @AfterAll
    void stop() throws IOException, SQLException {
        own.close();
        postgres.close();
    }

    @Test
    void aWithheldCommitIsVisibleToNobodyUntilItIsReleased() throws Exception {
        postgres.sql(database, "CREATE SCHEMA one", "CREATE TABLE one.t (id int)");
        Writer writer = new Writer(own.site().database(), "one", new AtomicInteger(), new Tally());
        LateCommit late =
                LateCommit.of(Transaction.of(List.of("INSERT INTO t VALUES (1)"), Pace.NO_WAIT), writer, own.site());
        assertThat(rows()).isEqualTo("0");
        postgres.sql(database, "INSERT INTO one.t VALUES (2)");
        assertThat(rows()).isEqualTo("1");
        assertThat(late.release()).isPresent();
        assertThat(rows()).isEqualTo("2");
    }

    private String rows() throws SQLException {
        return postgres.ask(database, "SELECT count(*) FROM one.t").getFirst();
    }

    @Test
    @DisplayName("who begins between a commit's place in the log and its being visible holds it exactly once")
    void snapshotsTakenMeanwhileMissNothing() throws Exception {
        Scenario scenario =
                ScenarioJson.read(Files.readString(Path.of("src", "test", "scenarios", "withheld-commits.json")));
        Tally tally = new Tally();
        assertThat(ScenarioRun.of(own.site(), scenario, tally).map(Failure::headline))
                .isEmpty();
        assertThat(tally.checks()).isGreaterThan(scenario.clients().size());
    }
}
