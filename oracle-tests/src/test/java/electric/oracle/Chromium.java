package electric.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of this machine. Without one a person's run goes on without it; that of CI fails. */
final class Chromium {
    private Chromium() {}

    static Path path() {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (!"true".equals(System.getenv("CI"))) {
            assumeTrue(found.isPresent(), "No chromium on PATH: nothing is looked at in a browser");
        }
        return found.orElseThrow(() -> new AssertionError("No chromium on PATH: install the package chromium"));
    }
}
