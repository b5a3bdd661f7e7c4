package electric.oracle;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.PostgresTruth;
import electric.sync.where.Mutants;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Filters that something befell on their way: refused, or taken and then right; and the server goes on. */
class FilterFuzzTest {
    private static final long SEED = Long.getLong("where.seed", 1);
    private static final int CLAUSES = Integer.getInteger("where.clauses", 3000);
    private static final int AT_ONCE = 12;
    private static final int LIMIT_SECONDS = 300;

    /** The language has a function for ILIKE, and a sign before a literal for a float. */
    private static final Pattern TAKEN_BEYOND_POSTGRES =
            Pattern.compile("!.*(function ilike\\(|operator is not unique: - unknown)");

    /** Two rows, and one of nothing. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("int4", List.of("1", "2")),
            Map.entry("int8", List.of("5", "3000000000")),
            Map.entry("float8", List.of("1.5", "NaN")),
            Map.entry("numeric", List.of("1.50", "-2")),
            Map.entry("text", List.of("a", "it's Ä")),
            Map.entry("bool", List.of("true", "false")),
            Map.entry("uuid", List.of("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000")),
            Map.entry("date", List.of("2024-02-29", "2000-01-01")),
            Map.entry("time", List.of("10:00", "23:59:59.5")),
            Map.entry("timestamp", List.of("2024-02-29 10:00", "infinity")),
            Map.entry("timestamptz", List.of("2024-02-29 10:00+02", "2000-01-01 00:00+00")),
            Map.entry("interval", List.of("1 day", "1 mon 02:00")),
            Map.entry("int4[]", List.of("{1,2}", "{NULL}")),
            Map.entry("text[]", List.of("{a,b}", "{}")),
            Map.entry("mood", List.of("ok", "sad")),
            Map.entry("jsonb", List.of("{\"a\": 1}", "[1, \"a\"]")),
            Map.entry("char(5)", List.of("ab", "a")),
            Map.entry("varchar(10)", List.of("ab", "")),
            Map.entry("bytea", List.of("\\x00ff", "\\x")));

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, String> taken = new ConcurrentSkipListMap<>();
    private final Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();

    @BeforeAll
    static void start() {
        Map<String, String> columns = new TreeMap<>(FilterCase.strings(
                FilterCase.json("where-validation-cases.json").get("schema")));
        server.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
                "CREATE TABLE plain ("
                        + columns.entrySet().stream()
                                .map(column -> '"' + column.getKey() + "\" " + column.getValue())
                                .collect(joining(", "))
                        + ", PRIMARY KEY (id))",
                "INSERT INTO plain (id) VALUES (0)");
        for (int i = 0; i < 2; i++) {
            int row = i;
            server.sql("INSERT INTO plain VALUES ("
                    + columns.values().stream()
                            .map(type -> "'"
                                    + Objects.requireNonNull(VALUES.get(type), type)
                                            .get(row)
                                            .replace("'", "''") + "'")
                            .collect(joining(", "))
                    + ")");
        }
    }

    @Test
    @DisplayName("ORACLE-031: only 400, or 200 and the right rows")
    void damagedClausesAreRefusedOrRight() throws Exception {
        Random random = new Random(SEED);
        List<String> sound = new ArrayList<>();
        for (JsonNode one : FilterCase.json("where-validation-cases.json").get("cases")) {
            if (!one.has("tables")) {
                sound.add(one.get("where").asString());
            }
        }
        List<Callable<@Nullable Void>> requests = new ArrayList<>();
        Set<String> clauses = new HashSet<>();
        while (clauses.size() < CLAUSES) {
            String clause = Mutants.of(sound.get(random.nextInt(sound.size())), random);
            if (!clause.isBlank() && clauses.add(clause)) {
                requests.add(() -> ask(clause));
            }
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<@Nullable Void> request : threads.invokeAll(requests, LIMIT_SECONDS, TimeUnit.SECONDS)) {
                assertThat(request.isCancelled())
                        .as("took more than %d s", LIMIT_SECONDS)
                        .isFalse();
                request.get();
            }
        }
        System.out.println("Damaged clauses, seed " + SEED + ": " + statuses);
        judge();
        assertThat(wrong).as("seed %d", SEED).isEmpty();
        assertThat(taken).hasSizeGreaterThan(CLAUSES / 20);
        assertThat(server.fatal()).isEmpty();
        assertThat(server.health().body()).isEqualTo("{\"status\":\"active\"}");
        assertThat(server.client(ShapeDefinition.of("plain")).catchUp().rows()).hasSize(3);
    }

    private @Nullable Void ask(String clause) {
        ShapeDefinition definition = ShapeDefinition.of("plain").where(clause, "1", "a");
        HttpResponse<String> answer = server.getWhole(definition, "offset", "-1");
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        switch (answer.statusCode()) {
            case 200 ->
                taken.put(
                        clause,
                        server.client(definition).catchUp().rows().values().stream()
                                .map(row -> Objects.requireNonNull(row.get("id")))
                                .sorted()
                                .collect(joining(",")));
            case 400 -> {
                return null;
            }
            default -> wrong.add(answer.statusCode() + " " + answer.body() + " for " + clause);
        }
        return null;
    }

    /** Whether Postgres has the same rows in what was taken. */
    private void judge() throws Exception {
        List<String> clauses = List.copyOf(taken.keySet());
        try (Connection connection = server.postgres().connect(server.database())) {
            List<String> answers = new PostgresTruth(connection)
                    .of(
                            clauses.stream()
                                    .map(clause -> PostgresTruth.withLiterals(clause, Map.of(1, "1", 2, "a")))
                                    .toList(),
                            "plain",
                            "id");
            for (int i = 0; i < clauses.size(); i++) {
                String answer = answers.get(i);
                String theirs = answer.startsWith("!")
                        ? answer
                        : java.util.stream.IntStream.range(0, 3)
                                .filter(row -> answer.charAt(row) == 'T')
                                .mapToObj(String::valueOf)
                                .collect(Collectors.joining(","));
                boolean beyond = TAKEN_BEYOND_POSTGRES.matcher(theirs).find();
                if (!beyond && !theirs.equals(taken.get(clauses.get(i)))) {
                    wrong.add(clauses.get(i) + ": here " + taken.get(clauses.get(i)) + ", Postgres " + theirs);
                }
            }
        }
    }
}
