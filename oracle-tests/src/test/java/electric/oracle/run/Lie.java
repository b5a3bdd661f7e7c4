package electric.oracle.run;

import electric.oracle.run.Proxy.Answer;
import electric.oracle.run.Proxy.Behind;
import electric.oracle.run.Proxy.Meddler;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A defect that servers have had, or could have, told by a proxy before one that has it not. */
enum Lie implements Meddler {
    AN_UPDATE_IS_SKIPPED {
        @Override
        void meddle(Talk talk) {
            talk.drop(item -> talk.isOperation(item, "update") && talk.keyHash(item) % 3 == 0);
        }
    },
    ROWS_THAT_LEAVE_STAY {
        @Override
        void meddle(Talk talk) {
            talk.drop(item ->
                    talk.isOperation(item, "delete") && !item.get("headers").has("key_change_to"));
        }
    },
    AN_INDEX_KEY_IS_MISROUTED {
        @Override
        void meddle(Talk talk) {
            if (talk.where().contains(" IN (")) {
                talk.drop(talk::isChange);
            }
        }
    },
    THE_LAST_CHANGE_OF_A_TRANSACTION_IS_LOST {
        @Override
        void meddle(Talk talk) {
            talk.drop(item -> talk.isChange(item)
                    && item.get("headers").has("last")
                    && item.get("headers").get("op_position").intValue() >= 4);
        }
    },
    A_NULL_BECOMES_EMPTY {
        @Override
        void meddle(Talk talk) {
            talk.changeValues(talk::isChange, (name, value) -> value == null ? "" : value);
        }
    },
    A_VALUE_IS_ALTERED {
        @Override
        void meddle(Talk talk) {
            talk.changeValues(
                    talk::isChange, (name, value) -> "v3".equals(value) && !name.startsWith("id") ? "v4" : value);
        }
    },
    LONG_VALUES_ARE_CUT {
        @Override
        void meddle(Talk talk) {
            talk.changeValues(
                    talk::isChange,
                    (name, value) -> value != null && value.length() > 2000 ? value.substring(0, 2000) : value);
        }
    },
    PADDING_IS_STRIPPED_IN_CHANGES {
        @Override
        void meddle(Talk talk) {
            talk.changeValues(
                    talk::isChange,
                    (name, value) -> value != null && value.startsWith("c") ? value.stripTrailing() : value);
        }
    },
    A_CHANGE_COMES_AGAIN_AFTER_RECONNECTING {
        @Override
        String asked(String offset) {
            String[] parts = offset.split("_", 2);
            return parts.length == 2 && parts[0].length() > 3 ? Long.parseLong(parts[0]) - 1 + "_0" : offset;
        }
    },
    THE_SNAPSHOT_IS_STALE {
        @Override
        void meddle(Talk talk) {
            // What happened between the snapshot and the first time up to date is not told, but its end.
            if (talk.offset().startsWith("0_")) {
                List<JsonNode> changes =
                        talk.items().stream().filter(talk::isChange).toList();
                talk.drop(item -> talk.isChange(item) && item != changes.getLast());
            }
        }
    },
    A_ROW_OF_THE_SNAPSHOT_COMES_TWICE {
        @Override
        void meddle(Talk talk) {
            if (talk.offset().equals("-1") && talk.items().size() > 12) {
                talk.items().addFirst(talk.items().getFirst());
            }
        }
    },
    A_ROW_OF_THE_SNAPSHOT_IS_MISSING {
        @Override
        void meddle(Talk talk) {
            if (talk.offset().equals("-1")) {
                talk.items().removeIf(item -> item.has("key") && talk.keyHash(item) % 11 == 0);
            }
        }
    },
    MORE_IS_CLAIMED_THAN_IS_TOLD {
        @Override
        void meddle(Talk talk) {
            talk.claim(claim -> claim + (1L << 30));
        }
    },
    LESS_IS_CLAIMED_THAN_IS_TOLD {
        @Override
        void meddle(Talk talk) {
            talk.claim(claim -> 1);
        }
    },
    LESS_COUNTS_AS_EQUAL {
        @Override
        String rewritten(String where) {
            return where.replace(" < ", " <= ").replace(" > ", " >= ");
        }
    },
    UNKNOWN_IS_FALSE_BEFORE_NOT {
        @Override
        String rewritten(String where) {
            return where.contains("NOT (\"")
                    ? where.replace("(NOT (", "(true AND ((").replaceAll("\\)\\)$", ") IS NOT TRUE))")
                    : where;
        }
    },
    ONLY_ONE_OF_TWO_CONDITIONS_HOLDS {
        @Override
        String rewritten(String where) {
            return where.replaceFirst("\\) AND \\(", ") OR (");
        }
    },
    AN_UPDATE_IS_TOLD_AS_AN_INSERT {
        @Override
        void meddle(Talk talk) {
            talk.items().stream()
                    .filter(item -> talk.isOperation(item, "update"))
                    .forEach(item -> ((ObjectNode) item.get("headers")).put("operation", "insert"));
        }
    },
    A_ROW_WITH_A_NEW_KEY_IS_LOST {
        @Override
        void meddle(Talk talk) {
            talk.drop(item -> talk.isChange(item) && item.get("headers").has("key_change_from"));
        }
    },
    A_TRANSACTION_IS_TORN {
        @Override
        void meddle(Talk talk) {
            List<JsonNode> items = talk.items();
            for (int i = 0; i + 2 < items.size() && talk.isUpToDate(); i++) {
                if (talk.isChange(items.get(i)) && !items.get(i).get("headers").has("last")) {
                    items.subList(i + 1, items.size() - 1).clear();
                    talk.endAtLastChange();
                    return;
                }
            }
        }
    },
    TRANSACTIONS_CHANGE_PLACES {
        @Override
        void meddle(Talk talk) {
            Map<String, List<JsonNode>> transactions = new LinkedHashMap<>();
            List<JsonNode> others = new ArrayList<>();
            for (JsonNode item : talk.items()) {
                if (talk.isChange(item)) {
                    transactions
                            .computeIfAbsent(item.get("headers").get("lsn").stringValue(), lsn -> new ArrayList<>())
                            .add(item);
                } else {
                    others.add(item);
                }
            }
            if (talk.isUpToDate() && transactions.size() == 2) {
                talk.items().clear();
                new ArrayList<>(transactions.values()).reversed().forEach(talk.items()::addAll);
                talk.items().addAll(others);
                talk.endAtLastChange();
            }
        }
    },
    THE_OLD_VALUE_IS_THE_NEW_ONE {
        @Override
        void meddle(Talk talk) {
            talk.items().stream().filter(item -> item.has("old_value")).forEach(item -> {
                ObjectNode old = (ObjectNode) item.get("old_value");
                List.copyOf(old.propertyNames())
                        .forEach(name -> old.set(name, item.get("value").get(name)));
            });
        }
    },
    A_SHAPE_ENDS_WITHOUT_NEED {
        @SuppressWarnings("ImmutableEnumChecker") // what it has said already
        private final Map<String, Boolean> ended = new ConcurrentHashMap<>();

        @Override
        public Answer answer(String query, Behind server) throws IOException, InterruptedException {
            Answer answer = super.answer(query, server);
            String handle = answer.headers()
                    .getOrDefault("electric-handle", List.of(""))
                    .getFirst();
            boolean changes = new String(answer.body(), StandardCharsets.UTF_8).contains("\"operation\":\"update\"");
            if (!changes || ended.putIfAbsent(handle, true) != null) {
                return answer;
            }
            return new Answer(
                    409,
                    Map.of("electric-handle", List.of(handle), "etag", List.of('"' + handle + "::\"")),
                    "[{\"headers\":{\"control\":\"must-refetch\"}}]".getBytes(StandardCharsets.UTF_8));
        }
    },
    TWO_CLIENTS_GET_DIFFERENT_ITEMS {
        @SuppressWarnings("ImmutableEnumChecker") // how often it was asked
        private final Map<String, Integer> asked = new ConcurrentHashMap<>();

        @Override
        void meddle(Talk talk) {
            // The order of the rows of a snapshot is free, but everybody's.
            if (talk.offset().equals("-1")
                    && asked.merge(talk.handle(), 1, Integer::sum) > 1
                    && talk.items().size() > 3) {
                talk.items().add(1, talk.items().removeFirst());
            }
        }
    };

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The offset that is asked for instead. */
    String asked(String offset) {
        return offset;
    }

