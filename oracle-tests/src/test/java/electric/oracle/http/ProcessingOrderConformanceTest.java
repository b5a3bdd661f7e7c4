package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is looked at before what: HTTP §1.10, HTTP-051 … HTTP-053. */
class ProcessingOrderConformanceTest {
    private static final String TABLE = "CREATE TABLE items (id int PRIMARY KEY)";
    private static final String START = "table=items&offset=-1";

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final TestPostgres postgres = TestPostgres.shared();

    /** Deletion tells: it finds no shape where none was made. */
    private static void assertNoShape(RunningServer of, String definition) {
        assertThat(new Client(of).delete(definition).body()).isEqualTo("{\"message\":\"No existing shape found\"}");
    }

    @Test
    void http051ARefusedRequestMakesNoShape() {
        server.sql(TABLE);
        Client client = new Client(server);
        assertThat(client.shape("table=items").status()).isEqualTo(400);
        assertThat(client.shape("table=items&offset=0_0").status()).isEqualTo(400);
        assertThat(client.shape(START + "&columns=v").status()).isEqualTo(400);
        assertThat(client.shape(START + "&subset__limit=0").status()).isEqualTo(400);
        assertThat(client.shape(START + "&subset__where=nope").status()).isEqualTo(400);
        assertThat(client.post(START, "[]").status()).isEqualTo(400);
        assertThat(client.post(START, "{\"limit\":1}").status()).isEqualTo(400);
        assertNoShape(server, "table=items");
    }

    @Test
    void http051AStrangerMakesNoShape() {
        Map<String, String> settings = Map.of("ELECTRIC_INSECURE", "false", "ELECTRIC_SECRET", "s");
        try (RunningServer secured = RunningServer.start(settings)) {
            secured.sql(TABLE);
            assertThat(new Client(secured).shape(START).status()).isEqualTo(401);
            assertNoShape(secured, "table=items&secret=s");
        }
    }

    @Test
    void http051WhoeverIsOneTooManyMakesNoShape() {
        Map<String, String> settings = Map.of("ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":0,\"existing\":0}");
        try (RunningServer full = RunningServer.start(settings)) {
            full.sql(TABLE);
            assertThat(new Client(full).shape(START).status()).isEqualTo(503);
            assertNoShape(full, "table=items");
        }
    }

    @Test
    void http052WhileItStartsItLooksAtNothing() throws IOException, SQLException {
        String database = postgres.freshDatabase();
        postgres.sql(database, TABLE);
        try (OpenTransaction pending = new OpenTransaction(postgres, database);
                RunningServer begun = RunningServer.begin(postgres, database, Map.of())) {
            Client client = new Client(begun);
            await("the lock to be held")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.get("/v1/health").body().equals("{\"status\":\"starting\"}"));
            List<Wire> wires = new ArrayList<>();
            for (String query : List.of("", "offset=banana", "table=nope&offset=-1", START)) {
                wires.add(begun.wire().request("GET", "/v1/shape?" + query));
            }
            for (Wire wire : wires) {
                Got got = wire.read();
                assertThat(got.status()).isEqualTo(503);
                assertThat(got.header("retry-after")).isEqualTo("5");
                assertThat(got.header("cache-control")).isEqualTo("no-store");
                assertThat(got.header("surrogate-control")).isEqualTo("no-store");
                assertThat(got.body())
                        .isEqualTo("{\"message\":\"Timeout waiting for replication client to be ready. Check that you"
                                + " don't have pending transactions in the database. Electric has to wait for all pending"
                                + " transactions to commit or rollback before it can create the replication slot.\"}");
                wire.close();
            }
            // What can be said of the body alone is said before (§1.10, 6 and 7).
            assertThat(client.post("", "[]").body()).isEqualTo("{\"error\":\"Request body must be a JSON object\"}");
            pending.rollback();
            begun.awaitActive();
            // HTTP-051
            assertNoShape(begun, "table=items");
        }
    }

    @Test
    void http052WhileItOnlyReadsItRefusesAtOnce() {
        try (RunningServer waiting = RunningServer.begin(
                postgres,
                postgres.freshDatabase(),
                Map.of("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing?sslmode=disable"))) {
            Client client = new Client(waiting);
            assertThat(client.get("/v1/health").body()).isEqualTo("{\"status\":\"waiting\"}");
            assertThat(client.refused("offset=banana")).isEqualTo("{\"offset\":[\"has invalid format\"]}");
            assertThat(client.refused("")).isEqualTo("{\"offset\":[\"can't be blank\"]}");
        }
    }

    @Test
    void http053AHandleThatIsOverCountsMoreThanATagThatMatches() {
        server.sql("CREATE TABLE tagged (id int PRIMARY KEY)");
        Client client = new Client(server);
        String end = client.upToDate("table=tagged");
        Got last = client.shape(end);
        String tag = "if-none-match: " + last.header("etag");
        assertThat(client.shape(end, tag).status()).isEqualTo(304);
        assertThat(client.delete("table=tagged").status()).isEqualTo(202);
        Got got = client.shape(end, tag);
        assertThat(got.status()).isEqualTo(409);
        assertThat(got.header("electric-handle")).isNotEqualTo(last.header("electric-handle"));
    }
}
