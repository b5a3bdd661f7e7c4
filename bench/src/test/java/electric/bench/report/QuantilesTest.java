package electric.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class QuantilesTest {
    @Test
    void aShareOfTheValuesDoesNotExceedItsQuantile() {
        Quantiles quantiles = new Quantiles(new double[] {4, 1, 3, 2});
        assertThat(quantiles.at(0)).isEqualTo(1);
        assertThat(quantiles.at(0.25)).isEqualTo(1);
        assertThat(quantiles.at(0.5)).isEqualTo(2);
        assertThat(quantiles.at(0.51)).isEqualTo(3);
        assertThat(quantiles.at(0.99)).isEqualTo(4);
        assertThat(quantiles.at(1)).isEqualTo(4);
    }

    @Test
    void oneValueIsAllOfItsQuantiles() {
        Quantiles quantiles = new Quantiles(new double[] {7});
        assertThat(quantiles.at(0)).isEqualTo(7);
        assertThat(quantiles.at(0.5)).isEqualTo(7);
        assertThat(quantiles.at(1)).isEqualTo(7);
    }

    @Test
    void nothingHasNoQuantiles() {
        assertThatThrownBy(() -> new Quantiles(new double[0])).hasMessage("nothing was measured");
    }
}
