package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a packaged distribution, with a java that only says how it was called. */
final class LauncherTest {
    private static final Path BIN = Path.of("bin");

    @TempDir
    private Path folder;

    private Path distribution;

    @BeforeEach
    void unpack() throws IOException {
        distribution = folder.resolve("electric");
        Files.createDirectories(distribution.resolve("bin"));
        Files.createDirectories(distribution.resolve("lib"));
        for (String script : List.of("electric", "java-home")) {
            Files.copy(BIN.resolve(script), distribution.resolve("bin").resolve(script));
        }
        Files.createFile(distribution.resolve("lib/b.jar"));
        Files.createFile(distribution.resolve("lib/a.jar"));
    }

    @Test
    void runsTheJarsBesideItInAFixedOrderAndPassesItsArguments() throws Exception {
        Ended ended = launch(distribution.resolve("bin/electric"), Map.of(), "--version");
        assertThat(ended.lines())
                .contains("--enable-native-access=ALL-UNNAMED")
                .noneMatch(line -> line.startsWith("-XX:AOTCache"))
                .endsWith("-cp", lib("a.jar") + ":" + lib("b.jar"), "electric.sync.Main", "--version");
        assertThat(ended.status()).isEqualTo(7);
    }

    @Test
    void worksThroughSymbolicLinks() throws Exception {
        Path near = Files.createSymbolicLink(distribution.resolve("near"), Path.of("bin", "electric"));
        Path far = Files.createSymbolicLink(folder.resolve("far"), near);
        assertThat(launch(far, Map.of()).lines())
                .endsWith("-cp", lib("a.jar") + ":" + lib("b.jar"), "electric.sync.Main");
    }

    @Test
    void usesACacheOfClassesThatLiesBesideTheJars() throws Exception {
        Files.createFile(distribution.resolve("lib/electric.aot"));
        assertThat(launch(distribution.resolve("bin/electric"), Map.of()).lines())
                .contains("-XX:AOTCache=" + lib("electric.aot"));
    }

    @Test
    void asksForColoursAtATerminalOnlyAndWhereTheyAreWanted() throws Exception {
        Path launcher = distribution.resolve("bin/electric");
        assertThat(launch(launcher, Map.of()).lines()).contains("colours=false");
        assertThat(launch(launcher, Map.of("ELECTRIC_LOG_COLORS", "true")).lines())
                .contains("colours=true");
        assertThat(launch(launcher, Map.of("ELECTRIC_LOG_COLORS", "")).lines()).contains("colours=");
    }

    @Test
    void appendsTheFlagsOfTheUser() throws Exception {
        assertThat(launch(distribution.resolve("bin/electric"), Map.of("ELECTRIC_JAVA_OPTS", "-Xmx1g -Dx=y"))
                        .lines())
                .containsSubsequence("-Xms32m", "-Xmx1g", "-Dx=y", "-cp");
    }

    @Test
    void passesOverAJavaThatIsTooOld() throws Exception {
        Path old = java("17.0.1");
        Path recent = java("25");
        assertThat(launch(
                                distribution.resolve("bin/electric"),
                                Map.of("JAVA_HOME", old.toString(), "PATH", recent + "/bin:" + System.getenv("PATH")))
                        .lines())
                .contains("-cp");
    }

    @Test
    void saysWhereItLookedWhenNoJavaIsRecentEnough() throws Exception {
        Path search = distribution.resolve("bin/java-home");
        Files.writeString(search, Files.readString(search).replace("needed=25", "needed=9000"));
        Ended ended = launch(distribution.resolve("bin/electric"), Map.of());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.lines())
                .contains(
                        "Electric needs Java 9000 or newer, and none was found."
                                + " Looked at JAVA_HOME, PATH and the usual folders:",
                        "  " + folder.resolve("java-25") + " (25, JAVA_HOME)");
    }

    private record Ended(int status, List<String> lines) {}

    private String lib(String file) throws IOException {
        return distribution.toRealPath().resolve("lib").resolve(file).toString();
    }

    private Ended launch(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().keySet().removeAll(List.of("ELECTRIC_JAVA_OPTS", "ELECTRIC_LOG_COLORS"));
        builder.environment().put("JAVA_HOME", java("25").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(folder.resolve("output")));
    }

    private Path java(String version) throws IOException {
        Path home = folder.resolve("java-" + version);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = home.resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"colours=$ELECTRIC_LOG_COLORS\" \"$@\"\nexit 7\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
