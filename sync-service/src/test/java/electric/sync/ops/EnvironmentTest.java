package electric.sync.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of reading: CFG-017 to CFG-019. */
class EnvironmentTest {
    private static Environment with(Variable variable, String value) {
        return new Environment(Map.of(variable.key, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "false", "False", "FALSE"})
    void readsAsFalse(String text) {
        assertThat(with(Variable.INSECURE, text).bool(Variable.INSECURE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "1", "yes", "no", "off", "00", " ", "f"})
    void readsAsTrue(String text) {
        assertThat(with(Variable.INSECURE, text).bool(Variable.INSECURE)).isTrue();
    }

    @Test
    void refusesAnEmptyBooleanWhereOneIsNeeded() {
        assertThatThrownBy(() -> with(Variable.LOG_COLORS, "").nonEmptyBool(Variable.LOG_COLORS))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("Error converting variable ELECTRIC_LOG_COLORS to boolean!: non-empty value required");
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "0, 0", "7, 7", "0042, 42", "2147483647, 2147483647"})
    void readsIntegers(String text, int expected) {
        assertThat(with(Variable.DB_POOL_SIZE, text).integer(Variable.DB_POOL_SIZE))
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "20s", "1.5", " 20", "20 ", "+1", "1e3", "0x10", "٣", "-"})
    void refusesWhatIsNoInteger(String text) {
        assertThatThrownBy(() -> with(Variable.DB_POOL_SIZE, text).integer(Variable.DB_POOL_SIZE))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("Error converting variable ELECTRIC_DB_POOL_SIZE to integer: Unparsable as integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-3", "2147483648", "99999999999999999999999"})
    void refusesIntegersOutOfRange(String text) {
        assertThatThrownBy(() -> with(Variable.DB_POOL_SIZE, text).integer(Variable.DB_POOL_SIZE))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(
                        "Error converting variable ELECTRIC_DB_POOL_SIZE to integer: must be between 0 and 2147483647");
    }

    @Test
    void refusesAPortThatIsNone() {
        assertThatThrownBy(() -> with(Variable.PORT, "65536").port(Variable.PORT))
                .hasMessage("Error converting variable ELECTRIC_PORT to integer: must be between 0 and 65535");
    }

    @Test
    void countsBytesBeyondTheRangeOfAnInt() {
        assertThat(with(Variable.MAX_TXN_SIZE, "8589934592").bytes(Variable.MAX_TXN_SIZE))
                .contains(8_589_934_592L);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "0.25, 0.25", "1, 1"})
    void readsFloats(String text, double expected) {
        assertThat(with(Variable.OTEL_SAMPLING_RATIO, text).decimal(Variable.OTEL_SAMPLING_RATIO))
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0.5x", "-1", ".5", "1.", "NaN"})
    void refusesWhatIsNoFloat(String text) {
        assertThatThrownBy(() -> with(Variable.OTEL_SAMPLING_RATIO, text).decimal(Variable.OTEL_SAMPLING_RATIO))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("Error converting variable ELECTRIC_OTEL_SAMPLING_RATIO to float: Unparsable as float");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "5ms, 5",
        "5msec, 5",
        "5s, 5000",
        "5 sec, 5000",
        "5   m, 300000",
        "2min, 120000",
        "1.5s, 1500",
        "0.5ms, 0",
        "1.9999, 1",
        "0.1min, 6000",
    })
    void readsDurations(String text, long millis) {
        assertThat(with(Variable.TCP_SEND_TIMEOUT, text).duration(Variable.TCP_SEND_TIMEOUT))
                .contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0s",
                "0.0ms",
                "-1s",
                "5S",
                "5h",
                "5 hours",
                "s",
                "1.s",
                ".5s",
                "1,5s",
                " 5s",
                "5s ",
                "1e3",
                "5s5",
                "999999999999999999min"
            })
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> with(Variable.TCP_SEND_TIMEOUT, text).duration(Variable.TCP_SEND_TIMEOUT))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(
                        "Error converting variable ELECTRIC_TCP_SEND_TIMEOUT using custom function: invalid time unit: \""
                                + text + "\". Must be one of [\"ms\", \"msec\", \"s\", \"sec\", \"m\", \"min\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "1KB, 1000",
        "1KiB, 1024",
        "1 MB, 1000000",
        "1MiB, 1048576",
        "2.23GB, 2230000000",
        "0.5GiB, 536870912",
    })
    void readsSizes(String text, long bytes) {
        assertThat(with(Variable.SHAPE_DB_CACHE_SIZE, text).size(Variable.SHAPE_DB_CACHE_SIZE))
                .contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "5kb", "5K", "5TB", "-1KB", "KB", "99999999999999GB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> with(Variable.SHAPE_DB_CACHE_SIZE, text).size(Variable.SHAPE_DB_CACHE_SIZE))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(
                        "Error converting variable ELECTRIC_SHAPE_DB_CACHE_SIZE using custom function: invalid size unit: \""
                                + text
                                + "\". Must be one of [\"KB\", \"KiB\", \"MB\", \"MiB\", \"GB\", \"GiB\"]");
    }
}
