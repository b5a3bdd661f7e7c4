package electric.oracle.run;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.generate.Generator;
import electric.oracle.generate.Seed;
import electric.oracle.generate.Size;
import electric.oracle.scenario.Scenario;
import electric.oracle.scenario.ScenarioJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle itself is tried: with defects that it must find, and make small. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiesAreFoundTest {
    /** As the smoke profile, but for the shapes: what one lie needs, forty shapes have more than enough of. */
    private static final Size SIZE = new Size(25, 5, 6, 5);

    private static final Seed SEED = new Seed(Long.getLong("oracle.seed", 1));
    private static final int MOST_SCENARIOS = 12;
    private static final int FEW_STATEMENTS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TestSite shared;

    @BeforeAll
    void start() throws SQLException {
        shared = TestSite.shared("lies", LIMIT);
    }

    @AfterAll
    void stop() throws SQLException {
        shared.close();
    }

    /** A few each time; with {@code -Doracle.lies=1}, all. */
    static Stream<Lie> lies() {
        int every = Integer.getInteger("oracle.lies", 6);
        List<Lie> all = List.of(Lie.values());
        return IntStream.iterate(0, i -> i < all.size(), i -> i + every).mapToObj(all::get);
    }

    @ParameterizedTest
    @MethodSource("lies")
    @DisplayName("ORACLE-025, ORACLE-026, ORACLE-037: a defect is found, made small, and told")
    void aLieIsFoundAndMadeSmall(Lie lie, @TempDir Path folder) throws Exception {
        try (Proxy proxy = Proxy.before(shared.site().shapeUrl(), lie, shared.http())) {
            Site site = shared.behind(proxy);
            Failure found = found(site).orElseThrow(() -> new AssertionError(lie + " was not found"));
            System.out.println(lie + " was found: " + found.headline());
            Failure smallest = Oracle.shrunk(site, found, System.out);
            assertThat(Shrinker.statements(smallest.scenario()))
                    .as("statements of %s", ScenarioJson.write(smallest.scenario()))
                    .isLessThanOrEqualTo(FEW_STATEMENTS);
            Path report = FailureFolder.write(folder, "SEED=" + SEED.value(), found, smallest, List.of());
            Scenario again = ScenarioJson.read(Files.readString(report.resolve("scenario.json")));
            assertThat(again).isEqualTo(smallest.scenario());
            assertThat(Files.readString(report.resolve("report.md"))).contains(smallest.headline(), "GET /v1/shape?");
        }
    }

    private static Optional<Failure> found(Site site) throws SQLException, InterruptedException {
        Optional<Failure> failure = Optional.empty();
        for (int n = 0; n < MOST_SCENARIOS && failure.isEmpty(); n++) {
            failure = ScenarioRun.of(site, new Generator(SEED.scenario(n), SIZE).scenario(), new Tally());
        }
        return failure;
    }
}
