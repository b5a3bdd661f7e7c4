package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Dockerfile and docker-compose.yml name ports, paths and variables of ours; no engine is at hand to try them. */
final class DeploymentFilesTest {
    private static final Path ROOT = Path.of("..");

    private String image;
    private String compose;

    @BeforeEach
    void read() throws IOException {
        image = Files.readString(ROOT.resolve("Dockerfile"));
        compose = Files.readString(ROOT.resolve("docker-compose.yml"));
    }

    @Test
    void everyVariableIsASettingOfOurs() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.append(Files.readString(file));
            }
        }
        String variable = "(ELECTRIC_[A-Z_]+|DATABASE_URL)";
        assertThat(all("\"" + variable + "\"", sources)).containsAll(all("\\b" + variable + "\\b", image + compose));
    }

    @Test
    void onePortRunsThroughBothFiles() {
        List<String> ports = Stream.of(
                        all("EXPOSE (\\d+)", image),
                        all("ELECTRIC_PORT:-(\\d+)", image),
                        all("\"127\\.0\\.0\\.1:3000:(\\d+)\"", compose),
                        all("127\\.0\\.0\\.1:(\\d+)/v1/health", compose))
                .flatMap(List::stream)
                .toList();
        assertThat(ports).hasSize(4).containsOnly("3000");
    }

    @Test
    void theStorageFolderIsTheVolume() {
        List<String> folders = Stream.of(
                        all("ELECTRIC_STORAGE_DIR=(\\S+)", image),
                        all("VOLUME (\\S+)", image),
                        all("electric-data:(\\S+)", compose))
                .flatMap(List::stream)
                .toList();
        assertThat(folders).hasSize(3).containsOnly(folders.getFirst());
    }

    @Test
    void theEntryPointIsTheLauncherOfTheDistribution() throws IOException {
        String home = all("COPY --from=build (\\S+) \\S+", image).getFirst();
        assertThat(image).contains("ENTRYPOINT [\"" + home + "/bin/electric\"]");
        assertThat(Path.of("bin", "electric")).isExecutable();
        assertThat(all("mv sync-service/target/(\\S+)/ ", image)).containsExactly("electric-*");
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<distribution>${project.build.directory}/electric-${project.version}</distribution>");
    }

    private static List<String> all(String pattern, CharSequence text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
