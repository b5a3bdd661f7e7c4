package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The example's board in Chromium, as its visitors see it. */
class BoardTest {
    private static final NodePackage EXAMPLE =
            new NodePackage(Path.of("..", "examples", "board"), Path.of("target", "board"));

    private static Path chromium = Path.of("chromium");

    private final String database = TestPostgres.shared().freshDatabase();
    private RunningServer server = RunningServer.startOn(database, Map.of());
    private NodeClient board;

    @BeforeAll
    static void install() {
        chromium = Chromium.path();
        NodeClient.install();
        EXAMPLE.install();
    }

    @BeforeEach
    void start() {
        board = NodeClient.run(
                "board.mjs",
                Map.of(
                        "folder",
                        EXAMPLE.folder().toAbsolutePath().toString(),
                        "chromium",
                        chromium.toString(),
                        "environment",
                        Map.of(
                                "DATABASE_URL",
                                TestPostgres.shared().url(database),
                                "ELECTRIC_URL",
                                "http://localhost:" + server.app().port())));
    }

    @AfterEach
    void stop() {
        board.close();
        server.close();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    private static boolean has(JsonNode page, String lane, String title) {
        return texts(page.get(lane)).contains(title);
    }

    private static boolean is(JsonNode page, String state) {
        return page.get("state").stringValue().equals(state);
    }

    private void awaitLive(String visitor) {
        board.tell(Map.of("as", visitor))
                .await(visitor, page -> is(page, "live") && has(page, "done", "Start Electric"));
    }

    @Test
    void showsTheRowsThatAreThereAndOneThatIsInsertedElsewhere() {
        awaitLive("Fox");
        assertThat(texts(board.latest("Fox").orElseThrow().get("todo"))).hasSize(3);

        server.sql("INSERT INTO cards (title) VALUES ('Hello from psql')");
        board.await("Fox", page -> has(page, "todo", "Hello from psql"));
        assertThat(texts(board.latest("Fox").orElseThrow().get("news")))
                .containsExactly("insertHello from psqlfrom elsewhere");
    }

    @Test
    void showsOnOnePageWhatIsDoneOnAnother() {
        awaitLive("Fox");
        awaitLive("Owl");

        board.tell(Map.of("as", "Fox", "add", "<b>Water</b> the plants"));
        board.await("Owl", page -> has(page, "todo", "<b>Water</b> the plants"));
        board.await("Fox", page -> texts(page.get("news")).stream().anyMatch(news -> news.endsWith("click to screen")));
        board.tell(Map.of("as", "Owl", "move", "Water"));
        board.await("Fox", page -> has(page, "doing", "<b>Water</b> the plants"));
        board.tell(Map.of("as", "Fox", "remove", "Water"));
        board.await("Owl", page -> !has(page, "doing", "<b>Water</b> the plants"));
    }

    @Test
    void showsTheCardsOfAFilterAndThoseThatComeIntoIt() {
        awaitLive("Fox");
        board.tell(Map.of("as", "Fox", "only", "Owl"));
        board.await(
                "Fox",
                page -> has(page, "todo", "Insert a card with psql")
                        && page.get("done").isEmpty());

        server.sql("UPDATE cards SET author = 'Owl' WHERE title = 'Start Electric'");
        board.await("Fox", page -> has(page, "done", "Start Electric"));
        server.sql("UPDATE cards SET author = 'Bee' WHERE title = 'Start Electric'");
        board.await("Fox", page -> page.get("done").isEmpty());

        board.tell(Map.of("as", "Fox", "only", "everybody"));
        board.await("Fox", page -> has(page, "done", "Start Electric") && has(page, "todo", "Insert a card with psql"));
    }

    @Test
    void comesBackWhenTheServerDoes() {
        awaitLive("Fox");
        String port = Integer.toString(server.app().port());
        server.close();
        board.await("Fox", page -> is(page, "away"));
        assertThat(texts(board.latest("Fox").orElseThrow().get("done"))).contains("Start Electric");
        board.tell(Map.of("as", "Fox", "move", "Move a card on one side"));

        server = RunningServer.startOn(database, Map.of("ELECTRIC_PORT", port));
        board.await("Fox", page -> is(page, "live") && has(page, "doing", "Move a card on one side"));
    }

    @Test
    void showsTheRowsAfterATruncate() {
        awaitLive("Fox");
        server.sql("TRUNCATE cards", "INSERT INTO cards (title) VALUES ('The only one')");
        board.await(
                "Fox",
                page -> texts(page.get("todo")).equals(List.of("The only one"))
                        && page.get("doing").isEmpty());
    }
}
