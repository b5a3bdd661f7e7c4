package electric.sync.http;

import electric.sync.change.Table;
import electric.sync.where.InvalidWhere;
import electric.sync.where.RowOrder;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which rows of a shape are wanted apart from its log, before they are held against the table. The structured forms that
 * clients send beside the text ({@code where_expr}, {@code order_by_expr}) mean nothing by themselves.
 *
 * @param where {@code null} for all rows
 * @param params the values of {@code $1}, {@code $2}, …, as JSON
 * @param orderBy {@code null} for no order in particular
 */
record SubsetParameters(
        @Nullable String where,
        @Nullable String params,
        @Nullable String orderBy,
        OptionalLong limit,
        OptionalLong offset) {

    static final String SUBSET = "subset";

    private static final Pattern NO_LABEL =
            Pattern.compile("invalid syntax for type enum ([^:]+): (.*)", Pattern.DOTALL);

    /** Gives the fields their types; {@code null} where no subset is asked for. */
    static @Nullable SubsetParameters cast(Casting casting) {
        Map<String, String> fields = casting.fields(SUBSET);
        if (!casting.has(SUBSET)) {
            return null;
        }
        Map<String, List<String>> invalid = new LinkedHashMap<>();
        SubsetParameters cast = new SubsetParameters(
                text(fields, "where"),
                text(fields, "params"),
                text(fields, "order_by"),
                number(fields, "limit", invalid),
                number(fields, "offset", invalid));
        if (!invalid.isEmpty()) {
            casting.report(SUBSET, invalid);
        }
        return cast;
    }

    private static @Nullable String text(Map<String, String> fields, String name) {
        String text = fields.get(name);
        return text == null || text.isBlank() ? null : text;
    }

    private static OptionalLong number(Map<String, String> fields, String name, Map<String, List<String>> invalid) {
        String text = text(fields, name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("[+-]?[0-9]{1,100}")) {
            invalid.put(name, List.of("is invalid"));
            return OptionalLong.empty();
        }
        BigInteger number = new BigInteger(text);
        // No table has more rows than that.
        return OptionalLong.of(
                number.bitLength() > 63 ? (number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : number.longValue());
    }

    /** What is wrong whatever the table is like. */
    void check() throws InvalidParameters {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        if (limit.isPresent() && limit.getAsLong() <= 0) {
            errors.put("limit", List.of("must be greater than 0"));
        }
        if (offset.isPresent() && offset.getAsLong() < 0) {
            errors.put("offset", List.of("must be greater than or equal to 0"));
        }
        if (orderBy == null && (limit.isPresent() || offset.isPresent())) {
            errors.put("order_by", List.of("order_by is required when limit or offset is present"));
        }
        if (!errors.isEmpty()) {
            throw new InvalidParameters(Map.of(SUBSET, errors));
        }
    }

    /** The values of {@code $1}, {@code $2}, …: numbers and truth values as their text. */
    List<String> positionalParams() throws InvalidParameters {
        if (params == null) {
            return List.of();
        }
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(params);
        } catch (JacksonException malformed) {
            throw refused("params", "params must be valid JSON");
        }
        if (!(json instanceof ObjectNode object)) {
            throw refused("params", "params must be a JSON object");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> param : object.properties()) {
            JsonNode value = param.getValue();
            if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
                throw refused("params", "parameter " + param.getKey() + " must be a string, a number, true or false");
            }
            values.put(param.getKey(), value.isString() ? value.asString() : value.toString());
        }
        try {
            return Params.positional(values);
        } catch (InvalidParameters refused) {
            throw refused.within(SUBSET);
        }
    }

    /** @param visible the columns that may be named; {@code null} for all */
    @Nullable
    RowOrder order(Table table, @Nullable List<String> visible) throws InvalidParameters {
        if (orderBy == null) {
            return null;
        }
        try {
            return RowOrder.of(orderBy, table, name -> visible == null || visible.contains(name))
                    .orElse(null);
        } catch (InvalidWhere refused) {
            throw refused("order_by", refused.message());
        }
    }

    /** What is wrong with the filter: of a label that an enum does not have, as Postgres says it, and not in a list. */
    static Object told(InvalidWhere refused) {
        Matcher label = NO_LABEL.matcher(refused.reason());
        return label.matches()
                ? "invalid input value for enum " + label.group(1) + ": \"" + label.group(2) + "\""
                : List.of(refused.message());
    }

    static InvalidParameters refused(String field, String message) {
        return new InvalidParameters(Map.of(SUBSET, Map.of(field, List.of(message))));
    }
}
