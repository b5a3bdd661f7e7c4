package electric.sync.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The cases of the conformance data that isolate a value: {@code a = 'literal'} and {@code a < b}. */
final class ConformanceTest {
    private static final Pattern LITERAL = Pattern.compile("a = '((?:[^']|'')*)'");
    private static final Pattern COMPARISON = Pattern.compile("a (=|<>|<|<=|>|>=) b");
    private static final Map<String, PgType<?>> TYPES = Map.ofEntries(
            Map.entry("bool", PgType.BOOL),
            Map.entry("int2", PgType.INT2),
            Map.entry("int4", PgType.INT4),
            Map.entry("int8", PgType.INT8),
            Map.entry("float4", PgType.FLOAT4),
            Map.entry("float8", PgType.FLOAT8),
            Map.entry("numeric", PgType.NUMERIC),
            Map.entry("text", PgType.TEXT),
            Map.entry("text COLLATE \"C\"", PgType.TEXT),
            Map.entry("varchar", PgType.TEXT),
            Map.entry("varchar(10)", PgType.TEXT),
            Map.entry("name", PgType.TEXT),
            Map.entry("char(5)", PgType.BPCHAR),
            Map.entry("uuid", PgType.UUID),
            Map.entry("bytea", PgType.BYTEA),
            Map.entry("date", PgType.DATE),
            Map.entry("time", PgType.TIME),
            Map.entry("timetz", PgType.TIMETZ),
            Map.entry("timestamp", PgType.TIMESTAMP),
            Map.entry("timestamptz", PgType.TIMESTAMPTZ),
            Map.entry("interval", PgType.INTERVAL));

    @Test
    void literalsAndComparisonsAreThoseOfTheConformanceData() throws IOException {
        List<String> wrong = new ArrayList<>();
        int held = 0;
        try (InputStream data =
                Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("/conformance/where-cases.json"))) {
            for (JsonNode one : new ObjectMapper().readTree(data)) {
                String answer = answer(one);
                if (answer.isEmpty()) {
                    continue;
                }
                held++;
                String expected = one.get("expect").asString();
                if (!answer.equals(expected)) {
                    wrong.add(one.get("id").asString() + " " + one.get("where") + " " + one.get("row") + ": " + answer);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(held).isGreaterThan(800);
    }

    /** Empty for a case that needs more than values. */
    private static String answer(JsonNode one) {
        String where = one.get("where").asString();
        JsonNode row = one.has("stream_row") ? one.get("stream_row") : one.get("row");
        JsonNode schema = one.get("schema");
        PgType<?> type = schema.has("a") ? type(schema.get("a").asString()) : null;
        if (type == null || !row.has("a") || row.get("a").isNull()) {
            return "";
        }
        Matcher literal = LITERAL.matcher(where);
        if (literal.matches()) {
            return outcome(
                    () -> order(type, row.get("a").asString(), literal.group(1).replace("''", "'")) == 0);
        }
        Matcher comparison = COMPARISON.matcher(where);
        if (comparison.matches()
                && schema.get("b").equals(schema.get("a"))
                && !row.get("b").isNull()) {
            return outcome(() -> holds(
                    comparison.group(1),
                    order(type, row.get("a").asString(), row.get("b").asString())));
        }
        return "";
    }

    private static @org.jspecify.annotations.Nullable PgType<?> type(String name) {
        PgType<?> element = TYPES.get(name.replace("[]", ""));
        return element == null || !name.endsWith("[]") ? element : element.array();
    }

    private static <V> int order(PgType<V> type, String output, String literal) {
        byte[] bytes = Text.utf8(output);
        return type.compare(type.parse(bytes, 0, bytes.length), type.input(literal));
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=" -> order == 0;
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static String outcome(java.util.function.BooleanSupplier value) {
        try {
            return String.valueOf(value.getAsBoolean());
        } catch (InvalidValue refused) {
            return "error";
        } catch (NotExact unsure) {
            return "not exact";
        }
    }
}