    /** The filter that is meant instead. */
    String rewritten(String where) {
        return where;
    }

    /** What becomes of the answer. */
    void meddle(Talk talk) {}

    @Override
    public Answer answer(String query, Behind server) throws IOException, InterruptedException {
        Map<String, String> parameters = parameters(query);
        if (parameters.containsKey("live_sse")) {
            // It lies in answers that end; who listens then asks.
            return new Answer(503, Map.of(), new byte[0]);
        }
        Map<String, String> others = new TreeMap<>(parameters);
        String offset = Objects.requireNonNull(parameters.get("offset"));
        if (!parameters.containsKey("live")) {
            others.put("offset", asked(offset));
        }
        others.computeIfPresent("where", (name, clause) -> rewritten(clause));
        Answer answer = server.ask(text(others));
        if (answer.status() != 200) {
            return answer;
        }
        Talk talk = new Talk(parameters, answer);
        meddle(talk);
        return talk.answer();
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int split = pair.indexOf('=');
            parameters.put(
                    URLDecoder.decode(pair.substring(0, split), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(split + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static String text(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(one -> URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** What a value becomes. */
    @FunctionalInterface
    interface Valued {
        @Nullable
        String of(String column, @Nullable String value);
    }

    /** A request and its answer, which can be altered; head and body stay in agreement. */
    static final class Talk {
        private final Map<String, String> parameters;
        private final Map<String, List<String>> headers;
        private final List<JsonNode> items = new ArrayList<>();

        private Talk(Map<String, String> parameters, Answer answer) {
            this.parameters = parameters;
            this.headers = new HashMap<>(answer.headers());
            JSON.readTree(answer.body()).forEach(items::add);
            // As if it had been what was asked.
            tag(header("electric-offset"));
        }

        List<JsonNode> items() {
            return items;
        }

        String offset() {
            return parameters.getOrDefault("offset", "");
        }

        String where() {
            return parameters.getOrDefault("where", "");
        }

        String handle() {
            return header("electric-handle");
        }

        boolean isUpToDate() {
            return headers.containsKey("electric-up-to-date");
        }

        boolean isChange(JsonNode item) {
            return item.has("key") && item.get("headers").has("lsn");
        }

        boolean isOperation(JsonNode item, String operation) {
            return isChange(item)
                    && item.get("headers").get("operation").stringValue().equals(operation);
        }

        int keyHash(JsonNode item) {
            String key = item.get("key").stringValue();
            // Not the schema, which is another one each time.
            return Math.floorMod(key.substring(key.indexOf('/')).hashCode(), 1000);
        }

        /** As if the shape had never had them: what was the last of a transaction says so. */
        void drop(Predicate<JsonNode> dropped) {
            boolean any = false;
            for (int i = items.size() - 1; i >= 0; i--) {
                JsonNode item = items.get(i);
                if (!dropped.test(item)) {
                    continue;
                }
                any = true;
                JsonNode before = i > 0 ? items.get(i - 1) : null;
                JsonNode head = item.get("headers");
                if (head.has("last")
                        && before != null
                        && isChange(before)
                        && before.get("headers").get("lsn").equals(head.get("lsn"))) {
                    ((ObjectNode) before.get("headers")).put("last", true);
                }
                items.remove(i);
            }
            if (any) {
                endAtLastChange();
            }
        }

        void changeValues(Predicate<JsonNode> which, Valued valued) {
            items.stream().filter(which).forEach(item -> {
                ObjectNode values = (ObjectNode) item.get("value");
                for (String name : List.copyOf(values.propertyNames())) {
                    JsonNode value = values.get(name);
                    String other = valued.of(name, value.isNull() ? null : value.stringValue());
                    values.set(name, other == null ? value : StringNode.valueOf(other));
                }
            });
        }

        void claim(java.util.function.LongUnaryOperator other) {
            items.stream()
                    .map(item -> item.get("headers"))
                    .filter(head -> head.has("global_last_seen_lsn"))
                    .forEach(head -> ((ObjectNode) head)
                            .put(
                                    "global_last_seen_lsn",
                                    Long.toString(other.applyAsLong(Long.parseLong(
                                            head.get("global_last_seen_lsn").stringValue())))));
        }

        /** The head tells where the last change that is left stands; without one, nobody got any further. */
        void endAtLastChange() {
            String end = items.stream()
                    .filter(this::isChange)
                    .reduce((first, next) -> next)
                    .map(item -> item.get("headers").get("lsn").stringValue() + "_"
                            + item.get("headers").get("op_position").intValue())
                    .orElseGet(() -> offset().matches("0_\\d+") ? "0_inf" : offset());
            headers.put("electric-offset", List.of(end));
            tag(end);
        }

        private void tag(String end) {
            if (header("electric-has-data").equals("true")) {
                headers.put("etag", List.of('"' + handle() + ":" + offset() + ":" + end + '"'));
            }
        }

        private String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        private Answer answer() {
            return new Answer(200, headers, JSON.writeValueAsBytes(items));
        }
    }
}
