package electric.oracle.http;

import static electric.oracle.http.Client.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.RunningServer;
import electric.sync.http.Wire.Got;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What HTTP shows of filters and their parameters: HTTP §2.7 and §2.8, HTTP-087 … HTTP-097. What filters mean is held
 * against Postgres in {@code electric.oracle}.
 */
class WhereConformanceTest {
    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Client client = new Client(server);

    @BeforeAll
    static void makeTable() {
        server.sql(
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE TABLE items (id int PRIMARY KEY, v text, m mood)",
                "INSERT INTO items VALUES (5, 'five', 'happy'), (6, 'six', 'sad')");
    }

    private static String query(String where) {
        return "table=items&offset=-1&where=" + encoded(where);
    }

    private String refused(String where) {
        return client.refused(query(where));
    }

    private static String where(String message) {
        return "{\"where\":[\"" + message + "\"]}";
    }

    @Test
    void http087NamesThePlaceWhereTheTextIsNoSql() {
        assertThat(refused("1 x 1")).isEqualTo(where("At location 17: syntax error at or near \\\"x\\\""));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "foo = 1, At location 0: unknown reference foo",
                "id = 5 AND foo = 1, At location 11: unknown reference foo",
                "'é' = foo, At location 7: unknown reference foo",
                "items.id = 5, At location 0: unknown reference items.id"
            })
    void http088NamesTheColumnThatIsNotThere(String clause, String message) {
        assertThat(refused(clause)).isEqualTo(where(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "1", "'true' || 'x'", "id + 1"})
    void http089WantsAnAnswerOfYesOrNo(String clause) {
        assertThat(refused(clause)).isEqualTo(where("WHERE clause must return a boolean"));
    }

    @Test
    void http090TakesOneStatementAlone() {
        assertThat(refused("true; DROP TABLE x")).isEqualTo(where("unescaped \\\";\\\" causing statement split"));
        assertThat(client.shape(query("id = 5;")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true ORDER BY id",
                "true GROUP BY id",
                "true GROUP BY id HAVING true",
                "true HAVING true",
                "true WINDOW w AS (ORDER BY id)",
                "true FOR UPDATE",
                "true LIMIT 1",
                "true OFFSET 1",
                "true FETCH FIRST 1 ROW ONLY",
                "true UNION SELECT 1",
                "true EXCEPT SELECT 1"
            })
    void http091TakesNothingBehindTheClause(String clause) {
        assertThat(refused(clause)).isEqualTo(where("malformed query ending with SQL clauses"));
    }

    /** Only a body has the room. */
    private Got posted(int bytes) {
        String clause = "id = 5 /*" + "x".repeat(bytes - "id = 5 /**/".length()) + "*/";
        return client.post("table=items&offset=-1", "{\"subset\":{},\"where\":\"" + clause + "\"}");
    }

    @Test
    void http092RefusesAClauseThatIsTooLong() {
        assertThat(posted(65_536).status()).isEqualTo(200);
        Got refused = posted(65_537);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
                .startsWith("{\"message\":\"Invalid request\",\"errors\":{\"where\":[\"")
                .contains("bigger than maximum size");
    }

    @Test
    void http093AParameterIsALiteralOfTheTypeItHas() {
        String handle = client.handle("table=items&where=" + encoded("id = $1") + "&params[1]=5");
        assertThat(client.handle("table=items&where=" + encoded("id=$1") + "&params%5B1%5D=5"))
                .isEqualTo(handle);
        assertThat(client.handle("table=items&where=" + encoded("id = '5'::int4")))
                .isEqualTo(handle);
        for (String other : new String[] {"id = 5", "id = '5'", "id = 5::int4"}) {
            assertThat(client.handle("table=items&where=" + encoded(other)))
                    .as(other)
                    .isNotEqualTo(handle);
        }
        assertThat(client.handle("table=items&where=" + encoded("id = $1") + "&params[1]=05"))
                .isNotEqualTo(handle);
        assertThat(client.shape(query("id = $1") + "&params[1]=5").body())
                .contains("\"id\":\"5\"")
                .doesNotContain("\"id\":\"6\"");
    }

    @Test
    void http094TakesNoParametersAsJson() {
        assertThat(client.refused(query("v = $1") + "&params=" + encoded("{\"1\":\"x\"}")))
                .isEqualTo("{\"params\":[\"is invalid\"]}");
    }

    @Test
    void http095WantsParametersThatAreNumberedFromOneOn() {
        assertThat(client.refused(query("v = $1") + "&params[a]=x"))
                .isEqualTo("{\"params\":[\"Parameters can only use numbers as keys\"]}");
        for (String params : new String[] {"&params[2]=x", "&params[1]=x&params[3]=x", "&params[0]=x&params[1]=x"}) {
            assertThat(client.refused(query("v = $1") + params))
                    .as(params)
                    .isEqualTo("{\"params\":[\"Parameters must be numbered sequentially, starting from 1\"]}");
        }
    }

    @Test
    void http096WantsAParameterForEachPlaceholder() {
        assertThat(client.refused(query("id = $1"))).isEqualTo(where("At location 5: parameter $1 was not provided"));
        assertThat(client.refused(query("id = $1 AND v = $2") + "&params[1]=5"))
                .isEqualTo(where("At location 16: parameter $2 was not provided"));
        assertThat(client.shape(query("id = $1") + "&params[1]=5&params[2]=unused")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void http097DoesNotLookAtParametersOfNothing() {
        for (String params : new String[] {"&params[a]=x", "&params[7]=x"}) {
            assertThat(client.shape("table=items&offset=-1" + params).header("electric-handle"))
                    .as(params)
                    .isEqualTo(client.handle("table=items"));
        }
    }
}
