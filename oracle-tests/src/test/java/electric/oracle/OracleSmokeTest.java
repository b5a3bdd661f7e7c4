package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.run.Oracle;
import electric.sync.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The oracle's shortest profile: made-up tables, shapes and transactions, judged after every commit. */
class OracleSmokeTest {
    private static final long SEED = Long.getLong("oracle.seed", 20261120);

    @Test
    @DisplayName("ORACLE-001 … 009: whatever a client is told it has is what Postgres answers")
    void everyViewIsWhatPostgresAnswers() throws Exception {
        boolean right = Oracle.judge(
                Map.of(
                        "ORACLE_PROFILE",
                        "smoke",
                        "SEED",
                        Long.toString(SEED),
                        "CHECK_TIMEOUT",
                        "60000",
                        "DATABASE_URL",
                        TestPostgres.shared().url(TestPostgres.shared().freshDatabase()) + "?sslmode=disable"),
                System.out);
        assertThat(right).as("see the failure above, seed %d", SEED).isTrue();
    }
}
