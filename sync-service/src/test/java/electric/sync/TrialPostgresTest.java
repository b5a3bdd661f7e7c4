package electric.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrialPostgresTest {
    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void chooseAPort() throws IOException {
        port = FreePort.any();
    }

    @Test
    void keepsItsDataBetweenRunsAndCanBeReplicatedFrom() throws Exception {
        try (TrialPostgres trial = TrialPostgres.start(folder, port)) {
            assertThat(trial.url()).matches("postgres://postgres:postgres@127\\.0\\.0\\.1:\\d+/postgres");
            assertThat(ask(trial, "SHOW wal_level")).isEqualTo("logical");
            assertThat(ask(trial, "SHOW fsync")).isEqualTo("on");
            run(trial, "CREATE TABLE kept AS SELECT 7 AS id");
        }
        try (TrialPostgres trial = TrialPostgres.start(folder, port)) {
            assertThat(ask(trial, "SELECT id FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void theServerOfAKilledRunIsStoppedAndItsDataIsThere() throws Exception {
        Process killed = anotherProcess();
        killed.destroyForcibly().waitFor();
        try (TrialPostgres trial = trial()) {
            assertThat(ask(trial, "SELECT id FROM written_by_the_killed_run")).isEqualTo("1");
        }
    }

    @Test
    void aFolderInUseByALivingRunIsRefused() throws Exception {
        Process living = anotherProcess();
        assertThatThrownBy(this::trial)
                .hasMessageContaining("is in use by another run")
                .hasMessageContaining("ELECTRIC_TRIAL_DATA names its folder");
        living.destroy();
        assertThat(living.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aServerThatIsNotOursIsLeftAlone() throws Exception {
        Process killed = anotherProcess();
        killed.destroyForcibly().waitFor();
        Path options = folder.resolve("data/postmaster.opts");
        String ours = Files.readString(options);
        Files.writeString(options, "postgres -D elsewhere\n");
        assertThatThrownBy(this::trial)
                .hasMessageContaining("was not started by Electric (process ")
                .hasMessageContaining("pg_ctl stop -D");
        assertThat(folder.resolve("data/postmaster.pid")).exists();
        Files.writeString(options, ours);
        trial().close();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(this::trial)
                    .hasMessageContaining("Port " + port + " on 127.0.0.1 is taken by another program")
                    .hasMessageContaining("ELECTRIC_TRIAL_PORT its port (now " + port + ")");
        }
    }

    /** Runs a trial in a JVM of its own until it is ended. */
    static final class InAProcess {
        private InAProcess() {}

        public static void main(String[] arguments) throws Exception {
            TrialPostgres trial =
                    TrialPostgres.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), TestPostgres.HOME);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    trial.close();
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            }));
            run(trial, "CREATE TABLE written_by_the_killed_run AS SELECT 1 AS id");
            System.out.println("ready");
            try (InputStream untilTheParentEnds = System.in) {
                untilTheParentEnds.readAllBytes();
            }
        }
    }

    private TrialPostgres trial() throws IOException {
        return TrialPostgres.start(folder, port, TestPostgres.HOME);
    }

    private Process anotherProcess() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InAProcess.class.getName(),
                        folder.toString(),
                        String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.equals("ready")) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo("ready");
        return process;
    }

    private static void run(TrialPostgres trial, String sql) throws SQLException {
        try (Connection connection = connect(trial);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(TrialPostgres trial, String query) throws SQLException {
        try (Connection connection = connect(trial);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static Connection connect(TrialPostgres trial) throws SQLException {
        String hostAndDatabase = trial.url().substring(trial.url().indexOf('@') + 1);
        return DriverManager.getConnection("jdbc:postgresql://" + hostAndDatabase, "postgres", "postgres");
    }
}
