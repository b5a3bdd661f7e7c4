package electric.oracle;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is taken, and what is refused with exactly which words. */
class FilterValidationTest {
    private static final JsonNode DATA = FilterCase.json("where-validation-cases.json");

    @RegisterExtension
    static final RunningServer server = RunningServer.start();

    @BeforeAll
    static void start() {
        DATA.get("setup").forEach(statement -> server.sql(statement.asString()));
        Map<String, String> columns = new TreeMap<>(FilterCase.strings(DATA.get("schema")));
        columns.put("id", columns.get("id") + " PRIMARY KEY");
        create("plain", columns);
        DATA.get("subquery_tables")
                .properties()
                .forEach(table -> create(table.getKey(), FilterCase.strings(table.getValue())));
    }

    private static void create(String name, Map<String, String> columns) {
        server.sql("CREATE TABLE \"" + name + "\" ("
                + columns.entrySet().stream()
                        .map(column -> '"' + column.getKey() + "\" " + column.getValue())
                        .collect(joining(", "))
                + ")");
    }

    @Test
    @DisplayName("WHERE-107: every clause is taken, or refused in exactly the words that are asked for")
    void clausesAreTakenOrRefusedInTheExactWords() {
        List<String> wrong = new ArrayList<>();
        int extended = 0;
        int subqueries = 0;
        for (JsonNode one : DATA.get("cases")) {
            HttpResponse<String> answer = ask(one);
            // Not followed yet: whatever is said of them, it is a refusal.
            boolean subquery = one.has("tables");
            boolean taken = answer.statusCode() == 200;
            boolean right = (taken || answer.statusCode() == 400) && (subquery ? !taken : asExpected(one, answer));
            if (!right) {
                wrong.add(one.get("id").asString() + " " + one.get("where") + ": " + answer.statusCode() + " "
                        + answer.body() + " instead of " + one.get("expect") + " " + one.path("errors"));
            }
            extended += taken && one.path("strictness").asString("").equals("may-extend") ? 1 : 0;
            subqueries += subquery && !one.get("expect").asString().equals("accept") && asExpected(one, answer) ? 1 : 0;
        }
        System.out.println("Clauses: " + DATA.get("cases").size() + ", of those taken beyond what must be: " + extended
                + ", of those with subqueries refused in the words of one who follows them: " + subqueries);
        assertThat(wrong).isEmpty();
    }

    private static boolean asExpected(JsonNode one, HttpResponse<String> answer) {
        boolean taken = answer.statusCode() == 200;
        boolean mayBeTaken = one.path("strictness").asString("").equals("may-extend");
        return switch (one.get("expect").asString()) {
            case "accept" -> taken;
            case "reject" ->
                taken ? mayBeTaken : !one.has("errors") || errors(answer).equals(one.get("errors"));
            default -> true;
        };
    }

    private static JsonNode errors(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body()).path("errors");
    }

    private static HttpResponse<String> ask(JsonNode one) {
        StringBuilder query = new StringBuilder("offset=-1&table=")
                .append(one.has("tables") ? "items" : "plain")
                .append("&where=")
                .append(encoded(one.get("where").asString()));
        one.path("params")
                .properties()
                .forEach(parameter -> query.append('&')
                        .append(encoded("params[" + parameter.getKey() + "]"))
                        .append('=')
                        .append(encoded(parameter.getValue().asString())));
        return server.request("GET", query.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
