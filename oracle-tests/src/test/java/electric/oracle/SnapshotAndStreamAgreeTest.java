package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.LogItem.Change;
import electric.oracle.LogItem.Operation;
import electric.oracle.ShapeDefinition.Log;
import electric.oracle.ShapeDefinition.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I3, snapshot + log = table, while everybody writes (HTTP-201, PG-062). A round that failed is repeated with
 * {@code -Doracle.seed=…}; timing differs, the statements and shapes are the same.
 */
class SnapshotAndStreamAgreeTest {
    private static final int WRITERS = 8;
    private static final int SHAPES = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of(
            "ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD", "10000",
            "ELECTRIC_LONG_POLL_TIMEOUT", "1000"));

    static LongStream seeds() {
        Long given = Long.getLong("oracle.seed");
        return given == null
                ? new Random().longs(Integer.getInteger("oracle.rounds", 20), 0, 1L << 40)
                : LongStream.of(given);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyClientSeesWhatPostgresHasWhateverHappensMeanwhile(long seed) throws Exception {
        System.out.println("Snapshot and stream: round with -Doracle.seed=" + seed);
        Random random = new Random(seed);
        String schema = "round_" + seed;
        Writer.createTables(server, schema, random);
        List<ShapeDefinition> definitions = definitions(schema, random);
        Progress progress = new Progress(SHAPES);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(new Writer(server, schema, progress, random.nextLong(), i % 2 == 0)));
            }
            List<Future<ShapeClient>> clients = new ArrayList<>();
            for (int i = 0; i < SHAPES; i++) {
                ShapeDefinition definition = definitions.get(i);
                int turn = i;
                int late = i + random.nextInt(SHAPES - i);
                clients.add(threads.submit(() -> follow(definition, progress, turn, true)));
                clients.add(threads.submit(() -> follow(definition, progress, turn, false)));
                clients.add(threads.submit(() -> follow(definition, progress, late, false)));
            }
            int committed = 0;
            for (Future<Integer> writer : writers) {
                committed += result(writer);
            }
            assertThat(committed).as("transactions committed").isGreaterThan(SHAPES);
            // A log of changes only has the marker if it began before.
            progress.awaitAllShapes();
            for (WrittenTable table : WrittenTable.values()) {
                server.sql(table.insertOfMarker(schema));
            }
            for (int i = 0; i < SHAPES; i += 7) {
                ShapeDefinition definition = definitions.get(i);
                clients.add(threads.submit(() -> follow(definition, progress, 0, false)));
            }

            Map<WrittenTable, Map<String, Map<String, @Nullable String>>> truth = new EnumMap<>(WrittenTable.class);
            for (WrittenTable table : WrittenTable.values()) {
                truth.put(table, table.rows(server, schema));
            }
            Set<String> handles = new LinkedHashSet<>();
            for (Future<ShapeClient> client : clients) {
                handles.add(judge(result(client), truth));
            }
            assertThat(handles).as("one shape per definition").hasSize(SHAPES);
            for (String handle : handles) {
                assertThat(server.request("DELETE", "handle=" + handle).statusCode())
                        .isEqualTo(202);
            }
        }
        server.sql("DROP SCHEMA " + schema + " CASCADE");
    }

    private static ShapeClient follow(ShapeDefinition definition, Progress progress, int turn, boolean begins)
            throws InterruptedException {
        progress.awaitTurn(turn);
        ShapeClient client = server.client(definition, SnapshotAndStreamAgreeTest::checkWhoWroteIt);
        client.step();
        if (begins) {
            progress.shapeBegan();
        }
        String schema = definition.table().substring(0, definition.table().indexOf('.'));
        String end = WrittenTable.of(definition).keyOfMarker(schema);
        return client.followUntil(view -> view.rows().containsKey(end), LIMIT);
    }

    /** HTTP-278: every row says which transaction wrote it last. */
    private static void checkWhoWroteIt(LogItem item) {
        if (item instanceof Change change && change.operation() != Operation.DELETE) {
            String tx = change.value().get("tx");
            Violation.unless(
                    tx == null || change.txids().equals(List.of(Long.parseLong(tx) & 0xFFFF_FFFFL)),
                    "written by " + tx + ", but told as by " + change.txids());
        }
    }

    /** Returns the handle. */
    private static String judge(
            ShapeClient client, Map<WrittenTable, Map<String, Map<String, @Nullable String>>> truth) {
        ShapeDefinition definition = client.definition();
        WrittenTable written = WrittenTable.of(definition);
        Map<String, Map<String, @Nullable String>> table = Objects.requireNonNull(truth.get(written));
        Set<String> selected = Set.copyOf(definition.columns().orElse(written.columns()));
        Map<String, Map<String, @Nullable String>> expected = new HashMap<>();
        table.forEach((key, row) -> {
            Map<String, @Nullable String> columns = new HashMap<>(row);
            columns.keySet().retainAll(selected);
            if (definition.log() == Log.FULL || client.rows().containsKey(key)) {
                expected.put(key, columns);
            }
        });
        assertThat(client.rows()).as(client.toString()).isEqualTo(expected);
        assertThat(client.refetches()).as(client.toString()).isZero();
        if (selected.contains("tx")) {
            table.forEach((key, row) -> {
                String tx = row.get("tx");
                if (tx != null) {
                    assertThat(client.view().changed().contains(key))
                            .as("%s has %s changed since %s; %s", key, row, client.snapshot(), client)
                            .isEqualTo(!client.snapshot().sees(Long.parseLong(tx) & 0xFFFF_FFFFL));
                }
            });
        }
        return client.handle().orElseThrow();
    }

    private static List<ShapeDefinition> definitions(String schema, Random random) {
        // There are few different ones of a table without a key: it has all columns, always.
        List<WrittenTable> tables = List.of(
                WrittenTable.NOTES, WrittenTable.NOTES, WrittenTable.GRADES, WrittenTable.GRADES, WrittenTable.EVENTS);
        Set<ShapeDefinition> definitions = new LinkedHashSet<>();
        while (definitions.size() < SHAPES) {
            WrittenTable table = tables.get(random.nextInt(tables.size()));
            ShapeDefinition definition = ShapeDefinition.of(table.in(schema))
                    .replica(random.nextBoolean() ? Replica.DEFAULT : Replica.FULL)
                    .log(random.nextInt(4) == 0 ? Log.CHANGES_ONLY : Log.FULL);
            if (random.nextInt(3) > 0) {
                List<String> columns = new ArrayList<>(table.columns());
                columns.removeIf(name -> !table.key().contains(name) && random.nextInt(3) == 0);
                definition = definition.columns(columns.toArray(String[]::new));
            }
            definitions.add(definition);
        }
        List<ShapeDefinition> shuffled = new ArrayList<>(definitions);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(String.valueOf(failed.getMessage()), failed);
        }
    }
}
