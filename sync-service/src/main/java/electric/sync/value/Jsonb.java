package electric.sync.value;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * jsonb: a tree. Numbers are exact decimals, the keys of an object are different and in order. Equality is Postgres's; the
 * order is it in a database whose own collation goes by bytes.
 */
public abstract sealed class Jsonb implements Comparable<Jsonb> {
    /** Shorter keys first, then by bytes. */
    private static final Comparator<String> KEY_ORDER =
            Comparator.<String>comparingInt(key -> Text.utf8(key).length).thenComparing(Text::compare);

    /** JSON's null. */
    static final class Nothing extends Jsonb {
        @Override
        public int hashCode() {
            return 1;
        }
    }

    static final class Str extends Jsonb {
        private final String value;

        private Str(String value) {
            this.value = value;
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    static final class Num extends Jsonb {
        private final Numeric value;

        private Num(Numeric value) {
            this.value = value;
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    static final class Truth extends Jsonb {
        private final boolean value;

        private Truth(boolean value) {
            this.value = value;
        }

        @Override
        public int hashCode() {
            return Boolean.hashCode(value);
        }
    }

    static final class Array extends Jsonb {
        private final List<Jsonb> elements;

        private Array(List<Jsonb> elements) {
            this.elements = List.copyOf(elements);
        }

        @Override
        public int hashCode() {
            return elements.hashCode();
        }
    }

    static final class Obj extends Jsonb {
        private final SortedMap<String, Jsonb> fields;

        private Obj(SortedMap<String, Jsonb> fields) {
            this.fields = fields;
        }

        @Override
        public int hashCode() {
            int hash = 0;
            for (var field : fields.entrySet()) {
                hash = hash * 31
                        + field.getKey().hashCode() * 17
                        + field.getValue().hashCode();
            }
            return hash;
        }
    }

    private static final JsonText.Maker<Jsonb> MAKER = new JsonText.Maker<>() {
        @Override
        public Jsonb nothing(int from, int to) {
            return new Nothing();
        }

        @Override
        public Jsonb bool(boolean value, int from, int to) {
            return new Truth(value);
        }

        @Override
        public Jsonb number(String digits, int from, int to) {
            return new Num(Numeric.input(digits));
        }

        @Override
        public Jsonb string(String value, int from, int to) {
            return new Str(value);
        }

        @Override
        public Jsonb array(List<Jsonb> elements, int from, int to) {
            return new Array(elements);
        }

        @Override
        public Jsonb object(List<String> keys, List<Jsonb> values, int from, int to) {
            TreeMap<String, Jsonb> fields = new TreeMap<>(KEY_ORDER);
            for (int i = 0; i < keys.size(); i++) {
                fields.put(keys.get(i), values.get(i));
            }
            return new Obj(fields);
        }
    };

    public static Jsonb input(String literal) {
        return JsonText.read(literal, MAKER);
    }

    /** Of Postgres's output. */
    public static Jsonb parse(byte[] bytes, int from, int length) {
        try {
            return input(Output.text(bytes, from, length));
        } catch (InvalidValue unreadable) {
            throw Output.unreadable("jsonb");
        }
    }

    public String print() {
        StringBuilder text = new StringBuilder();
        append(text);
        return text.toString();
    }

    private void append(StringBuilder text) {
        switch (this) {
            case Nothing nothing -> text.append("null");
            case Str string -> appendQuoted(text, string.value);
            case Num number -> text.append(number.value.print());
            case Truth truth -> text.append(truth.value);
            case Array array -> {
                String separator = "[";
                for (Jsonb element : array.elements) {
                    element.append(text.append(separator));
                    separator = ", ";
                }
                text.append(array.elements.isEmpty() ? "[]" : "]");
            }
            case Obj object -> {
                String separator = "{";
                for (var field : object.fields.entrySet()) {
                    appendQuoted(text.append(separator), field.getKey());
                    field.getValue().append(text.append(": "));
                    separator = ", ";
                }
                text.append(object.fields.isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void appendQuoted(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(c < 16 ? '0' : '1').append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /** What {@code jsonb_typeof} says. */
    public String kind() {
        return switch (this) {
            case Nothing nothing -> "null";
            case Str string -> "string";
            case Num number -> "number";
            case Truth truth -> "boolean";
            case Array array -> "array";
            case Obj object -> "object";
        };
    }

    private int rank() {
        return switch (this) {
            case Nothing nothing -> 0;
            case Str string -> 1;
            case Num number -> 2;
            case Truth truth -> 3;
            case Array array -> 4;
            case Obj object -> 5;
        };
    }

    @Override
    public int compareTo(Jsonb other) {
        // By accident an empty array comes before everything else that is a whole value.
        boolean empty = isEmptyArray();
        boolean otherEmpty = other.isEmptyArray();
        if (empty != otherEmpty && (isScalar() || other.isScalar())) {
            return empty ? -1 : 1;
        }
        return order(other);
    }

    private boolean isEmptyArray() {
        return this instanceof Array array && array.elements.isEmpty();
    }

    private boolean isEmpty() {
        return isEmptyArray() || (this instanceof Obj object && object.fields.isEmpty());
    }

    private boolean isScalar() {
        return !(this instanceof Array) && !(this instanceof Obj);
    }

    private int order(Jsonb other) {
        if (this instanceof Str a && other instanceof Str b) {
            return Text.compare(a.value, b.value);
        }
        if (this instanceof Num a && other instanceof Num b) {
            return a.value.compareTo(b.value);
        }
        if (this instanceof Truth a && other instanceof Truth b) {
            return Boolean.compare(a.value, b.value);
        }
        if (this instanceof Array a && other instanceof Array b) {
            return orderOfElements(a.elements, b.elements);
        }
        if (this instanceof Obj a && other instanceof Obj b) {
            return orderOfFields(a.fields, b.fields);
        }
        return Integer.compare(rank(), other.rank());
    }

    private static int orderOfElements(List<Jsonb> a, List<Jsonb> b) {
        int order = Integer.compare(a.size(), b.size());
        for (int i = 0; i < a.size() && order == 0; i++) {
            order = a.get(i).order(b.get(i));
        }
        return order;
    }

    private static int orderOfFields(SortedMap<String, Jsonb> a, SortedMap<String, Jsonb> b) {
        int order = Integer.compare(a.size(), b.size());
        var others = b.entrySet().iterator();
        for (var field : a.entrySet()) {
            if (order != 0) {
                break;
            }
            var other = others.next();
            order = Text.compare(field.getKey(), other.getKey());
            if (order == 0) {
                order = field.getValue().order(other.getValue());
            }
        }
        return order;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Jsonb jsonb && order(jsonb) == 0;
    }

    @Override
    public abstract int hashCode();

    /** Never the value: row contents do not reach logs. */
    @Override
    public String toString() {
        return "Jsonb";
    }

    /** {@code -> key}. */
    public @Nullable Jsonb field(String key) {
        return this instanceof Obj object ? object.fields.get(key) : null;
    }

    /** {@code -> index}, from the end where it is negative. What is no container is an array of itself here. */
    public @Nullable Jsonb element(long index) {
        return isScalar()
                ? elementOf(List.of(this), index)
                : this instanceof Array array ? elementOf(array.elements, index) : null;
    }

    private static @Nullable Jsonb elementOf(List<Jsonb> elements, long index) {
        long place = index < 0 ? elements.size() + index : index;
        return place >= 0 && place < elements.size() ? elements.get((int) place) : null;
    }

    /** {@code #> path}. */
    public @Nullable Jsonb at(List<@Nullable String> path) {
        if (path.contains(null)) {
            return null;
        }
        Jsonb found = this;
        for (String step : path) {
            if (found == null || step == null) {
                return null;
            }
            Integer index = JsonIndex.of(step);
            found = found instanceof Array ? index == null ? null : found.element(index) : found.field(step);
        }
        return found;
    }

    /** {@code ->>}: a string as it is, JSON's null as NULL. */
    public @Nullable String text() {
        return switch (this) {
            case Nothing nothing -> null;
            case Str string -> string.value;
            default -> print();
        };
    }

    /** {@code ?}: whether it is a key, or a string in an array, or the string. */
    public boolean has(String key) {
        return switch (this) {
            case Obj object -> object.fields.containsKey(key);
            case Array array -> array.elements.contains(new Str(key));
            case Str string -> string.value.equals(key);
            default -> false;
        };
    }

    /** {@code @>}. An array also contains what is no container. */
    public boolean contains(Jsonb other) {
        return (this instanceof Array array && other.isScalar()) ? array.elements.contains(other) : holds(other);
    }

    private boolean holds(Jsonb other) {
        return switch (other) {
            case Obj wanted ->
                this instanceof Obj object
                        && wanted.fields.entrySet().stream().allMatch(field -> {
                            Jsonb value = object.fields.get(field.getKey());
                            return value != null && value.holds(field.getValue());
                        });
            case Array wanted ->
                this instanceof Array array
                        && wanted.elements.stream().allMatch(element -> hasElementThatHolds(array, element));
            default -> equals(other);
        };
    }

    private static boolean hasElementThatHolds(Array array, Jsonb wanted) {
        return wanted.isScalar()
                ? array.elements.contains(wanted)
                : array.elements.stream().anyMatch(element -> element.holds(wanted));
    }

    /** {@code ||}: objects into one, everything else end to end. */
    public Jsonb concatenate(Jsonb other) {
        if (this instanceof Obj a && other instanceof Obj b) {
            TreeMap<String, Jsonb> fields = new TreeMap<>(a.fields);
            fields.putAll(b.fields);
            return new Obj(fields);
        }
        List<Jsonb> all = new ArrayList<>(this instanceof Array array ? array.elements : List.of(this));
        all.addAll(other instanceof Array array ? array.elements : List.of(other));
        return new Array(all);
    }

    /** {@code - key}: without a field, or without the strings equal to it. */
    public Jsonb without(String key) {
        return switch (this) {
            case Obj object -> {
                TreeMap<String, Jsonb> fields = new TreeMap<>(object.fields);
                fields.remove(key);
                yield new Obj(fields);
            }
            case Array array ->
                new Array(array.elements.stream()
                        .filter(element -> !element.equals(new Str(key)))
                        .toList());
            default -> throw refused("cannot delete from scalar");
        };
    }

    private static InvalidValue refused(String why) {
        return InvalidValue.of("22023", why);
    }

    /** {@code - keys}, which may be NULL. */
    public Jsonb without(ArrayValue<String> keys) {
        if (keys.dimensions() > 1) {
            throw InvalidValue.of("2202E", "wrong number of array subscripts");
        }
        if (isScalar()) {
            throw refused("cannot delete from scalar");
        }
        Jsonb rest = this;
        for (String key : keys.elements()) {
            rest = key == null ? rest : rest.without(key);
        }
        return rest;
    }

    /** {@code - index}. */
    public Jsonb without(long index) {
        return switch (this) {
            case Array array -> {
                int size = array.elements.size();
                long place = index < 0 ? size + index : index;
                if (place < 0 || place >= size) {
                    yield this;
                }
                List<Jsonb> rest = new ArrayList<>(array.elements);
                rest.remove((int) place);
                yield new Array(rest);
            }
            case Obj object -> throw refused("cannot delete from object using integer index");
            default -> throw refused("cannot delete from scalar");
        };
    }

    /** {@code #- path}. */
    public Jsonb withoutPath(ArrayValue<String> path) {
        if (path.dimensions() > 1) {
            throw InvalidValue.of("2202E", "wrong number of array subscripts");
        }
        if (isScalar()) {
            throw refused("cannot delete path in scalar");
        }
        return path.isEmpty() || isEmpty() ? this : without(path.elements(), 0);
    }

    private Jsonb without(List<@Nullable String> path, int level) {
        String step = path.get(level);
        if (step == null) {
            throw InvalidValue.of("22004", "path element at position " + (level + 1) + " is null");
        }
        if (isScalar()) {
            return this;
        }
        boolean last = level == path.size() - 1;
        if (this instanceof Obj object) {
            Jsonb value = object.fields.get(step);
            if (value == null || last) {
                return without(step);
            }
            TreeMap<String, Jsonb> fields = new TreeMap<>(object.fields);
            fields.put(step, value.without(path, level + 1));
            return new Obj(fields);
        }
        Integer index = JsonIndex.of(step);
        if (index == null) {
            throw InvalidValue.of(
                    "22P02", "path element at position " + (level + 1) + " is not an integer: \"" + step + "\"");
        }
        Jsonb value = element(index);
        if (value == null || last) {
            return without(index.longValue());
        }
        List<Jsonb> elements = new ArrayList<>(((Array) this).elements);
        elements.set(index < 0 ? elements.size() + index : index, value.without(path, level + 1));
        return new Array(elements);
    }

    /** {@code jsonb_array_length}. */
    public long arrayLength() {
        return switch (this) {
            case Array array -> array.elements.size();
            case Obj object -> throw refused("cannot get array length of a non-array");
            default -> throw refused("cannot get array length of a scalar");
        };
    }

    /** {@code jsonb_strip_nulls}: without the fields that are null, at every depth. */
    public Jsonb withoutNullFields() {
        return switch (this) {
            case Obj object -> {
                TreeMap<String, Jsonb> fields = new TreeMap<>(KEY_ORDER);
                object.fields.forEach((key, value) -> {
                    if (!(value instanceof Nothing)) {
                        fields.put(key, value.withoutNullFields());
                    }
                });
                yield new Obj(fields);
            }
            case Array array ->
                new Array(array.elements.stream().map(Jsonb::withoutNullFields).toList());
            default -> this;
        };
    }

    /** As a cast. */
    public Numeric toNumeric(String type) {
        if (this instanceof Num number) {
            return number.value;
        }
        throw notCastable(type);
    }

    public boolean toBool() {
        if (this instanceof Truth truth) {
            return truth.value;
        }
        throw notCastable("boolean");
    }

    private RuntimeException notCastable(String type) {
        if (this instanceof Nothing) {
            return new NotExact(
                    "JSON's null as another type is NULL in new versions of Postgres and an error in others");
        }
        String what = this instanceof Num ? "numeric" : kind();
        return refused("cannot cast jsonb " + what + " to type " + type);
    }
}
