package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording tells an operator about where the time goes. */
class FlightRecordingTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROWS = 5_000;

    @TempDir
    private static Path folder;

    private static List<RecordedEvent> events = List.of();

    /** A short life of a server: a snapshot that is read compressed, a transaction, an end. */
    @BeforeAll
    static void record() throws IOException, InterruptedException {
        Path file = folder.resolve("electric.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            try (RunningServer server = RunningServer.start(Map.of("ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "100000"))) {
                server.sql(
                        "CREATE TABLE notes (id int PRIMARY KEY, v text)",
                        "INSERT INTO notes SELECT i, 'secret ' || md5(i::text) FROM generate_series(1, " + ROWS
                                + ") i");
                ShapeClient client = server.client(ShapeDefinition.of("notes")).catchUp();
                readCompressed(server);
                server.sql("INSERT INTO notes SELECT i, 'secret' FROM generate_series(100001, 100100) i");
                client.followUntil(view -> view.rows().size() == ROWS + 100, LIMIT);
            }
            recording.stop();
            recording.dump(file);
        }
        events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("electric."))
                .toList();
    }

    private static void readCompressed(RunningServer server) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.shapeUrl() + "?table=notes&offset=-1"))
                    .header("accept-encoding", "gzip")
                    .build();
            assertThat(http.send(request, BodyHandlers.ofByteArray()).headers().firstValue("content-encoding"))
                    .contains("gzip");
        }
    }

    private static List<RecordedEvent> events(String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("electric." + name))
                .toList();
    }

    @Test
    void tellsWhatATransactionCostInEachStage() {
        assertThat(events("TransactionApplied"))
                .filteredOn(event -> event.getLong("changes") == 100)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getLong("bytes")).isEqualTo(100L * (6 + "secret".length()));
                    assertThat(event.getInt("shapes")).isEqualTo(1);
                    assertThat(event.getLong("xid")).isPositive();
                    Duration stages = Duration.ZERO;
                    for (String stage : List.of("decoding", "routing", "appending", "publishing")) {
                        assertThat(event.getDuration(stage)).as(stage).isPositive();
                        stages = stages.plus(event.getDuration(stage));
                    }
                    assertThat(stages).isLessThanOrEqualTo(event.getDuration());
                });
    }

    @Test
    void tellsWhatASnapshotWaitedForAndRead() {
        assertThat(events("SnapshotTaken")).singleElement().satisfies(event -> {
            assertThat(event.getString("table")).contains("notes");
            assertThat(event.getString("shape")).isNotEmpty();
            assertThat(event.getLong("rows")).isEqualTo(ROWS);
            assertThat(event.getDuration("waiting")).isPositive();
        });
    }

    @Test
    void tellsOfAnswersAndOfTheirCompression() {
        assertThat(events("AnswerStreamed")).isNotEmpty().allSatisfy(event -> {
            assertThat(event.getBoolean("whole")).isTrue();
            assertThat(event.getLong("bytes")).isPositive();
        });
        assertThat(events("RunCompressed")).singleElement().satisfies(event -> {
            assertThat(event.getString("coding")).isEqualTo("gzip");
            assertThat(event.getBoolean("whole")).isTrue();
            assertThat(event.getLong("from")).isGreaterThan(100_000);
            assertThat(event.getLong("to")).isBetween(1L, event.getLong("from") - 1);
        });
    }

    @Test
    void tellsThePhasesOfTheConnectionInOrder() {
        assertThat(events("ConnectionPhase"))
                .extracting(event -> event.getString("phase"))
                .startsWith("Connecting", "Locked", "Published", "Slotted", "Streaming");
    }

    @Test
    void neverQuotesARow() {
        assertThat(events).isNotEmpty().noneMatch(event -> event.toString().contains("secret"));
    }
}
