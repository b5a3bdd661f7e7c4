package electric.oracle.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.http.Wire.Got;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as what they say: white space and the order of fields mean nothing, a field that is there twice is wrong. */
final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static JsonNode of(String text) {
        return STRICT.readTree(text);
    }

    /** The elements of the body of an answer from a log. */
    static List<JsonNode> items(Got got) {
        assertThat(got.status()).as(got.body()).isEqualTo(200);
        JsonNode body = of(got.body());
        assertThat(body.isArray()).as(got.body()).isTrue();
        List<JsonNode> items = new ArrayList<>();
        body.forEach(items::add);
        return items;
    }

    static boolean isControl(JsonNode item) {
        return item.get("headers").has("control");
    }

    /** What kind of control item it is; empty for rows and changes. */
    static String control(JsonNode item) {
        return isControl(item) ? item.get("headers").get("control").stringValue() : "";
    }

    static List<JsonNode> withoutControl(List<JsonNode> items) {
        return items.stream().filter(item -> !isControl(item)).toList();
    }

    static List<String> keys(List<JsonNode> items) {
        return items.stream().map(item -> item.get("key").stringValue()).toList();
    }

    /** What the closing up-to-date item claims. */
    static long lastSeenLsn(Got got) {
        JsonNode last = items(got).getLast();
        assertThat(control(last)).isEqualTo("up-to-date");
        return Long.parseLong(last.get("headers").get("global_last_seen_lsn").stringValue());
    }
}
