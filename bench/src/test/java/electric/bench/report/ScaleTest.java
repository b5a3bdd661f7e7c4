package electric.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ScaleTest {
    @Test
    void aLinearScaleBeginsAtNothingAndEndsAtARoundNumber() {
        Scale scale = Scale.linear(288_000, 400, 50);
        assertThat(scale.ticks()).containsExactly(0.0, 100_000.0, 200_000.0, 300_000.0);
        assertThat(scale.at(0)).isEqualTo(400);
        assertThat(scale.at(300_000)).isEqualTo(50);
        assertThat(scale.at(150_000)).isEqualTo(225);
    }

    @Test
    void aLinearScaleOfSmallValuesHasSmallSteps() {
        assertThat(Scale.linear(0.5, 0, 1).ticks()).hasSize(6).startsWith(0.0, 0.1);
    }

    @Test
    void aScaleOfNothingCanBeDrawn() {
        assertThat(Scale.linear(0, 0, 100).at(0)).isZero();
    }

    @Test
    void aLogarithmicScaleReachesFromRoundNumberToRoundNumber() {
        Scale scale = Scale.logarithmic(0.68, 150, 0, 100);
        assertThat(scale.least()).isEqualTo(0.5);
        assertThat(scale.most()).isEqualTo(200);
        assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0);
        assertThat(scale.at(0.5)).isZero();
        assertThat(scale.at(10)).isCloseTo(50, within(0.1));
        assertThat(scale.at(200)).isEqualTo(100);
    }

    @Test
    void aLogarithmicScaleOfOneDecadeNamesWhatLiesBetween() {
        assertThat(Scale.logarithmic(12, 45, 0, 100).ticks()).containsExactly(10.0, 20.0, 50.0);
    }

    @Test
    void aLogarithmicScaleOfOneValueIsNotEmpty() {
        Scale scale = Scale.logarithmic(10, 10, 0, 100);
        assertThat(scale.at(10)).isZero();
        assertThat(scale.most()).isEqualTo(100);
    }
}
