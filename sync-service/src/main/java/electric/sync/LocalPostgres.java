package electric.sync;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres of our own on the loopback address: its programs come from the class path, its data stays in a folder
 * ({@code data}, {@code postgres.log}, {@code lock}). One process uses a folder at a time, which the lock says.
 *
 * <p>{@code pg_ctl} starts the server in a session of its own, so that the Ctrl-C of a terminal reaches only us and we
 * stop Postgres in our order.
 */
final class LocalPostgres implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    /** On the command line of every server started here, which is how a later run knows its own. */
    private static final String OUR_MARK = "cluster_name=electric-local";

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

    private final Path folder;
    private final Path data;
    private final Path programs;
    private final int port;
    private final Map<String, String> settings;
    private final FileChannel lock;

    private LocalPostgres(Path folder, Path programs, int port, Map<String, String> settings, FileChannel lock) {
        this.folder = folder;
        this.data = folder.resolve("data");
        this.programs = programs;
        this.port = port;
        this.settings = Map.copyOf(settings);
        this.lock = lock;
    }

    /** Takes the folder for this process; nothing runs yet. {@code programsFolder} is where the programs are unpacked. */
    static LocalPostgres in(Path folder, Path programsFolder, int port, Map<String, String> settings)
            throws IOException {
        Path whole = folder.toAbsolutePath().normalize();
        Files.createDirectories(whole);
        FileChannel lock = locked(whole);
        try {
            Path programs = PostgresBinaries.unpackedUnder(
                    programsFolder.toAbsolutePath().normalize());
            return new LocalPostgres(whole, programs.resolve("bin"), port, settings, lock);
        } catch (IOException failed) {
            lock.close();
            throw failed;
        }
    }

    int port() {
        return port;
    }

    /** {@code postgres://}, as {@code psql} and {@code DATABASE_URL} take it. */
    String url(String database) {
        return "postgres://" + USER + ":" + PASSWORD + "@" + HOST + ":" + port + "/" + database;
    }

    void start() throws IOException {
        stopLeftover();
        refuseATakenPort();
        if (!Files.exists(data)) {
            create();
        }
        Path serverLog = folder.resolve("postgres.log");
        Files.deleteIfExists(serverLog);
        try {
            run(List.of(
                    program("pg_ctl"),
                    "start",
                    "-w",
                    "-t",
                    "60",
                    "-D",
                    data.toString(),
                    "-l",
                    serverLog.toString(),
                    "-o",
                    serverOptions()));
        } catch (IOException failed) {
            throw new IOException(
                    "Postgres did not start in " + folder + ". The end of its log, " + serverLog + ":\n"
                            + endOf(serverLog),
                    failed);
        }
    }

    /** Lets go of clients and writes everything down; falls back to a stop that recovers at the next start. */
    void stop() throws IOException {
        if (ourPostmaster().isEmpty()) {
            return;
        }
        try {
            stop("fast");
        } catch (IOException slow) {
            log.warn("Postgres in {} did not stop in time, stopping it at once", folder, slow);
            stopAtOnce();
        }
    }

    /** Writes nothing down: the next start recovers. */
    void stopAtOnce() throws IOException {
        if (ourPostmaster().isPresent()) {
            stop("immediate");
        }
    }

    /** As a machine that loses power: no process of the server is asked. */
    void kill() throws IOException {
        Optional<ProcessHandle> postmaster = ourPostmaster();
        if (postmaster.isEmpty()) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>();
        all.add(postmaster.get());
        all.addAll(postmaster.get().descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            awaitEnd(one);
        }
    }

    /** Stops the server and lets go of the folder. */
    @Override
    public void close() throws IOException {
        try (lock) {
            stop();
        }
    }

    private static FileChannel locked(Path folder) throws IOException {
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException here) {
            log.debug("The folder {} is in use by this very process", folder);
        }
        lock.close();
        throw new FolderInUse("The folder " + folder + " is in use by another run that has not ended."
                + " End that one, or name another folder.");
    }

    private void stopLeftover() throws IOException {
        Optional<ProcessHandle> running = postmaster();
        if (running.isEmpty()) {
            return;
        }
        long pid = running.get().pid();
        if (ourPostmaster().isEmpty()) {
            throw new IOException("A Postgres that was not started by Electric (process " + pid + ") uses " + data
                    + ". Stop it (pg_ctl stop -D " + data + "), or name another folder.");
        }
        log.info("Stopping the Postgres (process {}) that an earlier run left behind in {}", pid, folder);
        stop();
    }

    private void refuseATakenPort() throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new IOException(
                    "Port " + port + " on " + HOST + " is taken by another program."
                            + " Stop that program, or choose another port.",
                    taken);
        }
    }

    /** Made beside its place and renamed, so that an interrupted first run leaves nothing half made. */
    private void create() throws IOException {
        Path unfinished = folder.resolve("data.unfinished");
        Folders.delete(unfinished);
        Path password = Files.createTempFile(folder, "password", "");
        try {
            Files.writeString(password, PASSWORD);
            run(List.of(
                    program("initdb"),
                    "-D",
                    unfinished.toString(),
                    "--username=" + USER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=" + (onMac() ? "C" : "C.UTF-8"),
                    "--no-sync"));
        } finally {
            Files.delete(password);
        }
        Files.move(unfinished, data);
    }

    private void stop(String mode) throws IOException {
        run(List.of(program("pg_ctl"), "stop", "-w", "-t", "30", "-m", mode, "-D", data.toString()));
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        // After a crash of the machine the number may belong to any other program; an ended process has no program.
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .command()
                        .filter(c -> c.endsWith("postgres"))
                        .isPresent());
    }

    /** What a person started in the same folder is never ours to stop. */
    private Optional<ProcessHandle> ourPostmaster() throws IOException {
        Optional<ProcessHandle> running = postmaster();
        return running.isPresent()
                        && Files.readString(data.resolve("postmaster.opts")).contains(OUR_MARK)
                ? running
                : Optional.empty();
    }

    private String serverOptions() {
        StringBuilder options = new StringBuilder("-p " + port);
        option(options, "listen_addresses=" + HOST);
        option(options, "unix_socket_directories=");
        option(options, OUR_MARK);
        settings.forEach((name, value) -> option(options, name + "=" + value));
        return options.toString();
    }

    /** pg_ctl hands its options to a shell. */
    private static void option(StringBuilder options, String setting) {
        options.append(" -c '").append(setting.replace("'", "'\\''")).append('\'');
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    private void run(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name")) && !onMac()) {
            // Postgres refuses to run as root; in a user namespace of its own it is nobody.
            whole.addAll(List.of("unshare", "--user"));
        }
        whole.addAll(command);
        Path output = Files.createTempFile(folder, "command", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        try {
            Process process = builder.start();
            if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("No end after " + COMMAND_LIMIT.toSeconds() + " s: " + String.join(" ", whole));
            }
            if (process.exitValue() != 0) {
                throw new IOException("Failed with status " + process.exitValue() + ": " + String.join(" ", whole)
                        + "\n" + Files.readString(output).strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for " + String.join(" ", whole));
        } finally {
            Files.delete(output);
        }
    }

    private static void awaitEnd(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for process " + process.pid() + " to end");
        } catch (ExecutionException | TimeoutException alive) {
            throw new IOException("Process " + process.pid() + " does not end", alive);
        }
    }

    private static String endOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "(nothing was written)";
        }
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    private static boolean onMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    }

    /** Another run holds the lock. */
    static final class FolderInUse extends IOException {
        private FolderInUse(String message) {
            super(message);
        }
    }
}
