package electric.oracle.run;

import electric.oracle.judge.Witness;
import electric.sync.TestPostgres;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of its own beside the Postgres that all tests share. */
final class SharedSite implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Site site;

    /** @param name different for each server of a Postgres */
    SharedSite(String name, Duration limit) throws SQLException {
        TestPostgres postgres = TestPostgres.shared();
        String url = postgres.url(postgres.freshDatabase()) + "?sslmode=disable";
        Database database = Database.of(url);
        Target server = OwnServer.start(
                url, Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "100", "ELECTRIC_REPLICATION_STREAM_ID", name), http);
        site = new Site(database, server, server.shapeUrl(), new Witness(database.connect()), http, threads, limit);
    }

    Site site() {
        return site;
    }

    /** The server as it looks through something that stands before it. */
    Site behind(Proxy proxy) {
        return new Site(site.database(), site.target(), proxy.shapeUrl(), site.witness(), http, threads, site.limit());
    }

    HttpClient http() {
        return http;
    }

    @Override
    public void close() throws SQLException {
        site.witness().close();
        site.target().close();
        threads.close();
        http.close();
    }
}
