package electric.oracle.run;

import electric.oracle.judge.Witness;
import electric.sync.TestPostgres;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of a test's own. */
final class TestSite implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Site site;

    private TestSite(TestPostgres postgres, boolean ours, String database, String name, Duration limit)
            throws SQLException {
        String url = postgres.url(database) + "?sslmode=disable";
        Database followed = Database.of(url, ours ? Optional.of(postgres) : Optional.empty());
        Target server = OwnServer.start(
                url, Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "100", "ELECTRIC_REPLICATION_STREAM_ID", name), http);
        Witness witness = new Witness(followed.connect(), ours);
        site = new Site(followed, server, server.shapeUrl(), witness, http, threads, limit);
    }

    /**
     * Beside the Postgres that all tests share.
     *
     * @param name different for each server of that Postgres
     */
    static TestSite shared(String name, Duration limit) throws SQLException {
        TestPostgres postgres = TestPostgres.shared();
        return new TestSite(postgres, false, postgres.freshDatabase(), name, limit);
    }

    /** Beside a Postgres of the test's own, which scenarios may break. */
    static TestSite beside(TestPostgres postgres, String database, Duration limit) throws SQLException {
        return new TestSite(postgres, true, database, "alone", limit);
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
        site.target().close();
        site.witness().close();
        threads.close();
        http.close();
    }
}
