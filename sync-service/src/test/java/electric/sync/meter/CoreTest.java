package electric.sync.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoreTest {
    private static final String SUM = "cpu  100 0 100 800 0 0 0 0 0 0";

    @Test
    void isBusyWithAllButIdlingAndWaitingForDisksSinceTheLastLook() {
        List<Core> cores =
                Core.all(List.of(SUM, "cpu0 10 0 10 80 0 0 0 0 0 0", "cpu12 0 0 0 0 0 0 0 0 0 0", "intr 12 0 3"));
        assertThat(cores).extracting(Core::number).containsExactly(0, 12);
        // Of 100 more, 60 are idle or waiting; the last two columns are part of the first.
        List<String> later = List.of("cpu0 20 5 30 120 20 2 2 1 7 7", "cpu12 50 0 50 0 0 0 0 0 0 0");
        assertThat(cores.get(0).percentBusy(later)).isEqualTo(40);
        assertThat(cores.get(1).percentBusy(later)).isEqualTo(100);
    }

    @Test
    void allCoresTogetherAreTheFirstLine() {
        Core together = Core.together(List.of(SUM, "cpu0 10 0 10 80 0 0 0 0 0 0"));
        assertThat(together.percentBusy(List.of("cpu  150 0 150 900 0 0 0 0 0 0", "cpu0 1 0 0 0 0 0 0 0 0 0")))
                .isEqualTo(50);
    }

    @Test
    void tellsTheSameAgainWhenNoTimeHasPassedAndNothingOfACoreThatIsOff() {
        Core core = Core.all(List.of("cpu0 1 0 0 3 0 0 0 0 0 0")).getFirst();
        assertThat(core.percentBusy(List.of("cpu0 1 0 0 3 0 0 0 0 0 0"))).isEqualTo(25);
        assertThat(core.percentBusy(List.of("cpu1 1 0 0 3 0 0 0 0 0 0"))).isNaN();
    }
}
