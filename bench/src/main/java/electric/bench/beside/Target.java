package electric.bench.beside;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server that is measured, and the database it follows. What cannot be known of it is not a number.
 *
 * @param jdbcUrl of the database
 * @param process of the server; {@code null} when it is not known, or not on this machine
 * @param jvm of the server; {@code null} when it is not one of ours
 */
public record Target(
        URI server,
        String jdbcUrl,
        @Nullable OsProcess process,
        @Nullable Jvm jvm) {
    public static Target own(ServerProcess server, String jdbcUrl) {
        return new Target(
                server.uri(), jdbcUrl, server.os(), new Jvm(server.os().pid()));
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl);
    }

    public void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Deletes a shape, so that the next request makes it anew. @return whether the server lets itself be told so */
    public boolean delete(String shape) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(
                            HttpRequest.newBuilder(server.resolve("/v1/shape?" + shape))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status == 202;
        }
    }

    public double cpuSeconds() throws IOException {
        return process == null ? Double.NaN : process.cpuSeconds();
    }

    public double residentMegabytes() throws IOException {
        return process == null ? Double.NaN : process.residentMegabytes();
    }

    /** The same when its heap has been collected: once for garbage, once for what a first collection has let go. */
    public double neededMegabytes() throws IOException, InterruptedException {
        if (jvm != null) {
            jvm.collect();
            TimeUnit.MILLISECONDS.sleep(500);
            jvm.collect();
        }
        return residentMegabytes();
    }

    /** What is reachable in its heap. */
    public double liveMegabytes() throws IOException {
        return jvm == null ? Double.NaN : jvm.liveBytes() / (double) (1 << 20);
    }

    /** The process of Postgres that sends the server its stream. */
    public OsProcess streamSender() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet sender = statement.executeQuery(
                        "SELECT active_pid FROM pg_replication_slots WHERE active AND plugin = 'pgoutput'")) {
            if (!sender.next()) {
                throw new IllegalStateException("nobody follows the stream of the database");
            }
            long pid = sender.getLong(1);
            if (sender.next()) {
                throw new IllegalStateException("more than one server follows the stream of the database");
            }
            if (!isPostgres(pid)) {
                throw new IllegalStateException("Postgres is not on this machine");
            }
            return OsProcess.alone(pid);
        }
    }

    private static boolean isPostgres(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().command())
                .filter(command -> command.endsWith("postgres"))
                .isPresent();
    }

    /** Of all processes of Postgres; not a number when it is on another machine. */
    public double postgresCpuSeconds() throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet own = statement.executeQuery("SELECT pg_backend_pid()")) {
            own.next();
            long backend = own.getLong(1);
            ProcessHandle postmaster = ProcessHandle.of(backend)
                    .filter(handle -> handle.info().command().orElse("postgres").endsWith("postgres"))
                    .flatMap(ProcessHandle::parent)
                    .orElse(null);
            return postmaster == null
                    ? Double.NaN
                    : OsProcess.family(postmaster.pid()).cpuSeconds();
        }
    }
}
