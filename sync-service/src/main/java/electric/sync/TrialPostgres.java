package electric.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The Postgres of a local trial, for whoever gives no {@code DATABASE_URL}. Its data is kept between runs; a server that
 * a killed run left behind is stopped before this one starts.
 */
final class TrialPostgres implements AutoCloseable {
    private static final String DATABASE = "postgres";

    private static final Map<String, String> SETTINGS =
            Map.of("wal_level", "logical", "max_wal_senders", "20", "max_replication_slots", "20");

    private final LocalPostgres server;

    private TrialPostgres(LocalPostgres server) {
        this.server = server;
    }

    /** Returns when it takes connections. The message of a failure is for the person at the terminal. */
    static TrialPostgres start(Path folder, int port) throws IOException {
        return start(folder, port, folder);
    }

    /** With the programs unpacked elsewhere, for tests that do not want to unpack them each time. */
    static TrialPostgres start(Path folder, int port, Path programsFolder) throws IOException {
        try {
            return new TrialPostgres(started(LocalPostgres.in(folder, programsFolder, port, SETTINGS)));
        } catch (IOException failed) {
            throw new IOException(
                    "The local trial has no Postgres. " + failed.getMessage()
                            + "\nELECTRIC_TRIAL_DATA names its folder (now " + folder
                            + "), ELECTRIC_TRIAL_PORT its port (now " + port
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

    private static LocalPostgres started(LocalPostgres server) throws IOException {
        try {
            server.start();
            return server;
        } catch (IOException failed) {
            server.close();
            throw failed;
        }
    }
}
