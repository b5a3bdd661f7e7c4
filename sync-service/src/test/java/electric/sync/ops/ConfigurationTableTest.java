package electric.sync.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationTableTest {
    private static final Path README = Path.of("..", "README.md");

    @Test
    void readsLikeATable() {
        assertThat(Settings.markdownTable().lines())
                .contains(
                        "| `ELECTRIC_PORT` | integer | `3000` | Port of the HTTP API. |",
                        "| `ELECTRIC_OTEL_DEBUG` | boolean | `false` | Print spans. *Without effect in this version.* |")
                .allMatch(line -> line.split("(?<!\\\\)\\|", -1).length == 6);
    }

    /** When this fails, paste {@code target/configuration.md} into the README. */
    @Test
    void isWhatTheReadmeSays() throws IOException {
        Path table = Path.of("target", "configuration.md");
        Files.createDirectories(table.getParent());
        Files.writeString(table, Settings.markdownTable());
        if (Files.exists(README)) {
            assertThat(Files.readString(README)).contains(Settings.markdownTable());
        }
    }
}
