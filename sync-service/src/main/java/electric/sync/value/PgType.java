package electric.sync.value;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A type whose values this room knows, with values as objects: {@code Boolean}, {@code Long} for the integers and the
 * times, {@code Integer} for date, {@code byte[]} for bytea, {@code String} for text. What is hot uses the class of the
 * family and its primitives instead.
 */
public final class PgType<V> {
    public static final PgType<Boolean> BOOL =
            new PgType<>("bool", Bool::input, Bool::parse, Bool::output, Boolean::compare, Object::hashCode);
    public static final PgType<Long> INT2 = integer("int2", Int.INT2);
    public static final PgType<Long> INT4 = integer("int4", Int.INT4);
    public static final PgType<Long> INT8 = integer("int8", Int.INT8);
    public static final PgType<Float> FLOAT4 = new PgType<>(
            "float4",
            Float4::input,
            Float4::parse,
            Float4::print,
            (a, b) -> Float8.compare(a, b),
            value -> Float8.hash(value));
    public static final PgType<Double> FLOAT8 =
            new PgType<>("float8", Float8::input, Float8::parse, Float8::print, Float8::compare, Float8::hash);
    public static final PgType<Numeric> NUMERIC = comparable("numeric", Numeric::input, Numeric::parse, Numeric::print);
    /** Equality in every deterministic collation; the order in {@code C} and its like only. */
    public static final PgType<String> TEXT = new PgType<>(
            "text", Function.identity(), Output::text, Function.identity(), Text::compare, Object::hashCode);

    public static final PgType<String> BPCHAR = new PgType<>(
            "bpchar",
            Function.identity(),
            Output::text,
            Function.identity(),
            (a, b) -> Text.compare(Text.trim(a), Text.trim(b)),
            value -> Text.trim(value).hashCode());
    public static final PgType<Uuid> UUID = comparable("uuid", Uuid::input, Uuid::parse, Uuid::print);
    public static final PgType<byte[]> BYTEA =
            new PgType<>("bytea", Bytea::input, Bytea::parse, Bytea::print, Bytea::compare, Arrays::hashCode);
    public static final PgType<Integer> DATE =
            new PgType<>("date", Date::input, Date::parse, Date::print, Integer::compare, Object::hashCode);
    public static final PgType<Long> TIME =
            new PgType<>("time", Time::input, Time::parse, Time::print, Long::compare, Object::hashCode);
    public static final PgType<TimeTz> TIMETZ = comparable("timetz", TimeTz::input, TimeTz::parse, TimeTz::print);
    public static final PgType<Long> TIMESTAMP = new PgType<>(
            "timestamp", Timestamp::input, Timestamp::parse, Timestamp::print, Long::compare, Object::hashCode);
    public static final PgType<Long> TIMESTAMPTZ = new PgType<>(
            "timestamptz", Timestamp::inputTz, Timestamp::parseTz, Timestamp::printTz, Long::compare, Object::hashCode);
    public static final PgType<Interval> INTERVAL =
            comparable("interval", Interval::input, Interval::parse, Interval::print);

    /** Equality; the order in databases whose own collation goes by bytes. */
    public static final PgType<Jsonb> JSONB = comparable("jsonb", Jsonb::input, Jsonb::parse, Jsonb::print);
    /** Without equality. */
    public static final PgType<Json> JSON =
            new PgType<>("json", Json::input, Json::parse, Json::print, Json::refuseOrder, Object::hashCode);

    public static final PgType<Inet> INET = comparable("inet", Inet::input, Inet::parse, Inet::print);
    public static final PgType<Inet> CIDR = comparable("cidr", Inet::inputCidr, Inet::parse, Inet::printCidr);
    public static final PgType<Long> MACADDR = new PgType<>(
            "macaddr", MacAddress::input, MacAddress::parse, MacAddress::print, Long::compare, Object::hashCode);

    private final String name;
    private final Function<String, V> input;
    private final Parser<V> parser;
    private final Function<V, String> output;
    private final Comparator<V> order;
    private final ToIntFunction<V> hash;

    private interface Parser<V> {
        V parse(byte[] bytes, int from, int length);
    }

    private PgType(
            String name,
            Function<String, V> input,
            Parser<V> parser,
            Function<V, String> output,
            Comparator<V> order,
            ToIntFunction<V> hash) {
        this.name = name;
        this.input = input;
        this.parser = parser;
        this.output = output;
        this.order = order;
        this.hash = hash;
    }

    private static PgType<Long> integer(String name, Int type) {
        return new PgType<>(name, type::input, Int::parse, Int::print, Long::compare, Object::hashCode);
    }

    private static <V extends Comparable<V>> PgType<V> comparable(
            String name, Function<String, V> input, Parser<V> parser, Function<V, String> output) {
        return new PgType<>(name, input, parser, output, Comparator.naturalOrder(), Object::hashCode);
    }

    /**
     * An enum. A label that a row brings and that is not known here was added since: it is equal to no other, and its place
     * in the order is not certain.
     */
    public static PgType<String> enumeration(String name, List<String> labels) {
        return new PgType<>(
                name,
                literal -> {
                    if (!labels.contains(literal)) {
                        throw InvalidValue.of(
                                "22P02", "invalid input value for enum " + name + ": \"" + literal + "\"");
                    }
                    return literal;
                },
                Output::text,
                Function.identity(),
                (a, b) -> a.equals(b) ? 0 : Integer.compare(place(labels, a), place(labels, b)),
                Object::hashCode);
    }

    private static int place(List<String> labels, String label) {
        int place = labels.indexOf(label);
        if (place < 0) {
            throw new NotExact("a label was added to an enum since");
        }
        return place;
    }

    /** Arrays of this type, of any dimensions. */
    public PgType<ArrayValue<V>> array() {
        return new PgType<>(
                name + "[]",
                literal -> ArrayText.read(literal, input),
                (bytes, from, length) -> ArrayText.read(Output.text(bytes, from, length), this::parse),
                array -> ArrayText.print(array, output),
                (a, b) -> a.compareTo(b, this),
                array -> array.hash(this));
    }

    /** Postgres's internal name, {@code int4[]}. */
    public String name() {
        return name;
    }

    /** Of a literal. */
    public V input(String literal) {
        return input.apply(literal);
    }

    /** Of Postgres's output. */
    public V parse(byte[] bytes, int from, int length) {
        return parser.parse(bytes, from, length);
    }

    private V parse(String output) {
        byte[] bytes = Text.utf8(output);
        return parse(bytes, 0, bytes.length);
    }

    /** As Postgres's output function. */
    public String output(V value) {
        return output.apply(value);
    }

    /** As Postgres orders them; zero for what it calls equal. */
    public int compare(V a, V b) {
        return order.compare(a, b);
    }

    /** The same for values that compare as equal. */
    public int hash(V value) {
        return hash.applyAsInt(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
