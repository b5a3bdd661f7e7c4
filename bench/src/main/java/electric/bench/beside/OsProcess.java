package electric.bench.beside;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process as the operating system counts it, alone or together with its children. */
public record OsProcess(long pid, boolean withChildren) {
    private static final double TICKS_PER_SECOND = 100;
    private static final Path PROC = Path.of("/proc");

    public static OsProcess self() {
        return new OsProcess(ProcessHandle.current().pid(), false);
    }

    public static OsProcess alone(long pid) {
        return new OsProcess(pid, false);
    }

    /** A process that works through its children, as Postgres does. */
    public static OsProcess family(long pid) {
        return new OsProcess(pid, true);
    }

    /** Processor time used so far, by all threads; that of children that have ended too. */
    public double cpuSeconds() throws IOException {
        long ticks = 0;
        for (String[] stat : stats()) {
            ticks += Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
        }
        if (withChildren) {
            String[] own = stat(pid);
            ticks += own == null ? 0 : Long.parseLong(own[13]) + Long.parseLong(own[14]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Resident memory of the process itself. */
    public double residentMegabytes() throws IOException {
        return status("VmRSS:") / 1024.0;
    }

    /** The most that was ever resident since {@link #forgetPeak}. */
    public double peakMegabytes() throws IOException {
        return status("VmHWM:") / 1024.0;
    }

    public void forgetPeak() throws IOException {
        Files.writeString(PROC.resolve(Long.toString(pid)).resolve("clear_refs"), "5");
    }

    /** Sends a signal by its name. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("process " + pid + " could not be sent " + name);
        }
    }

    private long status(String name) throws IOException {
        return Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** How many files and sockets it may have open. */
    public long openFiles() throws IOException {
        for (String line : Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("limits"))) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split(" +", -1)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }

    private List<String[]> stats() throws IOException {
        List<String[]> stats = new ArrayList<>();
        String[] own = stat(pid);
        if (own != null) {
            stats.add(own);
        }
        if (withChildren) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path one : all) {
                    String[] stat = stat(Long.parseLong(one.getFileName().toString()));
                    if (stat != null && Long.parseLong(stat[1]) == pid) {
                        stats.add(stat);
                    }
                }
            }
        }
        return stats;
    }

    /** What follows the name in the file of that name; {@code null} when the process has ended. */
    private static String @Nullable [] stat(long pid) throws IOException {
        try {
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        } catch (NoSuchFileException ended) {
            return null;
        } catch (IOException ended) {
            if (Files.exists(PROC.resolve(Long.toString(pid)))) {
                throw ended;
            }
            return null;
        }
    }
}
