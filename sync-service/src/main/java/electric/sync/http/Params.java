package electric.sync.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The values of {@code $1}, {@code $2}, …, which come by number. */
final class Params {
    /** An {@code IN} of parameters has room for them in the longest clause. */
    private static final int MAX_PARAMS = 10_000;

    private static final int MAX_PARAMS_CHARS = 1 << 20;

    private Params() {}

    /** In the order of their numbers. */
    static List<String> positional(Map<String, String> params) throws InvalidParameters {
        Map<Integer, String> byNumber = new TreeMap<>();
        long chars = 0;
        for (Map.Entry<String, String> param : params.entrySet()) {
            byNumber.put(number(param.getKey()), param.getValue());
            chars += param.getValue().length();
        }
        // Keys that are the same number are one value too few.
        if (byNumber.size() < params.size() || !List.copyOf(byNumber.keySet()).equals(upTo(params.size()))) {
            throw new InvalidParameters("params", "Parameters must be numbered sequentially, starting from 1");
        }
        if (params.size() > MAX_PARAMS) {
            throw new InvalidParameters("params", "There are more than " + MAX_PARAMS + " parameters");
        }
        if (chars > MAX_PARAMS_CHARS) {
            throw new InvalidParameters(
                    "params", "Parameters are bigger than maximum size of " + MAX_PARAMS_CHARS + " characters");
        }
        for (Map.Entry<Integer, String> param : byNumber.entrySet()) {
            if (!isPostgresText(param.getValue())) {
                throw new InvalidParameters(
                        "params", "Parameter " + param.getKey() + " has a NUL character or is not valid Unicode");
            }
        }
        return List.copyOf(byNumber.values());
    }

    private static int number(String key) throws InvalidParameters {
        if (!key.matches("[+-]?[0-9]+")) {
            throw new InvalidParameters("params", "Parameters can only use numbers as keys");
        }
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw new InvalidParameters("params", "Parameters must be numbered sequentially, starting from 1");
        }
    }

    private static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    private static boolean isPostgresText(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
