package electric.bench;

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
import org.jspecify.annotations.Nullable;

/**
 * The server that is measured, and the database it follows.
 *
 * @param jdbcUrl of the database
 * @param process of the server; {@code null} when it is not known, or not on this machine
 */
record Target(URI server, String jdbcUrl, @Nullable OsProcess process) {
    /** The memory of a Java virtual machine, when the server is one of ours. */
    @Nullable
    Jvm jvm() {
        return process == null ? null : new Jvm(process.pid());
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl);
    }

    void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Deletes a shape, so that the next request makes it anew. */
    void delete(String shape) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(
                            HttpRequest.newBuilder(server.resolve("/v1/shape?" + shape))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != 202) {
                throw new IOException("DELETE answered " + status
                        + ". The server must be started with ELECTRIC_ENABLE_INTEGRATION_TESTING=true.");
            }
        }
    }

    double serverCpuSeconds() throws IOException {
        return process == null ? Double.NaN : process.cpuSeconds();
    }

    /** Of all processes of Postgres; not a number when it is on another machine. */
    double postgresCpuSeconds() throws SQLException, IOException {
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
