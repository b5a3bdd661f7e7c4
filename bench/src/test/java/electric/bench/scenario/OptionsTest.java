package electric.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    private static final List<String> KNOWN = List.of("reads", "idle");

    @Test
    void scenariosAndSizesComeInAnyOrder() {
        Options options = options("idle", "--clients", "1000", "reads", "--all");
        assertThat(options.scenarios()).containsExactly("idle", "reads");
        assertThat(options.number("clients", 1)).isEqualTo(1000);
        assertThat(options.number("rows", 5)).isEqualTo(5);
        assertThat(options.all()).isTrue();
    }

    @Test
    void whatIsNotUnderstoodIsSaid() {
        assertThatThrownBy(() -> options("raeds")).hasMessageContaining("There is no scenario raeds");
        assertThatThrownBy(() -> options("--client", "5")).hasMessage("There is no option --client");
        assertThatThrownBy(() -> options("--clients", "many")).hasMessage("--clients wants a number, not many");
        assertThatThrownBy(() -> options("--clients")).hasMessage("--clients wants a value");
    }

    @Test
    void aServerWithoutItsDatabaseIsRefused() {
        assertThatThrownBy(() -> options("--server", "http://localhost:3000"))
                .hasMessageContaining("--server and --database belong together");
    }

    private static Options options(String... arguments) {
        return new Options(List.of(arguments), KNOWN);
    }
}
