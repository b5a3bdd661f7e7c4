package electric.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Scripts for Node.js and the packages that they need, as their lock file says.
 *
 * @param folder where they are run: a copy, so that nothing is installed among the sources
 */
record NodePackage(Path sources, Path folder) {
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    private static final Path INSTALLED = Path.of("node_modules");

    void install() {
        try {
            boolean installed = Files.exists(folder.resolve(INSTALLED).resolve(".package-lock.json"))
                    && Files.mismatch(sources.resolve("package-lock.json"), folder.resolve("package-lock.json")) < 0;
            copy();
            if (!installed) {
                npmCi();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Could not run npm, which the tests with the stock clients need: install Node.js 20 or newer with npm",
                    failed);
        }
    }

    private void copy() throws IOException {
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path name = sources.relativize(file);
                if (!name.startsWith(INSTALLED)) {
                    Path copy = folder.resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private void npmCi() throws IOException {
        Path output = folder.resolve("npm.log");
        Process npm = new ProcessBuilder(
                        "npm", "ci", "--omit=optional", "--omit=peer", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!npm.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                npm.destroyForcibly();
                throw new IllegalStateException("npm ci did not end within " + INSTALL_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            npm.destroyForcibly();
            throw new IllegalStateException("Interrupted while npm installs what " + sources + " needs", interrupted);
        }
        if (npm.exitValue() != 0) {
            throw new IllegalStateException(
                    "npm ci could not install what " + sources + " needs:\n" + Files.readString(output));
        }
    }
}
