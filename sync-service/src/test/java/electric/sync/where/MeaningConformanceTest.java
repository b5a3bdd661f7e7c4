package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each expression of the conformance data is for its row, compiled and naively. */
final class MeaningConformanceTest {
    /** It only rises. */
    private static final int LEAST_EXTENSIONS = 1_037;

    /** It only falls. */
    private static final int MOST_CORE_REFUSED = 0;

    /** {@code ilike()} is no function of Postgres, but one of the core: the operator by another name. */
    private static final Set<String> ACCEPTED_ALTHOUGH_POSTGRES_DOES_NOT = Set.of("like-169");

    private static final Set<String> TRUTHS = Set.of("TRUE", "FALSE", "UNKNOWN");

    @Test
    @DisplayName("WHERE-101, -102, -103: what Postgres says of every row, or a refusal of what is not core")
    void everyExpressionMeansWhatPostgresSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> coreRefused = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (JsonNode one : json()) {
            String tier = one.get("tier").asString();
            String outcome = outcome(one);
            String judgement = outcome.startsWith("400") ? "refused" : isRight(one, tier, outcome) ? "right" : "wrong";
            counts.merge(tier + " " + judgement, 1, Integer::sum);
            String said = one.get("id").asString() + " [" + tier + "] "
                    + one.get("where").asString() + " " + one.get("schema") + " " + one.get("row") + ": " + outcome
                    + " instead of " + expected(one);
            if (judgement.equals("wrong")) {
                wrong.add(said);
            } else if (judgement.equals("refused") && tier.equals("core") && !isOrderedByLanguage(one)) {
                coreRefused.add(said);
            }
        }
        System.out.println("Expressions of the conformance data: " + counts);
        assertThat(wrong).isEmpty();
        assertThat(coreRefused).hasSizeLessThanOrEqualTo(MOST_CORE_REFUSED);
        assertThat(counts.get("extension right")).isGreaterThanOrEqualTo(LEAST_EXTENSIONS);
    }

    private static boolean isRight(JsonNode one, String tier, String outcome) {
        return switch (tier) {
            case "core", "extension" -> outcome.equals(expected(one));
            case "pg-analyze-error" ->
                one.has("pg_version_note")
                        || ACCEPTED_ALTHOUGH_POSTGRES_DOES_NOT.contains(
                                one.get("id").asString());
            default -> !TRUTHS.contains(outcome);
        };
    }

    /** §2.10 lets that be refused. */
    private static boolean isOrderedByLanguage(JsonNode one) {
        return one.get("schema").toString().contains("en-x-icu");
    }

    private static String expected(JsonNode one) {
        JsonNode expect = one.get("expect");
        return expect.isNull() ? "UNKNOWN" : expect.asString().toUpperCase(Locale.ROOT);
    }

    private static String outcome(JsonNode one) {
        Map<String, String> columns = new LinkedHashMap<>();
        one.get("schema")
                .properties()
                .forEach(
                        column -> columns.put(column.getKey(), column.getValue().asString()));
        JsonNode row = one.has("stream_row") ? one.get("stream_row") : one.get("row");
        Table table = TestTables.of(columns);
        @Nullable
        String[] texts = columns.keySet().stream()
                .map(name -> row.get(name).isNull() ? null : row.get(name).asString())
                .toArray(String[]::new);
        List<String> parameters = new ArrayList<>();
        for (int i = 1; one.has("params") && one.get("params").has("" + i); i++) {
            parameters.add(one.get("params").get("" + i).asString());
        }
        Expr filter;
        try {
            filter = Filter.of(one.get("where").asString(), parameters, table, TestTables::casing)
                    .orElseThrow()
                    .expr();
        } catch (InvalidWhere invalid) {
            return "400 " + invalid.message();
        }
        List<Type> types = table.columns().stream()
                .map(column -> Types.of(column.values()))
                .toList();
        return Meanings.outcome(filter, types, texts);
    }

    private static JsonNode json() throws IOException {
        try (InputStream in = MeaningConformanceTest.class.getResourceAsStream("/conformance/where-cases.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }
}
