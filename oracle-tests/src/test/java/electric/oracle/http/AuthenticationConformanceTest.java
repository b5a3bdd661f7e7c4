package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.RunningServer;
import electric.oracle.ServerProcess;
import electric.sync.TestPostgres;
import electric.sync.http.Wire;
import electric.sync.http.Wire.Got;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read shapes: HTTP §1.5, HTTP-016 … HTTP-024. */
class AuthenticationConformanceTest {
    @RegisterExtension
    static final RunningServer server =
            RunningServer.start(Map.of("ELECTRIC_INSECURE", "false", "ELECTRIC_SECRET", "open sesame"));

    private static final String START = "table=items&offset=-1";
    private static final String UNAUTHORIZED = "{\"message\":\"Unauthorized - Invalid API secret\"}";

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTable() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ELECTRIC_PORT=0 | You must set ELECTRIC_SECRET unless ELECTRIC_INSECURE=true",
                "ELECTRIC_INSECURE=false | You must set ELECTRIC_SECRET unless ELECTRIC_INSECURE=true",
                "ELECTRIC_INSECURE=true,ELECTRIC_SECRET=s | You cannot set both ELECTRIC_SECRET and ELECTRIC_INSECURE=true",
            })
    void http016DoesNotStartWithoutExactlyOneOfSecretAndInsecure(String settings, String message) {
        Map<String, String> environment =
                new HashMap<>(Map.of("DATABASE_URL", TestPostgres.shared().url("postgres")));
        for (String setting : settings.split(",", -1)) {
            String[] parts = setting.split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        try (ServerProcess process = ServerProcess.start(environment)) {
            assertThat(process.awaitEnd()).isNotZero();
            assertThat(process.everything()).contains(message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&secret=",
                "&secret=open",
                "&secret=open+sesame+",
                "&secret=OPEN+SESAME",
                "&secret[]=open+sesame",
                "&secret[a]=open+sesame",
                "&SECRET=open+sesame",
                "&secret=open+sesame&secret=wrong"
            })
    void http017RefusesWhoeverDoesNotKnowTheSecret(String secret) {
        Got got = client.shape(START + secret);
        assertThat(got.status()).isEqualTo(401);
        assertThat(got.body()).isEqualTo(UNAUTHORIZED);
        assertThat(got.header("cache-control")).isEqualTo("max-age=0, private, must-revalidate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret=open+sesame",
                "secret=open%20sesame",
                "secret=%6fpen+sesame",
                "secret=wrong&secret=open+sesame",
                "api_secret=open+sesame",
                "secret=open+sesame&api_secret=wrong"
            })
    void http018TakesTheSecretUnderEitherName(String secret) {
        assertThat(client.shape(START + "&" + secret).status()).isEqualTo(200);
        assertThat(client.post(START + "&" + secret, "").status()).isEqualTo(200);
        assertThat(client.delete("handle=1-1&" + secret).status()).isEqualTo(404);
    }

    @Test
    void http019AnEmptySecretIsASecretAndWrong() {
        assertThat(client.shape(START + "&secret=&api_secret=open+sesame").status())
                .isEqualTo(401);
        assertThat(client.shape(START + "&secret&api_secret=open+sesame").status())
                .isEqualTo(401);
    }

    @Test
    void http020LooksForTheSecretInTheQueryAlone() {
        assertThat(client.shape(START, "secret: open sesame", "authorization: Bearer open sesame")
                        .status())
                .isEqualTo(401);
        assertThat(client.post(START, "{\"secret\":\"open sesame\",\"api_secret\":\"open sesame\"}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void http021SaysNothingToBrowsersOfOthers() {
        Got got = client.shape(START, "origin: https://example.com");
        assertThat(got.status()).isEqualTo(401);
        assertThat(got.headerLines()).noneMatch(line -> line.startsWith("access-control-"));
    }

    @Test
    void http022WantsNoSecretForWhatIsNoShape() {
        assertThat(client.ask("OPTIONS", "/v1/shape?" + START).status()).isEqualTo(204);
        assertThat(client.get("/").status()).isEqualTo(200);
        assertThat(client.get("/v1/health").status()).isEqualTo(200);
        assertThat(client.get("/nowhere").status()).isEqualTo(404);
        assertThat(client.ask("PUT", "/v1/shape").status()).isEqualTo(404);
    }

    @Test
    void http023RefusesBeforeItLooksWhetherItIsReadyOrHasRoom() {
        TestPostgres postgres = TestPostgres.shared();
        Map<String, String> unreachableAndFull = Map.of(
                "DATABASE_URL",
                "postgresql://nobody@127.0.0.1:1/nothing?sslmode=disable",
                "ELECTRIC_INSECURE",
                "false",
                "ELECTRIC_SECRET",
                "s",
                "ELECTRIC_MAX_CONCURRENT_REQUESTS",
                "{\"initial\":0,\"existing\":0}");
        try (RunningServer begun = RunningServer.begin(postgres, postgres.freshDatabase(), unreachableAndFull)) {
            Client early = new Client(begun);
            assertThat(early.shape(START).status()).isEqualTo(401);
            assertThat(early.post(START, "no JSON").status()).isEqualTo(401);
            assertThat(early.delete("").status()).isEqualTo(401);
            assertThat(early.shape(START + "&secret=s").status()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void http024WritesNoSecretIntoTheLog(String format) throws IOException {
        List<String> names = List.of(
                "secret",
                "api_secret",
                "token",
                "access_token",
                "api_key",
                "password",
                "Secret",
                "API_SECRET",
                "%73ecret",
                "password[a]",
                "token[]");
        String query = IntStream.range(0, names.size())
                .mapToObj(i -> names.get(i) + "=hush" + i)
                .reduce("table=whispered", (all, one) -> all + "&" + one);
        Map<String, String> environment = Map.of(
                "DATABASE_URL", "postgresql://nobody:hush@127.0.0.1:1/none",
                "ELECTRIC_SECRET", "open sesame",
                "ELECTRIC_PORT", "0",
                "ELECTRIC_LOG_LEVEL", "debug",
                "ELECTRIC_LOG_FORMAT", format);
        try (ServerProcess process = ServerProcess.start(environment)) {
            int port = process.port();
            ask(port, "GET", "/v1/shape?" + query + "&offset=-1");
            ask(port, "GET", "/v1/shape?" + query + "&offset=-1&secret=open+sesame");
            ask(port, "DELETE", "/v1/shape?" + query);
            ask(port, "GET", "/nowhere?" + query);
            ask(port, "GET", "/v1/health?" + query);
            await("the requests to be logged")
                    .until(() -> process.everything().split("table=whispered", -1).length - 1 == 5);
            assertThat(process.everything())
                    .contains("password[a]=[REDACTED]")
                    .doesNotContain("hush")
                    .doesNotContain("sesame");
        }
    }

    private static void ask(int port, String method, String target) throws IOException {
        try (Wire wire = new Wire(port)) {
            assertThat(wire.request(method, target).read().status()).isPositive();
        }
    }
}
