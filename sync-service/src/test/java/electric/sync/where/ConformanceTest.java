package electric.sync.where;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conformance data, as far as reading alone decides. */
final class ConformanceTest {
    @Test
    @DisplayName("WHERE-101…103: whatever Postgres accepts or refuses only for its types can be read")
    void everyExpressionThatPostgresReadsIsRead() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : json("where-cases.json")) {
            String where = row.get("where").asString();
            String outcome = outcome(where);
            boolean syntax = row.path("error").path("message").asString("").startsWith("syntax error");
            String expected = syntax ? row.get("legacy").get("message").asString() : "read";
            if (!outcome.equals(expected)) {
                wrong.add(row.get("id").asString() + ": " + where + ": " + outcome + " instead of " + expected);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("WHERE-107: refusals of reading in the exact words, everything else is read")
    void refusalsHaveTheExactWords() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : json("where-validation-cases.json").get("cases")) {
            String where = row.get("where").asString();
            String expected = expected(row);
            String outcome = outcome(where);
            if (!outcome.equals(expected)) {
                wrong.add(row.get("id").asString() + ": " + where + ": " + outcome + " instead of " + expected);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String expected(JsonNode row) {
        JsonNode messages = row.path("errors").path("where");
        String message = messages.isEmpty() ? "" : messages.get(0).asString();
        boolean ofReading = message.contains("syntax error at")
                || message.startsWith("malformed query")
                || message.startsWith("unescaped");
        return ofReading ? message : "read";
    }

    private static String outcome(String where) {
        try {
            WhereText.parse(where);
            return "read";
        } catch (InvalidWhere invalid) {
            return invalid.message();
        }
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/conformance/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }
}
