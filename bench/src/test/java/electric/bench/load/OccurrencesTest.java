package electric.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OccurrencesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void theyAreCountedHoweverTheBytesAreCut(int size) {
        byte[] bytes = "[{\"key\":{{\"key\":,{\"ke{\"key\":]".getBytes(StandardCharsets.US_ASCII);
        Occurrences occurrences = new Occurrences("{\"key\":");
        for (int from = 0; from < bytes.length; from += size) {
            occurrences.count(Unpooled.wrappedBuffer(bytes, from, Math.min(size, bytes.length - from)));
        }
        assertThat(occurrences.seen()).isEqualTo(3);
    }
}
