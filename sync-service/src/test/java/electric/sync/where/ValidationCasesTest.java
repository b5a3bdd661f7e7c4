package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.change.Table;
import electric.sync.value.CaseMapping;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conformance data, as far as typing decides. */
final class ValidationCasesTest {
    /** What this server cannot do yet: to be accepted when there are subqueries. */
    private static final String SUBQUERIES = "subqueries are not available in this version";

    @Test
    @DisplayName("WHERE-107: accepted, or refused in the exact words")
    void isAcceptedOrRefusedInTheExactWords() throws IOException {
        JsonNode data = json("where-validation-cases.json");
        Table plain = table(data.get("schema"));
        Table items = table(data.get("subquery_tables").get("items"));
        List<String> wrong = new ArrayList<>();
        int extended = 0;
        for (JsonNode row : data.get("cases")) {
            boolean subquery = row.path("tables").asString("").equals("subquery");
            String where = row.get("where").asString();
            JsonNode errors = row.path("errors");
            if (errors.has("params") || errors.has("table") || errors.has("columns")) {
                continue;
            }
            String outcome = outcome(where, parameters(row.path("params")), subquery ? items : plain);
            JsonNode messages = errors.path("where");
            String expected = messages.isEmpty() ? "refused" : messages.get(0).asString();
            boolean accepted = outcome.equals("accepted");
            boolean refused = expected.equals("refused") ? !accepted : outcome.equals(expected);
            boolean right = switch (row.get("expect").asString()) {
                case "accept" -> accepted;
                case "reject" ->
                    refused || (accepted && row.path("strictness").asString("").equals("may-extend"));
                default -> true;
            };
            if (right && accepted && row.get("expect").asString().equals("reject")) {
                extended++;
            }
            if (!right && !outcome.endsWith(SUBQUERIES)) {
                wrong.add(row.get("id").asString() + ": " + where + ": " + outcome + " instead of " + expected);
            }
        }
        System.out.println("validation cases extended: " + extended);
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("WHERE-101, WHERE-102, WHERE-103: core is accepted, what Postgres refuses is refused")
    void coreIsAcceptedAndWhatPostgresRefusesIsRefused() throws IOException {
        // A function of this language only; numbers as they are written since Postgres 16.
        Set<String> ours = Set.of("like-169", "num-010", "num-011");
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> extensions = new LinkedHashMap<>();
        for (JsonNode row : json("where-cases.json")) {
            String id = row.get("id").asString();
            String where = row.get("where").asString();
            String outcome = outcome(where, parameters(row.path("params")), table(row.get("schema")));
            String tier = row.get("tier").asString();
            boolean accepted = outcome.equals("accepted");
            boolean right = switch (tier) {
                case "core" -> accepted || isLinguisticOrder(outcome);
                case "pg-analyze-error" -> !accepted || ours.contains(id);
                default -> true;
            };
            if (!right) {
                wrong.add(id + ": " + where + ": " + row.get("schema") + ": " + outcome);
            }
            extensions.merge(tier + (accepted ? " accepted" : " refused"), 1, Integer::sum);
            if (Boolean.getBoolean("where.extensions") && !accepted && tier.startsWith("ext")) {
                System.out.println(id + ": " + where + ": " + row.get("schema") + ": " + outcome);
            }
        }
        System.out.println("where cases: " + extensions);
        assertThat(wrong).isEmpty();
    }

    private static boolean isLinguisticOrder(String outcome) {
        return outcome.contains("cannot be ordered here exactly as Postgres does");
    }

    private static String outcome(String where, List<String> parameters, Table table) {
        try {
            Optional<ParsedExpr> parsed = WhereText.parse(where);
            if (parsed.isPresent()) {
                Resolver.resolve(parsed.get(), table, parameters, collation -> CaseMapping.ASCII, true);
            }
            return "accepted";
        } catch (InvalidWhere invalid) {
            return invalid.message();
        }
    }

    private static List<String> parameters(JsonNode params) {
        List<String> values = new ArrayList<>();
        for (int i = 1; params.has(String.valueOf(i)); i++) {
            values.add(params.get(String.valueOf(i)).asString());
        }
        return values;
    }

    private static Table table(JsonNode schema) {
        Map<String, String> columns = new LinkedHashMap<>();
        schema.properties()
                .forEach(
                        column -> columns.put(column.getKey(), column.getValue().asString()));
        return TestTables.of(columns);
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream in = ValidationCasesTest.class.getResourceAsStream("/conformance/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }
}
