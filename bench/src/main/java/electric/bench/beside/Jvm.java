package electric.bench.beside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A virtual machine seen from outside. */
record Jvm(long pid) {
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern COMMITTED = Pattern.compile("garbage-first heap\\s+total \\S+ (\\d+)K");

    /** What is reachable in the heap, after a collection. */
    long liveBytes() throws IOException {
        return Long.parseLong(found(TOTAL, "GC.class_histogram"));
    }

    /** What of the heap is backed by memory. */
    double heapMegabytes() throws IOException {
        String info = command("GC.heap_info");
        Matcher committed = COMMITTED.matcher(info.replaceAll("committed ", ""));
        return committed.find() ? Long.parseLong(committed.group(1)) / 1024.0 : Double.NaN;
    }

    /** What nobody needs any more goes back to the system, as it does by and by when nobody asks for it. */
    void collect() throws IOException {
        for (String collecting : List.of("GC.run", "System.trim_native_heap")) {
            var unused = command(collecting);
        }
    }

    private String found(Pattern pattern, String command) throws IOException {
        String said = command(command);
        Matcher found = pattern.matcher(said);
        if (!found.find()) {
            throw new IOException(
                    command + " said nothing of use: " + said.lines().limit(3).toList());
        }
        return found.group(1);
    }

    String command(String command) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asked = new ProcessBuilder(jcmd, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
