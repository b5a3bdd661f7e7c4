package electric.bench.beside;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes that this one has started: none of them outlives it. */
final class Children {
    private static final int PATIENCE_SECONDS = 30;
    private static final Set<Process> RUNNING = new HashSet<>();
    private static boolean over;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Children::endAll, "end of the children"));
    }

    private Children() {}

    private static synchronized void endAll() {
        over = true;
        RUNNING.forEach(Process::destroyForcibly);
    }

    static synchronized Process start(ProcessBuilder builder) throws IOException {
        if (over) {
            throw new IOException("the run is being ended");
        }
        Process process = builder.start();
        RUNNING.add(process);
        return process;
    }

    /** Asks it to end, and ends it when it does not. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        forget(process);
    }

    private static synchronized void forget(Process process) {
        RUNNING.remove(process);
    }
}
