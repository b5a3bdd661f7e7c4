package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.ShapeDefinition.Replica;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The strict client against the running server: the paths every other test here walks. */
class ShapeClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @Test
    void seesTheSnapshotAndThenEveryChange() {
        server.sql("CREATE TABLE items (id int PRIMARY KEY, v text)", "INSERT INTO items VALUES (1, 'a'), (2, null)");
        ShapeClient client = server.client(ShapeDefinition.of("items")).catchUp();
        assertThat(client.rows()).hasSize(2);

        server.sql(
                "INSERT INTO items VALUES (3, 'c')",
                "UPDATE items SET v = 'b' WHERE id = 2",
                "DELETE FROM items WHERE id = 1",
                "UPDATE items SET id = 30 WHERE id = 3");
        client.followUntil(view -> view.rows().containsKey("\"public\".\"items\"/\"30\""), LIMIT);
        assertThat(client.rows().keySet())
                .containsExactlyInAnyOrder("\"public\".\"items\"/\"2\"", "\"public\".\"items\"/\"30\"");
        assertThat(client.refetches()).isZero();
    }

    @Test
    void fetchesAgainAfterTheShapeWasDeleted() {
        server.sql("CREATE TABLE doomed (id int PRIMARY KEY)", "INSERT INTO doomed VALUES (1)");
        ShapeClient client = server.client(ShapeDefinition.of("doomed").replica(Replica.FULL))
                .catchUp();
        String before = client.handle().orElseThrow();

        assertThat(server.request("DELETE", "handle=" + before).statusCode()).isEqualTo(202);
        client.followUntil(view -> client.refetches() == 1, LIMIT);
        assertThat(client.handle().orElseThrow()).isNotEqualTo(before);
        assertThat(client.rows()).hasSize(1);
    }
}
