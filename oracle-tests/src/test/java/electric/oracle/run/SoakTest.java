package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.generate.Generator;
import electric.oracle.generate.Seed;
import electric.oracle.generate.Size;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Shapes come and go, rows too, and the server takes no more for it. The soak profile does the same for days. */
class SoakTest {
    private static final Seed SEED = new Seed(Long.getLong("oracle.seed", 38));
    private static final Size SIZE = new Size(15, 3, 4, 5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 6;

    @Test
    @DisplayName("ORACLE-038: memory, connections and the log that Postgres keeps stay what they were")
    void takesNoMoreAsItGoesOn() throws Exception {
        System.out.println("seed " + SEED.value());
        try (TestSite shared = TestSite.shared("soak", LIMIT)) {
            Site site = shared.site();
            long pid = ((OwnServer) site.target()).pid();
            run(site, 0, WARM_UP);
            Wear before = Wear.of(site.database(), pid, LIMIT);
            run(site, WARM_UP, ROUNDS);
            Wear after = Wear.of(site.database(), pid, LIMIT);
            System.out.println("before: " + before + "; after: " + after);
            assertThat(before.connections()).isPositive();
            assertThat(after.moreThan(before)).isEmpty();
        }
    }

    @Test
    void whatGrowsIsTold() {
        Wear before = new Wear(300L << 20, 5, 1 << 20);
        assertThat(before.moreThan(before)).isEmpty();
        assertThat(new Wear(600L << 20, 5, 1 << 20).moreThan(before))
                .containsExactly("memory grew from 300 to 600 MiB");
        assertThat(new Wear(300L << 20, 25, 900L << 20).moreThan(before)).hasSize(2);
    }

    private static void run(Site site, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            assertThat(ScenarioRun.of(site, new Generator(SEED.scenario(n), SIZE).scenario(), new Tally())
                            .map(Failure::headline))
                    .isEmpty();
        }
    }
}
