package electric.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {
    private static final int MILLISECOND = 1_000_000;

    @Test
    void latencyIsFromSendingToArrivingAtEachClient() throws Exception {
        Deliveries deliveries = twoClientsWithFourRows();
        assertThat(deliveries.latencies().at(0)).isEqualTo(1);
        assertThat(deliveries.latencies().at(1)).isEqualTo(8);
    }

    @Test
    void rowsThatWereSentTogetherAreThereWhenTheLastClientHasTheLastOfThem() {
        Deliveries deliveries = twoClientsWithFourRows();
        assertThat(deliveries.slowest(2).at(0)).isEqualTo(6);
        assertThat(deliveries.slowest(2).at(1)).isEqualTo(8);
        assertThat(deliveries.slowest(1).at(0)).isEqualTo(5);
    }

    @Test
    void whatHasNotArrivedIsWaitedForInVain() {
        Deliveries deliveries = new Deliveries(2, 1);
        deliveries.count(1);
        assertThatThrownBy(() -> deliveries.await(0))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith("1 of 2 deliveries have not arrived");
    }

    private static Deliveries twoClientsWithFourRows() {
        Deliveries deliveries = new Deliveries(2, 4, 500);
        for (int row = 0; row < 4; row++) {
            deliveries.arrived(0, row, 500 + row, (1L + row) * MILLISECOND);
            deliveries.arrived(1, row, 500 + row, (5L + row) * MILLISECOND);
        }
        return deliveries;
    }
}
