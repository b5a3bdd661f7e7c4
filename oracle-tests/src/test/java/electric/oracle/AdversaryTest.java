package electric.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import electric.oracle.Adversary.Trick;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import tools.jackson.databind.JsonNode;

/**
 * The stock client behind a cache that is wrong: it shows no rows that the table did not have at some moment, and gets to
 * those it has now in a few requests.
 *
 * <p>What no client survives, whatever the server does, is left out. A key without {@code offset}, {@code live} or what
 * defines the shape gives the answers to other questions, and none of them says so. A key without {@code handle} is survived
 * while the client was told that the older shape is over: it remembers one such shape, and takes the answers of any other
 * for a continuation of what it has. So there is only one end there, and nobody comes late.
 */
class AdversaryTest {
    private static final long SEED = Long.getLong("adversary.seed", 1);
    private static final int TRANSACTIONS = 24;
    private static final int RETURNS = 6;
    private static final int MOST_REQUESTS_AFTERWARDS = 20;
    private static final AtomicInteger TABLES = new AtomicInteger();

    @RegisterExtension
    static final RunningServer server = RunningServer.start(Map.of("ELECTRIC_LONG_POLL_TIMEOUT", "1000"));

    private final String table = "deceived_" + TABLES.incrementAndGet();
    private final List<List<String>> history = new ArrayList<>();

    @BeforeAll
    static void install() {
        NodeClient.install();
    }

    @ParameterizedTest
    @EnumSource(value = Trick.class, mode = Mode.EXCLUDE, names = "KEEPS_CONFLICTS")
    void theClientShowsWhatTheTableHadAndThenWhatItHas(Trick trick) {
        deceive(Set.of(trick));
    }

    @Test
    void theClientShowsThatWhateverIsPlayedOnIt() {
        deceive(EnumSet.complementOf(EnumSet.of(Trick.IGNORES_HANDLE)));
    }

    @Test
    void whoComesBackToAnEndThatIsKeptForEverBeginsAgainWithWhatThereIs() {
        makeTable();
        try (Adversary adversary = Adversary.before(server, SEED, Trick.KEEPS_CONFLICTS)) {
            StockClient.Position left;
            try (StockClient client = follow(adversary, Map.of())) {
                left = client.awaitRows(rows -> rows.size() == 5)
                        .awaitUpToDate()
                        .position();
            }
            for (int i = 1; i <= RETURNS; i++) {
                assertThat(server.request("DELETE", "table=" + table).statusCode())
                        .isEqualTo(202);
                transaction("UPDATE " + table + " SET v = 'by " + i + "'");
                try (StockClient client = follow(adversary, Map.of("offset", left.offset(), "handle", left.handle()))) {
                    client.awaitRows(rows -> text(rows).equals(history.getLast()));
                    assertThat(client.requests()).hasSizeLessThanOrEqualTo(MOST_REQUESTS_AFTERWARDS);
                    assertThat(client.states()).hasSize(1);
                }
            }
            assertThat(adversary.played()).containsKey(Trick.KEEPS_CONFLICTS);
        }
    }

    private void makeTable() {
        server.sql("CREATE TABLE " + table + " (id int PRIMARY KEY, v text)");
        transaction("INSERT INTO " + table + " SELECT i, 'first' FROM generate_series(1, 5) i");
    }

    private StockClient follow(Adversary adversary, Map<String, ?> options) {
        Map<String, Object> all = new HashMap<>(options);
        // An answer that breaks off is the end for an application that does not say this.
        all.put("goesOn", true);
        return StockClient.follow(adversary.shapeUrl(), Map.of("table", table), all);
    }

    private void deceive(Set<Trick> tricks) {
        Random random = new Random(SEED);
        makeTable();
        try (Adversary adversary = Adversary.before(server, SEED, tricks.toArray(Trick[]::new));
                StockClient client = follow(adversary, Map.of())) {
            client.awaitRows(rows -> rows.size() == 5);
            boolean handlesMatter = !tricks.contains(Trick.IGNORES_HANDLE);
            List<StockClient> clients = new ArrayList<>(List.of(client));
            try {
                for (int i = 1; i <= TRANSACTIONS; i++) {
                    if (handlesMatter && i % (TRANSACTIONS / 4) == 0) {
                        clients.add(follow(adversary, Map.of()));
                    }
                    if (i == TRANSACTIONS / 3 || (handlesMatter && random.nextInt(6) == 0)) {
                        end(random);
                    }
                    change(random, i);
                    if (random.nextInt(3) == 0) {
                        List<String> now = history.getLast();
                        clients.forEach(one -> one.awaitRows(rows -> text(rows).equals(now)));
                    }
                }
                adversary.relent();
                List<Integer> before =
                        clients.stream().map(one -> one.requests().size()).toList();
                transaction("INSERT INTO " + table + " VALUES (0, 'last')");
                for (int i = 0; i < clients.size(); i++) {
                    StockClient one = clients.get(i);
                    one.awaitRows(rows -> text(rows).equals(history.getLast()));
                    assertThat(one.requests().size() - before.get(i)).isLessThanOrEqualTo(MOST_REQUESTS_AFTERWARDS);
                    assertThat(one.states())
                            .allSatisfy(rows -> assertThat(history).contains(text(rows)));
                }
                System.out.println("Adversary: played " + adversary.played() + ", requests "
                        + clients.stream().map(one -> one.requests().size()).toList());
                assertThat(adversary.played()).isNotEmpty();
            } finally {
                clients.subList(1, clients.size()).forEach(StockClient::close);
            }
        }
    }

    private void end(Random random) {
        if (random.nextBoolean()) {
            transaction("TRUNCATE " + table);
        } else {
            assertThat(server.request("DELETE", "table=" + table).statusCode()).isIn(202, 404);
        }
    }

    private void change(Random random, int number) {
        switch (random.nextInt(4)) {
            case 0 -> transaction("DELETE FROM " + table + " WHERE id % 3 = " + random.nextInt(3));
            case 1 -> transaction("UPDATE " + table + " SET v = 'by " + number + "' WHERE id % 2 = 0");
            default ->
                transaction("INSERT INTO " + table + " SELECT i, 'by " + number + "' FROM generate_series("
                        + (1000 * number) + ", " + (1000 * number + random.nextInt(4)) + ") i");
        }
    }

    private void transaction(String statement) {
        server.sql(statement);
        history.add(server.ask("SELECT row_to_json(t) FROM " + table + " t").stream()
                .sorted()
                .toList());
    }

    private static List<String> text(Map<String, JsonNode> rows) {
        return rows.values().stream().map(JsonNode::toString).sorted().toList();
    }
}
