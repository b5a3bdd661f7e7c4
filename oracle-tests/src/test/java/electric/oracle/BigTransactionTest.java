package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import electric.oracle.LogItem.Change;
import electric.oracle.ShapeResponse.MustRefetch;
import electric.sync.ServerLog;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of many rows, and of too many (PG §4.2, §4.4, §4.9, AC-03). */
class BigTransactionTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int ROWS = 1_000_000;
    private static final long HEAP_BOUND = 64L << 20;
    private static final String INSERT =
            "INSERT INTO big SELECT i, repeat('v', 60) FROM generate_series(1, " + ROWS + ") i";

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void makeTable(RunningServer server) {
        server.sql("CREATE TABLE big (id int PRIMARY KEY, v text)", "ALTER TABLE big REPLICA IDENTITY FULL");
    }

    @Test
    void aMillionRowsAreSeenAtOnceAndDoNotGrowTheHeap() {
        try (RunningServer server = RunningServer.start()) {
            makeTable(server);
            ShapeClient client = server.client(ShapeDefinition.of("big")).catchUp();
            String handle = client.handle().orElseThrow();
            long before = heapAfterCollection();
            server.sql(INSERT);

            long[] most = {0};
            HttpResponse<String> first = await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                most[0] = Math.max(most[0], heapAfterCollection());
                                return server.get(ShapeDefinition.of("big"), "offset", "0_inf", "handle", handle);
                            },
                            response -> !response.headers()
                                    .firstValue("electric-offset")
                                    .equals(Optional.of("0_inf")));
            assertThat(most[0] - before).as("growth of the heap").isLessThan(HEAP_BOUND);
            expectTheWholeTransaction(server, handle, first);
        }
    }

    /** No answer on the way says that there is nothing more. */
    private static void expectTheWholeTransaction(
            RunningServer server, String handle, HttpResponse<String> firstChunk) {
        HttpResponse<String> chunk = firstChunk;
        int rows = 0;
        int last = 0;
        while (true) {
            rows += count(chunk.body(), "\"operation\":\"insert\"");
            last += count(chunk.body(), "\"last\":true");
            boolean upToDate = chunk.headers().firstValue("electric-up-to-date").isPresent();
            assertThat(count(chunk.body(), "\"up-to-date\"")).isEqualTo(upToDate ? 1 : 0);
            if (upToDate) {
                break;
            }
            assertThat(last).isZero();
            chunk = server.get(
                    ShapeDefinition.of("big"),
                    "offset",
                    chunk.headers().firstValue("electric-offset").orElseThrow(),
                    "handle",
                    handle);
        }
        assertThat(rows).isEqualTo(ROWS);
        assertThat(last).isEqualTo(1);
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    @Test
    void aMillionRowsThatNobodyFollowsAnyMoreLeaveNothing() {
        try (RunningServer server = RunningServer.start(Map.of("ELECTRIC_MANUAL_TABLE_PUBLISHING", "true"))) {
            makeTable(server);
            server.sql("ALTER PUBLICATION " + server.publication() + " ADD TABLE big");
            ShapeClient client = server.client(ShapeDefinition.of("big")).catchUp();
            assertThat(server.request("DELETE", "handle=" + client.handle().orElseThrow())
                            .statusCode())
                    .isEqualTo(202);
            long before = heapAfterCollection();
            server.sql(INSERT);
            String end = server.ask("SELECT pg_current_wal_lsn()").getFirst();
            long[] most = {0};
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
                most[0] = Math.max(most[0], heapAfterCollection());
                return server.ask("SELECT confirmed_flush_lsn >= '" + end
                                + "' FROM pg_replication_slots WHERE slot_name = '" + server.slot() + "'")
                        .equals(List.of("t"));
            });
            assertThat(most[0] - before).as("growth of the heap").isLessThan(HEAP_BOUND);
        }
    }

    @Test
    void oneThatIsTooLargeEndsAllShapesButIsInTheNextSnapshot() {
        // AC-03
        try (ServerLog log = new ServerLog();
                RunningServer server = RunningServer.start(Map.of("ELECTRIC_EXPERIMENTAL_MAX_TXN_SIZE", "5000"))) {
            server.sql("CREATE TABLE items (id int PRIMARY KEY, v text)", "INSERT INTO items VALUES (1, 'small')");
            Parked parked =
                    Parked.at(server, server.client(ShapeDefinition.of("items")).catchUp());
            server.sql("INSERT INTO items VALUES (2, repeat('x', 61000))");
            assertThat(parked.answer()).isInstanceOf(MustRefetch.class);
            await().atMost(LIMIT)
                    .until(() -> log.with("Starting replication from postgres").size() == 2);
            server.awaitActive();
            assertThat(log.with("Collected transaction exceeds limit of 5000 bytes."))
                    .isNotEmpty();
            assertThat(log.with("Purging all shapes.")).hasSize(1);
            ShapeClient client = parked.client().catchUp();
            assertThat(client.rows()).hasSize(2);
            assertThat(client.rows().values()).contains(Map.of("id", "2", "v", "x".repeat(61_000)));
            server.sql("INSERT INTO items VALUES (3, 'next')");
            client.followUntil(view -> view.rows().size() == 3, LIMIT);
            assertThat(server.fatal()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 200})
    void positionsCountTheChangesOfATransactionByTwos(int size) {
        try (RunningServer server = RunningServer.start()) {
            server.sql("CREATE TABLE n (id int PRIMARY KEY)", "CREATE TABLE other (id int PRIMARY KEY)");
            List<Change> seen = new ArrayList<>();
            ShapeClient client = server.client(ShapeDefinition.of("n"), item -> {
                if (item instanceof Change change) {
                    seen.add(change);
                }
            });
            client.catchUp();
            server.client(ShapeDefinition.of("other")).catchUp();
            // A change that is not this shape's counts all the same.
            server.sql("BEGIN; INSERT INTO other VALUES (1); INSERT INTO n SELECT generate_series(1, " + size
                    + "); COMMIT");
            client.followUntil(view -> view.rows().size() == size, LIMIT);
            assertThat(seen).hasSize(size);
            for (int i = 0; i < size; i++) {
                assertThat(seen.get(i).offset().op()).isEqualTo(2L * (i + 1));
                assertThat(seen.get(i).last()).isEqualTo(i == size - 1);
            }
            seen.clear();

            // A row under another key is a delete and an insert right after it, each naming the other.
            server.sql("UPDATE n SET id = id + 1000");
            client.followUntil(view -> seen.size() == 2 * size, LIMIT);
            for (int i = 0; i < seen.size(); i += 2) {
                assertThat(seen.get(i).keyChangeTo()).contains(seen.get(i + 1).key());
                assertThat(seen.get(i + 1).keyChangeFrom()).contains(seen.get(i).key());
                assertThat(seen.get(i).offset().op()).isEqualTo(i);
                assertThat(seen.get(i + 1).offset().op()).isEqualTo(i + 1);
            }
            assertThat(seen.stream().map(Change::last).collect(Collectors.toSet()))
                    .isEqualTo(Set.of(false, true));
            assertThat(client.rows()).hasSize(size);
        }
    }
}
