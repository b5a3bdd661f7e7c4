package electric.sync.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ops spec §5.4 and §4.13; PG-083, regression 18. */
class SnapshotBoundaryTest {
    private static SnapshotBoundary boundary(long xmin, long xmax, Long... running) {
        return new SnapshotBoundary(xmin, xmax, List.of(running), 1000);
    }

    @Test
    void seesWhatEndedBeforeItAndNothingThatRanOrCameLater() {
        SnapshotBoundary boundary = boundary(10, 20, 10L, 15L);
        assertThat(boundary.sees(9)).isTrue();
        assertThat(boundary.sees(10)).isFalse();
        assertThat(boundary.sees(12)).isTrue();
        assertThat(boundary.sees(15)).isFalse();
        assertThat(boundary.sees(19)).isTrue();
        assertThat(boundary.sees(20)).isFalse();
        assertThat(boundary.sees(21)).isFalse();
    }

    @Test
    void comparesTheLowHalvesInLaterEpochs() {
        long epoch = 3L << 32;
        SnapshotBoundary boundary = boundary(epoch + 10, epoch + 20, epoch + 15);
        assertThat(boundary.sees(9)).isTrue();
        assertThat(boundary.sees(15)).isFalse();
        assertThat(boundary.sees(19)).isTrue();
        assertThat(boundary.sees(20)).isFalse();
    }

    @Test
    void comparesAcrossTheWrap() {
        SnapshotBoundary boundary = boundary((1L << 32) - 5, (1L << 32) + 10, (1L << 32) - 2, (1L << 32) + 4);
        assertThat(boundary.sees(-6)).isTrue();
        assertThat(boundary.sees(-3)).isTrue();
        assertThat(boundary.sees(-2)).isFalse();
        assertThat(boundary.sees(3)).isTrue();
        assertThat(boundary.sees(4)).isFalse();
        assertThat(boundary.sees(10)).isFalse();
        assertThat(boundary.sees(1_000_000)).isFalse();
    }

    @Test
    void isBehindOnlyCommitsBeyondWhatWasWritten() {
        SnapshotBoundary boundary = boundary(1, 2);
        assertThat(boundary.isBehind(1000)).isFalse();
        assertThat(boundary.isBehind(1001)).isTrue();
        assertThat(boundary.isBehind(-1)).isTrue();
    }

    @Test
    void closesTheSnapshotWithStrings() { // HTTP-144, PG-092
        assertThat(boundary(741, 743, 742L).closingItem())
                .isEqualTo(
                        "{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"741\",\"xmax\":\"743\",\"xip_list\":[\"742\"]}}");
        assertThat(boundary(1, 1).closingItem()).contains("\"xip_list\":[]");
    }
}
