package electric.sync.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** json: its text, which is all that it is. It has no equality. */
public record Json(String source) {

    /** A part, and where in the text it is. */
    private record Part(
            String kind, int from, int to, @Nullable String string, List<String> keys, List<Part> parts) {}

    private static final JsonText.Maker<Part> MAKER = new JsonText.Maker<>() {
        @Override
        public Part nothing(int from, int to) {
            return new Part("null", from, to, null, List.of(), List.of());
        }

        @Override
        public Part bool(boolean value, int from, int to) {
            return new Part("boolean", from, to, null, List.of(), List.of());
        }

        @Override
        public Part number(String digits, int from, int to) {
            return new Part("number", from, to, null, List.of(), List.of());
        }

        @Override
        public Part string(String value, int from, int to) {
            return new Part("string", from, to, value, List.of(), List.of());
        }

        @Override
        public Part array(List<Part> elements, int from, int to) {
            return new Part("array", from, to, null, List.of(), elements);
        }

        @Override
        public Part object(List<String> keys, List<Part> values, int from, int to) {
            return new Part("object", from, to, null, keys, values);
        }
    };

    /** Refuses more than Postgres: escapes that it would only refuse when it is asked for a part. */
    public static Json input(String literal) {
        Json json = new Json(literal);
        json.read();
        return json;
    }

    /** Of Postgres's output. */
    public static Json parse(byte[] bytes, int from, int length) {
        return new Json(Output.text(bytes, from, length));
    }

    public String print() {
        return source;
    }

    /** Neither equality nor order. */
    @SuppressWarnings("DoNotCallSuggester")
    static int refuseOrder(Json a, Json b) {
        throw InvalidValue.of("42883", "could not identify an equality operator for type json");
    }

    private Part read() {
        return JsonText.read(source, MAKER);
    }

    private Json json(Part part) {
        return new Json(source.substring(part.from, part.to));
    }

    /** {@code -> key}: the last of that name. */
    public @Nullable Json field(String key) {
        Part found = field(read(), key);
        return found == null ? null : json(found);
    }

    private static @Nullable Part field(Part part, String key) {
        int place = part.keys.lastIndexOf(key);
        return place < 0 ? null : part.parts.get(place);
    }

    /** {@code -> index}, from the end where it is negative. */
    public @Nullable Json element(long index) {
        Part found = element(read(), index);
        return found == null ? null : json(found);
    }

    private static @Nullable Part element(Part part, long index) {
        if (!part.kind.equals("array")) {
            return null;
        }
        long place = index < 0 ? part.parts.size() + index : index;
        return place >= 0 && place < part.parts.size() ? part.parts.get((int) place) : null;
    }

    /** {@code #> path}. */
    public @Nullable Json at(List<@Nullable String> path) {
        if (path.contains(null)) {
            return null;
        }
        Part found = read();
        for (String step : path) {
            if (found == null || step == null) {
                return null;
            }
            if (found.keys.indexOf(step) != found.keys.lastIndexOf(step)) {
                throw new NotExact("a path through a key that a JSON object has twice");
            }
            Integer index = JsonIndex.of(step);
            found = found.kind.equals("array") ? index == null ? null : element(found, index) : field(found, step);
        }
        return found == null ? null : json(found);
    }

    /** {@code ->>}: a string as it is, JSON's null as NULL, everything else as it is written. */
    public @Nullable String text() {
        Part part = read();
        return switch (part.kind) {
            case "null" -> null;
            case "string" -> part.string;
            default -> source.substring(part.from, part.to);
        };
    }

    /** What {@code json_typeof} says. */
    public String kind() {
        return read().kind;
    }

    /** {@code json_array_length}. */
    public long arrayLength() {
        Part part = read();
        if (part.kind.equals("array")) {
            return part.parts.size();
        }
        throw InvalidValue.of(
                "22023", "cannot get array length of a " + (part.kind.equals("object") ? "non-array" : "scalar"));
    }

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Json";
    }
}
