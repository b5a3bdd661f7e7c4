package electric.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The Postgres of a local trial, for whoever gives no {@code DATABASE_URL}. Its data is kept between runs; a server that
 * a killed run left behind is stopped before this one starts.
 */
final class TrialPostgres implements AutoCloseable {
    static final String FOLDER_VARIABLE = "ELECTRIC_TRIAL_DATA";
    static final String PORT_VARIABLE = "ELECTRIC_TRIAL_PORT";

    private static final String DEFAULT_FOLDER = "electric-trial";
    private static final String DEFAULT_PORT = "54321";
    private static final String DATABASE = "postgres";

    private static final Map<String, String> SETTINGS =
            Map.of("wal_level", "logical", "max_wal_senders", "20", "max_replication_slots", "20");

    private final LocalPostgres server;

    private TrialPostgres(LocalPostgres server) {
        this.server = server;
    }

    /** Returns when it takes connections. The message of a failure is for the person at the terminal. */
    static TrialPostgres start(Map<String, String> environment) throws IOException {
        return start(environment, folder(environment));
    }

    /** With the programs unpacked elsewhere, for tests that do not want to unpack them each time. */
    static TrialPostgres start(Map<String, String> environment, Path programsFolder) throws IOException {
        Path folder = folder(environment);
        int port = port(environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT));
        LocalPostgres server = null;
        try {
            server = LocalPostgres.in(folder, programsFolder, port, SETTINGS);
            server.start();
            return new TrialPostgres(server);
        } catch (IOException failed) {
            if (server != null) {
                closeAfter(failed, server);
            }
            throw new IOException(
                    "The local trial has no Postgres. " + failed.getMessage() + "\n" + FOLDER_VARIABLE
                            + " names its folder (now " + folder + "), " + PORT_VARIABLE + " its port (now " + port
                            + "), and with DATABASE_URL set it is not used at all.",
                    failed);
        }
    }

    /** For {@code psql}, and for us as {@code DATABASE_URL}. */
    String url() {
        return server.url(DATABASE);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static Path folder(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(FOLDER_VARIABLE, DEFAULT_FOLDER));
    }

    private static int port(String text) throws IOException {
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        }
        throw new IOException(PORT_VARIABLE + " must be a port from 1 to 65535, and is \"" + text + "\"");
    }

    private static void closeAfter(IOException failed, LocalPostgres server) {
        try {
            server.close();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }
}
