package electric.sync;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.XZInputStream;

/** The Postgres programs, a compressed archive on the class path, unpacked once under a folder. */
final class PostgresBinaries {
    private static final Pattern JAR_NAME = Pattern.compile(".*/([^/]+)\\.jar!/[^/]+");

    private PostgresBinaries() {}

    /** The folder with {@code bin}, {@code lib} and {@code share}; its name carries the version, so versions lie side by side. */
    static Path unpackedUnder(Path parent) throws IOException {
        URL archive = archive();
        Path home = parent.resolve(nameOf(archive));
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(parent);
        Path unfinished = Files.createTempDirectory(parent, "unpacking-");
        try {
            unpack(archive, unfinished);
        } catch (IOException failed) {
            Folders.delete(unfinished);
            throw failed;
        }
        // The rename comes last: a folder with the final name is always a whole one.
        if (!renamed(unfinished, home)) {
            Folders.delete(unfinished);
        }
        return home;
    }

    private static URL archive() throws IOException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String name = "postgres-" + (os.startsWith("mac") ? "darwin" : os) + "-"
                + (arch.equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
        URL archive = PostgresBinaries.class.getResource("/" + name);
        if (archive == null) {
            throw new FileNotFoundException("No Postgres for this machine (" + os + ", " + arch
                    + ") comes with this build: " + name + " is not on the class path."
                    + " Set DATABASE_URL to a Postgres of your own.");
        }
        return archive;
    }

    private static String nameOf(URL archive) {
        Matcher jar = JAR_NAME.matcher(archive.getPath());
        return jar.matches() ? jar.group(1) : "postgres";
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        Process tar = new ProcessBuilder("tar", "-x", "-C", folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream in = new XZInputStream(archive.openStream());
                OutputStream out = tar.getOutputStream()) {
            in.transferTo(out);
        }
        try {
            int status = tar.waitFor();
            if (status != 0) {
                throw new IOException("Could not unpack Postgres into " + folder + ": tar ended with status " + status);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while unpacking Postgres into " + folder);
        }
    }

    private static boolean renamed(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException failed) {
            if (Files.isDirectory(to)) {
                return false; // Another process unpacked the same version meanwhile.
            }
            throw failed;
        }
    }
}
