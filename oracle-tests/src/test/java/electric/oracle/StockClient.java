package electric.oracle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The client everybody has, {@code @electric-sql/client}. */
final class StockClient implements AutoCloseable {
    private final NodeClient node;

    /** Where a client can go on later. */
    record Position(String offset, String handle) {}

    private StockClient(NodeClient node) {
        this.node = node;
    }

    /** After {@link NodeClient#install}. */
    static StockClient follow(RunningServer server, Map<String, String> params) {
        return follow(server, params, Map.of());
    }

    /** @param options of the {@code ShapeStream}, besides its URL and params */
    static StockClient follow(RunningServer server, Map<String, String> params, Map<String, ?> options) {
        return follow(server.shapeUrl(), params, options);
    }

    /** @param url of the server, or of what stands before it */
    static StockClient follow(String url, Map<String, String> params, Map<String, ?> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("url", url);
        all.put("params", params);
        return new StockClient(NodeClient.run("follow.mjs", all));
    }

    /** @param subset as of {@code requestSnapshot} */
    StockClient requestSnapshot(Map<String, ?> subset) {
        node.tell(subset);
        return this;
    }

    /** As when the page of the application is no longer looked at. */
    StockClient hide() {
        return look("hidden");
    }

    StockClient show() {
        return look("visible");
    }

    /** Returns when the client knows. */
    private StockClient look(String state) {
        node.tell(Map.of("look", state)).await("look", now -> now.stringValue().equals(state));
        return this;
    }

    StockClient awaitRequest(Predicate<String> wanted) {
        node.await("request", url -> wanted.test(url.stringValue()));
        return this;
    }

    /** Waits until the client has these rows, as the application sees them. */
    StockClient awaitRows(Predicate<Map<String, JsonNode>> wanted) {
        node.await("rows", () -> wanted.test(rows()));
        return this;
    }

    /** Waits until a column of a row has this text. */
    StockClient awaitValue(String key, String column, String text) {
        return awaitRows(now -> {
            JsonNode row = now.get(key);
            return row != null && row.path(column).asString("").equals(text);
        });
    }

    /** Waits until all messages so far are as wanted. */
    StockClient awaitMessages(Predicate<List<JsonNode>> wanted) {
        node.await("messages", () -> wanted.test(messages().toList()));
        return this;
    }

    StockClient awaitUpToDate() {
        node.await("upToDate", JsonNode::booleanValue);
        return this;
    }

    Map<String, JsonNode> rows() {
        return node.latest("rows").map(StockClient::byKey).orElseGet(TreeMap::new);
    }

    /** All that the application has seen, in order. */
    List<Map<String, JsonNode>> states() {
        return node.told("rows").stream().map(StockClient::byKey).toList();
    }

    private static Map<String, JsonNode> byKey(JsonNode rows) {
        Map<String, JsonNode> byKey = new TreeMap<>();
        rows.properties().forEach(row -> byKey.put(row.getKey(), row.getValue()));
        return byKey;
    }

    /** Those with a key, in order. */
    List<JsonNode> changes() {
        return messages().filter(message -> message.has("key")).toList();
    }

    List<String> requests() {
        return node.requests();
    }

    Position position() {
        JsonNode now =
                node.latest("position").orElseThrow(() -> new IllegalStateException("The client has told nothing yet"));
        return new Position(now.get("offset").stringValue(), now.get("handle").stringValue());
    }

    private Stream<JsonNode> messages() {
        return node.told("messages").stream().flatMap(JsonNode::valueStream);
    }

    @Override
    public void close() {
        node.close();
    }
}
