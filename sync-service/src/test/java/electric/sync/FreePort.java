package electric.sync;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port for a server that has to be told one before it starts, and may be stopped for a while and come back there. */
public final class FreePort {
    /** Below those that are given to connections, of which one could take it while nobody listens. */
    private static final int FIRST = 15_000;

    private static final int END = 32_000;
    private static final int MOST_TRIES = 100;

    private FreePort() {}

    public static int any() throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("All of " + MOST_TRIES + " ports from " + FIRST + " on are taken");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}
