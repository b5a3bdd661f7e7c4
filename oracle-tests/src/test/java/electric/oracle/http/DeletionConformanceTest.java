package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropping a shape: HTTP §1.8, HTTP-039 … HTTP-050. */
class DeletionConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private static final String UNKNOWN = "{\"message\":\"No existing shape found\"}";
    private static final String MISMATCH =
            "{\"message\":\"The specified shape definition and handle do not match. Please"
                    + " ensure the shape definition is correct or omit the shape handle from the request to obtain a new"
                    + " one.\"}";

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTables() {
        server.sql(
                "CREATE TABLE items (id int PRIMARY KEY, v text, w text)",
                "INSERT INTO items VALUES (1, 'one', 'x')",
                "CREATE TABLE others (id int PRIMARY KEY)");
    }

    /** The definitions of shapes that differ in one thing each. */
    private static final List<String> DEFINITIONS = List.of(
            "table=items",
            "table=items&where=" + encoded("id = 1"),
            "table=items&where=" + encoded("id = $1") + "&params[1]=1",
            "table=items&where=" + encoded("id = $1") + "&params[1]=2",
            "table=items&columns=id,v",
            "table=items&columns=id,w",
            "table=items&replica=full",
            "table=items&log=changes_only");

    private static void assertDeleted(Got got) {
        assertThat(got.status()).as(got.body()).isEqualTo(202);
        assertThat(got.body()).isEmpty();
        assertThat(got.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(got.header("electric-has-data")).isEqualTo("true");
        for (String absent : List.of("electric-handle", "electric-offset", "etag")) {
            assertThat(got.has(absent)).as(absent).isFalse();
        }
    }

    private static void assertRefused(Got got, int status, String body) {
        assertThat(got.body()).isEqualTo(body);
        assertThat(got.status()).isEqualTo(status);
    }

    @Test
    void http039DeletesNothingUnlessThatIsEnabled() {
        try (RunningServer closed = RunningServer.start(Map.of("ELECTRIC_ENABLE_INTEGRATION_TESTING", "false"))) {
            for (String query : List.of("table=items", "handle=1-1", "live=banana", "")) {
                assertRefused(new Client(closed).delete(query), 405, "{\"message\":\"DELETE not allowed\"}");
            }
        }
    }

    @Test
    void http040DeletesTheShapeOfADefinition() {
        String handle = client.handle("table=items");
        assertDeleted(client.delete("table=items"));
        assertThat(client.handle("table=items")).isNotEqualTo(handle);
        assertDeleted(client.delete("table=items&handle=" + client.handle("table=items")));
    }

    @Test
    void http040IgnoresWhatSaysNothingOfTheShape() {
        client.handle("table=items");
        assertDeleted(client.delete("table=items&offset=banana&live=true&cursor[]=x&experimental_live_sse=maybe"
                + "&subset__limit=none&live_sse="));
    }

    @Test
    void http041DeletesTheShapeOfAHandle() {
        String handle = client.handle("table=items");
        String other = client.handle("table=others");
        assertDeleted(client.delete("handle=" + handle));
        assertThat(client.handle("table=items")).isNotEqualTo(handle);
        assertThat(client.handle("table=others")).isEqualTo(other);
    }

    @Test
    void http042DeletesNothingWhenHandleAndDefinitionDisagree() {
        String handle = client.handle("table=items");
        String other = client.handle("table=others");
        assertRefused(client.delete("table=items&handle=" + other), 400, MISMATCH);
        assertRefused(client.delete("table=items&handle=1-1"), 400, MISMATCH);
        assertThat(client.handle("table=items")).isEqualTo(handle);
        assertThat(client.handle("table=others")).isEqualTo(other);
    }

    @Test
    void http043FindsNoShapeThatIsNotThere() {
        String handle = client.handle("table=items");
        assertDeleted(client.delete("handle=" + handle));
        for (String query : List.of("handle=" + handle, "table=items", "handle=1-1", "table=items&columns=id")) {
            assertRefused(client.delete(query), 404, UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "offset=-1", "handle=", "where=true", "table=+&handle=+"})
    void http044WantsAHandleOrATable(String query) {
        assertRefused(
                client.delete(query),
                400,
                "{\"message\":\"Invalid request\",\"errors\":{\"handle\":[\"can't be blank when shape definition is"
                        + " missing\"]}}");
    }

    @Test
    void http045DeletesExactlyTheShapeThatIsDefined() {
        DEFINITIONS.forEach(client::handle);
        for (String definition : DEFINITIONS) {
            Map<String, String> before = handles(definition);
            assertDeleted(client.delete(definition));
            assertRefused(client.delete(definition), 404, UNKNOWN);
            assertThat(handles(definition)).isEqualTo(before);
            client.handle(definition);
        }
    }

    private Map<String, String> handles(String but) {
        return DEFINITIONS.stream()
                .filter(definition -> !definition.equals(but))
                .collect(java.util.stream.Collectors.toMap(definition -> definition, client::handle));
    }

    @Test
    void http045ChecksADefinitionAsAnyRequestDoes() {
        for (String definition :
                List.of("table=nope", "table=items&columns=v", "table=items&where=id", "table=a.b.c")) {
            assertThat(client.delete(definition).body())
                    .as(definition)
                    .isEqualTo("{\"message\":\"Invalid request\",\"errors\":"
                            + client.refused(definition + "&offset=-1") + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "live_sse"})
    void http046TakesLiveForAStrictTruth(String name) {
        for (String wrong : List.of("banana", "TRUE", "2")) {
            assertRefused(
                    client.delete("table=items&" + name + "=" + wrong),
                    400,
                    "{\"message\":\"Invalid request\",\"errors\":{\"" + name + "\":[\"is invalid\"]}}");
        }
        for (String right : List.of("true", "1", "false", "0", "")) {
            client.handle("table=items");
            assertDeleted(client.delete("table=items&" + name + "=" + right));
        }
    }

    @Test
    void http047AnswersTheOldHandleWithANewOne() {
        String query = client.upToDate("table=items");
        String handle = client.handle("table=items");
        assertDeleted(client.delete("handle=" + handle));
        for (String more : List.of("", "&live=true", "&live=true&live_sse=true", "&subset__where=")) {
            Got got = client.shape(query + more);
            assertThat(got.status()).as(more).isEqualTo(409);
            assertThat(got.body()).as(more).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
            assertThat(got.header("electric-handle")).as(more).isNotEqualTo(handle);
            assertThat(got.header("electric-handle")).as(more).isEqualTo(client.handle("table=items"));
        }
    }

    @Test
    void http048TellsWhoeverWaitsAtOnce() {
        String query = client.upToDate("table=items") + "&live=true";
        try (Held one = Held.by(server, query);
                Held two = Held.by(server, query);
                Held events = Held.by(server, query + "&live_sse=true")) {
            assertDeleted(client.delete("table=items"));
            for (Held held : List.of(one, two)) {
                Got got = held.answer();
                assertThat(got.status()).isEqualTo(409);
                assertThat(got.has("electric-handle")).isFalse();
                assertThat(got.has("etag")).isFalse();
                assertThat(got.header("cache-control")).isEqualTo("public, max-age=1, must-revalidate");
                assertThat(got.body()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
            }
            assertThat(events.answer().status()).isEqualTo(200);
            assertThat(events.answer().body()).isEmpty();
        }
    }

    /** The first thing it waits for is to be active, and longer than five seconds it does not wait. */
    @Test
    void http049WaitsForTheServiceToBeActive() throws IOException, SQLException {
        TestPostgres postgres = TestPostgres.shared();
        String database = postgres.freshDatabase();
        try (OpenTransaction pending = new OpenTransaction(postgres, database);
                RunningServer begun = RunningServer.begin(postgres, database, Map.of())) {
            Client early = new Client(begun);
            await("the lock to be held")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> early.get("/v1/health").body().equals("{\"status\":\"starting\"}"));
            Got got = early.delete("live=banana");
            assertThat(got.status()).isEqualTo(503);
            assertThat(got.body())
                    .startsWith("{\"message\":\"Timeout waiting for replication client to be ready. Check that you");
            assertThat(got.header("retry-after")).isEqualTo("5");
            assertNeverCached(got);
            try (Wire wire = begun.wire()) {
                wire.request("DELETE", "/v1/shape?handle=1-1");
                pending.rollback();
                assertRefused(wire.read(), 404, UNKNOWN);
            }
        }
    }

    private static void assertNeverCached(Got got) {
        assertThat(got.header("cache-control")).as(got.toString()).isEqualTo("no-cache");
        assertThat(got.has("surrogate-control")).as(got.toString()).isFalse();
    }

    @Test
    void http050IsNeverKeptByCaches() {
        client.handle("table=items");
        List<Got> answers = Stream.of("table=items", "table=items", "", "table=items&handle=1-1", "table=nope")
                .map(client::delete)
                .toList();
        assertThat(answers.stream().map(Got::status)).containsExactly(202, 404, 400, 404, 400);
        answers.forEach(DeletionConformanceTest::assertNeverCached);
        try (RunningServer closed = RunningServer.start(Map.of("ELECTRIC_ENABLE_INTEGRATION_TESTING", "false"))) {
            assertNeverCached(new Client(closed).delete(""));
        }
    }
}
