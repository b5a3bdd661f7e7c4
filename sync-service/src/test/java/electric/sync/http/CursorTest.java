package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP-113 … HTTP-115. */
final class CursorTest {
    private static final Duration TWENTY_SECONDS = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-08-01T00:00:07Z");
    private final Random random = new Random(42);

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "57110400", "57110419", "x", "12x", "-5", "1.5", " 1"})
    void isTheEndOfTheIntervalForAllWhoAreBeforeIt(String previous) {
        assertThat(Cursor.next(previous, TWENTY_SECONDS, NOW, random)).isEqualTo("57110420");
    }

    @Test
    void isNowWhenNowIsTheEndOfAnInterval() {
        assertThat(Cursor.next("", TWENTY_SECONDS, Instant.parse("2026-08-01T00:00:20Z"), random))
                .isEqualTo("57110420");
    }

    @ParameterizedTest
    @ValueSource(strings = {"57110420", "57119999", "123456789012345678901234567890"})
    void isLaterThanOneThatIsNotBehind(String previous) {
        for (int i = 0; i < 1000; i++) {
            BigInteger step = new BigInteger(Cursor.next(previous, TWENTY_SECONDS, NOW, random))
                    .subtract(new BigInteger(previous));
            assertThat(step).isBetween(BigInteger.ONE, BigInteger.valueOf(3600));
        }
    }

    @Test
    void isZeroWithoutAnInterval() {
        assertThat(Cursor.next("77", Duration.ofMillis(900), NOW, random)).isEqualTo("0");
    }
}
