package electric.sync.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1));

    private static List<Long> seconds(int times, Supplier<Duration> next) {
        return Stream.generate(next).limit(times).map(Duration::toSeconds).toList();
    }

    @Test
    void slowsDownToTenSeconds() {
        assertThat(seconds(6, backoff::afterFailedStep)).containsExactly(2L, 4L, 8L, 10L, 10L, 10L);
    }

    @Test
    void reconnectsAtOnceOnlyTheFirstTimeAStreamIsLost() {
        // A stream that is refused right after its start must not be tried for ever at full speed.
        assertThat(seconds(6, backoff::afterLostStream)).containsExactly(0L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void countsLostStreamsAndFailedStepsTogether() {
        assertThat(backoff.afterLostStream()).isZero();
        assertThat(backoff.afterFailedStep()).hasSeconds(2);
        assertThat(backoff.afterLostStream()).hasSeconds(4);
        assertThat(backoff.afterFailedStep()).hasSeconds(8);
    }

    @Test
    void beginsAnewOnceStable() {
        seconds(5, backoff::afterFailedStep);
        backoff.stable();
        assertThat(backoff.afterFailedStep()).hasSeconds(2);
        backoff.stable();
        assertThat(backoff.afterLostStream()).isZero();
    }
}
