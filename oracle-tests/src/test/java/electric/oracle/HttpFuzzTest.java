package electric.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.sync.ServerLog;
import electric.sync.http.NoLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests that no client sends, in ways that no client has: each gets an answer that is one or the end of its connection,
 * nothing of them stays, and the server goes on.
 *
 * <p>{@code -Dfuzz.seed=… -Dfuzz.requests=…} for others or more; what fails is told with the seed of its conversation, which
 * {@code -Dfuzz.only=…} holds again alone.
 */
@ExtendWith(NoLeaks.class)
class HttpFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 10_000);
    private static final int GARBAGE = 40;
    private static final int AT_ONCE = 64;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of(
            "ELECTRIC_PROMETHEUS_PORT", "0",
            "ELECTRIC_LONG_POLL_TIMEOUT", "50",
            "ELECTRIC_TCP_READ_TIMEOUT", "2s",
            "ELECTRIC_TCP_SEND_TIMEOUT", "2s",
            "ELECTRIC_MAX_CONCURRENT_REQUESTS", "{\"initial\":6,\"existing\":8}"));

    private final Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();

    @BeforeAll
    static void makeTables() {
        server.sql(
                "CREATE TABLE small (id int PRIMARY KEY, v text)",
                "INSERT INTO small VALUES (1, 'one'), (2, 'two'), (3, NULL)",
                "CREATE TABLE \"odd ü\" (id int PRIMARY KEY, \"v \"\"w\"\"\" text)",
                "CREATE TABLE big (id int PRIMARY KEY, v text)",
                "INSERT INTO big SELECT i, repeat('x', 1000) FROM generate_series(1, 1000) i");
    }

    private record Failure(long seed, String complaint, FuzzedConversation conversation) {
        @Override
        public String toString() {
            return "-Dfuzz.only=" + seed + ": " + complaint + "\n" + conversation.text();
        }
    }

    @Test
    void everyRequestIsAnsweredOrRefusedAndNothingOfItStays() throws Exception {
        List<String> handles = List.of(handle("small"), handle("big"));
        ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger requests = new AtomicInteger();
        long began = System.nanoTime();
        try (ServerLog log = ServerLog.ofWarnings();
                ExecutorService clients =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<?>> held = seeds().<Future<?>>mapToObj(seed -> clients.submit(() -> {
                        if (requests.get() < REQUESTS && failures.isEmpty()) {
                            FuzzedConversation conversation = FuzzedConversation.of(seed, handles);
                            requests.addAndGet(conversation.requests().size());
                            conversation
                                    .hold(server.app().port(), this::count)
                                    .ifPresent(wrong -> failures.add(new Failure(seed, wrong, conversation)));
                        }
                    }))
                    .toList();
            for (Future<?> one : held) {
                one.get();
            }
            System.out.printf(
                    "HTTP fuzz: -Dfuzz.seed=%d, %d requests in %d ms, statuses %s%n",
                    SEED, requests.get(), (System.nanoTime() - began) / 1_000_000, statuses);
            assertThat(failures.stream().limit(3).map(this::simplest)).isEmpty();
            assertThat(log.with("")).isEmpty();
        }
        assertThat(statuses.keySet()).contains(200, 304, 400, 404, 409, 414, 431, 503);
        await("every connection to be gone").atMost(LIMIT).until(() -> connections() == 0);
        await("every request to be over").atMost(LIMIT).until(() -> server.app().openRequests() == 0);
        assertThat(server.fatal()).isEmpty();
        assertThat(server.health().body()).isEqualTo("{\"status\":\"active\"}");
        for (String table : List.of("small", "big")) {
            assertThat(server.client(ShapeDefinition.of(table)).catchUp().rows().values())
                    .extracting(row -> row.get("id"))
                    .containsExactlyInAnyOrderElementsOf(server.ask("SELECT id FROM " + table));
        }
    }

    private static LongStream seeds() {
        Long only = Long.getLong("fuzz.only");
        return only == null
                ? LongStream.concat(
                        LongStream.range(-GARBAGE, 0),
                        LongStream.range(0, REQUESTS).map(i -> SEED * 1_000_000 + i))
                : LongStream.of(only);
    }

    private void count(int status) {
        statuses.merge(status, 1, Integer::sum);
    }

    private static String handle(String table) {
        return server.get(ShapeDefinition.of(table), "offset", "-1")
                .headers()
                .firstValue("electric-handle")
                .orElseThrow();
    }

    /** The least of the conversation that still fails, held alone. */
    private Failure simplest(Failure failure) {
        Failure simplest = failure;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        boolean found = true;
        while (found) {
            found = false;
            for (FuzzedConversation simpler : simplest.conversation.simpler()) {
                if (System.nanoTime() > deadline) {
                    return simplest;
                }
                Optional<String> wrong = simpler.hold(server.app().port(), status -> {});
                if (wrong.isPresent()) {
                    simplest = new Failure(failure.seed, wrong.get(), simpler);
                    found = true;
                    break;
                }
            }
        }
        return simplest;
    }

    private static int connections() {
        int metrics = server.app().metricsPort().orElseThrow();
        try (var in =
                URI.create("http://localhost:" + metrics + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("electric_http_connections_count "))
                    .map(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
