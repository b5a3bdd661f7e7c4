package electric.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowsTest {
    private static final String THREE =
            "[{\"key\":\"\\\"public\\\".\\\"t\\\"/\\\"100000\\\"\",\"value\":{\"id\":\"100000\"}},"
                    + "{\"value\":{\"\"id\":\"100001\",\"v\":\"id\"}},{\"value\":{\"v\":\"\\\"id\",\"id\":\"100002\"}}]";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 1000})
    void rowsAreFoundHoweverTheyAreCut(int size) throws Exception {
        Deliveries deliveries = new Deliveries(1, 3);
        Rows rows = new Rows(deliveries, 0);
        byte[] bytes = THREE.getBytes(StandardCharsets.US_ASCII);
        for (int from = 0; from < bytes.length; from += size) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
            rows.look(piece, piece.length, TimeUnit.MILLISECONDS.toNanos(from));
        }
        deliveries.count(3);
        deliveries.await(0);
        assertThat(deliveries.latencies().at(0))
                .isLessThan(deliveries.latencies().at(1) + 1);
    }

    @Test
    void aRowThatIsMissingIsAFailure() {
        Deliveries deliveries = new Deliveries(1, 3);
        look(deliveries, "\"id\":\"100000\" \"id\":\"100002\"");
        assertThatThrownBy(deliveries::check).hasMessageContaining("client 0 got row 2 where row 1 is the next");
    }

    @Test
    void aRowThatComesTwiceIsAFailure() {
        Deliveries deliveries = new Deliveries(1, 3);
        look(deliveries, "\"id\":\"100000\" \"id\":\"100000\"");
        assertThatThrownBy(deliveries::check).hasMessageContaining("client 0 got row 0 where row 1 is the next");
    }

    @Test
    void aRowTooManyIsAFailure() {
        Deliveries deliveries = new Deliveries(1, 1);
        look(deliveries, "\"id\":\"100000\" \"id\":\"100001\"");
        assertThatThrownBy(deliveries::check).hasMessageContaining("client 0 got row 1");
    }

    private static void look(Deliveries deliveries, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        new Rows(deliveries, 0).look(bytes, bytes.length, 0);
    }
}
