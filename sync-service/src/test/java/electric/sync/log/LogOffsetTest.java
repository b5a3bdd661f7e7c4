package electric.sync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP-058, HTTP-059, HTTP-188. */
class LogOffsetTest {
    @Test
    void theSnapshotEndsWhereTheChangesBegin() {
        assertThat(LogOffset.BEFORE_ALL.isBeforeSnapshotEnd()).isTrue();
        assertThat(LogOffset.snapshotChunk(3).isBeforeSnapshotEnd()).isTrue();
        assertThat(LogOffset.SNAPSHOT_END.isBeforeSnapshotEnd()).isFalse();
        assertThat(Objects.requireNonNull(LogOffset.parse("500_0")).isBeforeSnapshotEnd())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, -1",
        "-1_0, -1",
        "0_0, 0_0",
        "0_02, 0_2",
        "+3_+4, 3_4",
        "0_inf, 0_inf",
        "26734000_2, 26734000_2",
        "9223372036854775808_0, 9223372036854775808_0",
        "18446744073709551615_0, 18446744073709551615_0",
        "18446744073709551616_0, 18446744073709551615_0",
        "7_99999999999999999999, 7_9223372036854775806",
    })
    void readsEveryFormOfTheWire(String text, String printed) {
        assertThat(LogOffset.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "foo",
                "10",
                "1_2_3",
                "1_2 ",
                " 1_2",
                "10_32.1",
                "_1",
                "1_",
                "-1_1",
                "-1_inf",
                "1_INF",
                "-2_0",
                "1_-1",
                "0x1_0",
                "1__2",
                "++1_2",
                "+_1",
                "1_infinity"
            })
    void refusesEverythingElse(String text) {
        assertThat(LogOffset.parse(text)).isNull();
    }

    @Test
    void ordersByTransactionThenPositionUnsigned() {
        List<LogOffset> ascending = List.of(
                LogOffset.BEFORE_ALL,
                LogOffset.snapshotChunk(0),
                LogOffset.snapshotChunk(10),
                LogOffset.SNAPSHOT_END,
                new LogOffset(1, 0),
                new LogOffset(1, 2),
                new LogOffset(1, LogOffset.INFINITE),
                new LogOffset(0x7FFF_FFFF_FFFF_FFFFL, 0),
                new LogOffset(0x8000_0000_0000_0000L, 0),
                new LogOffset(-1L, 0));
        assertThat(IntStream.range(1, ascending.size()))
                .allSatisfy(i -> assertThat(ascending.get(i - 1)).isLessThan(ascending.get(i)));
    }
}
